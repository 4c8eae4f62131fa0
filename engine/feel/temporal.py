"""Dates, times and their zones: reading and writing ISO text, taking apart and putting together.

"A date" means `date` or `WideDate`, "a date and time" means `datetime` or `WideDateTime`: the wide kinds appear only
where Python's cannot hold the value. DMN 1.3, 10.3.2.3.4 to 10.3.2.3.8 and 10.3.4.1.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, TypeAlias, TypeGuard
from zoneinfo import ZoneInfo

from engine.feel.calendar_math import MAX_YEAR, ORDINAL_OF_EPOCH, civil, day_number, days_in_month
from engine.feel.values import DAY, SECOND, DaysTimeDuration, Time, WideDate, WideDateTime, YearsMonthsDuration

Date: TypeAlias = date | WideDate
DateTime: TypeAlias = datetime | WideDateTime

#: Largest offset from UTC, as in Java's ZoneOffset and so in other FEEL engines.
MAX_OFFSET_SECONDS = 18 * 3600
#: The day by whose rules a time of day without a date is placed in its named zone.
REFERENCE_DAY = (1970, 1, 1)

_DATE = r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?"
_ZONE = r"(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*)?"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(_TIME + _ZONE, re.ASCII)
_DATE_TIME_TEXT = re.compile(f"{_DATE}T{_TIME}{_ZONE}", re.ASCII)
_DAYS_TIME_TEXT = re.compile(
    r"(-)?P(?:(\d{1,18})D)?(T(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d*))?S)?)?", re.ASCII
)
_YEARS_MONTHS_TEXT = re.compile(r"(-)?P(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)


def is_date(value: Any) -> TypeGuard[Date]:
    """Whether a value is a FEEL date; a date and time is not."""
    return (isinstance(value, date) and not isinstance(value, datetime)) or isinstance(value, WideDate)


def is_date_time(value: Any) -> TypeGuard[DateTime]:
    """Whether a value is a FEEL date and time."""
    return isinstance(value, datetime | WideDateTime)


# --- putting together -------------------------------------------------------------------------------------------------


def make_date(year: int, month: int, day: int) -> Date | None:
    """A date, or None where the calendar has none."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def date_of_number(number: int) -> Date | None:
    """The date of a day number, or None beyond the largest year."""
    if 1 <= number + ORDINAL_OF_EPOCH <= 3_652_059:
        return date.fromordinal(number + ORDINAL_OF_EPOCH)
    return make_date(*civil(number)) if abs(number) < (MAX_YEAR + 1) * 366 else None


def make_time(hour: int, minute: int, second: int, nanosecond: int = 0, zone: tzinfo | None = None) -> Time | None:
    """A time of day, or None where the clock has none. 24:00:00 is midnight."""
    if hour == 24 and minute == second == nanosecond == 0:
        hour = 0
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    return Time.of(hour, minute, second, nanosecond, zone)


def make_date_time(day: Date, time: Time) -> DateTime:
    """A date at a time of day, in the time's zone."""
    nanosecond = time.nanosecond
    if isinstance(day, WideDate) or nanosecond % 1000:
        return WideDateTime(day.year, day.month, day.day, time)
    return datetime(
        day.year, day.month, day.day, time.hour, time.minute, time.second, nanosecond // 1000, tzinfo=time.zone
    )


def date_time_of_local(nanoseconds: int, zone: tzinfo | None) -> DateTime | None:
    """A date and time from the nanoseconds since 1970-01-01T00:00:00 of its own clock."""
    number, in_day = divmod(nanoseconds, DAY)
    day = date_of_number(number)
    return None if day is None else make_date_time(day, Time(in_day, zone))


