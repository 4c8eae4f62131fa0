"""Tables of units, people, posts, sessions, tokens and login attempts. `tenant_id` leads every key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
)

from engine.store.metadata import metadata


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


CODE = String(40)
USER_ID = String(100)
DIGEST = String(64)

#: One row a tenant: changes with every change of units, people or posts, so that snapshots know when they are stale.
organisation_revision = Table(
    "organisation_revision",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    # random, not counted: a number that was rolled back would be given twice
    Column("revision", String(32), nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)

org_unit = Table(
    "org_unit",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    Column("code", CODE, nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", CODE, nullable=False),
    Column("parent_code", CODE),
    Column("active_from", Date),
    # last day, included; null = until further notice
    Column("active_until", Date),
    PrimaryKeyConstraint("tenant_id", "code"),
    ForeignKeyConstraint(["tenant_id", "parent_code"], ["org_unit.tenant_id", "org_unit.code"]),
)

division_scope = Table(
    "division_scope",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    Column("division_code", CODE, nullable=False),
    # a department that the finance division looks after, with everything below it
    Column("unit_code", CODE, nullable=False),
    PrimaryKeyConstraint("tenant_id", "division_code", "unit_code"),
    ForeignKeyConstraint(["tenant_id", "division_code"], ["org_unit.tenant_id", "org_unit.code"]),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
)

user_account = Table(
    "user_account",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    # login key, lower case
    Column("user_id", USER_ID, nullable=False),
    Column("title", String(200), nullable=False),
    Column("unit_code", CODE, nullable=False),
    # argon2id; null = cannot log in with a password
    Column("password_hash", String(200)),
    # "zh" | "en"; null = as the browser asks
    Column("language", String(2)),
    Column("closed", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_id"),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
)

post = Table(
    "post",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    Column("post_id", String(36), nullable=False),
    Column("user_id", USER_ID, nullable=False),
    Column("role", CODE, nullable=False),
    Column("unit_code", CODE, nullable=False),
    Column("active_from", Date),
    # last day, included; null = until further notice
    Column("active_until", Date),
    PrimaryKeyConstraint("tenant_id", "post_id"),
    ForeignKeyConstraint(["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.user_id"]),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
    Index(None, "tenant_id", "user_id"),
)

login_session = Table(
    "login_session",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    # SHA-256 of what the cookie holds: who reads the table cannot use it
    Column("digest", DIGEST, nullable=False),
    Column("user_id", USER_ID, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("address", String(64), nullable=False),
    PrimaryKeyConstraint("tenant_id", "digest"),
    ForeignKeyConstraint(["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.user_id"]),
    Index(None, "tenant_id", "user_id"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    Column("token_id", String(36), nullable=False),
    Column("digest", DIGEST, nullable=False),
    Column("user_id", USER_ID, nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    PrimaryKeyConstraint("tenant_id", "token_id"),
    ForeignKeyConstraint(["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.user_id"]),
    Index(None, "tenant_id", "digest", unique=True),
    Index(None, "tenant_id", "user_id"),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("tenant_id", CODE, nullable=False),
    Column("attempt_id", String(36), nullable=False),
    # keyed digest of what was typed as the account: people type passwords there by mistake
    Column("account_digest", DIGEST, nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    # open | failed | succeeded | refused; open ones count as failed
    Column("outcome", String(10), nullable=False),
    PrimaryKeyConstraint("tenant_id", "attempt_id"),
    Index(None, "tenant_id", "account_digest", "at"),
    Index(None, "tenant_id", "address", "at"),
)
