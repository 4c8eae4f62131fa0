"""How Alembic runs here: on the connection it is handed, within that connection's transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator
from sqlalchemy.dialects import sqlite

from migrations.everything import metadata


def _plain_types(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Revisions name SQLAlchemy's own types, not ours: what the code calls them may change, a revision may not."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    usual, embedded = item.impl_instance, item.load_dialect_impl(sqlite.dialect())
    if isinstance(embedded, type(usual)):
        return f"sa.{usual!r}"
    return f'sa.{usual!r}.with_variant(sa.{embedded!r}, "sqlite")'


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a table; batch mode makes a new one and copies
    render_as_batch=True,
    render_item=_plain_types,
)
context.run_migrations()
