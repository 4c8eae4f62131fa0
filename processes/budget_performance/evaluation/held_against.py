"""A result held against its target: whether it was reached, and by what share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from processes.budget_performance.evaluation.printed_values import (
    Comparator,
    Day,
    PrintedValue,
    Quantity,
    Range,
)
from processes.budget_performance.monitoring import Operator
from processes.budget_performance.scoring import quantitative_points, range_points

HUNDRED = Decimal(100)
ZERO = Decimal(0)

OPERATORS = {
    Comparator.AT_LEAST: Operator.AT_LEAST,
    Comparator.ABOVE: Operator.AT_LEAST,
    Comparator.AT_MOST: Operator.AT_MOST,
    Comparator.BELOW: Operator.AT_MOST,
    Comparator.EQUAL: Operator.EQUAL,
}


class Remark(StrEnum):
    """What had to be assumed to hold the two against each other."""

    #: The units are not the same: the printed figures were compared.
    UNITS_DIFFER = "units-differ"
    #: 0.96 against 90 %: read as 96 %.
    SHARE_READ_AS_PERCENT = "share-read-as-percent"
    #: No comparator is printed: the sense of the indicator decided.
    SENSE_ASSUMED = "sense-assumed"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How far a result reached its target."""

    #: ≥, ≤, = as it is scored; None for ranges, days and levels.
    operator: Operator | None = None
    #: None where the two cannot be held against each other.
    reached: bool | None = None
    #: Target (of a range: low and high) and result in one unit; empty where a person has to judge.
    wanted: tuple[Decimal, ...] = ()
    actual: Decimal = ZERO
    remarks: tuple[Remark, ...] = ()

    @property
    def ratio(self) -> Decimal | None:
        """actual / target; None where there is no such figure."""
        return self.actual / self.wanted[0] if len(self.wanted) == 1 and self.wanted[0] > 0 else None

    def earned(self, weight: Decimal) -> Decimal | None:
        """Points before rounding (R06.2); None where a person has to judge."""
        if self.reached:
            return weight
        if not self.wanted:
            return None
        if min(*self.wanted, self.actual) < 0:
            # growth rates may fall below zero, where a share of them means nothing
            return ZERO
        if self.operator is None:
            return range_points(weight, self.wanted[0], self.wanted[1], self.actual)
        return quantitative_points(weight, self.operator, self.wanted[0], self.actual)


def compared(target: PrintedValue, actual: PrintedValue, sense: Operator, fiscal_year: int | None) -> Comparison:
    """Hold a result against its target.

    Args:
        sense: which way the indicator runs, for a target without comparator.
        fiscal_year: for days without a year.
    """
    if isinstance(target, Day) and isinstance(actual, Day):
        year = fiscal_year or target.year or actual.year or 2000
        # how much a delay costs, no rule says: late is for a person to judge
        return Comparison(reached=actual.in_budget_year(year) <= target.in_budget_year(year))
    if isinstance(target, Quantity):
        operator = OPERATORS[target.comparator] if target.comparator else sense
        assumed = () if target.comparator else (Remark.SENSE_ASSUMED,)
        if not isinstance(actual, Quantity):
            return Comparison(operator=operator, remarks=assumed)
        wanted, found, remarks = _same_unit(target, actual)
        reached = {
            Operator.AT_LEAST: found >= wanted,
            Operator.AT_MOST: found <= wanted,
            Operator.EQUAL: found == wanted,
        }[operator]
        return Comparison(
            operator=operator, reached=reached, wanted=(wanted,), actual=found, remarks=(*assumed, *remarks)
        )
    if isinstance(target, Range) and isinstance(actual, Quantity):
        low, high = (
            Quantity(text=target.text, comparator=None, value=limit, scale=target.scale, unit=target.unit)
            for limit in (target.low, target.high)
        )
        smallest, found, remarks = _same_unit(low, actual)
        largest = _same_unit(high, actual)[0]
        return Comparison(
            reached=smallest <= found <= largest, wanted=(smallest, largest), actual=found, remarks=remarks
        )
    return Comparison()


def _same_unit(target: Quantity, actual: Quantity) -> tuple[Decimal, Decimal, tuple[Remark, ...]]:
    """Target and result as two figures of one unit. A result without a unit counts in that of the target."""
    if not actual.unit and actual.scale == 1:
        if target.is_percent and target.value > 1 and ZERO < actual.value <= 1:
            return target.value, actual.value * HUNDRED, (Remark.SHARE_READ_AS_PERCENT,)
        return target.value, actual.value, ()
    if not target.unit and target.scale == 1:
        return target.value, actual.value, ()
    if target.unit_counted == actual.unit_counted or not actual.unit or not target.unit:
        return target.normalised, _scaled(actual, target), ()
    return target.value * target.scale, actual.value * actual.scale, (Remark.UNITS_DIFFER,)


def _scaled(actual: Quantity, target: Quantity) -> Decimal:
    """2.5万 against 25000人次: without a unit of its own, the result has that of the target."""
    if actual.unit:
        return actual.normalised
    return actual.value * actual.scale * (target.normalised / (target.value * target.scale) if target.value else 1)
