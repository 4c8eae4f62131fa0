"""Deadline rules: what a diagram or a configuration row says about time, turned into an instant.

    5WD                    five working days
    30D                    thirty calendar days; a last day off moves to the next working day
    -20WD                  twenty working days before
    P5D  PT10M  P1M        ISO 8601 durations, exact
    2026-08-31             a day (until 18:00)
    2026-08-31T12:00+08:00 an instant
    due.goal_review.fill   a configuration row: {"rule": "15WD", "not_after": "08-31"}
                           or counted from a day of each year: {"rule": "-20WD", "counted_from": "07-01"}

An expression may give what a row holds, and besides `from`: the day or instant to count from instead of now
({rule: "10WD", from: task_due_at}).

Whole days end at 18:00 Asia/Shanghai; the day of the event is not counted (PROCESSES 0.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from engine.model.calendar import END_OF_OFFICE, SHANGHAI, WorkingCalendar, instant_of, local_day
from engine.model.errors import ExecutionFailed

_DAYS = re.compile(r"^(-?\d{1,5})(WD|D)$")
_ISO_DURATION = re.compile(
    r"^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$"
)
_MONTH_DAY = re.compile(r"^(\d{2})-(\d{2})$")
_KEY = re.compile(r"^due(\.[a-z0-9_]+)+$")

#: Ends of counted days kept at hand, of one calendar.
_ENDS_KEPT = 10_000

#: Finds the value of a configuration row valid on a day; None if there is none.
DeadlineLookup = Callable[[str, date], Any]


class UnknownDeadline(ExecutionFailed):
    """A deadline rule that nobody can read, or a configuration key without a row."""

    code = "unknown-deadline"


def is_deadline_text(text: str) -> bool:
    """Whether a literal text is a rule this module reads; keys are accepted by their form."""
    if _DAYS.match(text) or _KEY.match(text) or is_iso_duration(text):
        return True
    return _parsed_instant(text) is not None


def is_deadline_key(text: str) -> bool:
    """Whether the text names a configuration row."""
    return bool(_KEY.match(text))


def days_given(row: Any) -> tuple[int | None, int | None]:
    """Calendar days and working days that a configuration row gives: 30D is (30, None), 5WD (None, 5); (None, None) for
    any other rule.
    """
    rule = cast("Mapping[str, Any]", row).get("rule") if isinstance(row, Mapping) else row
    counted = _DAYS.match(rule) if isinstance(rule, str) else None
    if counted is None:
        return None, None
    return (None, int(counted[1])) if counted[2] == "WD" else (int(counted[1]), None)


@lru_cache(maxsize=1024)
def is_iso_duration(text: str) -> bool:
    """Whether the text is an ISO 8601 duration with at least one part."""
    match = _ISO_DURATION.match(text)
    return bool(match and any(match.groups()[1:]))


def add_iso_duration(start: datetime, text: str) -> datetime:
    """`start` moved by an ISO 8601 duration; months keep the local day of the month, cut to the month's last day.

    P1M from 31 January is 28 February. Raises ValueError for text that is no duration.
    """
    months, rest = _parsed_duration(text)
    return add_months(start, months) + rest


@lru_cache(maxsize=1024)
def _parsed_duration(text: str) -> tuple[int, timedelta]:
    """Months and the exact rest, both signed. Diagrams have few durations and ask for them at every step."""
    match = _ISO_DURATION.match(text)
    if not match or not any(match.groups()[1:]):
        raise ValueError(f"Expected an ISO 8601 duration, but found {text!r}.")
    sign = -1 if match[1] else 1
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[1:7])
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(match[8] or 0))
    return sign * (12 * years + months), sign * rest


def add_months(start: datetime, months: int) -> datetime:
    """`start` moved by calendar months of Asia/Shanghai, cut to the last day of the month."""
    if not months:
        return start
    local = start.astimezone(SHANGHAI)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, _days_in_month(year, month + 1))
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def _days_in_month(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _day_of_year(year: int, month: int, day: int) -> date:
    """29 February is the 28th in a year that has none."""
    return date(year, month, min(day, _days_in_month(year, month)))


def _parsed_instant(text: str) -> date | datetime | None:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Deadlines:
    """Reads rules by one calendar and one set of configuration rows; implements the kernel's DeadlinePort."""

    calendar: WorkingCalendar
    lookup: DeadlineLookup
    #: (text, day) -> end of the counted days: a day's user tasks ask for the same few again and again.
    _ends: dict[tuple[str, date], datetime] = field(
        default_factory=dict[tuple[str, date], datetime], init=False, repr=False, compare=False
    )

    def due_at(self, rule: Any, start: datetime) -> datetime:
        """Due instant of a user task that is created at `start`.

        Raises:
            UnknownDeadline: the rule cannot be read or its row is absent.
        """
        return self._instant(rule, start, whole_days=True)

    def fires_at(self, rule: Any, start: datetime) -> datetime:
        """Instant of a timer event: as due_at, but counted days keep the time of day of `start`, and a day without
        a time fires at its beginning (00:00)."""
        return self._instant(rule, start, whole_days=False)

    def _instant(self, rule: Any, start: datetime, *, whole_days: bool) -> datetime:
        if isinstance(rule, str):
            return self._from_text(rule.strip(), start, whole_days=whole_days)
        if isinstance(rule, datetime):
            return rule.astimezone(UTC) if rule.tzinfo else rule.replace(tzinfo=SHANGHAI).astimezone(UTC)
        if isinstance(rule, date):
            return self._at_day(rule, start, whole_days=whole_days, counted=False)
        if isinstance(rule, timedelta):
            return start + rule
        if isinstance(rule, Mapping):
            return self._from_row(cast("Mapping[str, Any]", rule), start, whole_days=whole_days)
        # FEEL durations print themselves as ISO 8601; the ground floor does not know their types.
        text = str(rule)
        if is_iso_duration(text):
            return add_iso_duration(start, text)
        raise UnknownDeadline(f"Expected a deadline rule, but found {rule!r}.", rule=text)

    def _from_text(self, text: str, start: datetime, *, whole_days: bool) -> datetime:
        known = self._ends.get((text, local_day(start))) if whole_days else None
        if known is not None:
            return known
        counted = _DAYS.match(text)
        if counted:
            number, unit = int(counted[1]), counted[2]
            first = local_day(start)
            count = self.calendar.add_working_days if unit == "WD" else self.calendar.add_calendar_days
            end = self._at_day(count(first, number), start, whole_days=whole_days, counted=True)
            if whole_days:
                if len(self._ends) >= _ENDS_KEPT:
                    self._ends.clear()
                self._ends[text, first] = end
            return end
        if is_iso_duration(text):
            return add_iso_duration(start, text)
        if is_deadline_key(text):
            row = self.lookup(text, local_day(start))
            if row is None:
                raise UnknownDeadline(f"Expected a configuration row {text!r}, but found none.", rule=text)
            return self._instant(row, start, whole_days=whole_days)
        parsed = _parsed_instant(text)
        if parsed is None:
            raise UnknownDeadline(
                f"Expected a deadline like 5WD, 30D, P5D, a day, an instant or a due.* key, but found {text!r}.",
                rule=text,
            )
        return self._instant(parsed, start, whole_days=whole_days)

    def _from_row(self, row: Mapping[str, Any], start: datetime, *, whole_days: bool) -> datetime:
        begin = row.get("from")
        if begin is not None:
            start = self._instant(begin, start, whole_days=True)
        origin = row.get("counted_from")
        if origin:
            due = self._counted_from(str(origin), str(row.get("rule")), start, whole_days=whole_days)
        else:
            due = self._instant(row.get("rule"), start, whole_days=whole_days)
        limit = row.get("not_after")
        if not limit:
            return due
        return min(due, self._limit(str(limit), start, whole_days=whole_days))

    def _counted_from(self, origin: str, rule: str, start: datetime, *, whole_days: bool) -> datetime:
        """Days counted from a month and day of the year: backwards from the next one, even if they have passed already;
        onwards from the last one of which they have not.
        """
        month_day, counted = _MONTH_DAY.match(origin), _DAYS.match(rule)
        if not month_day or not counted:
            message = (
                f"Expected days counted from a month and day (-20WD from 07-01), but found {rule!r} from {origin!r}."
            )
            raise UnknownDeadline(message, rule=rule)
        number, first = int(counted[1]), local_day(start)
        count = self.calendar.add_working_days if counted[2] == "WD" else self.calendar.add_calendar_days
        end = first
        for year in range(first.year - 1, first.year + 2):
            day = _day_of_year(year, int(month_day[1]), int(month_day[2]))
            end = count(day, number)
            if day > first or end >= first:
                break
        return self._at_day(end, start, whole_days=whole_days, counted=False)

    def _limit(self, text: str, start: datetime, *, whole_days: bool) -> datetime:
        """A month and day means its next occurrence on or after the start."""
        match = _MONTH_DAY.match(text)
        if not match:
            return self._instant(text, start, whole_days=whole_days)
        first = local_day(start)
        month, day = int(match[1]), int(match[2])
        year = first.year if (month, day) >= (first.month, first.day) else first.year + 1
        last = self.calendar.next_working_day(_day_of_year(year, month, day))
        return self._at_day(last, start, whole_days=whole_days, counted=False)

    def _at_day(self, day: date, start: datetime, *, whole_days: bool, counted: bool) -> datetime:
        if whole_days:
            return instant_of(day, END_OF_OFFICE)
        if counted:
            return instant_of(day, start.astimezone(SHANGHAI).time())
        return datetime.combine(day, datetime.min.time(), SHANGHAI).astimezone(UTC)
