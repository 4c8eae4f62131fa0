"""Absences, 代办: who stands in for whom, in which post and until when; and for whom a stand-in did what he did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("absence_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("stand_in", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "absence_id", name=op.f("pk_absence")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.user_id"],
            name=op.f("fk_absence_tenant_id_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stand_in"],
            ["user_account.tenant_id", "user_account.user_id"],
            name=op.f("fk_absence_tenant_id_stand_in_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_code"],
            ["org_unit.tenant_id", "org_unit.code"],
            name=op.f("fk_absence_tenant_id_unit_code_org_unit"),
        ),
    )
    op.create_index(op.f("ix_absence_tenant_id_last_on"), "absence", ["tenant_id", "last_on"])
    # SQLite adds a column in place: a table that others refer to is not made anew
    op.add_column("user_task", sa.Column("closed_for", sa.Text(), nullable=True))
    op.add_column("history", sa.Column("acted_for", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("history", "acted_for")
    op.drop_column("user_task", "closed_for")
    op.drop_index(op.f("ix_absence_tenant_id_last_on"), table_name="absence")
    op.drop_table("absence")
