"""Tables of what was deployed: immutable versions, their files, and the events that start an instance."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.metadata import metadata
from engine.store.types import Coded, Id, Instant

deployment = Table(
    "deployment",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", Text, nullable=False),
    Column("comment", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
)

#: A file as it was uploaded, byte for byte.
resource = Table(
    "resource",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    Column("deployment_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    # hexadecimal
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    UniqueConstraint("tenant_id", "deployment_id", "name"),
    ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployment.tenant_id", "deployment.id"]),
)

definition = Table(
    "definition",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # process | decision
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    # 1, 2, 3 … per kind and key
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("version_tag", Text, nullable=False),
    Column("deployment_id", Id, nullable=False),
    Column("resource_id", Id, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    # what the reader reported beside errors: list of {severity, code, element_id, message, mend}
    Column("report", Coded, nullable=False),
    PrimaryKeyConstraint("tenant_id", "kind", "key", "version"),
    ForeignKeyConstraint(["tenant_id", "deployment_id"], ["deployment.tenant_id", "deployment.id"]),
    ForeignKeyConstraint(["tenant_id", "resource_id"], ["resource.tenant_id", "resource.id"]),
    Index(None, "tenant_id", "deployment_id"),
)

#: Message, signal and timer start events of the latest version of each process; replaced by the next deployment.
start_event = Table(
    "start_event",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("definition_key", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("definition_ref", Text, nullable=False),
    # message | signal | timer
    Column("kind", Text, nullable=False),
    # of the message or signal; "" for timers
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "definition_key", "element_id"),
    Index(None, "tenant_id", "kind", "name"),
)
