"""`+ - * / **` and unary minus over every pair of types that has them (DMN 1.3, 10.3.2.13 and table 55).

The common case, two numbers, is decided by the caller; this is for all others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.feel.calendar_math import plus_months
from engine.feel.numbers import ARITHMETIC, whole
from engine.feel.numbers import power as number_power
from engine.feel.temporal import (
    Date,
    DateTime,
    date_of_number,
    date_time_of_instant,
    date_time_of_local,
    instant,
    instant_of_time,
    is_date,
    is_date_time,
    local_nanoseconds,
    make_date,
    make_date_time,
    number_of_day,
    time_of,
    zone_of,
)
from engine.feel.values import DAY, DaysTimeDuration, Time, WideDateTime, YearsMonthsDuration

Operation = Callable[[Any, Any], Any]

#: Durations beyond this many nanoseconds or months are refused (as null): some 300 times the range of dates.
_MAX_LENGTH = 10**28


def add(left: Any, right: Any) -> Any:
    """left + right; None where it is not defined."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return ARITHMETIC.add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, DaysTimeDuration):
        if isinstance(right, DaysTimeDuration):
            return _length(left.nanoseconds + right.nanoseconds)
        return _moved(right, left.nanoseconds)
    if isinstance(right, DaysTimeDuration):
        return _moved(left, right.nanoseconds)
    if isinstance(left, YearsMonthsDuration):
        if isinstance(right, YearsMonthsDuration):
            return _months(left.months + right.months)
        return _moved_by_months(right, left.months)
    if isinstance(right, YearsMonthsDuration):
        return _moved_by_months(left, right.months)
    return None


def subtract(left: Any, right: Any) -> Any:
    """left - right; None where it is not defined."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return ARITHMETIC.subtract(left, right)
    if isinstance(right, DaysTimeDuration):
        if isinstance(left, DaysTimeDuration):
            return _length(left.nanoseconds - right.nanoseconds)
        return _moved(left, -right.nanoseconds)
    if isinstance(right, YearsMonthsDuration):
        if isinstance(left, YearsMonthsDuration):
            return _months(left.months - right.months)
        return _moved_by_months(left, -right.months)
    if isinstance(left, Time) and isinstance(right, Time) and (left.zone is None) == (right.zone is None):
        return DaysTimeDuration(instant_of_time(left) - instant_of_time(right))
    if is_date(left) and is_date(right):
        return DaysTimeDuration((number_of_day(left) - number_of_day(right)) * DAY)
    return _between(_as_date_time(left), _as_date_time(right))


def multiply(left: Any, right: Any) -> Any:
    """left * right; None where it is not defined."""
    if isinstance(left, Decimal):
        if isinstance(right, Decimal):
            return ARITHMETIC.multiply(left, right)
        left, right = right, left
    if isinstance(right, Decimal):
        if isinstance(left, DaysTimeDuration):
            return _length(whole_product(left.nanoseconds, right))
        if isinstance(left, YearsMonthsDuration):
            return _months(whole_product(left.months, right))
    return None


def divide(left: Any, right: Any) -> Any:
    """left / right; None where it is not defined. Division by zero raises ArithmeticError."""
    if isinstance(right, Decimal):
        if isinstance(left, Decimal):
            return ARITHMETIC.divide(left, right)
        if isinstance(left, DaysTimeDuration):
            return _length(_cut(ARITHMETIC.divide(Decimal(left.nanoseconds), right)))
        if isinstance(left, YearsMonthsDuration):
            return _months(_cut(ARITHMETIC.divide(Decimal(left.months), right)))
    if isinstance(left, DaysTimeDuration) and isinstance(right, DaysTimeDuration):
        return ARITHMETIC.divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds))
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return ARITHMETIC.divide(Decimal(left.months), Decimal(right.months))
    return None


def power(left: Any, right: Any) -> Any:
    """left ** right; None where it is not defined."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return number_power(left, right)
    return None


def negate(value: Any) -> Any:
    """-value; None where it is not defined."""
    if isinstance(value, Decimal):
        return ARITHMETIC.minus(value)
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(-value.nanoseconds)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(-value.months)
    return None


#: The operators; all may raise ArithmeticError.
OPERATIONS: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def whole_product(length: int, factor: Decimal) -> int:
    """length * factor, cut towards zero. Raises ArithmeticError when it is too large."""
    return _cut(ARITHMETIC.multiply(Decimal(length), factor))


def _cut(value: Decimal) -> int:
    if not value.is_finite() or value.adjusted() > 28:
        raise OverflowError
    return int(value)


def _length(nanoseconds: int) -> DaysTimeDuration | None:
    return DaysTimeDuration(nanoseconds) if abs(nanoseconds) < _MAX_LENGTH else None


def _months(months: int) -> YearsMonthsDuration | None:
    return YearsMonthsDuration(months) if whole(Decimal(months)) is not None else None


def _moved(value: Any, nanoseconds: int) -> Any:
    """A date, time or date and time moved by an exact length; a date counts as its midnight."""
    if isinstance(value, Time):
        return Time((value.nanoseconds + nanoseconds) % DAY, value.zone)
    if is_date_time(value):
        zone = zone_of(value)
        if zone is None or (isinstance(value, WideDateTime) and not 1 <= value.year <= 9999):
            return date_time_of_local(local_nanoseconds(value) + nanoseconds, zone)
        return date_time_of_instant(instant(value) + nanoseconds, zone)
    if is_date(value):
        return date_of_number((number_of_day(value) * DAY + nanoseconds) // DAY)
    return None


def _moved_by_months(value: Any, months: int) -> Any:
    """A date or date and time moved by calendar months; the time of day stays."""
    if is_date_time(value):
        day = _day_moved_by_months(value, months)
        return None if day is None else make_date_time(day, time_of(value))
    return _day_moved_by_months(value, months) if is_date(value) else None


def _day_moved_by_months(value: Date | DateTime, months: int) -> Date | None:
    return make_date(*plus_months(value.year, value.month, value.day, months))


def _as_date_time(value: Any) -> DateTime | None:
    """A date as its midnight in UTC, so that it can be subtracted from a date and time with zone."""
    if is_date_time(value):
        return value
    return make_date_time(value, Time(0, UTC)) if is_date(value) else None


def _between(left: DateTime | None, right: DateTime | None) -> DaysTimeDuration | None:
    if left is None or right is None or (zone_of(left) is None) != (zone_of(right) is None):
        return None
    if isinstance(left, datetime) and isinstance(right, datetime) and left.tzinfo is None:
        return DaysTimeDuration.of(left - right)
    return DaysTimeDuration(instant(left) - instant(right))
