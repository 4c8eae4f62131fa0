"""Transfers as the history tells them: they are asked for where a page is shown or somebody would be sent away."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from engine.model.actor import Actor
from engine.model.deeds import UserTaskTransferred
from engine.model.transfer import Transfer
from engine.model.user_task import UserTask
from engine.store.chronicle import entries_beyond, names_kind
from engine.store.statements import instant, rows

_KIND = UserTaskTransferred.__name__
_TOLD = (
    "SELECT seq, actor, at, entries FROM history WHERE tenant_id = ? AND root_id = ? AND entries LIKE ? ORDER BY seq"
)


def read_transfers(connection: Connection, tenant_id: str, root_id: str, user_task_id: str = "") -> list[Transfer]:
    """Of one user task, or of all of a root instance; in their order."""
    return [each for found, each in _told(connection, tenant_id, root_id) if user_task_id in ("", found)]


def was_in_hand_of(connection: Connection, user_task: UserTask, actor: Actor) -> bool:
    """Whether a transfer gave a user task to the actor or took it from the actor."""
    found = read_transfers(connection, actor.tenant_id, user_task.root_id, user_task.id)
    return any(actor.user_id in (each.from_user, each.to_user) for each in found)


def _told(connection: Connection, tenant_id: str, root_id: str) -> Iterator[tuple[str, Transfer]]:
    # no character of it is a wildcard
    for seq, by, at, entries in rows(connection, _TOLD, (tenant_id, root_id, f"%{names_kind(_KIND)}%")):
        done_at = instant(at)
        assert done_at is not None, "the column is not null"
        for entry in entries_beyond(seq, entries, None, (_KIND,), latest_first=False):
            told = entry.payload
            yield (
                told["user_task"],
                Transfer(
                    by=by,
                    at=done_at,
                    from_user=told["from_user"],
                    to_user=told["to_user"],
                    reason=told["reason"],
                    with_draft=told["with_draft"],
                ),
            )
