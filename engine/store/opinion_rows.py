"""Opinions in rows: who was asked at a user task, and what each has answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.model.deeds import OpinionAsked, OpinionGiven
from engine.model.opinion import Opinion
from engine.store.row_changes import RowChanges
from engine.store.statements import first, instant, rows

_COLUMNS = (
    *("id", "user_task_id", "asked_by", "asked_at", "of_user", "question", "until"),
    *("state", "answered_at", "given_by", "opinion"),
)


def read_opinions(connection: Connection, tenant_id: str, user_task_id: str) -> Sequence[Opinion]:
    """What was asked for at a user task, oldest first."""
    text = f"SELECT {', '.join(_COLUMNS)} FROM opinion WHERE tenant_id = ? AND user_task_id = ? ORDER BY id"
    return [_opinion(row) for row in rows(connection, text, (tenant_id, user_task_id))]


def asked_at(connection: Connection, tenant_id: str, opinion_id: str) -> str | None:
    """The user task at which an opinion was asked for that nobody has given yet."""
    text = "SELECT user_task_id FROM opinion WHERE tenant_id = ? AND id = ? AND state = 'asked'"
    row = first(connection, text, (tenant_id, opinion_id))
    return row[0] if row is not None else None


def opinion_row(changes: RowChanges, deed: OpinionAsked) -> dict[str, Any]:
    """The row of what is asked now."""
    return {
        "tenant_id": changes.tenant_id,
        "user_task_id": deed.user_task.id,
        "id": deed.opinion_id,
        "asked_by": changes.actor,
        "asked_at": changes.now,
        "of_user": deed.of,
        "question": deed.question,
        "until": deed.until.isoformat() if deed.until is not None else None,
        "state": "asked",
        "answered_at": None,
        "given_by": None,
        "opinion": "",
    }


def answered(changes: RowChanges, deed: OpinionGiven) -> tuple[Any, ...]:
    """What an opinion's row says from now on, and which row."""
    return deed.state, changes.now, deed.by, deed.opinion, changes.tenant_id, deed.user_task.id, deed.opinion_id


def _opinion(row: Sequence[Any]) -> Opinion:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    for name in ("asked_at", "answered_at"):
        values[name] = instant(values[name])
    values["of"] = values.pop("of_user")
    values["until"] = date.fromisoformat(values["until"]) if values["until"] is not None else None
    return Opinion(**values)
