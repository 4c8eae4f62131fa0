"""Where instants come from. Nothing else in the house asks the operating system for the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until somebody moves it: for tests and for playing a past year."""

    def __init__(self, instant: datetime) -> None:
        self.move_to(instant)

    def now(self) -> datetime:
        return self._instant

    def move_to(self, instant: datetime) -> None:
        """Set the clock. Raises ValueError for a naive instant."""
        if instant.tzinfo is None:
            raise ValueError("Expected an aware instant, but found a naive one.")
        self._instant = instant if instant.tzinfo is UTC else instant.astimezone(UTC)


class ShiftedClock:
    """The operating system's clock, moved so that `start` is now: the demo goes on from its own day."""

    def __init__(self, start: datetime, source: Clock | None = None) -> None:
        if start.tzinfo is None:
            raise ValueError("Expected an aware instant, but found a naive one.")
        self._source = source or SystemClock()
        self._shift: timedelta = start - self._source.now()

    def now(self) -> datetime:
        return self._source.now() + self._shift
