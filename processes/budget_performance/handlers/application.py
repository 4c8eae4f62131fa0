"""P10 result application: what R10 decides on, and the approved proposal for a later budget."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.model.errors import ExecutionFailed
from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.overdue import has_overdue_rectification
from processes.budget_performance.handlers.reading import ZERO, amount_of, filed, given, object_key, registered
from processes.budget_performance.ledger.applications import Application, keep_application
from processes.budget_performance.ledger.budgets import ObjectKey, approved_amounts
from processes.budget_performance.ledger.evaluations import results_of
from processes.budget_performance.ledger.rectifications import has_failed

#: The result of year N is known in N+1, too late for the budget of that year (RULES R10).
YEARS_AHEAD = 2


def prepare(call: ServiceCall) -> Mapping[str, Any]:
    """application.prepare: result of the year, base in 万元, and how its rectifications stand.

    ineffective: a rectification of the year's results has failed for good (S-66). duplicate: only what the caller says.
    """
    key = object_key(call)
    row = registered(call, key)
    result = results_of(call.connection, key.tenant_id, key.project_code, key.fiscal_year).get("final")
    if result is None:
        raise ExecutionFailed(
            f"Expected a final result of {key.project_code} for {key.fiscal_year}, but found none.",
            project_code=key.project_code,
            fiscal_year=key.fiscal_year,
        )
    return {
        "project": row["project"],
        "project_key": row["project_key"],
        "unit_code": row["unit_code"],
        "final_score": result.score,
        "grade": result.grade,
        "base": _base(call, key, row["annual_amount"]),
        "for_year": Decimal(key.fiscal_year + YEARS_AHEAD),
        "ineffective": has_failed(call.connection, key.tenant_id, key.project_code, key.fiscal_year),
        "duplicate": call.variables.get("duplicate") is True,
        "open_rectification_overdue": has_overdue_rectification(call, key.project_code),
    }


def store(call: ServiceCall) -> Mapping[str, Any]:
    """application.store: the approved proposal, which the budget of two years later looks at (P03)."""
    key, proposal, base = object_key(call), given(call, "proposal"), given(call, "base")
    advice = given(call, "finance_advice")
    form = filed(call, "F-11") or {}
    amount: Decimal = base
    if advice in ("cancel", "cut"):
        amount = ZERO if advice == "cancel" else amount_of(call.variables.get("advised_amount"))
    kept = Application(
        for_year=key.fiscal_year + YEARS_AHEAD,
        action=proposal["action"],
        base=base,
        proposal=proposal["proposal"],
        finance_advice=advice,
        amount=amount,
        remark=form.get("reason") or form.get("remark") or "",
    )
    keep_application(call.connection, key, kept, call.now)
    return {"approved_proposal": kept.amount}


def _base(call: ServiceCall, key: ObjectKey, requested: Decimal) -> Decimal:
    """The approved budget of the year after the result, else of the year itself, else what was asked for."""
    for year in (key.fiscal_year + 1, key.fiscal_year):
        later = ObjectKey(tenant_id=key.tenant_id, project_code=key.project_code, fiscal_year=year)
        approved = approved_amounts(call.connection, later)
        if approved is not None:
            return approved[0]
    return requested


HANDLERS: Mapping[str, ServiceHandler] = {"application.prepare": prepare, "application.store": store}
