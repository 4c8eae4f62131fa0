"""Built-in functions on dates, times and durations (DMN 1.3, tables 73, 79 and 80)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from engine.feel.budget import Run
from engine.feel.calendar_math import day_number
from engine.feel.errors import FeelEvaluationError, NullResult
from engine.feel.library.registration import function, with_run
from engine.feel.numbers import ARITHMETIC, whole
from engine.feel.temporal import (
    Date,
    DateTime,
    date_of_number,
    fixed_zone,
    is_date,
    is_date_time,
    make_date,
    make_date_time,
    make_time,
    named_zone,
    number_of_day,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    time_of,
)
from engine.feel.types import type_name
from engine.feel.values import SECOND, DaysTimeDuration, Time, YearsMonthsDuration

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _date(value: Any) -> Date:
    if is_date_time(value):
        return _must(date_of_number(number_of_day(value)), "a date", value)
    if is_date(value):
        return value
    return _must(parse_date(value) if isinstance(value, str) else None, 'a date like "2026-03-01"', value)


def _date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    parts = [_whole(part) for part in (year, month, day)]
    return _must(make_date(*parts), "a day of the calendar", f"{year}-{month}-{day}")


def _time(value: Any) -> Time:
    if is_date_time(value):
        return time_of(value)
    if is_date(value):
        return Time(0, UTC)
    if isinstance(value, Time):
        return value
    return _must(parse_time(value) if isinstance(value, str) else None, 'a time like "18:00:00"', value)


def _time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None) -> Time:
    whole_second = _whole(second)
    nanosecond = _whole(ARITHMETIC.multiply(ARITHMETIC.subtract(second, Decimal(whole_second)), Decimal(SECOND)))
    zone = None
    if offset is not None:
        zone = _must(fixed_zone(offset.nanoseconds // SECOND), "an offset up to 18 hours", offset)
    time = make_time(_whole(hour), _whole(minute), whole_second, nanosecond, zone)
    return _must(time, "a time of day", f"{hour}:{minute}:{second}")


def _date_time(value: Any) -> DateTime:
    if is_date_time(value):
        return value
    if is_date(value):
        return make_date_time(value, Time(0, UTC))
    form = 'a date and time like "2026-03-01T18:00:00"'
    return _must(parse_date_time(value) if isinstance(value, str) else None, form, value)


def _date_at_time(day: Any, time: Time) -> DateTime:
    if not is_date(day) and not is_date_time(day):
        raise NullResult(f"expected a date, but found a {type_name(day)}")
    return make_date_time(_date(day), time)


def _date_time_of_parts(
    year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal,
    offset: DaysTimeDuration | None,
) -> DateTime:  # fmt: skip
    return make_date_time(_date_of_parts(year, month, day), _time_of_parts(hour, minute, second, offset))


def _date_time_in_zone(
    year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal, timezone: str
) -> DateTime:
    zone = _must(named_zone(timezone) if timezone[:1].isalpha() and ".." not in timezone else None, "a zone", timezone)
    time = _time_of_parts(hour, minute, second, None)
    return make_date_time(_date_of_parts(year, month, day), Time(time.nanoseconds, zone))


def _duration(text: str) -> DaysTimeDuration | YearsMonthsDuration:
    return _must(parse_duration(text), 'a duration like "P1DT2H" or "P1Y2M"', text)


def _months_between(start: Any, end: Any) -> YearsMonthsDuration:
    """Whole months from one day to another, counted towards zero; the times of day do not matter."""
    if not all(is_date(value) or is_date_time(value) for value in (start, end)):
        raise NullResult(f"expected two dates, but found a {type_name(start)} and a {type_name(end)}")
    months = (end.year * 12 + end.month) - (start.year * 12 + start.month)
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonthsDuration(months)


def _now(run: Run) -> datetime:
    if run.now is None:
        raise FeelEvaluationError("Expected the instant of the evaluation for now() or today(), but none was given.")
    return run.now


def _today(run: Run) -> date:
    return _now(run).date()


def _day_of_year(value: Any) -> Decimal:
    day = _any_date(value)
    return Decimal(number_of_day(day) - day_number(day.year, 1, 1) + 1)


def _day_of_week(value: Any) -> str:
    return _WEEKDAYS[(number_of_day(_any_date(value)) + 3) % 7]


def _month_of_year(value: Any) -> str:
    return _MONTHS[_any_date(value).month - 1]


def _week_of_year(value: Any) -> Decimal:
    """The week of ISO 8601: that of the year which the week's Thursday is in."""
    number = number_of_day(_any_date(value))
    thursday = _must(date_of_number(number - (number + 3) % 7 + 3), "a date", value)
    return Decimal((number_of_day(thursday) - day_number(thursday.year, 1, 1)) // 7 + 1)


def _any_date(value: Any) -> Date:
    if not is_date(value) and not is_date_time(value):
        raise NullResult(f"expected a date, but found a {type_name(value)}")
    return _date(value)


def _whole(value: Decimal) -> int:
    number = whole(value)
    if number is None:
        raise NullResult(f"expected a number of at most 18 digits, but found {value}")
    return number


def _must(value: Any, wanted: str, found: Any) -> Any:
    if value is None:
        shown = repr(found[:40]) if isinstance(found, str) else f"a {type_name(found)}"
        raise NullResult(f"expected {wanted}, but found {shown}")
    return value


_DAY_PARTS = ("year: number", "month: number", "day: number")
_CLOCK_PARTS = ("hour: number", "minute: number", "second: number")
_OFFSET = "offset: days and time duration?"

FUNCTIONS = (
    function("date", "from", result=_date, others=(function("date", *_DAY_PARTS, result=_date_of_parts),)),
    function("time", "from", result=_time, others=(function("time", *_CLOCK_PARTS, _OFFSET, result=_time_of_parts),)),
    function(
        "date and time", "from", result=_date_time,
        others=(
            function("date and time", "date", "time: time", result=_date_at_time),
            function("date and time", *_DAY_PARTS, *_CLOCK_PARTS, _OFFSET, result=_date_time_of_parts),
            function("date and time", *_DAY_PARTS, *_CLOCK_PARTS, "timezone: string", result=_date_time_in_zone),
        ),
    ),
    function("duration", "from: string", result=_duration),
    function("years and months duration", "from", "to", result=_months_between),
    function("day of year", "date", result=_day_of_year),
    function("day of week", "date", result=_day_of_week),
    function("month of year", "date", result=_month_of_year),
    function("week of year", "date", result=_week_of_year),
    with_run("now", result=_now),
    with_run("today", result=_today),
)  # fmt: skip
