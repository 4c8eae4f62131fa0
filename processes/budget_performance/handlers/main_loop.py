"""P00 main loop: the object's variables, the gate of the library, the calendar of rounds, the result of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine.model.calendar import local_day
from engine.model.errors import ExecutionFailed, WrongState
from engine.model.ports import BpmnError, ServiceCall, ServiceHandler
from engine.model.process_instance import UnitOutOfScope
from processes.budget_performance.handlers.reading import (
    filed,
    given,
    object_key,
    registered,
    rounds_of_year,
    rows_of,
    rules_in_force,
    section_of,
)
from processes.budget_performance.ledger.budgets import (
    approved_amounts,
    enter_library,
    is_supported,
    keep_approval,
    move_in_library,
)
from processes.budget_performance.ledger.evaluations import Result, record_result, results_of
from processes.budget_performance.ledger.goals import approve_goal, newest_goal
from processes.budget_performance.ledger.projects import carry_on, mark_violation

#: Error code of the gate that keeps objects without assessment or goal out of the library (S-26).
GATE = "GATE_S26"


def load_project(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.load_project: everything that was registered, by the names the diagrams use.

    A renewed policy counts as new, whatever it was registered as (P11.3). Who starts the loop names the object, so two
    things are looked at here: the object lies in his sight, and the instance bears the object's key, under which only
    one is active (PROCESSES P00: one per object and year).

    Raises:
        UnitOutOfScope: the object is another unit's.
        WrongState: the business key is not that of the object.
    """
    wanted, renewed = object_key(call), call.variables.get("renewed") is True
    if renewed:
        carry_on(call.connection, replace(wanted, fiscal_year=wanted.fiscal_year - 1), call.now, renewed=True)
    found = registered(call, wanted)
    unit_code, key = found["unit_code"], found["project_key"]
    if renewed and call.variables.get("unit_code") != unit_code:
        # the instance belongs to the unit that its message named: nobody else's would see it
        raise WrongState(
            f"Expected the message about {found['project_code']!r} to name its unit {unit_code!r}, "
            f"but found {call.variables.get('unit_code')!r}.",
            unit_code=unit_code,
        )
    if not call.actor.sees_unit(unit_code):
        raise UnitOutOfScope(
            f"Expected {found['project_code']!r} to be an object in the data scope of {call.actor.user_id}, "
            f"but it belongs to unit {unit_code!r}.",
            unit_code=unit_code,
        )
    if call.business_key != key:
        raise WrongState(
            f"Expected the main loop of {found['project_code']!r} to have business key {key!r}, "
            f"but found {call.business_key!r}.",
            business_key=call.business_key,
        )
    return {**found, "is_new": True} if renewed else found


def next_year(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.next_year: an object that has years left is registered for the next one, if nobody has done so."""
    return {"goes_on": carry_on(call.connection, object_key(call), call.now)}


def enter(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.enter_library: a number in the library, for an object whose assessment and goal are in the ledger.

    Raises:
        BpmnError: GATE_S26, with what is missing.
    """
    key = object_key(call)
    missing: list[str] = []
    needs_assessment = call.variables.get("depth") not in (None, "none")
    if needs_assessment and not is_supported(call.connection, key, local_day(call.now)):
        missing.append("有效的事前绩效评估支持结论")
    if newest_goal(call.connection, key.tenant_id, key.project_code, key.fiscal_year) is None:
        missing.append("审核确认的绩效目标")
    if missing:
        message = f"{key.project_code} 缺少{'和'.join(missing)}，不得纳入项目库。"
        raise BpmnError(GATE, message, {"gate_missing": missing})
    return {"library_no": enter_library(call.connection, key, call.now)}


def rounds(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.rounds: the monitoring rounds of the year as configured; `month` has two digits, as in MON-2026-08-A05."""
    planned = rounds_of_year(call, object_key(call).fiscal_year)
    return {"rounds": [{"round": name, "cutoff": day, "month": f"{day.month:02}"} for name, day in planned]}


def keep_budget(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.budget_result: the approved budget, where the budget year (P03) has not written it already."""
    key, amount = object_key(call), given(call, "approved_amount")
    if approved_amounts(call.connection, key) is None:
        keep_approval(call.connection, key, is_approved=True, amount=amount, decided_on=local_day(call.now))
        approve_goal(call.connection, key.tenant_id, key.project_code, key.fiscal_year, call.now)
    return {}


def into_reserve(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.into_reserve: no money this year; the object stays in the library as a reserve (S-26)."""
    move_in_library(call.connection, object_key(call), "reserve")
    return {}


def note_violation(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.mark_violation: the fact that turns every later round red (S-34)."""
    key = object_key(call)
    mark_violation(call.connection, key.tenant_id, key.project_code, key.fiscal_year)
    return {"violation": True}


def year_result(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.year_result: the score that counts: of the key evaluation, else of the re-check unless it found the
    self-evaluation reliable (R07), else of the self-evaluation (PROCESSES P00.10).

    has_issues: the self-evaluation admits that money was not used in compliance.
    """
    key = object_key(call)
    results = results_of(call.connection, key.tenant_id, key.project_code, key.fiscal_year)
    if "self" not in results:
        raise ExecutionFailed(
            f"Expected a self-evaluation of {key.project_code} for {key.fiscal_year}, but found none.",
            project_code=key.project_code,
            fiscal_year=key.fiscal_year,
        )
    counts = _that_counts(results, section_of(rules_in_force(call), "R07")["reliable"])
    form = filed(call, "F-05", f"SELF-{key.fiscal_year}-{key.project_code}")
    return {
        "self_score": results["self"].score,
        "final_score": counts.score,
        "result_source": counts.kind,
        "has_issues": any(row.get("ok") is False for row in rows_of(form, "compliance")),
    }


def keep_result(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.record_result: the final result of the year."""
    key = object_key(call)
    result = Result(
        project_code=key.project_code,
        fiscal_year=key.fiscal_year,
        kind="final",
        score=given(call, "final_score"),
        grade=given(call, "final_grade"),
        source=given(call, "result_source"),
    )
    record_result(call.connection, key.tenant_id, result, call.actor.user_id, call.now)
    return {}


def archive(call: ServiceCall) -> Mapping[str, Any]:
    """ledger.archive: the year's entry in the library is closed."""
    move_in_library(call.connection, object_key(call), "closed")
    return {}


def _that_counts(results: Mapping[str, Result], reliable: Decimal) -> Result:
    if "key" in results:
        return results["key"]
    checked, self_made = results.get("spot_check"), results["self"]
    if checked is None:
        return self_made
    is_reliable = abs(self_made.score - checked.score) <= reliable and self_made.grade == checked.grade
    return self_made if is_reliable else checked


HANDLERS: Mapping[str, ServiceHandler] = {
    "ledger.load_project": load_project,
    "ledger.enter_library": enter,
    "ledger.next_year": next_year,
    "ledger.rounds": rounds,
    "ledger.budget_result": keep_budget,
    "ledger.into_reserve": into_reserve,
    "ledger.mark_violation": note_violation,
    "ledger.year_result": year_result,
    "ledger.record_result": keep_result,
    "ledger.archive": archive,
}
