"""What this package adds to FEEL: the quarters and the fiscal year of a district's budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from engine.feel import FeelFunction, day_of, day_parameter

#: Months of a quarter.
MONTHS = 3


def quarter(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // MONTHS + 1


def quarter_start(day: date) -> date:
    """First day of the quarter."""
    return date(day.year, MONTHS * (quarter(day) - 1) + 1, 1)


def quarter_end(day: date) -> date:
    """Last day of the quarter."""
    if quarter(day) == 4:
        return date(day.year, 12, 31)
    return date(day.year, MONTHS * quarter(day) + 1, 1) - timedelta(days=1)


def fiscal_year(day: date) -> int:
    """The budget year a day lies in: 1 January to 31 December (预算法 Budget Law art. 18)."""
    return day.year


def _of_day(name: str, implementation: Callable[[date], Any]) -> FeelFunction:
    return FeelFunction(
        name=name, parameters=(day_parameter("date"),), implementation=lambda value: implementation(day_of(value))
    )


FUNCTIONS: Mapping[str, FeelFunction] = {
    each.name: each
    for each in (
        _of_day("quarter", quarter),
        _of_day("quarter start", quarter_start),
        _of_day("quarter end", quarter_end),
        _of_day("fiscal year", fiscal_year),
    )
}
