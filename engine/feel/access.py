"""What `value.name` and `value[index]` give (DMN 1.3, 10.3.2.5 and table 65)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from engine.feel.budget import Run
from engine.feel.conversion import DICT, leaf
from engine.feel.numbers import ARITHMETIC, whole
from engine.feel.temporal import (
    Date,
    DateTime,
    is_date,
    is_date_time,
    number_of_day,
    offset_of,
    time_of,
    zone_name,
    zone_of,
)
from engine.feel.types import type_name
from engine.feel.values import SECOND, DaysTimeDuration, Range, Time, YearsMonthsDuration


def entry(run: Run, at: int, value: Any, name: str) -> Any:
    """An entry of a context, a property of a date, time, duration or range; of a list, that of each element."""
    if isinstance(value, Mapping):
        context = cast("Mapping[str, Any]", value)
        if name in context:
            return leaf(context[name])
        return run.fault(at, f"Expected an entry {name!r}, but the context has {_some(context)}")
    if isinstance(value, list):
        elements = cast("list[Any]", value)
        run.charge_list(len(elements))
        run.charge(3 * len(elements))
        return [
            leaf(element[name]) if type(element) is DICT and name in element else entry(run, at, leaf(element), name)
            for element in elements
        ]
    found = None if value is None else _properties(value)
    if found is not None and name in found:
        return found[name]
    return run.fault(at, f"Expected a value with an entry {name!r}, but found a {type_name(value)}")


def element(run: Run, at: int, value: Any, index: Decimal) -> Any:
    """An element of a list, counted from 1, or from the end with -1; a value that is no list is a list of one."""
    elements = as_list(value)
    position = whole(index)
    if position is not None and 1 <= abs(position) <= len(elements):
        return leaf(elements[position - 1 if position > 0 else position])
    return run.fault(at, f"Expected an index between 1 and {len(elements)} or below 0, but found {index}")


def as_list(value: Any) -> list[Any]:
    """A list as it is, null as the empty list, any other value as a list of one."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    return [] if value is None else [value]


def _some(context: Mapping[str, Any]) -> str:
    names = [repr(name) for name in list(context)[:6]]
    return f"only {', '.join(names)}{', …' if len(context) > 6 else ''}" if names else "none"


def _properties(value: Any) -> dict[str, Any] | None:
    if is_date_time(value):
        return {**_date_properties(value), **_time_properties(time_of(value), value)}
    if is_date(value):
        return _date_properties(value)
    if isinstance(value, Time):
        return _time_properties(value, value)
    if isinstance(value, DaysTimeDuration):
        sign = -1 if value.nanoseconds < 0 else 1
        days, hours, minutes, seconds, nanoseconds = value.parts
        return {
            "days": Decimal(sign * days),
            "hours": Decimal(sign * hours),
            "minutes": Decimal(sign * minutes),
            "seconds": _seconds(sign * seconds, sign * nanoseconds),
        }
    if isinstance(value, YearsMonthsDuration):
        sign = -1 if value.months < 0 else 1
        return {"years": Decimal(sign * value.parts[0]), "months": Decimal(sign * value.parts[1])}
    if isinstance(value, Range):
        return {
            "start": value.start,
            "end": value.end,
            "start included": value.start_included,
            "end included": value.end_included,
        }
    return None


def _date_properties(value: Date | DateTime) -> dict[str, Any]:
    weekday = (number_of_day(value) + 3) % 7 + 1  # 1970-01-01 was a Thursday, Monday is 1
    return {
        "year": Decimal(value.year),
        "month": Decimal(value.month),
        "day": Decimal(value.day),
        "weekday": Decimal(weekday),
    }


def _time_properties(time: Time, placed: DateTime | Time) -> dict[str, Any]:
    offset = offset_of(placed)
    return {
        "hour": Decimal(time.hour),
        "minute": Decimal(time.minute),
        "second": _seconds(time.second, time.nanosecond),
        "time offset": None if offset is None else DaysTimeDuration(offset),
        "timezone": zone_name(zone_of(placed)),
    }


def _seconds(seconds: int, nanoseconds: int) -> Decimal:
    if not nanoseconds:
        return Decimal(seconds)
    return ARITHMETIC.divide(Decimal(seconds * SECOND + nanoseconds), Decimal(SECOND))
