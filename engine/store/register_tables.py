"""Tables that are looked up by key: settings with their validity, the working calendar, answers given before."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, PrimaryKeyConstraint, Table, Text

from engine.store.metadata import metadata
from engine.store.types import Coded, Instant

#: Answers to requests that came with an Idempotency-Key, kept for 24 hours.
idempotency = Table(
    "idempotency",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("key", Text, nullable=False),
    # digest of the command, so that a key used for something else is noticed
    Column("fingerprint", Text, nullable=False),
    Column("answer", Coded, nullable=False),
    Column("answered_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "actor", "key"),
    Index("ix_idempotency_answered_at", "answered_at"),
)

#: Deadlines `due.*`, thresholds `rule.*`, ladders: a value and the days it is valid on.
setting = Table(
    "setting",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    # last day, included; null = until further notice
    Column("valid_to", Date),
    # JSON
    Column("value", Text, nullable=False),
    # where it comes from: a clause, or "proposal"
    Column("basis", Text, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "key", "valid_from"),
)

#: Days that differ from their weekday.
calendar_day = Table(
    "calendar_day",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("day", Date, nullable=False),
    # holiday | make-up
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "day"),
)

#: The years that have rows in `calendar_day`.
calendar_year = Table(
    "calendar_year",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("year", Integer, nullable=False),
    # False: 暂定, estimated until the official notice
    Column("is_official", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "year"),
)

#: Changes with every change of what it stands for, so that readers know when their copy is stale.
revision = Table(
    "revision",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # rules (settings and calendar), organisation, …
    Column("subject", Text, nullable=False),
    Column("revision", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "subject"),
)
