"""Opinions that were asked for 加签, and comments on cases 沟通."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "opinion",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of_user", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_task_id", "id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_opinion_tenant_id_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_opinion_tenant_id_user_task_id_user_task"),
        ),
    )
    op.create_table(
        "comment",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "id", name=op.f("pk_comment")),
    )


def downgrade() -> None:
    op.drop_table("comment")
    op.drop_table("opinion")
