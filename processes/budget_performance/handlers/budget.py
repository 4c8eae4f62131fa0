"""P03 the budget year: which objects it looks at, and what was decided about each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.model.calendar import local_day
from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.reading import ZERO, filed, given
from processes.budget_performance.ledger.applications import application_for
from processes.budget_performance.ledger.budgets import ObjectKey, is_in_library, keep_approval
from processes.budget_performance.ledger.goals import approve_goal
from processes.budget_performance.ledger.projects import project_key

#: What an object of the budget year carries besides the proposal that rests on its last result.
CARRIED = (
    "project_code",
    "project_name",
    "unit_code",
    "department_code",
    "requested_amount",
    "goal_version",
    "goal_grade",
    "goal_score",
)


def collect(call: ServiceCall) -> Mapping[str, Any]:
    """budget.collect: one more object whose goal is confirmed, with the proposal of result application for this year.

    An object that is not in the library stays out (S-26); one that comes again takes its old place.
    """
    code, year = given(call, "project_code"), int(given(call, "fiscal_year"))
    objects: list[Mapping[str, Any]] = [
        each for each in call.variables.get("objects") or () if each["project_code"] != code
    ]
    if not is_in_library(call.connection, _key(call, code, year)):
        return {"objects": objects}
    proposal = application_for(call.connection, call.tenant_id, code, year)
    collected: dict[str, Any] = {name: call.variables.get(name) for name in CARRIED}
    collected["proposal"] = proposal.amount if proposal is not None else None
    return {"objects": sorted([*objects, collected], key=lambda each: each["project_code"])}


def approve(call: ServiceCall) -> Mapping[str, Any]:
    """budget.approve: amounts as ranked and approved, goals locked as version 1.0, for every collected object.

    outcomes: project_code, approved, amount (万元), business_key of the main loop. deviations: objects whose amount
    differs from the proposal of result application without a reason (S-62); one that was approved after the object had
    been collected counts, too.
    """
    year, decided_on = int(given(call, "fiscal_year")), _decided_on(call)
    ranked = {row["project_code"]: row for row in given(call, "ranked")}
    outcomes: list[dict[str, Any]] = []
    deviations: list[dict[str, Any]] = []
    for each in given(call, "objects"):
        code = each["project_code"]
        row = ranked.get(code, {})
        amount: Decimal = row.get("amount") or ZERO
        key = _key(call, code, year)
        keep_approval(call.connection, key, is_approved=amount > 0, amount=amount, decided_on=decided_on)
        if amount > 0:
            approve_goal(call.connection, call.tenant_id, code, year, call.now)
        outcomes.append(
            {
                "project_code": code,
                "approved": amount > 0,
                "amount": amount,
                "business_key": project_key(code, year),
            }
        )
        proposed = application_for(call.connection, call.tenant_id, code, year)
        if proposed is not None and proposed.amount != amount and not row.get("override_reason"):
            names = ("project_code", "project_name", "unit_code")
            known = {name: each.get(name) for name in names}
            deviations.append({**known, "proposal": proposed.amount, "amount": amount})
    return {"outcomes": outcomes, "deviations": deviations}


def _key(call: ServiceCall, code: str, year: int) -> ObjectKey:
    return ObjectKey(tenant_id=call.tenant_id, project_code=code, fiscal_year=year)


def _decided_on(call: ServiceCall) -> date:
    """The day of the reply (批复), else today."""
    replied = (filed(call, "F-BUD-reply") or {}).get("replied_on")
    return replied if isinstance(replied, date) else local_day(call.now)


HANDLERS: Mapping[str, ServiceHandler] = {"budget.collect": collect, "budget.approve": approve}
