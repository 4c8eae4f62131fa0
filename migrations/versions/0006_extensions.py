"""Extensions of user tasks, 延期: asked for once, answered by the process that decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "extension",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("granted_until", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_task_id", name=op.f("pk_extension")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_extension_tenant_id_user_task_id_user_task"),
        ),
    )
    op.create_index(op.f("ix_extension_tenant_id_root_id"), "extension", ["tenant_id", "root_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_extension_tenant_id_root_id"), table_name="extension")
    op.drop_table("extension")
