"""How Alembic runs here: on the connection it is handed, within that connection's transaction."""

from __future__ import annotations

from alembic import context

from migrations.everything import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a table; batch mode makes a new one and copies
    render_as_batch=True,
)
context.run_migrations()
