"""Bringing in units, people and posts from a plain mapping, whole or not at all.

    {"units":     [{"code", "name", "kind", "parent"?, "active_from"?, "active_until"?}, …],
     "users":     [{"username", "title", "unit", "role"?, "posts"?: [{"role", "unit", "active_from"?, "active_until"?}],
                    "language"?}, …],
     "divisions": {"1003": ["21", "26"], …}}

A user's `role` is short for one post in the own unit. What is there already is brought up to date; what is left out
stays: units and posts end by their period, accounts by being closed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from api.identity.directory import ORGANISATION
from api.identity.refusals import UnsoundOrganisation, UserNotFound
from api.identity.roles import DutiesNotSeparated, RoleCatalogue
from api.identity.tables import division_scope, org_unit, post, user_account
from engine.model.errors import Fault
from engine.store.revisions import touch

_CODE = re.compile(r"[0-9A-Za-z_.-]{1,40}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


@dataclass(frozen=True, kw_only=True)
class UnitEntry:
    code: str
    name: str
    kind: str
    parent: str | None = None
    active_from: date | None = None
    #: Last day, included.
    active_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class PostEntry:
    user_id: str
    role: str
    unit: str
    active_from: date | None = None
    #: Last day, included.
    active_until: date | None = None

    def meets(self, other: PostEntry) -> bool:
        """Whether there is a day on which both are held."""
        starts = max(self.active_from or date.min, other.active_from or date.min)
        ends = min(self.active_until or date.max, other.active_until or date.max)
        return starts <= ends


@dataclass(frozen=True, kw_only=True)
class UserEntry:
    user_id: str
    title: str
    unit: str
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Units, people, posts and division scopes as they are to be."""

    units: tuple[UnitEntry, ...]
    users: tuple[UserEntry, ...]
    posts: tuple[PostEntry, ...]
    #: (finance division, unit it looks after).
    divisions: tuple[tuple[str, str], ...] = ()


