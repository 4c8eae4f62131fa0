"""Messages: reading one, finding who takes it next, writing one that came from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.model.extension import ANSWERS as EXTENDED
from engine.model.message import Message, MessageReceiver, started_business_key
from engine.model.opinion import ANSWERS as OPINION_GIVEN
from engine.model.withdrawal import ANSWERS as WITHDRAWN
from engine.store import codec
from engine.store.opinion_rows import asked_at
from engine.store.reader import read_user_task
from engine.store.row_changes import TO_USER_TASKS
from engine.store.statements import instant, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message and those who have not had it yet, in the order in which they get it."""

    message: Message
    #: Waiting instances first, then processes that it starts.
    receivers: Sequence[MessageReceiver]
    delivered_before: bool


def read_message(connection: Connection, tenant_id: str, message_id: str) -> Message | None:
    """A message by its id."""
    text = (
        "SELECT kind, name, correlation_key, variables, state, expires_at, attempts, sender_root_id FROM message "
        "WHERE tenant_id = ? AND id = ?"
    )
    row = run(connection, text, (tenant_id, message_id)).first()
    if row is None:
        return None
    expires_at = instant(row[5])
    assert expires_at is not None, "the column is not null"
    return Message(
        id=message_id,
        kind=row[0],
        name=row[1],
        correlation_key=row[2],
        variables=codec.decode(row[3]),
        state=row[4],
        expires_at=expires_at,
        attempts=row[6],
        from_process=row[7] is not None,
    )


def has_message(connection: Connection, tenant_id: str, message_id: str) -> bool:
    """Whether a message with this id was taken in."""
    text = "SELECT 1 FROM message WHERE tenant_id = ? AND id = ?"
    return run(connection, text, (tenant_id, message_id)).first() is not None


def begins_something(connection: Connection, tenant_id: str, name: str) -> bool:
    """Whether a process begins by this message."""
    text = "SELECT 1 FROM start_event WHERE tenant_id = ? AND kind = 'message' AND name = ? LIMIT 1"
    return run(connection, text, (tenant_id, name)).first() is not None


def read_delivery(connection: Connection, tenant_id: str, message: Message) -> Delivery:
    """Who gets a message next. Each process definition gets it once; suspended instances come last."""
    text = "SELECT receiver FROM message_delivery WHERE tenant_id = ? AND message_id = ?"
    had = {row[0] for row in run(connection, text, (tenant_id, message.id))}
    if message.kind == "signal":
        receivers = _signal_receivers(connection, tenant_id, message) if not had else []
        return Delivery(message=message, receivers=receivers, delivered_before=bool(had))
    if message.name in TO_USER_TASKS and message.from_process:
        # only a process that somebody has deployed answers for others
        return Delivery(message=message, receivers=_asking(connection, tenant_id, message), delivered_before=bool(had))
    waiting = _waiting(connection, tenant_id, message)
    first_of_each: dict[str, MessageReceiver] = {}
    for receiver in waiting:
        if receiver.definition_key not in had:
            first_of_each.setdefault(receiver.definition_key, receiver)
    receivers = list(first_of_each.values())
    if not receivers and not had:
        # catch before start: a message starts something only when nobody waits for it
        receivers = _starting(connection, tenant_id, message)
    return Delivery(message=message, receivers=receivers, delivered_before=bool(had))


#: Message -> where what it answers is asked for at a user task.
_REQUESTS: Mapping[str, str] = {EXTENDED: "extension", WITHDRAWN: "withdrawal"}


def _asking(connection: Connection, tenant_id: str, message: Message) -> list[MessageReceiver]:
    """The user task where something was asked for that a message answers."""
    user_task_id = _asked_at(connection, tenant_id, message)
    user_task = read_user_task(connection, tenant_id, user_task_id) if user_task_id is not None else None
    if user_task is None:
        return []
    receiver = MessageReceiver(
        definition_key=user_task.definition_key,
        root_id=user_task.root_id,
        part=user_task.part,
        user_task_id=user_task.id,
    )
    return [receiver]


def _asked_at(connection: Connection, tenant_id: str, message: Message) -> str | None:
    key = message.correlation_key
    if message.name == OPINION_GIVEN:
        # several are asked for at one user task
        return asked_at(connection, tenant_id, key)
    text = f"SELECT 1 FROM {_REQUESTS[message.name]} WHERE tenant_id = ? AND user_task_id = ? AND state = 'asked'"
    return key if run(connection, text, (tenant_id, key)).first() is not None else None


def _waiting(connection: Connection, tenant_id: str, message: Message) -> list[MessageReceiver]:
    text = (
        "SELECT w.definition_key, w.root_id, w.part, w.wait FROM message_wait w JOIN instance_state s "
        "ON s.tenant_id = w.tenant_id AND s.root_id = w.root_id AND s.part = 0 "
        "WHERE w.tenant_id = ? AND w.name = ? AND w.correlation_key = ? ORDER BY s.suspended, w.root_id, w.wait"
    )
    rows = run(connection, text, (tenant_id, message.name, message.correlation_key))
    return [MessageReceiver(definition_key=row[0], root_id=row[1], part=row[2], wait=row[3]) for row in rows]


def _starting(connection: Connection, tenant_id: str, message: Message) -> list[MessageReceiver]:
    business_key = started_business_key(message)
    text = (
        "SELECT e.definition_key, e.definition_ref, e.element_id FROM start_event e "
        "WHERE e.tenant_id = ? AND e.kind = 'message' AND e.name = ? AND NOT EXISTS (SELECT 1 FROM process_instance p "
        "WHERE p.tenant_id = e.tenant_id AND p.definition_key = e.definition_key AND p.business_key = ? "
        "AND p.business_key <> '' AND p.part = 0 AND p.ended_at IS NULL) ORDER BY e.definition_key, e.element_id"
    )
    rows = run(connection, text, (tenant_id, message.name, business_key))
    return [
        MessageReceiver(definition_key=row[0], definition_ref=row[1], element_id=row[2], business_key=business_key)
        for row in rows
    ]


def _signal_receivers(connection: Connection, tenant_id: str, message: Message) -> list[MessageReceiver]:
    kind, _, definition_key = message.correlation_key.partition(":")
    if kind == "start":
        text = (
            "SELECT definition_ref, element_id FROM start_event "
            "WHERE tenant_id = ? AND kind = 'signal' AND name = ? AND definition_key = ?"
        )
        rows = run(connection, text, (tenant_id, message.name, definition_key))
        return [
            MessageReceiver(
                definition_key=definition_key,
                definition_ref=row[0],
                element_id=row[1],
                business_key=started_business_key(message),
            )
            for row in rows
        ]
    text = "SELECT part, wait FROM signal_wait WHERE tenant_id = ? AND name = ? AND root_id = ? ORDER BY wait LIMIT 1"
    rows = run(connection, text, (tenant_id, message.name, message.correlation_key))
    return [
        MessageReceiver(
            definition_key=message.correlation_key, root_id=message.correlation_key, part=row[0], wait=row[1]
        )
        for row in rows
    ]


def lock_message(connection: Connection, tenant_id: str, message_id: str) -> None:
    """Hold a message's row, after the receiver's root: two nodes then settle it one after the other."""
    if connection.dialect.name != "sqlite":
        run(connection, "SELECT 1 FROM message WHERE tenant_id = ? AND id = ? FOR UPDATE", (tenant_id, message_id))
