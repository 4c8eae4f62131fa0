"""Withdrawals in rows: who has looked at a review, and what became of a request to give the work back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.model.user_task import UserTask
from engine.model.withdrawal import ASKS, TAKEN_BACK, Opening, Withdrawal, Withdrawing
from engine.store.instance_tables import opening, withdrawal
from engine.store.messages import begins_something
from engine.store.reader import USER_TASK_COLUMNS, user_task_of_row
from engine.store.row_changes import RowChanges
from engine.store.statements import first, in_list, insert, instant, rows, run_many

_COLUMNS = (
    *("user_task_id", "review_id", "asked_by", "asked_at", "reason"),
    *("state", "answered_at", "answered_by", "opinion"),
)

_ELEMENT = USER_TASK_COLUMNS.index("element_id")


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
    still_open = [each.id for each, _ in since if each.is_open]
    return Withdrawing(
        since=[each for each, _ in since],
        openings=read_openings(connection, tenant_id, still_open),
        asked=read_withdrawal(connection, tenant_id, handed_over.id),
        somebody_answers=begins_something(connection, tenant_id, ASKS),
        was_taken_back=any(again and each.element_id == handed_over.element_id for each, again in since),
    )


def _read_since(
    connection: Connection, tenant_id: str, handed_over: UserTask, behind: Collection[str]
) -> Sequence[tuple[UserTask, bool]]:
    """What began in the same part since it was handed over, oldest first, and whether that is work that was taken back:
    such work began when it was begun first.
    """
    if handed_over.closed_at is None:
        return ()
    columns = ", ".join(f"u.{column}" for column in USER_TASK_COLUMNS)
    # how it was given out tells it
    text = (
        f"SELECT * FROM (SELECT {columns}, u.routing LIKE ? AS again FROM user_task u "
        "WHERE u.tenant_id = ? AND u.root_id = ? AND u.part = ? AND u.token > ?) s "
        "WHERE created_at >= ? OR (element_id = ? AND again) ORDER BY token"
    )
    place = (tenant_id, handed_over.root_id, handed_over.part, handed_over.token)
    since = (handed_over.closed_at, handed_over.element_id)
    found = rows(connection, text, (f'%"{TAKEN_BACK}"%', *place, *since))
    return [(user_task_of_row(row), bool(row[-1])) for row in found if row[_ELEMENT] in behind]


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
    text = (
        "UPDATE withdrawal SET state = 'overtaken', answered_at = ? WHERE tenant_id = ? AND state = 'asked' "
        "AND user_task_id IN (SELECT o.id FROM user_task o JOIN user_task n ON n.tenant_id = o.tenant_id "
        "AND n.root_id = o.root_id AND n.part = o.part AND n.element_id = o.element_id "
        "WHERE n.tenant_id = ? AND n.id = ?)"
    )
    tenant_id = changes.tenant_id
    # a new request takes the place of one that is still open for an earlier round of the step
    run_many(connection, text, [(changes.now, tenant_id, tenant_id, asked[0]) for asked in changes.asked_back])
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