def read_organisation(content: Mapping[str, Any], catalogue: RoleCatalogue) -> Organisation:
    """Read and check a mapping as the head of this file describes it.

    Raises:
        UnsoundOrganisation: holds every fault.
        DutiesNotSeparated: a person would hold roles that must be kept apart.
    """
    try:
        organisation = _organisation(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnsoundOrganisation(f"Expected whole entries of units, users and divisions, but: {error!r}.") from error
    if faults := list(_faults(organisation, catalogue)):
        raise UnsoundOrganisation(" ".join(fault["message"] for fault in faults), faults)
    refuse_united_duties(organisation.posts, catalogue)
    return organisation


def import_organisation(
    connection: Connection,
    tenant_id: str,
    organisation: Organisation,
    catalogue: RoleCatalogue,
    make_id: Callable[[], str],
    now: datetime,
) -> None:
    """Write an organisation within the running transaction.

    Raises:
        DutiesNotSeparated: together with posts that are there already, a person would hold roles to be kept apart.
    """
    mark_changed(connection, tenant_id)
    _put(connection, org_unit, tenant_id, "code", [_unit_row(unit) for unit in _parents_first(organisation.units)])
    _put(connection, user_account, tenant_id, "user_id", [_user_row(user, now) for user in organisation.users])
    for entry in organisation.posts:
        _give_post(connection, tenant_id, entry, make_id)
    concerned = {entry.user_id for entry in organisation.posts}
    refuse_united_duties(_posts_of(connection, tenant_id, concerned), catalogue)
    for division in {division for division, _ in organisation.divisions}:
        connection.execute(
            delete(division_scope).where(
                division_scope.c.tenant_id == tenant_id, division_scope.c.division_code == division
            )
        )
    for division, unit in organisation.divisions:
        connection.execute(insert(division_scope).values(tenant_id=tenant_id, division_code=division, unit_code=unit))


def add_user(connection: Connection, tenant_id: str, entry: UserEntry, now: datetime) -> None:
    """Open an account, within the running transaction.

    Raises:
        UnsoundOrganisation: the login key is not sound or taken, or there is no such unit.
    """
    mark_changed(connection, tenant_id)
    faults: list[Fault] = []
    if not _LOGIN.fullmatch(entry.user_id):
        text = f"Expected a login key like {_LOGIN.pattern}, but found {entry.user_id!r}."
        faults.append(Fault("unsound-key", text, entry.user_id))
    elif _one(connection, user_account, tenant_id, "user_id", entry.user_id) is not None:
        text = f"Expected a new login key, but {entry.user_id!r} is there."
        faults.append(Fault("named-twice", text, entry.user_id))
    if _one(connection, org_unit, tenant_id, "code", entry.unit) is None:
        faults.append(Fault("unknown-unit", f"Expected a known unit, but found {entry.unit!r}.", entry.unit))
    if faults:
        raise UnsoundOrganisation(" ".join(fault["message"] for fault in faults), faults)
    connection.execute(insert(user_account).values(tenant_id=tenant_id, **_user_row(entry, now)))


def give_post(
    connection: Connection, tenant_id: str, entry: PostEntry, catalogue: RoleCatalogue, make_id: Callable[[], str]
) -> None:
    """Give a person a post, within the running transaction.

    Raises:
        UserNotFound: no such account.
        UnsoundOrganisation: no such role or unit.
        DutiesNotSeparated: the person holds a role on the same days that must be kept apart from this one.
    """
    mark_changed(connection, tenant_id)
    if _one(connection, user_account, tenant_id, "user_id", entry.user_id) is None:
        raise UserNotFound(f"Expected account {entry.user_id!r}, but found none.", user_id=entry.user_id)
    faults: list[Fault] = []
    if entry.role not in catalogue.roles:
        faults.append(Fault("unknown-role", f"Expected a known role, but found {entry.role!r}.", "role"))
    if _one(connection, org_unit, tenant_id, "code", entry.unit) is None:
        faults.append(Fault("unknown-unit", f"Expected a known unit, but found {entry.unit!r}.", "unit"))
    if faults:
        raise UnsoundOrganisation(" ".join(fault["message"] for fault in faults), faults)
    _give_post(connection, tenant_id, entry, make_id)
    refuse_united_duties(_posts_of(connection, tenant_id, {entry.user_id}), catalogue)


def close_account(connection: Connection, tenant_id: str, user_id: str) -> None:
    """End an account: it can no longer log in, and nothing is routed to it. Its history stays.

    Raises:
        UserNotFound: no such account.
    """
    closed = connection.execute(
        update(user_account)
        .where(user_account.c.tenant_id == tenant_id, user_account.c.user_id == user_id)
        .values(closed=True)
    )
    if closed.rowcount == 0:
        raise UserNotFound(f"Expected account {user_id!r}, but found none.", user_id=user_id)
    mark_changed(connection, tenant_id)


def mark_changed(connection: Connection, tenant_id: str) -> None:
    """Tell every process that its snapshot of the directory is stale. First in a change: its row lock makes them queue,
    so that two posts given at once cannot unite duties."""
    touch(connection, tenant_id, ORGANISATION)


def refuse_united_duties(posts: Iterable[PostEntry], catalogue: RoleCatalogue) -> None:
    """Raises DutiesNotSeparated, with a fault for every pair of roles that meet in one person on one day."""
    held: dict[str, list[PostEntry]] = {}
    for entry in posts:
        held.setdefault(entry.user_id, []).append(entry)
    faults: list[Fault] = []
    for user_id, entries in held.items():
        met = {(one.role, other.role) for one in entries for other in entries if one.meets(other)}
        for one, other, separation in catalogue.conflicts({entry.role for entry in entries}):
            if (one, other) not in met:
                continue
            text = f"Expected {user_id} not to hold both {one!r} and {other!r}: {separation.en}."
            faults.append(
                Fault(
                    "united-duties",
                    text,
                    user_id,
                    user_id=user_id,
                    roles=[catalogue.roles[one].zh, catalogue.roles[other].zh],
                    roles_en=[catalogue.roles[one].en, catalogue.roles[other].en],
                    reason=separation.zh,
                    reason_en=separation.en,
                )
            )
    if faults:
        raise DutiesNotSeparated(" ".join(fault["message"] for fault in faults), faults)


def _organisation(content: Mapping[str, Any]) -> Organisation:
    people = content.get("users", ())
    return Organisation(
        units=tuple(_unit(entry) for entry in content.get("units", ())),
        users=tuple(_user(entry) for entry in people),
        posts=tuple(each for entry in people for each in _posts(entry)),
        divisions=tuple(
            (division, unit) for division, looked_after in content.get("divisions", {}).items() for unit in looked_after
        ),
    )


def _user(entry: Mapping[str, Any]) -> UserEntry:
    return UserEntry(
        user_id=entry["username"], title=entry["title"], unit=entry["unit"], language=entry.get("language")
    )


def _unit(entry: Mapping[str, Any]) -> UnitEntry:
    return UnitEntry(
        code=entry["code"],
        name=entry["name"],
        kind=entry["kind"],
        parent=entry.get("parent"),
        active_from=_day(entry.get("active_from")),
        active_until=_day(entry.get("active_until")),
    )


def _posts(entry: Mapping[str, Any]) -> list[PostEntry]:
    listed = list(entry.get("posts", ()))
    if entry.get("role"):
        listed.insert(0, {"role": entry["role"], "unit": entry["unit"]})
    return [
        PostEntry(
            user_id=entry["username"],
            role=each["role"],
            unit=each["unit"],
            active_from=_day(each.get("active_from")),
            active_until=_day(each.get("active_until")),
        )
        for each in listed
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _faults(organisation: Organisation, catalogue: RoleCatalogue) -> Iterable[Fault]:
    codes = Counter(unit.code for unit in organisation.units)
    logins = Counter(user.user_id for user in organisation.users)
    for kind, counts, pattern in (("unit", codes, _CODE), ("user", logins, _LOGIN)):
        for key, times in counts.items():
            if times > 1:
                yield Fault("named-twice", f"Expected {kind} {key!r} once, but found it {times} times.", key)
            if not pattern.fullmatch(key):
                yield Fault("unsound-key", f"Expected a {kind} key like {pattern.pattern}, but found {key!r}.", key)
    places = [(unit.code, unit.parent) for unit in organisation.units if unit.parent]
    places += [(user.user_id, user.unit) for user in organisation.users]
    places += [(entry.user_id, entry.unit) for entry in organisation.posts]
    places += [each for division, unit in organisation.divisions for each in ((division, division), (division, unit))]
    for key, unit in places:
        if unit not in codes:
            yield Fault("unknown-unit", f"Expected {key!r} to name a known unit, but found {unit!r}.", key)
    for entry in organisation.posts:
        if entry.role not in catalogue.roles:
            text = f"Expected {entry.user_id!r} to hold a known role, but found {entry.role!r}."
            yield Fault("unknown-role", text, entry.user_id)
    circling = {unit.code for unit in organisation.units} - {unit.code for unit in _parents_first(organisation.units)}
    for code in sorted(circling):
        yield Fault("unit-circle", f"Expected unit {code!r} not to lie below itself.", code)


def _parents_first(units: Sequence[UnitEntry]) -> list[UnitEntry]:
    """In an order in which each unit comes after the one above it; those in a circle are left out."""
    codes = {unit.code for unit in units}
    placed: dict[str, UnitEntry] = {}
    waiting = list(units)
    while waiting:
        ready = [unit for unit in waiting if unit.parent is None or unit.parent in placed or unit.parent not in codes]
        if not ready:
            break
        placed.update((unit.code, unit) for unit in ready)
        waiting = [unit for unit in waiting if unit.code not in placed]
    return list(placed.values())


def _unit_row(unit: UnitEntry) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent_code": unit.parent,
        "active_from": unit.active_from,
        "active_until": unit.active_until,
    }


def _user_row(user: UserEntry, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"user_id": user.user_id, "title": user.title, "unit_code": user.unit, "created_at": now}
    if user.language:
        row["language"] = user.language
    return row


def _put(connection: Connection, table: Table, tenant_id: str, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is new, update what is there; the instant of creation stays."""
    there = set(connection.scalars(select(table.c[key]).where(table.c.tenant_id == tenant_id)))
    for row in rows:
        if row[key] in there:
            changes = {name: value for name, value in row.items() if name not in (key, "created_at")}
            here = (table.c.tenant_id == tenant_id, table.c[key] == row[key])
            connection.execute(update(table).where(*here).values(**changes))
        else:
            connection.execute(insert(table).values(tenant_id=tenant_id, **row))


def _one(connection: Connection, table: Table, tenant_id: str, key: str, value: str) -> Any:
    return connection.execute(select(table).where(table.c.tenant_id == tenant_id, table.c[key] == value)).first()


def _give_post(connection: Connection, tenant_id: str, entry: PostEntry, make_id: Callable[[], str]) -> None:
    """A post that is there with the same beginning is brought up to date, not doubled."""
    same = (
        post.c.tenant_id == tenant_id,
        post.c.user_id == entry.user_id,
        post.c.role == entry.role,
        post.c.unit_code == entry.unit,
        post.c.active_from.is_(None) if entry.active_from is None else post.c.active_from == entry.active_from,
    )
    changed = connection.execute(update(post).where(*same).values(active_until=entry.active_until))
    if changed.rowcount == 0:
        connection.execute(
            insert(post).values(
                tenant_id=tenant_id,
                post_id=make_id(),
                user_id=entry.user_id,
                role=entry.role,
                unit_code=entry.unit,
                active_from=entry.active_from,
                active_until=entry.active_until,
            )
        )


def _posts_of(connection: Connection, tenant_id: str, user_ids: Iterable[str]) -> list[PostEntry]:
    rows = connection.execute(select(post).where(post.c.tenant_id == tenant_id, post.c.user_id.in_(list(user_ids))))
    return [
        PostEntry(
            user_id=row.user_id,
            role=row.role,
            unit=row.unit_code,
            active_from=row.active_from,
            active_until=row.active_until,
        )
        for row in rows
    ]
