"""Tables of what people say to one another beside the work: opinions that were asked for, comments on cases."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from engine.store.metadata import metadata
from engine.store.types import Id, Instant

#: That one person was asked for an opinion at a user task, and what came of it.
opinion = Table(
    "opinion",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_task_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    # who is asked
    Column("of_user", Text, nullable=False),
    Column("question", Text, nullable=False),
    # the last day to answer as ISO 8601 text; null = as the process says
    Column("until", Text),
    # asked | given | lapsed
    Column("state", Text, nullable=False),
    Column("answered_at", Instant),
    # null = nobody answered in time
    Column("given_by", Text),
    Column("opinion", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_task_id", "id"),
    UniqueConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
)

#: What was written about a case; ids are in the order of writing. Rows are only ever added.
comment = Table(
    "comment",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "root_id", "id"),
)
