"""The working calendar as expressions ask for it: at hand at every call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache

from sqlalchemy import Engine

from api.bootstrap.functions import feel_functions
from engine.feel import FeelFunction
from engine.model.calendar import WorkingCalendar
from engine.store.database import read_transaction
from engine.store.official_calendar import calendar_year
from engine.store.time_rules import TimeRules

#: How long a calendar is used before its rows are looked at again, in seconds.
LOOK_AGAIN = 5.0
#: Years of the published calendar: from the first budget year of the district on.
FIRST_YEAR, LAST_YEAR = 2024, 2028


class CalendarOfRows:
    """The calendar of one installation. Thread-safe.

    Expressions are evaluated inside and outside of transactions, so this reads by a connection of its own, and at most
    once in LOOK_AGAIN seconds: a changed calendar counts for expressions that much later, for deadlines at once.
    """

    def __init__(self, database: Engine, rules: TimeRules, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._rules = rules
        self._seconds = seconds
        #: When it was read, and what.
        self._known: tuple[float, WorkingCalendar] | None = None

    def __call__(self) -> WorkingCalendar:
        """The calendar. Raises what the database raises when it was never read and cannot be."""
        known = self._known
        if known is None or self._seconds() - known[0] >= LOOK_AGAIN:
            # two threads may look at once: a lock held while waiting for a connection could stop everybody
            with read_transaction(self._database) as connection:
                known = self._known = (self._seconds(), self._rules.calendar(connection))
        return known[1]


def functions_over_rows(database: Engine, rules: TimeRules) -> Mapping[str, FeelFunction]:
    """The functions of expressions, over the calendar of one installation."""
    return feel_functions(CalendarOfRows(database, rules))


@cache
def published_calendar() -> WorkingCalendar:
    """The calendar as published, for expressions that belong to no installation; later years are estimated."""
    years = [calendar_year(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    return WorkingCalendar.of(
        (day for year in years for day in year.days),
        (year.year for year in years if not year.is_official),
        " ".join(f"{year.year}" if year.is_official else f"{year.year}?" for year in years),
    )
