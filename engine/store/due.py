"""What is due: found by index without loading an instance, and leased, so that one node works on it.

A lease is `available_at` moved into the future; a node that dies lets it run out, and another takes the row. Nothing is
decided here: whoever holds a lease issues a command, and the command looks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.store import codec
from engine.store.statements import instant, is_sqlite, run, run_many

#: So many rows are leased at once.
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimer:
    """A row of the timer table."""

    tenant_id: str
    #: The root instance; for timer start events the process definition key.
    root_id: str
    number: int
    key: str
    #: event | rung | start
    kind: str
    part: int
    element_id: str
    user_task_id: str | None
    due_at: datetime
    attempts: int
    payload: Mapping[str, Any]


_COLUMNS = "tenant_id, root_id, number, key, kind, part, element_id, user_task_id, due_at, attempts, payload"


def lease_timers(connection: Connection, *, now: datetime, lease_for: timedelta, limit: int = BATCH) -> list[DueTimer]:
    """Take timers that are due, earliest first; they are nobody else's until the lease is over."""
    text = f"SELECT {_COLUMNS} FROM timer WHERE available_at <= ? ORDER BY available_at LIMIT ?" + _skipping(connection)
    found = [_timer(row) for row in run(connection, text, (now, limit))]
    text = "UPDATE timer SET available_at = ? WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ?"
    run_many(connection, text, [(now + lease_for, *_key(timer)) for timer in found])
    return found


def retry_timer(connection: Connection, timer: DueTimer, *, at: datetime | None) -> None:
    """Offer a timer again after a failure; never, where `at` is None."""
    text = (
        "UPDATE timer SET available_at = ?, attempts = attempts + 1 "
        "WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ?"
    )
    run(connection, text, (at, *_key(timer)))


def read_timer(connection: Connection, tenant_id: str, root_id: str, number: int, key: str) -> DueTimer | None:
    """A timer by its key."""
    text = f"SELECT {_COLUMNS} FROM timer WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ?"
    row = run(connection, text, (tenant_id, root_id, number, key)).first()
    return _timer(row) if row is not None else None


def lock_timer(connection: Connection, tenant_id: str, root_id: str, number: int, key: str) -> DueTimer | None:
    """A timer that no root stands for, held until the end of the transaction."""
    if not is_sqlite(connection):
        text = "SELECT 1 FROM timer WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ? FOR UPDATE"
        run(connection, text, (tenant_id, root_id, number, key))
    return read_timer(connection, tenant_id, root_id, number, key)


def is_anything_due(connection: Connection, now: datetime, *, notices: bool) -> bool:
    """Whether a timer, a message or a notice waits for a node; cheap enough to ask every second."""
    tables = ("timer", "message", "outbox") if notices else ("timer", "message")
    text = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE available_at <= ?)" for table in tables)
    return bool(run(connection, f"SELECT CASE WHEN {text} THEN 1 ELSE 0 END", [now] * len(tables)).scalar())


def lease_messages(
    connection: Connection, *, now: datetime, lease_for: timedelta, limit: int = BATCH
) -> list[tuple[str, str]]:
    """Take messages that may have a receiver: (tenant, message id), earliest first."""
    text = "SELECT tenant_id, id FROM message WHERE available_at <= ? ORDER BY available_at LIMIT ?"
    found = [(row[0], row[1]) for row in run(connection, text + _skipping(connection), (now, limit))]
    text = "UPDATE message SET available_at = ? WHERE tenant_id = ? AND id = ?"
    run_many(connection, text, [(now + lease_for, *message) for message in found])
    return found


def retry_message(connection: Connection, tenant_id: str, message_id: str, *, at: datetime) -> None:
    """Offer a message again after a failure."""
    text = "UPDATE message SET available_at = ?, attempts = attempts + 1 WHERE tenant_id = ? AND id = ?"
    run(connection, text, (at, tenant_id, message_id))


def message_attempts(connection: Connection, tenant_id: str, message_id: str) -> int:
    """How often somebody has tried to deliver a message."""
    text = "SELECT attempts FROM message WHERE tenant_id = ? AND id = ?"
    return run(connection, text, (tenant_id, message_id)).scalar() or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """A row of the outbox."""

    tenant_id: str
    key: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime


def lease_notices(
    connection: Connection, kinds: Sequence[str], *, now: datetime, lease_for: timedelta, limit: int = BATCH
) -> list[DueNotice]:
    """Take notices of some kinds that must leave, earliest first."""
    wanted = ", ".join("?" * len(kinds))
    text = (
        "SELECT tenant_id, key, kind, payload, attempts, created_at FROM outbox "
        f"WHERE available_at <= ? AND kind IN ({wanted}) ORDER BY available_at LIMIT ?"
    )
    found = [
        DueNotice(
            tenant_id=row[0],
            key=row[1],
            kind=row[2],
            payload=codec.decode(row[3]),
            attempts=row[4],
            created_at=_present(instant(row[5])),
        )
        for row in run(connection, text + _skipping(connection), (now, *kinds, limit))
    ]
    text = "UPDATE outbox SET available_at = ? WHERE tenant_id = ? AND key = ?"
    run_many(connection, text, [(now + lease_for, notice.tenant_id, notice.key) for notice in found])
    return found


def notice_sent(connection: Connection, notice: DueNotice, *, at: datetime) -> None:
    """A notice has left."""
    text = "UPDATE outbox SET sent_at = ?, available_at = NULL, last_error = '' WHERE tenant_id = ? AND key = ?"
    run(connection, text, (at, notice.tenant_id, notice.key))


def notice_failed(connection: Connection, notice: DueNotice, *, error: str, again_at: datetime | None) -> None:
    """A notice could not leave; None = given up."""
    text = "UPDATE outbox SET available_at = ?, attempts = attempts + 1, last_error = ? WHERE tenant_id = ? AND key = ?"
    run(connection, text, (again_at, error, notice.tenant_id, notice.key))


def forget_answers(connection: Connection, *, before: datetime) -> int:
    """Delete the answers given before an instant. Returns how many."""
    return run(connection, "DELETE FROM idempotency WHERE answered_at < ?", (before,)).rowcount


def tenants_with_drafts(connection: Connection) -> list[str]:
    """Tenants in which somebody has left a draft."""
    return sorted(row[0] for row in run(connection, "SELECT DISTINCT tenant_id FROM draft", ()))


def forget_drafts(connection: Connection, tenant_id: str, *, closed_before: datetime) -> int:
    """Delete drafts of user tasks that were closed before an instant. Returns how many."""
    text = (
        "DELETE FROM draft WHERE tenant_id = ? AND EXISTS (SELECT 1 FROM user_task WHERE "
        "user_task.tenant_id = draft.tenant_id AND user_task.id = draft.user_task_id AND user_task.closed_at < ?)"
    )
    return run(connection, text, (tenant_id, closed_before)).rowcount


def expire_messages(connection: Connection, *, now: datetime) -> int:
    """Mark messages nobody has waited for in time. Returns how many."""
    text = (
        "UPDATE message SET state = 'expired', available_at = NULL "
        "WHERE state IN ('pending', 'buffered') AND expires_at <= ?"
    )
    return run(connection, text, (now,)).rowcount


def next_due_at(connection: Connection) -> datetime | None:
    """The earliest instant at which a timer, rung or message is to be looked at; None if nothing waits."""
    texts = (f"SELECT min(available_at) FROM {table}" for table in ("timer", "message"))
    instants = (instant(run(connection, text, ()).scalar()) for text in texts)
    return min((each for each in instants if each is not None), default=None)


def _skipping(connection: Connection) -> str:
    return "" if is_sqlite(connection) else " FOR UPDATE SKIP LOCKED"


def _key(timer: DueTimer) -> tuple[str, str, int, str]:
    return timer.tenant_id, timer.root_id, timer.number, timer.key


def _timer(row: Sequence[Any]) -> DueTimer:
    return DueTimer(
        tenant_id=row[0],
        root_id=row[1],
        number=row[2],
        key=row[3],
        kind=row[4],
        part=row[5],
        element_id=row[6],
        user_task_id=row[7],
        due_at=_present(instant(row[8])),
        attempts=row[9],
        payload=codec.decode(row[10]),
    )


def _present(value: datetime | None) -> datetime:
    assert value is not None, "the column is not null"
    return value
