"""Files attached to forms; their bytes lie in a folder of the installation."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.metadata import metadata
from engine.store.types import Id, Instant

upload = Table(
    "upload",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    Column("user_task_id", Id, nullable=False),
    # under which the documents of the case are filed: another case cannot name the file
    Column("document_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    # name of the file in the folder: random, so that it tells nothing
    Column("stored_as", Text, nullable=False),
    Column("uploaded_by", Text, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    # a document was found to name it
    Column("is_filed", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    UniqueConstraint("tenant_id", "stored_as"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
    Index(None, "tenant_id", "user_task_id"),
    Index(None, "is_filed", "uploaded_at"),
)
