"""Tables of units, people, posts, sessions, tokens and login attempts. `tenant_id` leads every key."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from engine.store.metadata import metadata
from engine.store.types import Id, Instant

org_unit = Table(
    "org_unit",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent_code", Text),
    Column("active_from", Date),
    # last day, included; null = until further notice
    Column("active_until", Date),
    PrimaryKeyConstraint("tenant_id", "code"),
    ForeignKeyConstraint(["tenant_id", "parent_code"], ["org_unit.tenant_id", "org_unit.code"]),
)

division_scope = Table(
    "division_scope",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("division_code", Text, nullable=False),
    # a department that the finance division looks after, with everything below it
    Column("unit_code", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "division_code", "unit_code"),
    ForeignKeyConstraint(["tenant_id", "division_code"], ["org_unit.tenant_id", "org_unit.code"]),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
)

user_account = Table(
    "user_account",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # login key, lower case
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    # argon2id; null = cannot log in with a password
    Column("password_hash", Text),
    # "zh" | "en"; null = as the browser asks
    Column("language", Text),
    Column("closed", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_id"),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
)

post = Table(
    "post",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("post_id", Id, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("active_from", Date),
    # last day, included; null = until further notice
    Column("active_until", Date),
    PrimaryKeyConstraint("tenant_id", "post_id"),
    ForeignKeyConstraint(["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.user_id"]),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
    Index(None, "tenant_id", "user_id"),
)

#: That somebody is away, and who does the work meanwhile. Nothing is deleted: it ends by its last day, or early.
absence = Table(
    "absence",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("absence_id", Id, nullable=False),
    # who is away
    Column("user_id", Text, nullable=False),
    # the post that is stood in; both null = all posts
    Column("role", Text),
    Column("unit_code", Text),
    # days in Asia/Shanghai, both included
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("stand_in", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    # null = not ended before its last day
    Column("ended_by", Text),
    Column("ended_at", Instant),
    PrimaryKeyConstraint("tenant_id", "absence_id"),
    ForeignKeyConstraint(["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.user_id"]),
    ForeignKeyConstraint(["tenant_id", "stand_in"], ["user_account.tenant_id", "user_account.user_id"]),
    ForeignKeyConstraint(["tenant_id", "unit_code"], ["org_unit.tenant_id", "org_unit.code"]),
    Index(None, "tenant_id", "last_on"),
)

login_session = Table(
    "login_session",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # SHA-256 of what the cookie holds: who reads the table cannot use it
    Column("digest", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("address", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "digest"),
    ForeignKeyConstraint(["tenant_id", "user_id"], ["user_account.tenant_id", "user_account.user_id"]),
    Index(None, "tenant_id", "user_id"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("token_id", Id, nullable=False),
    Column("digest", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("name", Text, nullable=False),
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
    Column("tenant_id", Text, nullable=False),
    Column("attempt_id", Id, nullable=False),
    # keyed digest of what was typed as the account: people type passwords there by mistake
    Column("account_digest", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # open | failed | succeeded | refused; open ones count as failed
    Column("outcome", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "attempt_id"),
    Index(None, "tenant_id", "account_digest", "at"),
    Index(None, "tenant_id", "address", "at"),
)
