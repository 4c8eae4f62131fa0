"""Calendar, deadlines and ladders of one tenant, as its rows say; read again only when the rows have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from engine.model.calendar import WorkingCalendar, instant_of, local_day
from engine.model.deadline import Deadlines
from engine.model.ladder import Ladders, RungRule
from engine.model.ports import Rung
from engine.store.calendar_rows import read_calendar
from engine.store.settings_rows import Setting, rules_revision, settings_under

_LADDER = "ladder."


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the rows said at one revision."""

    revision: str
    calendar: WorkingCalendar
    deadlines: Deadlines
    #: (ladder, process, day of creation, due instant) -> rungs.
    rungs_of_day: Callable[[str, str, date, datetime], tuple[Rung, ...]]


class TimeRules:
    """The engine's deadlines and ladder ports over the rows of this database. Thread-safe.

    Asking costs one small statement a transaction. Rungs are told by the rules that told the due instant before.

        rules = TimeRules("default")
        Collaborators(deadlines=rules.deadlines, ladder=rules, …)
    """

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._latest: _Rules | None = None
        self._lock = threading.Lock()

    def deadlines(self, connection: Connection) -> Deadlines:
        """Deadlines as a transaction sees them."""
        return self._rules(connection).deadlines

    def calendar(self, connection: Connection) -> WorkingCalendar:
        """The working calendar as a transaction sees it."""
        return self._rules(connection).calendar

    def rungs(
        self, ladder: str, process_definition_key: str, created_at: datetime, due_at: datetime
    ) -> tuple[Rung, ...]:
        """Rungs of a user task; none before the first deadline was read."""
        latest = self._latest
        if latest is None:
            return ()
        # rungs depend on the day of creation; many user tasks of a day are due at the same instant
        of_day = latest.rungs_of_day(ladder, process_definition_key, local_day(created_at), due_at)
        if of_day and of_day[0].fires_at < created_at:
            return tuple(rung for rung in of_day if rung.fires_at >= created_at)
        # the same object for all of them: what is written of it is kept by it
        return of_day

    def _rules(self, connection: Connection) -> _Rules:
        revision = rules_revision(connection, self._tenant_id)
        latest = self._latest
        if latest is None or latest.revision != revision:
            latest = self._read(connection, revision)
            with self._lock:
                self._latest = latest
        return latest

    def _read(self, connection: Connection, revision: str) -> _Rules:
        calendar = read_calendar(connection, self._tenant_id)
        by_key: dict[str, list[Setting]] = {}
        for row in settings_under(connection, self._tenant_id, "due."):
            by_key.setdefault(row.key, []).append(row)

        def lookup(key: str, on: date) -> Any:
            valid = [row for row in by_key.get(key, ()) if row.is_valid_on(on)]
            return valid[-1].value if valid else None

        ladders = {
            row.key.removeprefix(_LADDER): tuple(_rung_rule(each) for each in row.value)
            for row in settings_under(connection, self._tenant_id, _LADDER)
        }
        all_ladders = Ladders(calendar, ladders)

        @lru_cache(maxsize=4096)
        def rungs_of_day(ladder: str, process: str, created_on: date, due_at: datetime) -> tuple[Rung, ...]:
            return all_ladders.rungs(ladder, process, instant_of(created_on, time()), due_at)

        return _Rules(revision, calendar, Deadlines(calendar, lookup), rungs_of_day)


def _rung_rule(row: dict[str, Any]) -> RungRule:
    """A rung as the value of a ladder setting lists it, by the names of RungRule's fields."""
    return RungRule(
        key=row["key"],
        offset_working_days=int(row["offset_working_days"]),
        recipients=tuple(row.get("recipients", ())),
        action=row.get("action", "remind"),
        message=row.get("message", ""),
        minimum_working_days=int(row.get("minimum_working_days", 0)),
        processes=tuple(row.get("processes", ())),
        basis=row.get("basis", ""),
    )
