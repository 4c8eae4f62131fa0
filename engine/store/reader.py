"""Reading what a change decides on: the root is locked first, everything else is read afterwards.

Root ids of user tasks, incidents, jobs and called instances never change, so the row to lock can be found before the
lock is held; nothing else may be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Connection

from engine.model.incident import Incident
from engine.model.job import Job
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import UserTask
from engine.model.value import value
from engine.store import codec
from engine.store.direct import Rows
from engine.store.revisions import all_revisions, keep_revisions
from engine.store.statements import ask, first, instant, is_sqlite, rows, together


@value()
class LockedRoot:
    """The counters of a root instance, whose row this transaction holds."""

    root_id: str
    version: int
    next_number: int
    history_seq: int
    suspended: bool
    #: Unit of the root; whose object everything in it is, unless a part says otherwise.
    unit_code: str | None


@value()
class GivenAnswer:
    """What was answered to an earlier request with the same key."""

    fingerprint: str
    answer: str


#: Tables whose rows know their root.
Source = Literal["user_task", "incident", "job", "process_instance"]

_LOCK = (
    "SELECT root_id, version, next_number, history_seq, suspended, unit_code FROM instance_state "
    "WHERE tenant_id = ? AND root_id = {root} AND part = 0{lock}"
)


def lock_root(connection: Connection, tenant_id: str, root_id: str) -> LockedRoot | None:
    """Lock a root instance; None if there is none."""
    return _locked(_ask_to_lock(connection, "?", (tenant_id, root_id))())


def lock_root_of(connection: Connection, tenant_id: str, source: Source, row_id: str) -> LockedRoot | None:
    """Lock the root instance that a row belongs to; None if there is no such row."""
    return _locked(_ask_to_lock(connection, _root_of(source), (tenant_id, tenant_id, row_id))())


@lru_cache(maxsize=8)
def _root_of(source: Source) -> str:
    return f"(SELECT root_id FROM {source} WHERE tenant_id = ? AND id = ?)"


def _ask_to_lock(connection: Connection, root: str, parameters: Sequence[str]) -> Callable[[], Rows]:
    return ask(connection, _lock_text(root, is_sqlite(connection)), parameters)


@lru_cache(maxsize=16)
def _lock_text(root: str, on_sqlite: bool) -> str:
    # SQLite: the transaction has begun IMMEDIATE and holds the only writer's place already
    return _LOCK.format(root=root, lock="" if on_sqlite else " FOR UPDATE")


def _locked(found: Rows) -> LockedRoot | None:
    if not found:
        return None
    root_id, version, next_number, history_seq, suspended, unit_code = found[0]
    return LockedRoot(root_id, version, next_number, history_seq, bool(suspended), unit_code)


#: In the order of the fields of UserTask.
USER_TASK_COLUMNS = (
    "id",
    "root_id",
    "part",
    "token",
    "element_id",
    "name",
    "definition_key",
    "definition_ref",
    "business_key",
    "unit_code",
    "form_key",
    "state",
    "assignee",
    "candidate_groups",
    "candidate_users",
    "priority",
    "created_at",
    "due_at",
    "four_eyes_with",
    "properties",
    "lane",
    "due_rule",
    "follow_up_at",
    "rung",
    "has_draft",
    "version",
    "closed_at",
    "closed_by",
    "closed_cause",
    "closed_for",
)
_TEXTS_AT = [USER_TASK_COLUMNS.index(each) for each in ("candidate_groups", "candidate_users", "four_eyes_with")]
_INSTANTS_AT = [USER_TASK_COLUMNS.index(each) for each in ("created_at", "due_at", "follow_up_at", "closed_at")]
_PROPERTIES_AT, _HAS_DRAFT_AT = USER_TASK_COLUMNS.index("properties"), USER_TASK_COLUMNS.index("has_draft")
_USER_TASK = ", ".join(f"u.{column}" for column in USER_TASK_COLUMNS)


def user_task_of_row(row: Sequence[Any]) -> UserTask:
    """A user task from its columns in the order of USER_TASK_COLUMNS."""
    values = [*row[: len(USER_TASK_COLUMNS)]]
    for column in _TEXTS_AT:
        values[column] = _texts(values[column])
    for column in _INSTANTS_AT:
        if values[column] is not None:
            values[column] = instant(values[column])
    values[_PROPERTIES_AT] = _properties(values[_PROPERTIES_AT])
    values[_HAS_DRAFT_AT] = bool(values[_HAS_DRAFT_AT])
    return UserTask(*values)


@lru_cache(maxsize=4096)
def _texts(written: str) -> tuple[str, ...]:
    return tuple(codec.decode(written))


@lru_cache(maxsize=4096)
def _properties(written: str) -> Mapping[str, str]:
    return MappingProxyType(codec.decode(written))


def read_user_task(connection: Connection, tenant_id: str, user_task_id: str) -> UserTask | None:
    """A user task by its id."""
    text = f"SELECT {_USER_TASK} FROM user_task u WHERE u.tenant_id = ? AND u.id = ?"
    row = first(connection, text, (tenant_id, user_task_id))
    return user_task_of_row(row) if row is not None else None


@value()
class WorkedOn:
    """A user task that somebody wants to do something with."""

    user_task: UserTask
    #: What the actor was answered before under the same idempotency key.
    given: GivenAnswer | None
    #: Who completed each element of `four_eyes_with` last, and for whom where somebody was stood in for: in the same
    #: part if anywhere there, else in the same root.
    filers: Mapping[str, tuple[str, ...]]


#: [[element, who completed it last, and behind a space for whom], …], in the same part if anywhere there; looked for
#: only where elements are named. From the latest token backwards: a loop of thousands of rounds is not gone through.
_LAST = (
    "(SELECT f.closed_by || coalesce(' ' || f.closed_for, '') FROM user_task f "
    "WHERE f.tenant_id = u.tenant_id AND f.root_id = u.root_id "
    "AND f.element_id = e.value AND f.state = 'completed'{where} ORDER BY f.token DESC LIMIT 1)"
)
_LAST_HERE, _LAST_ANYWHERE = _LAST.format(where=" AND f.part = u.part"), _LAST.format(where="")
_FILERS = "CASE WHEN u.four_eyes_with = '[]' THEN NULL ELSE (SELECT {together} FROM {elements}) END"
_FILERS_SQLITE = _FILERS.format(
    together=f"json_group_array(json_array(e.value, coalesce({_LAST_HERE}, {_LAST_ANYWHERE})))",
    elements="json_each(u.four_eyes_with) e",
)
_FILERS_POSTGRESQL = _FILERS.format(
    together=f"CAST(json_agg(json_build_array(e.value, coalesce({_LAST_HERE}, {_LAST_ANYWHERE}))) AS text)",
    elements="json_array_elements_text(CAST(u.four_eyes_with AS json)) e(value)",
)


def lock_worked_on(
    connection: Connection, tenant_id: str, user_task_id: str, actor: str, key: str | None
) -> tuple[LockedRoot, WorkedOn] | None:
    """Lock the root of a user task, then read it with all that is asked before somebody may work on it."""
    with together(connection):
        locking = _ask_to_lock(connection, _root_of("user_task"), (tenant_id, tenant_id, user_task_id))
        text = _worked_on_text(is_sqlite(connection))
        reading = ask(connection, text, (actor, key, tenant_id, user_task_id))
    root, found = _locked(locking()), reading()
    if root is None or not found:
        return None
    row = found[0]
    user_task = user_task_of_row(row)
    # whoever creates the next user tasks will ask for it
    keep_revisions(connection, tenant_id, row[-4])
    given = GivenAnswer(row[-2], row[-1]) if row[-2] is not None else None
    return root, WorkedOn(user_task, given, _filers(row[-3]))


@lru_cache(maxsize=2)
def _worked_on_text(on_sqlite: bool) -> str:
    filers = _FILERS_SQLITE if on_sqlite else _FILERS_POSTGRESQL
    return (
        f"SELECT {_USER_TASK}, {all_revisions('u.tenant_id', on_sqlite=on_sqlite)}, {filers}, "
        "i.fingerprint, i.answer FROM user_task u LEFT JOIN idempotency i "
        "ON i.tenant_id = u.tenant_id AND i.actor = ? AND i.key = ? WHERE u.tenant_id = ? AND u.id = ?"
    )


def read_filers(connection: Connection, tenant_id: str, user_task: UserTask) -> Mapping[str, tuple[str, ...]]:
    """Who completed each element of `four_eyes_with` last, without a lock."""
    if not user_task.four_eyes_with:
        return _NOBODY
    filers = _FILERS_SQLITE if is_sqlite(connection) else _FILERS_POSTGRESQL
    text = f"SELECT {filers} FROM user_task u WHERE u.tenant_id = ? AND u.id = ?"
    row = first(connection, text, (tenant_id, user_task.id))
    return _filers(row[0]) if row is not None else _NOBODY


_NOBODY: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def _filers(written: str | None) -> Mapping[str, tuple[str, ...]]:
    if not written:
        return _NOBODY
    pairs = codec.decode(written)
    return {element_id: tuple(filers.split(" ")) for element_id, filers in pairs if filers is not None}


def read_answer(connection: Connection, tenant_id: str, actor: str, key: str) -> GivenAnswer | None:
    """What the actor was answered before under an idempotency key."""
    text = "SELECT fingerprint, answer FROM idempotency WHERE tenant_id = ? AND actor = ? AND key = ?"
    row = first(connection, text, (tenant_id, actor, key))
    return GivenAnswer(row[0], row[1]) if row is not None else None


_INSTANCE_COLUMNS = (
    "id",
    "root_id",
    "part",
    "parent_part",
    "definition_key",
    "definition_ref",
    "business_key",
    "unit_code",
    "status",
    "started_at",
    "started_by",
    "ended_at",
    "end_element_id",
    "reason",
)


def read_instance(connection: Connection, tenant_id: str, process_instance_id: str) -> ProcessInstance | None:
    """A root or called process instance by its id."""
    columns = ", ".join(f"p.{column}" for column in _INSTANCE_COLUMNS)
    text = (
        f"SELECT {columns}, s.version FROM process_instance p JOIN instance_state s ON s.tenant_id = p.tenant_id "
        "AND s.root_id = p.root_id AND s.part = 0 WHERE p.tenant_id = ? AND p.id = ?"
    )
    row = first(connection, text, (tenant_id, process_instance_id))
    if row is None:
        return None
    values: dict[str, Any] = dict(zip(_INSTANCE_COLUMNS, row, strict=False))
    values["started_at"], values["ended_at"] = instant(values["started_at"]), instant(values["ended_at"])
    return ProcessInstance(**values, version=row[-1])


def read_instance_id(connection: Connection, tenant_id: str, root_id: str, part: int) -> str:
    """Id of the process instance that a part is; of the root for a branch, which is no instance of its own."""
    if part == 0:
        return root_id
    text = "SELECT id FROM process_instance WHERE tenant_id = ? AND root_id = ? AND part = ?"
    found = first(connection, text, (tenant_id, root_id, part))
    return found[0] if found is not None else root_id


def read_incident(connection: Connection, tenant_id: str, incident_id: str) -> Incident | None:
    """An incident by its id."""
    text = (
        "SELECT id, root_id, part, token, element_id, unit_code, kind, timer_key, resolved_at FROM incident "
        "WHERE tenant_id = ? AND id = ?"
    )
    row = first(connection, text, (tenant_id, incident_id))
    if row is None:
        return None
    return Incident(
        id=row[0],
        root_id=row[1],
        part=row[2],
        token=row[3],
        element_id=row[4],
        unit_code=row[5],
        kind=row[6],
        timer_key=row[7],
        resolved_at=instant(row[8]),
    )


_JOB_COLUMNS = (
    "id",
    "root_id",
    "part",
    "token",
    "element_id",
    "topic",
    "business_key",
    "variables",
    "properties",
    "state",
    "retries",
    "worker",
    "available_at",
)


def read_job(connection: Connection, tenant_id: str, job_id: str) -> Job | None:
    """A job by its id."""
    text = f"SELECT {', '.join(_JOB_COLUMNS)} FROM job WHERE tenant_id = ? AND id = ?"
    row = first(connection, text, (tenant_id, job_id))
    return _job(row) if row is not None else None


def lock_open_jobs(connection: Connection, tenant_id: str, topic: str, now: datetime, limit: int) -> list[Job]:
    """Jobs of a topic that nobody holds, oldest first, held until the end of the transaction."""
    text = (
        f"SELECT {', '.join(_JOB_COLUMNS)} FROM job WHERE tenant_id = ? AND topic = ? AND state = 'open' "
        "AND available_at <= ? ORDER BY available_at, id LIMIT ?"
    )
    skipping = "" if is_sqlite(connection) else " FOR UPDATE SKIP LOCKED"
    return [_job(row) for row in rows(connection, text + skipping, (tenant_id, topic, now, limit))]


def _job(row: Sequence[Any]) -> Job:
    values: dict[str, Any] = dict(zip(_JOB_COLUMNS, row, strict=True))
    values["variables"], values["properties"] = codec.decode(values["variables"]), codec.decode(values["properties"])
    values["available_at"] = instant(values["available_at"])
    return Job(**values)


def read_active_root_id(connection: Connection, tenant_id: str, definition_key: str, business_key: str) -> str | None:
    """The active root instance of a process with this business key."""
    text = (
        "SELECT root_id FROM process_instance WHERE tenant_id = ? AND definition_key = ? AND business_key = ? "
        # the words of the partial index, so that it is used
        "AND part = 0 AND ended_at IS NULL AND business_key <> ''"
    )
    found = first(connection, text, (tenant_id, definition_key, business_key))
    return found[0] if found is not None else None
