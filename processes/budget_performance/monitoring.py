"""What R04 decides on: execution rate, goal rate, plan rate and lowest state, from payments and the monitoring form.

Pure arithmetic over Decimal. Rates are percent 0–100 and may exceed 100; they are rounded half-up to 2 places once, at
the end, because the table compares what people read (RULES, conventions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

HUNDRED = Decimal(100)
ONE = Decimal(1)
ZERO = Decimal(0)
CENT = Decimal("0.01")


class Accumulation(StrEnum):
    """Whether an indicator's value grows with time and money (FORMS F-01, 累计/状态).

    Only cumulative indicators enter the goal rate: rates of quality and timeliness stand near 100 % from the first
    month and would make almost every project look out of step with its money (RULES R04, design finding).
    """

    CUMULATIVE = "cumulative"
    STATE = "state"


class Operator(StrEnum):
    """The sense of an indicator (FORMS F-01, 指标性质)."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "="
    QUALITATIVE = "qualitative"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One indicator as reported in a monitoring round."""

    name: str
    #: Points, > 0.
    weight: Decimal
    operator: Operator
    accumulation: Accumulation
    #: None for a qualitative indicator.
    target: Decimal | None
    #: Value reached since 1 January; None = not reported. For a qualitative indicator: percent reached, 0–100.
    actual: Decimal | None
    #: False before its month of assessment (考核节点): it does not count in this round.
    is_due: bool = True


@dataclass(frozen=True, kw_only=True)
class MonitoringInputs:
    """Inputs of decision R04 for one object and round; every rate in percent with 2 places."""

    #: Month of the cut-off date, 1–12.
    m: int
    #: Execution rate; None = no budget, the object is excluded.
    e: Decimal | None
    #: Reference progress: the table's or that of the approved cash plan.
    floor: Decimal
    #: Goal rate over the cumulative indicators that are due; None = there is none ("n/a").
    g: Decimal | None
    #: What g should be by now.
    g_plan: Decimal
    #: Lowest completion among the state indicators that are due, and its weight; None = there is none.
    state_min: Decimal | None
    state_min_weight: Decimal | None

    def as_context(self) -> dict[str, Any]:
        """The inputs under the names the table uses."""
        return {
            "m": Decimal(self.m),
            "e": self.e,
            "floor": self.floor,
            "g": self.g,
            "g_plan": self.g_plan,
            "state_min": self.state_min,
            "state_min_weight": self.state_min_weight,
        }


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """`part` of `whole` in percent, 2 places half-up. `whole` must not be 0."""
    return (HUNDRED * part / whole).quantize(CENT, ROUND_HALF_UP)


def execution_rate(paid: Decimal, adjusted_budget: Decimal) -> Decimal | None:
    """e = cumulative paid / adjusted annual budget × 100; None when the budget is 0 (RULES R04; S-35).

    Both amounts in 万元. Example: 1,440 of 2,400 → 60.00; 55 of 260 → 21.15.

    Raises:
        ValueError: the budget is negative.
    """
    if adjusted_budget < 0:
        raise ValueError(f"Expected a budget of 0 or more, but found {adjusted_budget} 万元.")
    return None if adjusted_budget == 0 else percent(paid, adjusted_budget)


def table_floor(month: int, floor_by_month: Sequence[Decimal]) -> Decimal:
    """floor(m) of the reference table in percent, for an object without a payment plan of its own.

    `floor_by_month` is threshold `rule.R04.floor_by_month`, January first. 25, 40, 60 and 80 at the end of April, June,
    August and October are SC25; the months between are interpolated (PROP).

    Raises:
        ValueError: the month is not 1–12, or the table has not twelve values.
    """
    _check_month(month)
    if len(floor_by_month) != 12:
        raise ValueError(f"Expected 12 reference values, but found {len(floor_by_month)}.")
    return floor_by_month[month - 1]


def cash_plan_floor(month: int, cash_plan: Sequence[Decimal]) -> Decimal:
    """floor(m) = Σ plan(1..m) / Σ plan(1..12) × 100, for payments fixed by contract or performance dates.

    `cash_plan` holds twelve monthly amounts in 万元, January first (FORMS F-01 用款计划). Example: 90 in March, June,
    September and December of 360 a year → 50.00 in July and August.

    Raises:
        ValueError: the month is not 1–12, the plan has not twelve amounts, or its sum is not positive.
    """
    _check_month(month)
    total = sum(cash_plan, ZERO)
    if len(cash_plan) != 12 or total <= 0:
        raise ValueError(f"Expected 12 monthly amounts with a positive sum, but found {len(cash_plan)}, sum {total}.")
    return percent(sum(cash_plan[:month], ZERO), total)


def completion(reading: Reading) -> Decimal:
    """cᵢ, the degree of completion of one indicator, 0–1, not rounded (RULES R04).

    ≥: min(1, actual / target). ≤: 1 if actual ≤ target, else target / actual. =: smaller / larger.
    Qualitative: the percent reached. Nothing reported, or a negative value of a ≥ indicator, is 0; a target of 0 or
    less under ≥ is complete as soon as it is reached.
    """
    actual, target = reading.actual, reading.target
    if actual is None:
        return ZERO
    if reading.operator is Operator.QUALITATIVE:
        return min(ONE, max(ZERO, actual / HUNDRED))
    if target is None:
        raise ValueError(f"Expected a target for indicator {reading.name!r}, but found none.")
    if actual == target:
        return ONE
    if reading.operator is Operator.AT_LEAST:
        return ONE if actual > target else max(ZERO, actual / target if target > 0 else ZERO)
    if reading.operator is Operator.AT_MOST and actual < target:
        return ONE
    smaller, larger = sorted((actual, target))
    return smaller / larger if smaller >= 0 else ZERO


def goal_rate(readings: Sequence[Reading]) -> Decimal | None:
    """g = Σ wᵢ·cᵢ / Σ wᵢ × 100 over the cumulative indicators that are due; None when there is none (RULES R04).

    Example A03: (15×6/36 + 10×22/60) / 25 → 24.67.
    """
    counted = [r for r in readings if r.is_due and r.accumulation is Accumulation.CUMULATIVE]
    total = sum((r.weight for r in counted), ZERO)
    if total == 0:
        return None
    return percent(sum((r.weight * completion(r) for r in counted), ZERO), total)


def plan_rate(month: int, milestone: Decimal | None = None) -> Decimal:
    """g_plan in percent: the milestone plan if there is one, else m / 12 × 100 (RULES R04). August → 66.67."""
    _check_month(month)
    return percent(Decimal(month), Decimal(12)) if milestone is None else milestone.quantize(CENT, ROUND_HALF_UP)


def lowest_state(readings: Sequence[Reading]) -> tuple[Decimal, Decimal] | None:
    """state_min and its weight: the lowest completion, in percent, among the state indicators that are due.

    Of several equally low ones the heaviest counts. None when no state indicator is due (RULES R04).
    """
    counted = [
        ((HUNDRED * completion(r)).quantize(CENT, ROUND_HALF_UP), r.weight)
        for r in readings
        if r.is_due and r.accumulation is Accumulation.STATE
    ]
    return min(counted, key=lambda pair: (pair[0], -pair[1])) if counted else None


def monitoring_inputs(
    *,
    month: int,
    paid: Decimal,
    adjusted_budget: Decimal,
    readings: Sequence[Reading],
    rule: Mapping[str, Any],
    cash_plan: Sequence[Decimal] | None = None,
    milestone: Decimal | None = None,
) -> MonitoringInputs:
    """Everything R04 compares, for one object and round.

    Args:
        month: of the cut-off date, 1–12.
        paid: 万元 paid since 1 January.
        adjusted_budget: annual budget after adjustments, 万元.
        rule: thresholds in force, as `thresholds.rule_context` gives them.
        cash_plan: twelve amounts where F-01 says floor_basis = cash_plan, else None.
        milestone: planned goal rate by now, percent, if the object has a milestone plan.
    """
    lowest = lowest_state(readings)
    return MonitoringInputs(
        m=month,
        e=execution_rate(paid, adjusted_budget),
        floor=cash_plan_floor(month, cash_plan) if cash_plan else table_floor(month, rule["R04"]["floor_by_month"]),
        g=goal_rate(readings),
        g_plan=plan_rate(month, milestone),
        state_min=lowest[0] if lowest else None,
        state_min_weight=lowest[1] if lowest else None,
    )


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError(f"Expected a month from 1 to 12, but found {month}.")
