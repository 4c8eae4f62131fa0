"""Who is who on one day: units, people and their posts as one value, read again only when something changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock

from sqlalchemy import Connection, Table, and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from api.identity.absence import Absence, read_in_force
from api.identity.tables import division_scope, org_unit, post, user_account
from api.identity.units import Unit, UnitTree
from engine.store.revisions import read_revision

#: Snapshots kept at once: a few tenants, and two days around midnight.
SNAPSHOTS_KEPT = 8
#: Subject of the revision that changes with every change of units, people or posts.
ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an open account."""

    user_id: str
    #: What people call the post, e.g. "教育局绩效经办".
    title: str
    #: Home unit.
    unit_code: str
    #: "zh" | "en"; None = as the browser asks.
    language: str | None
    #: (role, unit code) of every post held on the day.
    posts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Directory:
    """Units, people, division scopes and absences that are in force on one day."""

    tree: UnitTree
    people: Mapping[str, Person]
    #: Finance division → departments it looks after.
    division_scopes: Mapping[str, frozenset[str]]
    #: Absences in force on the day, the one set first in front.
    absences: tuple[Absence, ...] = ()

    @cached_property
    def holders(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(role, unit code) → login keys, in order."""
        found: dict[tuple[str, str], list[str]] = {}
        for person in self.people.values():
            for seat in person.posts:
                found.setdefault(seat, []).append(person.user_id)
        return {seat: tuple(sorted(users)) for seat, users in found.items()}

    @cached_property
    def seats(self) -> Mapping[str, tuple[str, ...]]:
        """Role → codes of the units where somebody holds it, in order."""
        found: dict[str, list[str]] = {}
        for role, unit_code in sorted(self.holders):
            found.setdefault(role, []).append(unit_code)
        return {role: tuple(codes) for role, codes in found.items()}

    def division_of(self, unit_code: str) -> str | None:
        """The finance division that looks after the unit, by itself or by the nearest unit above it."""
        for unit in self.tree.upwards(unit_code):
            for division, departments in sorted(self.division_scopes.items()):
                if unit.code in departments:
                    return division
        return None


class DirectoryReader:
    """Reads the directory; one small statement as long as nothing changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._snapshots: dict[tuple[str, str, date], Directory] = {}

    def read(self, connection: Connection, tenant_id: str, on: date) -> Directory:
        """The directory of a day in Asia/Shanghai, as the running transaction sees it."""
        revision = read_revision(connection, tenant_id, ORGANISATION)
        return self.at_revision(connection, tenant_id, on, revision)

    def at_revision(self, connection: Connection, tenant_id: str, on: date, revision: str) -> Directory:
        """As `read`, for a caller who has read the revision with something else."""
        key = (tenant_id, revision, on)
        with self._lock:
            known = self._snapshots.get(key)
        if known is None:
            known = read_directory(connection, tenant_id, on)
            with self._lock:
                self._snapshots[key] = known
                while len(self._snapshots) > SNAPSHOTS_KEPT:
                    self._snapshots.pop(next(iter(self._snapshots)))
        return known


def read_directory(connection: Connection, tenant_id: str, on: date) -> Directory:
    """Read everything that is in force on the day."""
    units = {
        row.code: Unit(code=row.code, name=row.name, kind=row.kind, parent=row.parent_code)
        for row in connection.execute(select(org_unit).where(org_unit.c.tenant_id == tenant_id, in_force(org_unit, on)))
    }
    posts: dict[str, list[tuple[str, str]]] = {}
    held = select(post.c.user_id, post.c.role, post.c.unit_code).where(
        post.c.tenant_id == tenant_id, in_force(post, on)
    )
    for user_id, role, unit_code in connection.execute(held):
        if unit_code in units:
            posts.setdefault(user_id, []).append((role, unit_code))
    accounts = select(
        user_account.c.user_id, user_account.c.title, user_account.c.unit_code, user_account.c.language
    ).where(user_account.c.tenant_id == tenant_id, user_account.c.closed.is_(False))
    people = {
        row.user_id: Person(
            user_id=row.user_id,
            title=row.title,
            unit_code=row.unit_code,
            language=row.language,
            posts=tuple(sorted(posts.get(row.user_id, ()))),
        )
        for row in connection.execute(accounts)
    }
    scopes: dict[str, set[str]] = {}
    looked_after = select(division_scope.c.division_code, division_scope.c.unit_code)
    for division, unit_code in connection.execute(looked_after.where(division_scope.c.tenant_id == tenant_id)):
        scopes.setdefault(division, set()).add(unit_code)
    return Directory(
        tree=UnitTree(units),
        people=people,
        division_scopes={division: frozenset(codes) for division, codes in scopes.items()},
        absences=read_in_force(connection, tenant_id, on),
    )


def in_force(table: Table, on: date) -> ColumnElement[bool]:
    """Rows whose period covers the day; both ends are included, null is open."""
    columns = table.c
    return and_(
        or_(columns.active_from.is_(None), columns.active_from <= on),
        or_(columns.active_until.is_(None), columns.active_until >= on),
    )
