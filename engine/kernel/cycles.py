"""Repeating timers: "R3/PT10M", "R/P1M", "R2/2026-01-31T09:00+08:00/P1M", "R/5WD" (ISO 8601-1, 5.6).

The n-th instant counts n intervals from the beginning, never one interval from the last instant: monthly from 31
January are 31 January, 28 February, 31 March. Missed periods coalesce: a firing that comes late stands for all that
were missed up to then, and they count as used. R3/PT10M from 9:00 that is first looked at at 9:25 fires once then,
and at 9:30.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from engine.model.value import value

_CYCLE = re.compile(r"^R(-1|\d*)/(?:([^/]+)/)?([^/]+)$")
_ISO = re.compile(r"^P(?=.)(?:\d+[YMWD])*(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$")
_DAYS = re.compile(r"^\d{1,5}(?:WD|D)$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

#: Instant of an interval counted from a beginning, e.g. by the working calendar.
AddInterval = Callable[[str, datetime], datetime]


@value()
class Beat:
    """One instant of a cycle."""

    due_at: datetime
    #: Firings left after this one; None = for ever.
    left: int | None
    #: "<interval> <beginning> <intervals passed>": what the next one is found by.
    rule: str


@value()
class Cycle:
    """A rule of repetition."""

    #: Firings in all; None = for ever.
    firings: int | None
    #: First instant; None = one interval after the timer is set.
    start: datetime | None
    interval: str


def parse_cycle(text: str) -> Cycle:
    """Read a repeating interval. Raises ValueError, in the form "Expected … but found …"."""
    match = _CYCLE.match(text.strip())
    if match is None:
        raise ValueError(f"Expected a repeating timer such as R3/PT10M, but found {text!r}.")
    count, start_text, interval = match.groups()
    if not (_ISO.match(interval) or _DAYS.match(interval)) or not _is_positive(interval):
        raise ValueError(f"Expected an interval such as PT10M, P1M or 5WD in {text!r}, but found {interval!r}.")
    firings = None if count in ("", "-1") else int(count)
    if firings == 0:
        raise ValueError(f"Expected at least one firing, but found {text!r}.")
    return Cycle(firings, _instant(start_text) if start_text else None, interval)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"Expected an instant such as 2026-01-31T09:00:00+08:00, but found {text!r}.") from error
    if instant.tzinfo is None:
        raise ValueError(f"Expected an instant with its offset from UTC, but found {text!r}.")
    return instant


def _is_positive(interval: str) -> bool:
    return any(Decimal(number) for number in _NUMBER.findall(interval))


def first_beat(cycle: Cycle, now: datetime, add: AddInterval) -> Beat:
    """The first instant of a cycle that is set now.

    Instants of a given start that have passed count as used; when all have, the last one remains and is due at once.
    """
    if cycle.start is None:
        left = None if cycle.firings is None else cycle.firings - 1
        return _beat(cycle.interval, now, 1, left, add)
    left = None if cycle.firings is None else cycle.firings - 1
    first = _beat(cycle.interval, cycle.start, 0, left, add)
    if first.due_at >= now:
        return first
    following = next_beat(first, now, add)
    if following is None and cycle.firings is not None:
        return _beat(cycle.interval, cycle.start, cycle.firings - 1, 0, add)
    return following or first


def next_beat(beat: Beat, now: datetime, add: AddInterval) -> Beat | None:
    """The next instant after now, when `beat` has fired; None when no firing is left."""
    interval, beginning_text, passed_text = beat.rule.rsplit(" ", 2)
    beginning, passed = datetime.fromisoformat(beginning_text), int(passed_text)
    step = 1
    while _nth(interval, beginning, passed + step, add) <= now:
        step *= 2
    low, high = step // 2, step  # the instant after `low` intervals has passed (or is this one), that after `high` not
    while high - low > 1:
        middle = (low + high) // 2
        if _nth(interval, beginning, passed + middle, add) <= now:
            low = middle
        else:
            high = middle
    if beat.left is not None and high > beat.left:
        return None
    return _beat(interval, beginning, passed + high, None if beat.left is None else beat.left - high, add)


def _beat(interval: str, beginning: datetime, number: int, left: int | None, add: AddInterval) -> Beat:
    due_at = _nth(interval, beginning, number, add)
    return Beat(due_at, left, f"{interval} {beginning.isoformat()} {number}")


def _nth(interval: str, beginning: datetime, number: int, add: AddInterval) -> datetime:
    return add(times(interval, number), beginning) if number else beginning


def times(interval: str, factor: int) -> str:
    """An interval repeated: P1M three times is P3M, not three steps of a month.

    >>> times("P1MT10.5S", 3)
    'P3MT31.5S'
    """
    return _NUMBER.sub(lambda number: str(Decimal(number[0]) * factor), interval)
