"""All tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("for_year", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("base", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("proposal", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("finance_advice", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", name=op.f("pk_application")),
    )
    op.create_table(
        "assessment",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column(
            "confirmed_amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=True
        ),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", name=op.f("pk_assessment")),
    )
    op.create_table(
        "budget_approval",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "adjusted_amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", name=op.f("pk_budget_approval")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "cash_plan",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", "month", name=op.f("pk_cash_plan")),
    )
    op.create_table(
        "deployment",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "document",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("form_ref", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "business_key", "form_key", "element_id", "version", name=op.f("pk_document")
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_document_tenant_id_id")),
    )
    op.create_table(
        "evaluation_result",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_opening", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", "kind", name=op.f("pk_evaluation_result")),
    )
    op.create_table(
        "goal",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("goal_year", sa.Text(), nullable=False),
        sa.Column("floor_basis", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", "version", name=op.f("pk_goal")),
    )
    op.create_table(
        "history",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "seq", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(
            "uq_history_completion",
            ["tenant_id", "root_id", "token"],
            unique=True,
            sqlite_where=sa.text("kind = 'UserTaskCompleted'"),
            postgresql_where=sa.text("kind = 'UserTaskCompleted'"),
        )

    op.create_table(
        "idempotency",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "actor", "key", name=op.f("pk_idempotency")),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_answered_at", ["answered_at"], unique=False)

    op.create_table(
        "incident",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incident_open",
            ["tenant_id", "id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_incident_tenant_id_root_id_token"), ["tenant_id", "root_id", "token"], unique=False
        )

    op.create_table(
        "indicator",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("l1", sa.Text(), nullable=False),
        sa.Column("l2", sa.Text(), nullable=False),
        sa.Column("l3", sa.Text(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("target", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("target_text", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("accumulation", sa.Text(), nullable=False),
        sa.Column("due_month", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "project_code", "fiscal_year", "version", "position", name=op.f("pk_indicator")
        ),
    )
    op.create_table(
        "instance_state",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), nullable=False),
        sa.Column("history_seq", sa.BigInteger(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("is_branch", sa.Boolean(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "part", name=op.f("pk_instance_state")),
    )
    op.create_table(
        "job",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_available",
            ["tenant_id", "topic", "available_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            batch_op.f("ix_job_tenant_id_root_id_token"), ["tenant_id", "root_id", "token"], unique=False
        )

    op.create_table(
        "ledger_counter",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("pk_ledger_counter")),
    )
    op.create_table(
        "library_entry",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("library_no", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", name=op.f("pk_library_entry")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("account_digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "attempt_id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_attempt_tenant_id_account_digest_at"),
            ["tenant_id", "account_digest", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_login_attempt_tenant_id_address_at"), ["tenant_id", "address", "at"], unique=False
        )

    op.create_table(
        "measure",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "project_code", "fiscal_year", "origin", "position", name=op.f("pk_measure")
        ),
    )
    op.create_table(
        "message",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sender_root_id", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_available_at", ["available_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_message_tenant_id_sent_at_id"), ["tenant_id", "sent_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_message_undelivered",
            ["tenant_id", "name", "correlation_key"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'buffered')"),
            postgresql_where=sa.text("state IN ('pending', 'buffered')"),
        )

    op.create_table(
        "message_delivery",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "message_id", "receiver", name=op.f("pk_message_delivery")),
    )
    op.create_table(
        "message_wait",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("wait", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "wait", name=op.f("pk_message_wait")),
    )
    with op.batch_alter_table("message_wait", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_wait_tenant_id_name_correlation_key"),
            ["tenant_id", "name", "correlation_key"],
            unique=False,
        )

    op.create_table(
        "monitoring_record",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("e", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("floor", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("g", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("g_plan", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("state_min", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("level_sys", sa.Text(), nullable=False),
        sa.Column("level_final", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("level_reason", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("needs_rectification", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", "round", name=op.f("pk_monitoring_record")),
    )
    op.create_table(
        "org_unit",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_code"],
            ["org_unit.tenant_id", "org_unit.code"],
            name=op.f("fk_org_unit_tenant_id_parent_code_org_unit"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "code", name=op.f("pk_org_unit")),
    )
    op.create_table(
        "outbox",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_available_at", ["available_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outbox_tenant_id_kind_created_at"), ["tenant_id", "kind", "created_at"], unique=False
        )

    op.create_table(
        "payment",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("cumulative", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", "month", name=op.f("pk_payment")),
    )
    op.create_table(
        "process_instance",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("parent_part", sa.BigInteger(), nullable=True),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("definition_ref", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_element_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "part", name=op.f("pk_process_instance")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_process_instance_tenant_id_id")),
    )
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_process_instance_tenant_id_business_key"), ["tenant_id", "business_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_process_instance_tenant_id_definition_key_id"),
            ["tenant_id", "definition_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_process_instance_active_root",
            ["tenant_id", "definition_key", "business_key"],
            unique=True,
            sqlite_where=sa.text("part = 0 AND ended_at IS NULL AND business_key <> ''"),
            postgresql_where=sa.text("part = 0 AND ended_at IS NULL AND business_key <> ''"),
        )

    op.create_table(
        "project",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("project_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("department_name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("budget_type", sa.Text(), nullable=False),
        sa.Column("budget_line", sa.Text(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("superior_funded_100", sa.Boolean(), nullable=False),
        sa.Column("livelihood", sa.Boolean(), nullable=False),
        sa.Column("start_year", sa.Integer(), nullable=False),
        sa.Column("end_year", sa.Integer(), nullable=False),
        sa.Column("annual_amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("total_amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "scope_increase_pct", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=False
        ),
        sa.Column("violation", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "project_code", "fiscal_year", name=op.f("pk_project")),
    )
    op.create_table(
        "rectification",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("rect_no", sa.Text(), nullable=False),
        sa.Column("project_code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("result_ref", sa.Text(), nullable=False),
        sa.Column("is_red", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "rect_no", name=op.f("pk_rectification")),
    )
    op.create_table(
        "rectification_issue",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("rect_no", sa.Text(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=4).with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("verified", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "rect_no", "no", name=op.f("pk_rectification_issue")),
    )
    op.create_table(
        "revision",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "subject", name=op.f("pk_revision")),
    )
    op.create_table(
        "setting",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", "valid_from", name=op.f("pk_setting")),
    )
    op.create_table(
        "signal_wait",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("wait", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "wait", name=op.f("pk_signal_wait")),
    )
    with op.batch_alter_table("signal_wait", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signal_wait_tenant_id_name"), ["tenant_id", "name"], unique=False)

    op.create_table(
        "start_event",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("definition_ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "definition_key", "element_id", name=op.f("pk_start_event")),
    )
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_start_event_tenant_id_kind_name"), ["tenant_id", "kind", "name"], unique=False
        )

    op.create_table(
        "timer",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "number", "key", name=op.f("pk_timer")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index("ix_timer_available_at", ["available_at"], unique=False)

    op.create_table(
        "user_task",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("definition_ref", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("form_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("candidate_groups", sa.Text(), nullable=False),
        sa.Column("candidate_users", sa.Text(), nullable=False),
        sa.Column("routing", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_order", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_rule", sa.Text(), nullable=False),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("four_eyes_with", sa.Text(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("has_draft", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_user_task")),
    )
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_user_task_done",
            ["tenant_id", "closed_by", "closed_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'completed'"),
            postgresql_where=sa.text("state = 'completed'"),
        )
        batch_op.create_index(
            "ix_user_task_mine",
            ["tenant_id", "assignee", "due_order", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            "ix_user_task_overdue",
            ["tenant_id", "due_order", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            batch_op.f("ix_user_task_tenant_id_business_key_id"), ["tenant_id", "business_key", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_user_task_tenant_id_root_id_token"), ["tenant_id", "root_id", "token"], unique=False
        )

    op.create_table(
        "candidate",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("due_order", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_candidate_tenant_id_user_task_id_user_task"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "holder", "due_order", "user_task_id", name=op.f("pk_candidate")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_candidate_tenant_id_user_task_id"), ["tenant_id", "user_task_id"], unique=False
        )

    op.create_table(
        "division_scope",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "division_code"],
            ["org_unit.tenant_id", "org_unit.code"],
            name=op.f("fk_division_scope_tenant_id_division_code_org_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_code"],
            ["org_unit.tenant_id", "org_unit.code"],
            name=op.f("fk_division_scope_tenant_id_unit_code_org_unit"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "division_code", "unit_code", name=op.f("pk_division_scope")),
    )
    op.create_table(
        "draft",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_draft_tenant_id_user_task_id_user_task"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_task_id", "user_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "resource",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployment.tenant_id", "deployment.id"],
            name=op.f("fk_resource_tenant_id_deployment_id_deployment"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_resource")),
        sa.UniqueConstraint(
            "tenant_id", "deployment_id", "name", name=op.f("uq_resource_tenant_id_deployment_id_name")
        ),
    )
    op.create_table(
        "upload",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_filed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_upload_tenant_id_user_task_id_user_task"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_upload")),
        sa.UniqueConstraint("tenant_id", "stored_as", name=op.f("uq_upload_tenant_id_stored_as")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_is_filed_uploaded_at"), ["is_filed", "uploaded_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_upload_tenant_id_user_task_id"), ["tenant_id", "user_task_id"], unique=False
        )

    op.create_table(
        "user_account",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_code"],
            ["org_unit.tenant_id", "org_unit.code"],
            name=op.f("fk_user_account_tenant_id_unit_code_org_unit"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f("pk_user_account")),
    )
    op.create_table(
        "api_token",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.user_id"],
            name=op.f("fk_api_token_tenant_id_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "token_id", name=op.f("pk_api_token")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_tenant_id_digest"), ["tenant_id", "digest"], unique=True)
        batch_op.create_index(batch_op.f("ix_api_token_tenant_id_user_id"), ["tenant_id", "user_id"], unique=False)

    op.create_table(
        "definition",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployment.tenant_id", "deployment.id"],
            name=op.f("fk_definition_tenant_id_deployment_id_deployment"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["resource.tenant_id", "resource.id"],
            name=op.f("fk_definition_tenant_id_resource_id_resource"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "key", "version", name=op.f("pk_definition")),
    )
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_definition_tenant_id_deployment_id"), ["tenant_id", "deployment_id"], unique=False
        )

    op.create_table(
        "login_session",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.user_id"],
            name=op.f("fk_login_session_tenant_id_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "digest", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_tenant_id_user_id"), ["tenant_id", "user_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_code"],
            ["org_unit.tenant_id", "org_unit.code"],
            name=op.f("fk_post_tenant_id_unit_code_org_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.user_id"],
            name=op.f("fk_post_tenant_id_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "post_id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_tenant_id_user_id"), ["tenant_id", "user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_tenant_id_user_id"))

    op.drop_table("post")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_tenant_id_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_definition_tenant_id_deployment_id"))

    op.drop_table("definition")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_tenant_id_user_id"))
        batch_op.drop_index(batch_op.f("ix_api_token_tenant_id_digest"))

    op.drop_table("api_token")
    op.drop_table("user_account")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_tenant_id_user_task_id"))
        batch_op.drop_index(batch_op.f("ix_upload_is_filed_uploaded_at"))

    op.drop_table("upload")
    op.drop_table("resource")
    op.drop_table("draft")
    op.drop_table("division_scope")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_tenant_id_user_task_id"))

    op.drop_table("candidate")
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_task_tenant_id_root_id_token"))
        batch_op.drop_index(batch_op.f("ix_user_task_tenant_id_business_key_id"))
        batch_op.drop_index(
            "ix_user_task_overdue", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(
            "ix_user_task_mine", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(
            "ix_user_task_done",
            sqlite_where=sa.text("state = 'completed'"),
            postgresql_where=sa.text("state = 'completed'"),
        )

    op.drop_table("user_task")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index("ix_timer_available_at")

    op.drop_table("timer")
    with op.batch_alter_table("start_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_event_tenant_id_kind_name"))

    op.drop_table("start_event")
    with op.batch_alter_table("signal_wait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signal_wait_tenant_id_name"))

    op.drop_table("signal_wait")
    op.drop_table("setting")
    op.drop_table("revision")
    op.drop_table("rectification_issue")
    op.drop_table("rectification")
    op.drop_table("project")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_process_instance_active_root",
            sqlite_where=sa.text("part = 0 AND ended_at IS NULL AND business_key <> ''"),
            postgresql_where=sa.text("part = 0 AND ended_at IS NULL AND business_key <> ''"),
        )
        batch_op.drop_index(batch_op.f("ix_process_instance_tenant_id_definition_key_id"))
        batch_op.drop_index(batch_op.f("ix_process_instance_tenant_id_business_key"))

    op.drop_table("process_instance")
    op.drop_table("payment")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_tenant_id_kind_created_at"))
        batch_op.drop_index("ix_outbox_available_at")

    op.drop_table("outbox")
    op.drop_table("org_unit")
    op.drop_table("monitoring_record")
    with op.batch_alter_table("message_wait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_wait_tenant_id_name_correlation_key"))

    op.drop_table("message_wait")
    op.drop_table("message_delivery")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_undelivered",
            sqlite_where=sa.text("state IN ('pending', 'buffered')"),
            postgresql_where=sa.text("state IN ('pending', 'buffered')"),
        )
        batch_op.drop_index(batch_op.f("ix_message_tenant_id_sent_at_id"))
        batch_op.drop_index("ix_message_available_at")

    op.drop_table("message")
    op.drop_table("measure")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_tenant_id_address_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_tenant_id_account_digest_at"))

    op.drop_table("login_attempt")
    op.drop_table("library_entry")
    op.drop_table("ledger_counter")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_tenant_id_root_id_token"))
        batch_op.drop_index(
            "ix_job_available", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("job")
    op.drop_table("instance_state")
    op.drop_table("indicator")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_tenant_id_root_id_token"))
        batch_op.drop_index(
            "ix_incident_open",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.drop_table("incident")
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotency_answered_at")

    op.drop_table("idempotency")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_history_completion",
            sqlite_where=sa.text("kind = 'UserTaskCompleted'"),
            postgresql_where=sa.text("kind = 'UserTaskCompleted'"),
        )

    op.drop_table("history")
    op.drop_table("goal")
    op.drop_table("evaluation_result")
    op.drop_table("document")
    op.drop_table("deployment")
    op.drop_table("cash_plan")
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")
    op.drop_table("budget_approval")
    op.drop_table("assessment")
    op.drop_table("application")
