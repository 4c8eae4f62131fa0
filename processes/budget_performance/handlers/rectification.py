"""P09 rectification: numbering, the notice and its issues, deadlines of plan and completion, verification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.model.calendar import MORNING, WorkingCalendar, instant_of, local_day
from engine.model.deadline import Deadlines, days_given
from engine.model.errors import ExecutionFailed
from engine.model.ports import ServiceCall, ServiceHandler
from engine.store.time_rules import TimeRules
from processes.budget_performance.handlers.reading import (
    filed,
    given,
    must_be_filed,
    object_key,
    registered,
    rows_of,
    rules_in_force,
    section_of,
)
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.findings import issuer_of
from processes.budget_performance.ledger.projects import load, project_key
from processes.budget_performance.ledger.rectifications import (
    Opening,
    find,
    keep_issues,
    open_rectification,
    reach,
    verify,
)

#: Working days after the due day on which the supervisor acted in diagrams before urging.bpmn. Running instances stay
#: on theirs (PROCESSES 0.4, 0.6): for them the instants are told that today's diagrams count from the due instant.
URGED_AFTER = 5
#: How a notice names where it comes from.
SOURCE_NAMES = {
    "monitoring": "绩效监控",
    "self": "单位自评",
    "spot_check": "抽查复核",
    "key": "重点评价",
    "department_overall": "部门整体评价",
    "audit": "审计监督",
    "npc": "人大监督",
    "complaint": "投诉举报",
    "order": "责令整改",
}


def announce(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.announce: number a rectification for a result or round and note what was found.

    rect_key is its number and business key; null when one of the same object, year and source is open already.
    """
    key, source = object_key(call), given(call, "source")
    opening = Opening(
        project_code=key.project_code,
        fiscal_year=key.fiscal_year,
        unit_code=registered(call, key)["unit_code"],
        source=source,
        result_ref=call.variables.get("result_ref") or project_key(key.project_code, key.fiscal_year),
        is_red=call.variables.get("red") is True,
    )
    rect_no = open_rectification(call.connection, call.tenant_id, opening, call.now)
    if rect_no is not None:
        keep_issues(call.connection, call.tenant_id, rect_no, _found(call, key, opening))
    return {"rect_key": rect_no}


