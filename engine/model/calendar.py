"""Working days by the official calendar with make-up days (调休), and the arithmetic that can be shown to a person.

Days are days of Asia/Shanghai. The calendar itself is data: rows of `calendar_day`, by year `official` or
`provisional` (暂定: not yet published, estimated).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

#: Deadlines of whole days end at this time of their last day (PROCESSES 0.1).
END_OF_OFFICE = time(18, 0)
#: Rungs of the escalation ladder fire at this time of their day (PROCESSES 0.1).
MORNING = time(9, 0)
#: No rule counts further than this; a rule that does is a mistake in the rule.
MAX_COUNTED_DAYS = 10_000


class DayKind(StrEnum):
    """Why a day differs from its weekday."""

    HOLIDAY = "holiday"
    MAKE_UP = "make-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day whose kind is not that of its weekday: a holiday (法定节假日) or a make-up working day (调休上班)."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a shown count."""

    day: date
    is_working: bool
    #: "周末", the holiday's or make-up day's name, "" for an ordinary working day.
    reason: str
    #: Working days counted so far, this one included.
    counted: int


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. Saturday and Sunday are off unless a special day says otherwise."""

    special_days: Mapping[date, SpecialDay] = field(default_factory=dict[date, SpecialDay])
    #: Years whose official calendar is not published: counts that touch them are provisional.
    provisional_years: frozenset[int] = frozenset()
    version: str = ""

    @classmethod
    def of(
        cls, days: Iterable[SpecialDay], provisional_years: Iterable[int] = (), version: str = ""
    ) -> WorkingCalendar:
        """A calendar from its special days."""
        return cls({special.day: special for special in days}, frozenset(provisional_years), version)

    def is_working(self, day: date) -> bool:
        special = self.special_days.get(day)
        if special is not None:
            return special.kind is DayKind.MAKE_UP
        return day.weekday() < 5

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any year between two days is not officially published."""
        return any(year in self.provisional_years for year in range(first.year, last.year + 1))

    def add_working_days(self, start: date, days: int) -> date:
        """The day on which the `days`-th working day after `start` falls; the start itself is not counted.

        Negative counts go backwards. 5 from 2026-09-30 is 2026-10-13: 1-7 October are holidays, Saturday
        10 October is a make-up day. Zero gives the start, whether worked or not.

        Raises:
            ValueError: more than MAX_COUNTED_DAYS.
        """
        if abs(days) > MAX_COUNTED_DAYS:
            raise ValueError(f"Expected at most {MAX_COUNTED_DAYS} working days, but found {days}.")
        step = timedelta(days=1 if days >= 0 else -1)
        day, left = start, abs(days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`.

        The inverse of add_working_days for working ends: the age of an overdue user task.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(1 for day in _days_after(start, end) if self.is_working(day))

    def next_working_day(self, day: date) -> date:
        """The day itself if worked, else the next one that is (Civil Code art. 203)."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def previous_working_day(self, day: date) -> date:
        """The day itself if worked, else the last one before it: for deadlines counted backwards from a session."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add_calendar_days(self, start: date, days: int) -> date:
        """The `days`-th calendar day after `start`, moved to a working day: onwards, or back for negative counts."""
        end = start + timedelta(days=days)
        return self.next_working_day(end) if days >= 0 else self.previous_working_day(end)

    def show_count(self, start: date, end: date) -> tuple[CountedDay, ...]:
        """Each day after `start` up to `end` with its reason: the arithmetic as a person can check it."""
        counted = 0
        shown: list[CountedDay] = []
        for day in _days_after(start, end):
            working = self.is_working(day)
            counted += working
            special = self.special_days.get(day)
            reason = special.name if special is not None else "" if working else "周末"
            shown.append(CountedDay(day, working, reason, counted))
        return tuple(shown)


def _days_after(start: date, end: date) -> Iterator[date]:
    for offset in range(1, (end - start).days + 1):
        yield start + timedelta(days=offset)


@lru_cache(maxsize=256)
def local_time(instant: datetime) -> datetime:
    """An aware instant in Asia/Shanghai; a change asks for its own four times."""
    return instant.astimezone(SHANGHAI)


def local_day(instant: datetime, zone: tzinfo = SHANGHAI) -> date:
    """The day an aware instant falls on."""
    return local_time(instant).date() if zone is SHANGHAI else instant.astimezone(zone).date()


def instant_of(day: date, at: time, zone: tzinfo = SHANGHAI) -> datetime:
    """The UTC instant of a local time of day."""
    return datetime.combine(day, at, zone).astimezone(UTC)
