"""Withdrawals, 撤回: who has opened what waits for a review, and what reviewers were asked to give back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_task_id", "user_id", name=op.f("pk_opening")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_opening_tenant_id_user_task_id_user_task"),
        ),
    )
    op.create_table(
        "withdrawal",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_task_id", name=op.f("pk_withdrawal")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_withdrawal_tenant_id_user_task_id_user_task"),
        ),
    )
    op.create_index(op.f("ix_withdrawal_tenant_id_review_id"), "withdrawal", ["tenant_id", "review_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_withdrawal_tenant_id_review_id"), table_name="withdrawal")
    op.drop_table("withdrawal")
    op.drop_table("opening")
