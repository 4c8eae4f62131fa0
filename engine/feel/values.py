"""The values of FEEL that Python does not have.

| FEEL | here |
|---|---|
| null, boolean, string | None, bool, str |
| number | Decimal, 34 digits |
| date | datetime.date; `WideDate` outside the years 1 to 9999 |
| time | `Time` (a datetime.time cannot hold nanoseconds, nor the offset of a named zone) |
| date and time | datetime.datetime; `WideDateTime` outside the years 1 to 9999, or finer than a microsecond |
| days and time duration | `DaysTimeDuration` |
| years and months duration | `YearsMonthsDuration` |
| list, context | list, dict |
| range | `Range` |
| function | `engine.feel.functions.FeelFunction` |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any

from engine.feel.calendar_math import day_number

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True, order=True)
class DaysTimeDuration:
    """A length of time in nanoseconds; may be negative."""

    nanoseconds: int

    @classmethod
    def of(cls, length: timedelta) -> DaysTimeDuration:
        """The same length from Python."""
        return cls((length.days * 86_400 + length.seconds) * SECOND + length.microseconds * 1000)

    def as_timedelta(self) -> timedelta:
        """The same length for Python, cut to microseconds. Raises OverflowError beyond 999,999,999 days."""
        return timedelta(microseconds=self.nanoseconds // 1000)

    @property
    def parts(self) -> tuple[int, int, int, int, int]:
        """Days, hours, minutes, seconds, nanoseconds of the absolute length."""
        seconds, nanoseconds = divmod(abs(self.nanoseconds), SECOND)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        return days, hours, minutes, seconds, nanoseconds

    def __str__(self) -> str:
        days, hours, minutes, seconds, nanoseconds = self.parts
        fraction = f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""
        clock = "".join(
            (
                f"{hours}H" if hours else "",
                f"{minutes}M" if minutes else "",
                f"{seconds}{fraction}S" if seconds or fraction else "",
            )
        )
        if not days and not clock:
            return "PT0S"
        sign = "-" if self.nanoseconds < 0 else ""
        return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A number of calendar months; may be negative."""

    months: int

    @property
    def parts(self) -> tuple[int, int]:
        """Years and months of the absolute length."""
        return divmod(abs(self.months), 12)

    def __str__(self) -> str:
        years, months = self.parts
        if not years and not months:
            return "P0M"
        return f"{'-' if self.months < 0 else ''}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, with or without a zone."""

    #: Since midnight, 0 to 86,399,999,999,999.
    nanoseconds: int
    #: A fixed offset (`datetime.timezone`), a named zone (`ZoneInfo`), or None.
    zone: tzinfo | None = None

    @classmethod
    def of(cls, hour: int, minute: int, second: int = 0, nanosecond: int = 0, zone: tzinfo | None = None) -> Time:
        """A time from its parts."""
        return cls(hour * HOUR + minute * MINUTE + second * SECOND + nanosecond, zone)

    @property
    def hour(self) -> int:
        return self.nanoseconds // HOUR

    @property
    def minute(self) -> int:
        return self.nanoseconds // MINUTE % 60

    @property
    def second(self) -> int:
        return self.nanoseconds // SECOND % 60

    @property
    def nanosecond(self) -> int:
        return self.nanoseconds % SECOND


@dataclass(frozen=True, slots=True, order=True)
class WideDate:
    """A date outside the years 1 to 9999, which `datetime.date` cannot hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time that `datetime.datetime` cannot hold."""

    year: int
    month: int
    day: int
    time: Time

    @property
    def day_number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of numbers, texts, dates, times or durations.

    An end of None is open without bound: `(> 10)` is Range(10, None, False, False). The unary forms `(= 10)` and
    `(!= 10)` keep their operator, because DMN tells `(= 10)` from `[10..10]`.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    #: "=" or "!=" for the unary forms, else "".
    operator: str = ""


class FunctionValue:
    """What marks a value as a function; see `engine.feel.functions.FeelFunction`."""

    __slots__ = ()
