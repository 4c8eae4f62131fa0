"""Functions that count working days, over a calendar that is bound from outside.

Which days are worked is data (holidays, make-up days), so FEEL asks for the calendar whenever one of these is called.
A date and time means the day it falls on in Asia/Shanghai; one without a zone means its own day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel.budget import Run
from engine.feel.errors import NullResult
from engine.feel.functions import FeelFunction, Parameter
from engine.feel.temporal import is_date, is_date_time
from engine.feel.types import SimpleType
from engine.model.calendar import MAX_COUNTED_DAYS, WorkingCalendar, local_day

#: Gives the calendar as it is now; asked at each call, so it must have it at hand.
CalendarSource: TypeAlias = Callable[[], WorkingCalendar]

_DAY = SimpleType("date or date and time", lambda value: is_date(value) or is_date_time(value))


def working_day_functions(calendar: CalendarSource) -> Mapping[str, FeelFunction]:
    """`add working days`, `working days between`, `is working day`, `next working day`, `previous working day`.

    To be passed as `functions` when compiling.
    """

    def add(run: Run, start: Any, days: Decimal) -> date:
        if days != days.to_integral_value():
            raise NullResult(f"expected a whole number of days, but found {days:f}")
        if abs(days) > MAX_COUNTED_DAYS:
            raise NullResult(f"expected at most {MAX_COUNTED_DAYS} days, but found {days:f}")
        run.charge(2 * abs(int(days)))
        return _counted(lambda: calendar().add_working_days(day_of(start), int(days)))

    def between(run: Run, start: Any, end: Any) -> int:
        first, last = day_of(start), day_of(end)
        run.charge(abs((last - first).days))
        return calendar().working_days_between(first, last)

    def is_working(run: Run, day: Any) -> bool:
        return calendar().is_working(day_of(day))

    def following(run: Run, day: Any) -> date:
        return _counted(lambda: calendar().next_working_day(day_of(day)))

    def previous(run: Run, day: Any) -> date:
        return _counted(lambda: calendar().previous_working_day(day_of(day)))

    day = day_parameter("date")
    found = (
        _function("add working days", (day, "days: number"), add),
        _function("working days between", (day_parameter("from"), day_parameter("to")), between),
        _function("is working day", (day,), is_working),
        _function("next working day", (day,), following),
        _function("previous working day", (day,), previous),
    )
    return {each.name: each for each in found}


def day_of(value: Any) -> date:
    """The day that a date, or a date and time, means. Raises NullResult outside the years 1 to 9999."""
    if isinstance(value, datetime):
        return local_day(value) if value.tzinfo is not None else value.date()
    if isinstance(value, date):
        return value
    raise NullResult("expected a day of the years 1 to 9999")


def day_parameter(name: str) -> Parameter:
    """A parameter that takes a date, or a date and time; `day_of` gives the day it means."""
    return Parameter(name, _DAY, nullable=False)


def _function(name: str, parameters: tuple[str | Parameter, ...], implementation: Callable[..., Any]) -> FeelFunction:
    return FeelFunction(name=name, parameters=parameters, implementation=implementation, with_run=True)


def _counted(count: Callable[[], date]) -> date:
    try:
        return count()
    except OverflowError:
        raise NullResult("expected a day of the years 1 to 9999") from None
