"""How long to wait after a failure."""

from __future__ import annotations

from datetime import timedelta

LONGEST = timedelta(hours=6)


def backoff(attempts: int, first: timedelta = timedelta(seconds=1)) -> timedelta:
    """The wait after the n-th failure, doubled each time: 1 s, 2 s, 4 s … up to 6 h. `attempts` counts from 1."""
    return min(first * 2 ** min(attempts - 1, 30), LONGEST)
