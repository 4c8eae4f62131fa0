"""P04 double monitoring: what the form is prefilled with, what R04 compares, and the record of the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.overdue import has_overdue_rectification
from processes.budget_performance.handlers.reading import (
    ZERO,
    day_given,
    filed,
    given,
    must_be_filed,
    object_key,
    registered,
    rounds_of_year,
    rows_of,
    rules_in_force,
    section_of,
)
from processes.budget_performance.ledger.budgets import ObjectKey, approved_amounts
from processes.budget_performance.ledger.goals import newest_goal
from processes.budget_performance.ledger.measures import Measure, keep_measures
from processes.budget_performance.ledger.payments import paid_by
from processes.budget_performance.ledger.projects import has_violation
from processes.budget_performance.ledger.rounds import ClosedRound, keep_round, level_before, note_choice, rounds_of
from processes.budget_performance.monitoring import (
    Accumulation,
    MonitoringInputs,
    Operator,
    Reading,
    monitoring_inputs,
)

#: Level of an object that has not reported (PROCESSES P04).
NOT_REPORTED = "yellow"


@dataclass(frozen=True, kw_only=True)
class _Books:
    """What the ledger knows of an object at the cut-off date."""

    key: ObjectKey
    cutoff: date
    #: 万元
    paid: Decimal
    initial: Decimal
    adjusted: Decimal
    #: Rows of the confirmed goal.
    indicators: Sequence[Mapping[str, Any]]
    #: Twelve amounts, where the goal says that they are the reference.
    cash_plan: Sequence[Decimal] | None
    rules: Mapping[str, Any]

    def is_due(self, indicator: Mapping[str, Any]) -> bool:
        return indicator["due_month"] <= self.cutoff.month

    def compared(self, actual: Mapping[str, Decimal | None]) -> MonitoringInputs:
        """Inputs of R04, with the value reported for each indicator by its name."""
        readings = [
            Reading(
                name=row["l3"],
                weight=row["weight"],
                operator=Operator(row["nature"]),
                accumulation=Accumulation(row["accumulation"]),
                target=row["target"],
                actual=actual.get(row["l3"]),
                is_due=self.is_due(row),
            )
            for row in self.indicators
        ]
        return monitoring_inputs(
            month=self.cutoff.month,
            paid=self.paid,
            adjusted_budget=self.adjusted,
            readings=readings,
            rule=self.rules,
            cash_plan=self.cash_plan,
        )

    def without_report(self) -> MonitoringInputs:
        """Inputs of R04 from payments only."""
        return monitoring_inputs(
            month=self.cutoff.month,
            paid=self.paid,
            adjusted_budget=self.adjusted,
            readings=(),
            rule=self.rules,
            cash_plan=self.cash_plan,
        )


def open_round(call: ServiceCall) -> Mapping[str, Any]:
    """monitoring.open: payments and goal as the form F-04 shows them."""
    books = _books(call)
    row = registered(call, books.key)
    inputs = books.without_report()
    return {
        "project": row["project"],
        "project_key": row["project_key"],
        "owner": row["owner"],
        "unit_code": row["unit_code"],
        "cutoff": books.cutoff,
        "next_cutoff": _next_cutoff(call, books),
        "spent": books.paid,
        "budget_initial": books.initial,
        "budget_adj": books.adjusted,
        "floor": inputs.floor,
        "g_plan": inputs.g_plan,
        "indicators": [_shown(each, is_due=books.is_due(each)) for each in books.indicators],
        "finance_returns": ZERO,
    }


def _next_cutoff(call: ServiceCall, books: _Books) -> date:
    """Until when measures can show in the data of the year: the cut-off day of the next round, else its last day."""
    year = books.key.fiscal_year
    later = [day for _, day in rounds_of_year(call, year) if day > books.cutoff]
    return min(later, default=date(year, 12, 31))


def compute(call: ServiceCall) -> Mapping[str, Any]:
    """monitoring.compute: inputs of R04. Weights and targets are those of the confirmed goal, only values are taken
    from the form.
    """
    books = _books(call)
    form = must_be_filed(call, "F-04")
    inputs = books.compared({row["l3"]: row.get("actual") for row in rows_of(form, "indicators")})
    has_measures = bool(rows_of(form, "issues") and rows_of(form, "measures"))
    return {
        "spent": books.paid,
        "budget_adj": books.adjusted,
        "monitoring": _context(call, books, inputs, has_measures=has_measures),
    }


def mark_not_reported(call: ServiceCall) -> Mapping[str, Any]:
    """monitoring.mark_not_reported: yellow, with rates from payments only."""
    books = _books(call)
    return {
        "monitoring": _context(call, books, books.without_report(), has_measures=False),
        "level_sys": NOT_REPORTED,
        "level_final": NOT_REPORTED,
        "level_reasons": ["not_reported"],
        "level_reason": "未按期报送监控表。",
        "is_perf_rectify": False,
    }


def close(call: ServiceCall) -> Mapping[str, Any]:
    """monitoring.close: the round as it stands in the ledger from now on."""
    level_final = given(call, "level_final")
    monitoring = given(call, "monitoring")
    closed = ClosedRound(
        round=given(call, "round"),
        cutoff=day_given(call, "cutoff"),
        e=monitoring["e"],
        floor=monitoring["floor"],
        g=monitoring["g"],
        g_plan=monitoring["g_plan"],
        state_min=monitoring["state_min"],
        level_sys=given(call, "level_sys"),
        level_final=level_final,
        rules=call.variables.get("level_reasons") or [],
        level_reason=call.variables.get("level_reason") or "",
        needs_rectification=level_final == "red" or call.variables.get("is_perf_rectify") is True,
    )
    keep_round(call.connection, object_key(call), closed, call.now)
    return {"outcome": level_final}


def close_year(call: ServiceCall) -> Mapping[str, Any]:
    """monitoring.close_year: every round of the year that nobody closed ends as not reported, with its level from
    payments alone: red where R04 is red without a report (R1, R3), else yellow. Without a budget there is no level.
    """
    key = object_key(call)
    closed = {each.round for each in rounds_of(call.connection, key)}
    unreported = [each for each in rounds_of_year(call, key.fiscal_year) if each[0] not in closed]
    for name, cutoff in unreported:
        books = _books_at(call, key, cutoff)
        if books.adjusted > 0:
            keep_round(call.connection, key, _unreported(call, books, name), call.now)
    return {"unreported_rounds": [name for name, _ in unreported]}


def note_the_choice(call: ServiceCall) -> Mapping[str, Any]:
    """monitoring.note_choice: continue, adjust or cancel ("none" = no answer), and the measures promised (S-64)."""
    key, round_name = object_key(call), given(call, "round")
    choice = call.variables.get("choice") or "none"
    note_choice(call.connection, key, round_name, choice)
    promised = rows_of(filed(call, "F-04-choice"), "measures") if choice == "continue" else []
    measures = [
        Measure(content=row["text"], person=row.get("person") or "", due_on=row.get("due")) for row in promised
    ]
    keep_measures(call.connection, key, round_name, measures, call.now)
    return {}


def _unreported(call: ServiceCall, books: _Books, name: str) -> ClosedRound:
    key, inputs, r04 = books.key, books.without_report(), section_of(books.rules, "R04")
    is_red = {
        "R1": has_violation(call.connection, key.tenant_id, key.project_code, key.fiscal_year),
        "R3": inputs.m >= r04["red_from_month"]
        and inputs.e is not None
        and inputs.e < r04["red_floor_share"] * inputs.floor,
    }
    hit = [row for row, holds in is_red.items() if holds]
    level = "red" if hit else NOT_REPORTED
    return ClosedRound(
        round=name,
        cutoff=books.cutoff,
        e=inputs.e,
        floor=inputs.floor,
        g=None,
        g_plan=inputs.g_plan,
        state_min=None,
        level_sys=level,
        level_final=level,
        rules=[*hit, "not_reported"],
        level_reason="年度终了仍未报送监控表。",
        needs_rectification=bool(hit),
    )


def _books(call: ServiceCall) -> _Books:
    return _books_at(call, object_key(call), day_given(call, "cutoff"))


def _books_at(call: ServiceCall, key: ObjectKey, cutoff: date) -> _Books:
    goal = newest_goal(call.connection, key.tenant_id, key.project_code, key.fiscal_year)
    initial, adjusted = approved_amounts(call.connection, key) or (ZERO, ZERO)
    return _Books(
        key=key,
        cutoff=cutoff,
        paid=paid_by(call.connection, key.tenant_id, key.project_code, key.fiscal_year, cutoff.month),
        initial=initial,
        adjusted=adjusted,
        indicators=goal.indicators if goal else (),
        cash_plan=goal.cash_plan if goal and goal.floor_basis == "cash_plan" else None,
        rules=rules_in_force(call),
    )


def _context(call: ServiceCall, books: _Books, inputs: MonitoringInputs, *, has_measures: bool) -> dict[str, Any]:
    key = books.key
    return {
        **inputs.as_context(),
        "violation": has_violation(call.connection, key.tenant_id, key.project_code, key.fiscal_year),
        "prev_level": level_before(call.connection, key, books.cutoff),
        "rect_overdue": has_overdue_rectification(call, key.project_code, source="monitoring"),
        "has_measures": has_measures,
    }


def _shown(indicator: Mapping[str, Any], *, is_due: bool) -> dict[str, Any]:
    names = ("l1", "l2", "l3", "weight", "nature", "target", "target_text", "unit_name", "accumulation")
    return {**{name: indicator[name] for name in names}, "is_due": is_due}


HANDLERS: Mapping[str, ServiceHandler] = {
    "monitoring.open": open_round,
    "monitoring.compute": compute,
    "monitoring.mark_not_reported": mark_not_reported,
    "monitoring.close": close,
    "monitoring.close_year": close_year,
    "monitoring.note_choice": note_the_choice,
}
