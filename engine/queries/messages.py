"""Messages: those on their way, those without a receiver yet, those delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, literal, select, tuple_

from engine.model.actor import Actor
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import must_hold_one_of
from engine.store import codec
from engine.store.types import Instant
from engine.store.wait_tables import message, message_delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageItem:
    """One line of the list."""

    id: str
    name: str
    correlation_key: str
    #: pending | buffered (no receiver yet) | delivered | expired
    state: str
    sent_at: datetime
    sent_by: str
    #: The instance that sent it; None when it came from outside.
    sender_instance_id: str | None
    expires_at: datetime
    variables: Mapping[str, Any]
    #: Root instances that have had it.
    received_by: Sequence[str]


def messages(
    connection: Connection,
    actor: Actor,
    *,
    state: str | None = None,
    name: str | None = None,
    correlation_key: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[MessageItem]:
    """A page of messages, latest sent first; state "buffered" = no receiver yet.

    What a message carries is told to those who send messages or audit; who only operates sees that it is there.

    Raises:
        NotPermitted: the actor neither operates nor audits the engine, nor sends messages.
    """
    must_hold_one_of(actor, ("operate", "audit", "correlate"), "see messages")
    limit = checked_limit(limit)
    sees_content = actor.may("audit") or actor.may("correlate")
    statement = select(message).where(message.c.tenant_id == actor.tenant_id, message.c.kind == "message")
    for column, value in (
        (message.c.state, state),
        (message.c.name, name),
        (message.c.correlation_key, correlation_key),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if cursor:
        sent_at, last_id = read_cursor(cursor, "messages", (datetime, str))
        before = tuple_(literal(sent_at, Instant()), literal(last_id))
        statement = statement.where(tuple_(message.c.sent_at, message.c.id) < before)
    statement = statement.order_by(message.c.sent_at.desc(), message.c.id.desc()).limit(limit + 1)
    page = page_of(connection.execute(statement).all(), limit, "messages", lambda row: (row.sent_at, row.id))
    receivers: dict[str, list[str]] = {row.id: [] for row in page.items}
    had = select(message_delivery.c.message_id, message_delivery.c.root_id).where(
        message_delivery.c.tenant_id == actor.tenant_id, message_delivery.c.message_id.in_(list(receivers))
    )
    for message_id, root_id in connection.execute(had):
        receivers[message_id].append(root_id)
    items = [
        MessageItem(
            id=row.id,
            name=row.name,
            correlation_key=row.correlation_key,
            state=row.state,
            sent_at=row.sent_at,
            sent_by=row.sent_by,
            sender_instance_id=row.sender_root_id,
            expires_at=row.expires_at,
            variables=codec.decode(row.variables) if sees_content else {},
            received_by=receivers[row.id],
        )
        for row in page.items
    ]
    return Page(items=items, cursor=page.cursor)
