"""What became of a proposal that rests on a result: the amount of the later budget, and why it differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.store import codec
from engine.store.instance_tables import document
from processes.budget_performance.ledger.applications import application_of
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.projects import object_of
from processes.budget_performance.ledger.tables import budget_approval

#: The proposal, and where the budget year says why an amount differs from it.
PROPOSAL, RANKING, DIFFERENCE = "F-11", "F-BUD-ranking", "F-BUD-difference"


def since_filed(connection: Connection, tenant_id: str, form_key: str, business_key: str) -> Mapping[str, Any]:
    """What is known by now of the proposal on a form F-11; nothing for other forms, and before the budget is decided.

    advised: 万元 of the approved proposal; approved: 万元 of the budget it was for, 0 where nothing was given;
    approved_on; deviation_reason: why they differ, as the ranking or the performance section says it.
    """
    found = object_of(business_key)
    if form_key != PROPOSAL or found is None:
        return {}
    code, year = found
    kept = application_of(connection, ObjectKey(tenant_id=tenant_id, project_code=code, fiscal_year=year))
    if kept is None:
        return {}
    of_budget = ObjectKey(tenant_id=tenant_id, project_code=code, fiscal_year=kept.for_year)
    decided = connection.execute(
        select(budget_approval.c.amount, budget_approval.c.decided_on).where(of_budget.rows_of(budget_approval))
    ).first()
    if decided is None:
        return {}
    reason = _why(connection, of_budget) if decided.amount != kept.amount else None
    return {
        "advised": kept.amount,
        "approved": decided.amount,
        "approved_on": decided.decided_on,
        "deviation_reason": reason,
    }


def _why(connection: Connection, key: ObjectKey) -> str | None:
    """Latest word on why a budget departs from the proposal."""
    for filed in _filed(connection, key, DIFFERENCE):
        if filed.get("project_code") == key.project_code:
            return filed.get("reason")
    for filed in _filed(connection, key, RANKING):
        for row in filed.get("objects") or ():
            if row.get("project_code") == key.project_code:
                return row.get("override_reason")
        # an earlier ranking was returned and does not count
        break
    return None


def _filed(connection: Connection, key: ObjectKey, form_key: str) -> Iterator[Mapping[str, Any]]:
    """What was filed on a form of the budget year, latest first."""
    statement = (
        select(document.c.content)
        .where(
            document.c.tenant_id == key.tenant_id,
            document.c.business_key == f"BUD:{key.fiscal_year}",
            document.c.form_key == form_key,
        )
        .order_by(document.c.filed_at.desc(), document.c.id.desc())
    )
    return (codec.decode(content) for content in connection.execute(statement).scalars())
