"""Measures that owners have promised: tracked in the next round, or kept with the result (S-32, S-45)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select

from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.tables import measure


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What somebody will do, and by when."""

    content: str
    person: str = ""
    due_on: date | None = None


def keep_measures(
    connection: Connection, key: ObjectKey, origin: str, measures: Sequence[Measure], now: datetime
) -> None:
    """The measures of one round or of the self-evaluation; those kept before for it are replaced."""
    connection.execute(delete(measure).where(key.rows_of(measure), measure.c.origin == origin))
    rows = [
        {
            **key.as_row(),
            "origin": origin,
            "position": position,
            "content": each.content,
            "person": each.person,
            "due_on": each.due_on,
            "recorded_at": now,
        }
        for position, each in enumerate(measures, start=1)
    ]
    if rows:
        connection.execute(insert(measure), rows)


def measures_of(connection: Connection, key: ObjectKey, origin: str) -> Sequence[Measure]:
    """The measures of one round or of the self-evaluation, in their order."""
    statement = select(measure).where(key.rows_of(measure), measure.c.origin == origin).order_by(measure.c.position)
    return [
        Measure(content=row.content, person=row.person, due_on=row.due_on) for row in connection.execute(statement)
    ]
