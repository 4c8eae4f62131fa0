"""Withdrawals in rows: who has looked at a review, and what became of a request to give the work back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.model.user_task import UserTask
from engine.model.withdrawal import ASKS, Opening, Withdrawal, Withdrawing
from engine.store.instance_tables import opening, withdrawal
from engine.store.messages import begins_something
from engine.store.reader import USER_TASK_COLUMNS, user_task_of_row
from engine.store.row_changes import RowChanges
from engine.store.statements import first, in_list, insert, instant, rows, run_many

_COLUMNS = (
    *("user_task_id", "review_id", "asked_by", "asked_at", "reason"),
    *("state", "answered_at", "answered_by", "opinion"),
)


def read_withdrawal(connection: Connection, tenant_id: str, user_task_id: str) -> Withdrawal | None:
    """What was asked for at a user task that was handed over."""
    text = f"SELECT {', '.join(_COLUMNS)} FROM withdrawal WHERE tenant_id = ? AND user_task_id = ?"
    row = first(connection, text, (tenant_id, user_task_id))
    return _withdrawal(row) if row is not None else None


def read_asked_of(connection: Connection, tenant_id: str, review_id: str) -> Withdrawal | None:
    """What the reviewer at a user task was asked to give back last, and has not answered."""
    text = (
        f"SELECT {', '.join(_COLUMNS)} FROM withdrawal WHERE tenant_id = ? AND review_id = ? AND state = 'asked' "
        "ORDER BY asked_at DESC LIMIT 1"
    )
    row = first(connection, text, (tenant_id, review_id))
    return _withdrawal(row) if row is not None else None


def read_openings(connection: Connection, tenant_id: str, user_task_ids: Collection[str]) -> Sequence[Opening]:
    """Who has looked at any of the user tasks, the first to look first."""
    if not user_task_ids:
        return ()
    among, ids = in_list(list(user_task_ids))
    text = (
        f"SELECT user_task_id, user_id, opened_at FROM opening WHERE tenant_id = ? AND user_task_id IN {among} "
        "ORDER BY opened_at, user_id"
    )
    found: list[Opening] = []
    for user_task_id, by, opened_at in rows(connection, text, (tenant_id, *ids)):
        at = instant(opened_at)
        assert at is not None, "the column is not null"
        found.append(Opening(user_task_id=user_task_id, by=by, at=at))
    return found


def read_withdrawing(
    connection: Connection, tenant_id: str, handed_over: UserTask, behind: Collection[str]
) -> Withdrawing:
    """What stands between the work of a user task and taking it back.

    Args:
        behind: ids of the steps that its token may have come to, its own among them.
    """
    since = _read_since(connection, tenant_id, handed_over, behind)
    still_open = [each.id for each in since if each.is_open]
    return Withdrawing(
        since=since,
        openings=read_openings(connection, tenant_id, still_open),
        asked=read_withdrawal(connection, tenant_id, handed_over.id),
        somebody_answers=begins_something(connection, tenant_id, ASKS),
    )


def _read_since(
    connection: Connection, tenant_id: str, handed_over: UserTask, behind: Collection[str]
) -> Sequence[UserTask]:
    """What began in the same part since it was handed over, and what came after it at its own step; oldest first."""
    if handed_over.closed_at is None:
        return ()
    columns = ", ".join(f"u.{column}" for column in USER_TASK_COLUMNS)
    # work that was taken back before began when it was begun first: its token tells that it came after
    text = (
        f"SELECT {columns} FROM user_task u WHERE u.tenant_id = ? AND u.root_id = ? AND u.part = ? AND u.token > ? "
        "AND (u.created_at >= ? OR u.element_id = ?) ORDER BY u.token"
    )
    place = (tenant_id, handed_over.root_id, handed_over.part, handed_over.token)
    found = map(user_task_of_row, rows(connection, text, (*place, handed_over.closed_at, handed_over.element_id)))
    return [each for each in found if each.element_id in behind]


def write_withdrawals(connection: Connection, changes: RowChanges) -> None:
    """Who has looked at what, and what was asked for and answered in a change."""
    looked = [
        {
            "tenant_id": changes.tenant_id,
            "user_task_id": user_task_id,
            "user_id": changes.actor,
            "opened_at": changes.now,
        }
        for user_task_id in changes.opened
    ]
    insert(connection, opening, looked, " ON CONFLICT (tenant_id, user_task_id, user_id) DO NOTHING")
    insert(connection, withdrawal, [_asked_row(changes, *asked) for asked in changes.asked_back])
    text = (
        "UPDATE withdrawal SET state = ?, answered_at = ?, answered_by = ?, opinion = ? "
        "WHERE tenant_id = ? AND user_task_id = ?"
    )
    answers = [
        (state, changes.now, by, opinion, changes.tenant_id, user_task_id)
        for user_task_id, state, by, opinion in changes.answered_withdrawals
    ]
    run_many(connection, text, answers)


def _asked_row(changes: RowChanges, user_task_id: str, review_id: str, reason: str) -> dict[str, Any]:
    return {
        "tenant_id": changes.tenant_id,
        "user_task_id": user_task_id,
        "review_id": review_id,
        "asked_by": changes.actor,
        "asked_at": changes.now,
        "reason": reason,
        "state": "asked",
        "answered_at": None,
        "answered_by": None,
        "opinion": "",
    }


def _withdrawal(row: Sequence[Any]) -> Withdrawal:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    for name in ("asked_at", "answered_at"):
        values[name] = instant(values[name])
    return Withdrawal(**values)
