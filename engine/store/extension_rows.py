"""Extensions in rows: what was asked for at a user task and its siblings, and what becomes of their due instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.model.calendar import local_day
from engine.model.extension import Extension
from engine.model.user_task import UserTask
from engine.store.instance_tables import extension
from engine.store.reader import USER_TASK_COLUMNS, user_task_of_row
from engine.store.row_changes import RowChanges
from engine.store.statements import first, insert, instant, rows, run_many

_COLUMNS = (
    "user_task_id",
    "root_id",
    "asked_by",
    "asked_at",
    "until",
    "reason",
    "state",
    "answered_at",
    "answered_by",
    "granted_until",
    "opinion",
)
_EXTENSION = ", ".join(f"e.{column}" for column in _COLUMNS)


def read_extension(connection: Connection, tenant_id: str, user_task: UserTask) -> Extension | None:
    """What was asked for at the user task, or at one that began with it."""
    text = (
        f"SELECT {_EXTENSION} FROM extension e JOIN user_task a ON a.tenant_id = e.tenant_id AND a.id = e.user_task_id "
        "WHERE e.tenant_id = ? AND e.root_id = ? AND a.element_id = ? AND a.created_at = ? LIMIT 1"
    )
    row = first(connection, text, (tenant_id, user_task.root_id, user_task.element_id, user_task.created_at))
    return _extension(row) if row is not None else None


def read_siblings(connection: Connection, tenant_id: str, user_task: UserTask) -> Sequence[UserTask]:
    """The user tasks of the same step that began with this one, itself among them; oldest first."""
    columns = ", ".join(f"u.{column}" for column in USER_TASK_COLUMNS)
    text = (
        f"SELECT {columns} FROM user_task u WHERE u.tenant_id = ? AND u.root_id = ? AND u.element_id = ? "
        "AND u.created_at = ? ORDER BY u.token"
    )
    place = (tenant_id, user_task.root_id, user_task.element_id, user_task.created_at)
    return [user_task_of_row(row) for row in rows(connection, text, place)]


def write_extensions(connection: Connection, changes: RowChanges) -> None:
    """What was asked for and answered in a change, and the user tasks that are due at another instant."""
    insert(connection, extension, changes.new_extensions)
    text = (
        "UPDATE extension SET state = ?, answered_at = ?, answered_by = ?, granted_until = ?, opinion = ? "
        "WHERE tenant_id = ? AND user_task_id = ?"
    )
    run_many(connection, text, [(*how, changes.tenant_id, asked) for asked, how in changes.answered_extensions.items()])
    moved = [(due_at, changes.tenant_id, user_task_id) for user_task_id, due_at in changes.moved_dues.items()]
    # the ladder begins anew: its level, too
    text = (
        "UPDATE user_task SET due_at = ?, due_rule = ?, due_order = ?, rung = '', version = version + 1 "
        "WHERE tenant_id = ? AND id = ?"
    )
    run_many(connection, text, [(row[0], moved_rule(row[0]), *row) for row in moved])
    run_many(connection, "UPDATE candidate SET due_order = ? WHERE tenant_id = ? AND user_task_id = ?", moved)


def moved_rule(due_at: datetime) -> str:
    """The due rule of a user task that was moved: its new last day."""
    return local_day(due_at).isoformat()


def asked_row(changes: RowChanges, user_task: UserTask, until: date, reason: str) -> dict[str, Any]:
    """The row of what is asked for now."""
    return {
        "tenant_id": changes.tenant_id,
        "user_task_id": user_task.id,
        "root_id": user_task.root_id,
        "asked_by": changes.actor,
        "asked_at": changes.now,
        "until": until.isoformat(),
        "reason": reason,
        "state": "asked",
        "answered_at": None,
        "answered_by": None,
        "granted_until": None,
        "opinion": "",
    }


def _extension(row: Sequence[Any]) -> Extension:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    for name in ("asked_at", "answered_at"):
        values[name] = instant(values[name])
    for name in ("until", "granted_until"):
        values[name] = date.fromisoformat(values[name]) if values[name] is not None else None
    return Extension(**values)