def date_time_of_instant(nanoseconds: int, zone: tzinfo | None) -> DateTime | None:
    """A date and time from nanoseconds since the epoch in UTC, shown on the clock of a zone."""
    if zone is None:
        return date_time_of_local(nanoseconds, None)
    at_utc = date_time_of_local(nanoseconds, UTC)
    if at_utc is None:
        return None
    if isinstance(at_utc, datetime):
        try:
            return at_utc.astimezone(zone)
        except OverflowError:
            pass
    guess = nanoseconds + _offset(zone, *civil(nanoseconds // DAY))
    local = date_time_of_local(guess, zone)
    if isinstance(local, datetime | None):
        return local
    return date_time_of_local(nanoseconds + _offset_of_wide(local), zone)


# --- taking apart -----------------------------------------------------------------------------------------------------


def number_of_day(value: Date | DateTime) -> int:
    """Day number of a date, or of the local day of a date and time."""
    return day_number(value.year, value.month, value.day)


def time_of(value: DateTime) -> Time:
    """Time of day, with the zone."""
    if isinstance(value, WideDateTime):
        return value.time
    return Time.of(value.hour, value.minute, value.second, value.microsecond * 1000, value.tzinfo)


def zone_of(value: DateTime | Time) -> tzinfo | None:
    """The zone, or None for a local time."""
    if isinstance(value, WideDateTime):
        return value.time.zone
    return value.zone if isinstance(value, Time) else value.tzinfo


def local_nanoseconds(value: DateTime) -> int:
    """Nanoseconds since 1970-01-01T00:00:00 on the value's own clock."""
    return number_of_day(value) * DAY + time_of(value).nanoseconds


def instant(value: DateTime) -> int:
    """Nanoseconds since the epoch in UTC; of a value without zone, as if its clock were UTC."""
    return local_nanoseconds(value) - (offset_of(value) or 0)


def instant_of_time(value: Time) -> int:
    """Nanoseconds since midnight UTC; of a time without zone, as if its clock were UTC."""
    return value.nanoseconds - (offset_of(value) or 0)


def offset_of(value: DateTime | Time) -> int | None:
    """Nanoseconds that the value's clock is ahead of UTC, or None without a zone."""
    if isinstance(value, WideDateTime):
        return None if value.time.zone is None else _offset_of_wide(value)
    if isinstance(value, Time):
        return None if value.zone is None else _offset(value.zone, *REFERENCE_DAY, value)
    offset = value.utcoffset()
    return None if offset is None else DaysTimeDuration.of(offset).nanoseconds


def _offset_of_wide(value: WideDateTime) -> int:
    zone = value.time.zone
    return 0 if zone is None else _offset(zone, value.year, value.month, value.day, value.time)


def _offset(zone: tzinfo, year: int, month: int, day: int, time: Time | None = None) -> int:
    """Offset by the rules of a year that Python knows and that has the same calendar."""
    if not 1 <= year <= 9999:
        year = year % 400 + (9200 if year > 9999 else 400)
    hour, minute, second = (time.hour, time.minute, time.second) if time else (12, 0, 0)
    offset = zone.utcoffset(datetime(year, month, day, hour, minute, second, tzinfo=zone))
    return DaysTimeDuration.of(offset).nanoseconds if offset is not None else 0


# --- zones ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def named_zone(name: str) -> tzinfo | None:
    """A zone of the IANA data base, or None. The name must already look like one: it becomes a file name."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


def fixed_zone(seconds: int) -> tzinfo | None:
    """A fixed offset from UTC, or None beyond 18 hours."""
    if abs(seconds) > MAX_OFFSET_SECONDS:
        return None
    return UTC if seconds == 0 else timezone(timedelta(seconds=seconds))


def zone_name(zone: tzinfo | None) -> str | None:
    """The name of a named zone, e.g. "Asia/Shanghai"; None for offsets and for no zone."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def _zone_of_text(text: str) -> tzinfo | None:
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    if minutes > 59 or (rest and rest[0] > 59):
        return None
    seconds = hours * 3600 + minutes * 60 + (rest[0] if rest else 0)
    return fixed_zone(-seconds if text[0] == "-" else seconds)


def _zone_text(zone: tzinfo | None, offset: int | None) -> str:
    if zone is None or offset is None:
        return ""
    name = zone_name(zone)
    if name is not None:
        return f"@{name}"
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset) // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}{f':{seconds:02d}' if seconds else ''}"


# --- reading text -----------------------------------------------------------------------------------------------------


def parse_date(text: str) -> Date | None:
    """ISO 8601 `2026-03-01`, or None."""
    found = _DATE_TEXT.fullmatch(text)
    return make_date(int(found[1]), int(found[2]), int(found[3])) if found else None


def parse_time(text: str) -> Time | None:
    """`18:00:00`, `18:00:00.5`, `18:00:00+08:00`, `18:00:00Z`, `18:00:00@Asia/Shanghai`; or None."""
    found = _TIME_TEXT.fullmatch(text)
    return _time_of_groups(*found.groups()) if found else None


def parse_date_time(text: str) -> DateTime | None:
    """A date, "T" and a time as in `parse_time`; a date alone is its midnight; or None."""
    day = parse_date(text)
    if day is not None:
        return make_date_time(day, Time(0))
    found = _DATE_TIME_TEXT.fullmatch(text)
    if found is None:
        return None
    year, month, day_text, *clock = found.groups()
    day = make_date(int(year), int(month), int(day_text))
    time = _time_of_groups(*clock)
    if day is None or time is None:
        return None
    if clock[0] == "24":
        day = date_of_number(number_of_day(day) + 1)
    return None if day is None else make_date_time(day, time)


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """ISO 8601 `P1DT2H`, `-PT0.5S` or `P1Y2M`; years and months do not mix with days and time; or None."""
    found = _YEARS_MONTHS_TEXT.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonthsDuration(-months if found[1] else months)
    found = _DAYS_TIME_TEXT.fullmatch(text)
    if found is None or found[3] == "T" or not (found[2] or found[3]):
        return None
    hours = int(found[2] or 0) * 24 + int(found[4] or 0)
    seconds = (hours * 60 + int(found[5] or 0)) * 60 + int(found[6] or 0)
    nanoseconds = seconds * SECOND + int((found[7] or "")[:9].ljust(9, "0"))
    return DaysTimeDuration(-nanoseconds if found[1] else nanoseconds)


def parse_temporal(text: str) -> Any:
    """Any of the above, as in the literal `@"…"`; or None."""
    for parse in (parse_date, parse_time, parse_date_time, parse_duration):
        value = parse(text)
        if value is not None:
            return value
    return None


def _time_of_groups(hour: str, minute: str, second: str, fraction: str | None, zone_text: str | None) -> Time | None:
    zone = _zone_of_text(zone_text) if zone_text else None
    if zone_text and zone is None:
        return None
    return make_time(int(hour), int(minute), int(second), int((fraction or "")[:9].ljust(9, "0")), zone)


# --- writing text -----------------------------------------------------------------------------------------------------


def date_text(value: Date) -> str:
    """ISO 8601; years have at least four digits."""
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def time_text(value: Time, offset: int | None = None) -> str:
    """ISO 8601 with the zone as `Z`, `+08:00` or `@Asia/Shanghai`."""
    fraction = f".{value.nanosecond:09d}".rstrip("0") if value.nanosecond else ""
    zone = _zone_text(value.zone, offset if offset is not None else offset_of(value))
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}{zone}"


def date_time_text(value: DateTime) -> str:
    """ISO 8601 with the zone as in `time_text`."""
    day = value if isinstance(value, datetime) else WideDate(value.year, value.month, value.day)
    return f"{date_text(day)}T{time_text(time_of(value), offset_of(value))}"
