"""A draft knows which window saved it, and keeps what another one typed without having seen it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # as if it had been made so: SQLite writes columns that are added behind each other on one line of its schema
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("draft", recreate=anew) as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("written_in", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("apart", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("draft") as table:
        for column in ("apart", "written_in", "revision"):
            table.drop_column(column)
