"""Absences 代办: that somebody is away, in which post, from which day to which, and who does the work meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, select
from sqlalchemy.sql.elements import ColumnElement

from api.identity.tables import absence


@dataclass(frozen=True, kw_only=True)
class Absence:
    """One arrangement, as it was set and perhaps ended early."""

    id: str
    #: Who is away.
    user_id: str
    #: (role, unit code) of the post that is stood in; None = all posts.
    post: tuple[str, str] | None
    #: First and last day in Asia/Shanghai, both included.
    first_on: date
    last_on: date
    #: Who does the work meanwhile.
    stand_in: str
    reason: str
    set_by: str
    #: Aware, UTC.
    set_at: datetime
    #: Who ended it before its last day, and when; None = nobody has.
    ended_by: str | None = None
    ended_at: datetime | None = None

    def covers(self, post: tuple[str, str]) -> bool:
        """Whether the work of a post is stood in."""
        return self.post is None or self.post == post

    def meets(self, other: Absence) -> bool:
        """Whether there is a day on which both are in force."""
        both = self.ended_at is None and other.ended_at is None
        return both and self.first_on <= other.last_on and other.first_on <= self.last_on

    def state(self, today: date) -> str:
        """current | coming | past"""
        if self.ended_at is not None or self.last_on < today:
            return "past"
        return "coming" if self.first_on > today else "current"


def read_in_force(connection: Connection, tenant_id: str, on: date) -> tuple[Absence, ...]:
    """Those in force on a day, the one set first in front."""
    return _read(connection, tenant_id, absence.c.last_on >= on, absence.c.first_on <= on, absence.c.ended_at.is_(None))


def read_all(connection: Connection, tenant_id: str, people: Iterable[str] | None = None) -> tuple[Absence, ...]:
    """All that concern some people, or everybody (None), the one set first in front."""
    if people is None:
        return _read(connection, tenant_id)
    concerned = sorted(set(people))
    return _read(connection, tenant_id, absence.c.user_id.in_(concerned) | absence.c.stand_in.in_(concerned))


def read_one(connection: Connection, tenant_id: str, absence_id: str) -> Absence | None:
    """One by its id."""
    return next(iter(_read(connection, tenant_id, absence.c.absence_id == absence_id)), None)


def _read(connection: Connection, tenant_id: str, *which: ColumnElement[bool]) -> tuple[Absence, ...]:
    statement = (
        select(absence)
        .where(absence.c.tenant_id == tenant_id, *which)
        .order_by(absence.c.set_at, absence.c.absence_id)
    )
    return tuple(_absence(row) for row in connection.execute(statement))


def _absence(row: Row[tuple[object, ...]]) -> Absence:
    return Absence(
        id=row.absence_id,
        user_id=row.user_id,
        post=(row.role, row.unit_code) if row.role is not None else None,
        first_on=row.first_on,
        last_on=row.last_on,
        stand_in=row.stand_in,
        reason=row.reason,
        set_by=row.set_by,
        set_at=row.set_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )
