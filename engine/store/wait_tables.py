"""Tables of what is waited for: instants, messages, signals, workers outside, and notices that must leave."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text, text

from engine.store.metadata import metadata
from engine.store.types import Coded, Id, Instant

#: Everything that happens at an instant: timer events, rungs of ladders, timer start events.
timer = Table(
    "timer",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # the root instance; for timer start events the process definition key
    Column("root_id", Id, nullable=False),
    # wait number of a timer event, token number of a user task whose next rung it is, 0 for a timer start event
    Column("number", BigInteger, nullable=False),
    # key of the rung; element id of the timer start event; "" for a timer event
    Column("key", Text, nullable=False),
    # event | rung | start
    Column("kind", Text, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("element_id", Text, nullable=False),
    # rungs only
    Column("user_task_id", Id),
    Column("due_at", Instant, nullable=False),
    # when a node may take it: due_at, later while one holds the lease; null while the instance is suspended
    Column("available_at", Instant),
    # failed firings so far
    Column("attempts", Integer, nullable=False),
    # rungs: {action, recipients, later: [[key, fires at, action, recipients], …]}
    # timer start events: {definition_ref, rule, repeats}
    Column("payload", Coded, nullable=False),
    PrimaryKeyConstraint("tenant_id", "root_id", "number", "key"),
    Index("ix_timer_available_at", "available_at"),
)

message_wait = Table(
    "message_wait",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("wait", BigInteger, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("definition_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("correlation_key", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "root_id", "wait"),
    Index(None, "tenant_id", "name", "correlation_key"),
)

signal_wait = Table(
    "signal_wait",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("wait", BigInteger, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "root_id", "wait"),
    Index(None, "tenant_id", "name"),
)

#: Messages between instances and from outside, and signals on their way to one instance each.
message = Table(
    "message",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    # message | signal
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    # messages: the key that must match. Signals: root instance id, or "start:<process definition key>"
    Column("correlation_key", Text, nullable=False),
    Column("variables", Coded, nullable=False),
    # pending | buffered (no receiver yet) | delivered | expired
    Column("state", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("sent_by", Text, nullable=False),
    # null when it came from outside
    Column("sender_root_id", Id),
    Column("expires_at", Instant, nullable=False),
    # when a node may try to deliver it; null when it waits for a receiver, or is done
    Column("available_at", Instant),
    Column("attempts", Integer, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    Index("ix_message_available_at", "available_at"),
    Index(None, "tenant_id", "sent_at", "id"),
    Index(
        "ix_message_undelivered",
        "tenant_id",
        "name",
        "correlation_key",
        sqlite_where=text("state IN ('pending', 'buffered')"),
        postgresql_where=text("state IN ('pending', 'buffered')"),
    ),
)

#: One row a message and receiving process: nobody gets the same message twice.
message_delivery = Table(
    "message_delivery",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("message_id", Id, nullable=False),
    # process definition key; each takes a message once
    Column("receiver", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("delivered_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "message_id", "receiver"),
)

#: Work that a program outside takes, does and answers.
job = Table(
    "job",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    Column("variables", Coded, nullable=False),
    Column("properties", Coded, nullable=False),
    # open | done | failed | withdrawn
    Column("state", Text, nullable=False),
    # failures left before it becomes an incident
    Column("retries", Integer, nullable=False),
    Column("available_at", Instant),
    # who holds the lease
    Column("worker", Text),
    Column("created_at", Instant, nullable=False),
    Column("last_error", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    Index(None, "tenant_id", "root_id", "token"),
    Index(
        "ix_job_available",
        "tenant_id",
        "topic",
        "available_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

#: What must leave the house: written with the change that causes it, sent afterwards, at least once.
outbox = Table(
    "outbox",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # e.g. "rung:<user task id>:yellow": the same notice is never written twice
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Coded, nullable=False),
    Column("created_at", Instant, nullable=False),
    # when a node may send it; null when it is sent or given up
    Column("available_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("last_error", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "key"),
    Index("ix_outbox_available_at", "available_at"),
    Index(None, "tenant_id", "kind", "created_at"),
)
