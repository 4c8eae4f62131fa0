"""Built-in functions on booleans, and identity (DMN 1.3, table 75 and 10.3.4.8)."""

from __future__ import annotations

from typing import Any

from engine.feel.budget import Run
from engine.feel.comparison import equal
from engine.feel.errors import NullResult
from engine.feel.library.registration import function, over_list, with_run
from engine.feel.temporal import is_date, is_date_time, local_nanoseconds, number_of_day, offset_of, zone_name, zone_of
from engine.feel.types import type_name
from engine.feel.values import Time


def _not(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


def _all(run: Run, values: list[Any]) -> bool:
    if any(value is False for value in values):
        return False
    _must_be_booleans(values)
    return True


def _any(run: Run, values: list[Any]) -> bool:
    if any(value is True for value in values):
        return True
    _must_be_booleans(values)
    return False


def _must_be_booleans(values: list[Any]) -> None:
    stranger = next((value for value in values if not isinstance(value, bool)), True)
    if not isinstance(stranger, bool):
        raise NullResult(f"expected booleans, but found a {type_name(stranger)}")


def _is(run: Run, first: Any, second: Any) -> bool:
    """Whether both are the same value of the same type, their zones included."""
    if type_name(first) != type_name(second):
        return False
    if is_date(first) and is_date(second):
        return number_of_day(first) == number_of_day(second)
    if is_date_time(first) and is_date_time(second):
        return local_nanoseconds(first) == local_nanoseconds(second) and _same_zone(first, second)
    if isinstance(first, Time) and isinstance(second, Time):
        return first.nanoseconds == second.nanoseconds and _same_zone(first, second)
    return equal(run, first, second) is True


def _same_zone(first: Any, second: Any) -> bool:
    if zone_name(zone_of(first)) != zone_name(zone_of(second)):
        return False
    return offset_of(first) == offset_of(second)


FUNCTIONS = (
    function("not", "negand", result=_not),
    over_list("all", "list: list", result=_all),
    over_list("any", "list: list", result=_any),
    with_run("is", "value1: Any?", "value2: Any?", result=_is),
)