def register(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.register: everything the notice needs, by the number that is the business key."""
    kept = find(call.connection, call.tenant_id, call.business_key)
    opening = kept.opening
    row = load(call.connection, call.tenant_id, opening.project_code, opening.fiscal_year)
    names = ("project", "project_key", "project_code", "project_name", "fiscal_year", "department_code", "owner")
    return {
        **{name: row[name] for name in names},
        "unit_code": opening.unit_code,
        "rect_no": kept.rect_no,
        "source": opening.source,
        "result_ref": opening.result_ref,
        "red": opening.is_red,
        "issuer_role": issuer_of(opening.source),
        "issues": _shown(kept.issues),
        "open_issues": _shown(kept.open_issues),
        "failed_count": Decimal(kept.failed_count),
        "notice_limits": _limits(call, opening.is_red),
    }


def issue(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.issue: the notice goes out with the issues as written on it (F-10a)."""
    rect_no = given(call, "rect_no")
    keep_issues(call.connection, call.tenant_id, rect_no, rows_of(must_be_filed(call, "F-10a"), "issues"))
    reach(call.connection, call.tenant_id, rect_no, "issued", call.now)
    kept = find(call.connection, call.tenant_id, rect_no)
    return {
        "issues": _shown(kept.issues),
        "open_issues": _shown(kept.open_issues),
        "issued_on": local_day(call.now),
    }


def receive(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.receive: the unit has the notice; how late its plan is overdue for the money, and the last day its
    measures may name.

    The limit of the measures is the day on which the rectification is due if everybody before takes all his time.
    """
    reach(call.connection, call.tenant_id, given(call, "rect_no"), "received", call.now)
    deadlines = _deadlines(call)
    plan = "due.rectification.plan.red" if call.variables.get("red") is True else "due.rectification.plan"
    plan_due = deadlines.due_at(plan, call.now)
    last = plan_due
    for step in ("dept_review", "accept", "carry_out"):
        last = deadlines.due_at(f"due.rectification.{step}", last)
    return {
        "owner": call.variables.get("responsible") or given(call, "owner"),
        **_overdue(call, plan_due, "plan"),
        "complete_limit_on": local_day(last),
    }


def accept_plan(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.accept_plan: the work begins; until when it has to be done (S-43)."""
    reach(call.connection, call.tenant_id, given(call, "rect_no"), "in_progress", call.now)
    return _completion(call, "due.rectification.carry_out")


def advance(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.advance: the state named by the node's property `state`."""
    state = call.properties.get("state")
    if not state:
        raise ExecutionFailed(f"Expected a property 'state' on {call.element_id!r}, but found none.")
    reach(call.connection, call.tenant_id, given(call, "rect_no"), state, call.now)
    return {}


def note_verification(call: ServiceCall) -> Mapping[str, Any]:
    """rectification.verify: what is still open, how often it was found so, and the time given for the rest."""
    checked = rows_of(must_be_filed(call, "F-10d-verify"), "issues")
    verified = {int(row["no"]): row["verified"] for row in checked}
    kept = verify(call.connection, call.tenant_id, given(call, "rect_no"), verified, call.now)
    found = {
        "all_closed": not kept.open_issues,
        "issues": _shown(kept.issues),
        "open_issues": _shown(kept.open_issues),
        "failed_count": Decimal(kept.failed_count),
    }
    return found if found["all_closed"] else {**found, **_completion(call, "due.rectification.carry_out.again")}


def _found(call: ServiceCall, key: ObjectKey, opening: Opening) -> Sequence[Mapping[str, Any]]:
    """What the notice begins with: the issues somebody listed, else those of the form the result rests on, else one
    that says which result it is.
    """
    listed: Sequence[Mapping[str, Any]] = call.variables.get("issues") or ()
    if not listed and opening.source == "monitoring":
        reported = rows_of(filed(call, "F-04"), "issues")
        listed = [{"category": row.get("type"), "fact": row.get("text")} for row in reported]
    if not listed and opening.source == "self":
        listed = [*_admitted(filed(call, "F-05", f"SELF-{key.fiscal_year}-{key.project_code}") or {})]
    if not listed:
        fact = f"{SOURCE_NAMES[opening.source]}发现的问题（{opening.result_ref}）"
        listed = [{"category": "management", "fact": fact}]
    usual = {
        "requirement": call.variables.get("advice") or "",
        "severity": "grave" if opening.is_red else "light",
    }
    return [usual | _without_blanks(row) for row in listed]


def _admitted(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a self-evaluation says against itself: money that was not used in compliance, then its problems."""
    for row in rows_of(form, "compliance"):
        if row.get("ok") is False:
            yield {"category": "violation", "fact": f"“{row['check']}”自评为不合规：{row.get('note') or '未说明'}"}
    if form.get("problems"):
        yield {"category": "management", "fact": form["problems"]}


def _without_blanks(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _shown(issues: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Issues as forms list them; what is empty is left to be filled in."""
    return [{name: value for name, value in row.items() if value not in (None, "")} for row in issues]


def _completion(call: ServiceCall, rule: str) -> dict[str, Any]:
    due_at = _deadlines(call).due_at(rule, call.now)
    return {"complete_due_on": local_day(due_at), **_overdue(call, due_at, "complete")}


def _overdue(call: ServiceCall, due_at: datetime, of: str) -> dict[str, Any]:
    """Working days after which the money is touched, as configured (rule.P09), and the instants of earlier diagrams."""
    calendar = _deadlines(call).calendar
    after = section_of(rules_in_force(call), "P09")["overdue_working_days"]
    return {
        "overdue_working_days": after,
        f"{of}_urge_at": _late_at(calendar, due_at, URGED_AFTER),
        f"{of}_overdue_at": _late_at(calendar, due_at, int(after)),
    }


def _limits(call: ServiceCall, is_red: bool) -> dict[str, dict[str, Decimal | None]]:
    """The times that the notice names (F-10a), as the deadlines are configured today: of the plan and of the work."""
    deadlines, today = _deadlines(call), local_day(call.now)
    keys = {"plan": f"due.rectification.plan{'.red' if is_red else ''}", "complete": "due.rectification.carry_out"}
    limits: dict[str, dict[str, Decimal | None]] = {}
    for name, key in keys.items():
        days, working_days = days_given(deadlines.lookup(key, today))
        limits[name] = {"days": _number(days), "working_days": _number(working_days)}
    return limits


def _number(days: int | None) -> Decimal | None:
    return None if days is None else Decimal(days)


def _late_at(calendar: WorkingCalendar, due_at: datetime, working_days: int) -> datetime:
    """Nine o'clock of a working day after the due day, as rungs fire."""
    return instant_of(calendar.add_working_days(local_day(due_at), working_days), MORNING)


def _deadlines(call: ServiceCall) -> Deadlines:
    return TimeRules(call.tenant_id).deadlines(call.connection)


HANDLERS: Mapping[str, ServiceHandler] = {
    "rectification.announce": announce,
    "rectification.register": register,
    "rectification.issue": issue,
    "rectification.receive": receive,
    "rectification.accept_plan": accept_plan,
    "rectification.advance": advance,
    "rectification.verify": note_verification,
}
