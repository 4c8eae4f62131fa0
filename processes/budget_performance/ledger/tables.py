"""Tables of the ledger. Money is 万元 with four places, rates are percent; both exact on every database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Dialect, Integer, Numeric, Table, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from engine.store.metadata import metadata
from engine.store.types import Coded, Instant


class Exact(TypeDecorator[Decimal]):
    """A decimal that comes back as it went in: NUMERIC on PostgreSQL, text on SQLite, whose numbers are binary."""

    impl = Numeric(18, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric(18, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = value.quantize(Decimal("0.0001"))
        return f"{exact:f}" if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        number = Decimal(value)
        # without trailing zeros, but never as an exponent: 800, 12.5
        return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def _object_key() -> list[Column[Any]]:
    """Tenant, project and budget year: what most rows are about."""
    return [
        Column("tenant_id", Text, primary_key=True),
        Column("project_code", Text, primary_key=True),
        Column("fiscal_year", Integer, primary_key=True),
    ]


project = Table(
    "project",
    metadata,
    *_object_key(),
    Column("project_name", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    #: As they were called when the object was registered; the organisation itself lives elsewhere.
    Column("unit_name", Text, nullable=False),
    Column("department_name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    #: policy | project
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("budget_type", Text, nullable=False),
    #: project | basic
    Column("budget_line", Text, nullable=False),
    Column("is_new", Boolean, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("superior_funded_100", Boolean, nullable=False),
    Column("livelihood", Boolean, nullable=False),
    Column("start_year", Integer, nullable=False),
    Column("end_year", Integer, nullable=False),
    Column("annual_amount", Exact, nullable=False),
    Column("total_amount", Exact, nullable=False),
    Column("scope_increase_pct", Exact, nullable=False),
    Column("violation", Boolean, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("registered_by", Text, nullable=False),
)

assessment = Table(
    "assessment",
    metadata,
    *_object_key(),
    Column("depth", Text, nullable=False),
    Column("score", Exact, nullable=False),
    #: R02: support | support_after_adjustment | not_support
    Column("conclusion", Text, nullable=False),
    #: 万元 that the assessment found right; null when it named none.
    Column("confirmed_amount", Exact),
    Column("valid_until", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

goal = Table(
    "goal",
    metadata,
    *_object_key(),
    #: "0.9" after the review, "1.0" with the approved budget.
    Column("version", Text, primary_key=True),
    Column("grade", Text, nullable=False),
    Column("score", Exact, nullable=False),
    Column("goal_year", Text, nullable=False),
    #: Reference progress: table | cash_plan (R04).
    Column("floor_basis", Text, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
)

indicator = Table(
    "indicator",
    metadata,
    *_object_key(),
    Column("version", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("l1", Text, nullable=False),
    Column("l2", Text, nullable=False),
    Column("l3", Text, nullable=False),
    Column("weight", Exact, nullable=False),
    #: >= | <= | = | qualitative
    Column("nature", Text, nullable=False),
    Column("target", Exact),
    Column("target_text", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    #: cumulative | state
    Column("accumulation", Text, nullable=False),
    Column("due_month", Integer, nullable=False),
)

cash_plan = Table(
    "cash_plan",
    metadata,
    *_object_key(),
    Column("month", Integer, primary_key=True),
    Column("amount", Exact, nullable=False),
)

library_entry = Table(
    "library_entry",
    metadata,
    *_object_key(),
    Column("library_no", Text, nullable=False),
    #: admitted | funded | reserve | closed
    Column("state", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
)

budget_approval = Table(
    "budget_approval",
    metadata,
    *_object_key(),
    Column("is_approved", Boolean, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("adjusted_amount", Exact, nullable=False),
    Column("decided_on", Date, nullable=False),
)

payment = Table(
    "payment",
    metadata,
    *_object_key(),
    Column("month", Integer, primary_key=True),
    #: Paid from 1 January to the end of the month.
    Column("cumulative", Exact, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("imported_by", Text, nullable=False),
)

monitoring_record = Table(
    "monitoring_record",
    metadata,
    *_object_key(),
    Column("round", Text, primary_key=True),
    Column("cutoff", Date, nullable=False),
    Column("e", Exact),
    Column("floor", Exact, nullable=False),
    Column("g", Exact),
    Column("g_plan", Exact, nullable=False),
    Column("state_min", Exact),
    #: Computed by R04, and as it stands after people looked.
    Column("level_sys", Text, nullable=False),
    Column("level_final", Text, nullable=False),
    Column("rules", Coded, nullable=False),
    Column("level_reason", Text, nullable=False),
    #: continue | adjust | cancel | none | ""
    Column("choice", Text, nullable=False),
    Column("needs_rectification", Boolean, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

evaluation_result = Table(
    "evaluation_result",
    metadata,
    *_object_key(),
    #: self | spot_check | key | final
    Column("kind", Text, primary_key=True),
    Column("score", Exact, nullable=False),
    Column("grade", Text, nullable=False),
    #: Final results: which of the others decided; self, spot_check, key.
    Column("source", Text, nullable=False),
    #: 期初: brought in from before the engine ran.
    Column("is_opening", Boolean, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

rectification = Table(
    "rectification",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("rect_no", Text, primary_key=True),
    Column("project_code", Text, nullable=False),
    #: Year of the result the notice rests on.
    Column("fiscal_year", Integer, nullable=False),
    Column("unit_code", Text, nullable=False),
    #: monitoring | self | spot_check | key | department_overall | audit | npc | complaint | order
    Column("source", Text, nullable=False),
    #: The round or result it follows from, e.g. PRJ:A03:2026:R3.
    Column("result_ref", Text, nullable=False),
    #: Follows from a red light: shorter deadlines, visits on site.
    Column("is_red", Boolean, nullable=False),
    #: PROCESSES P09, states for the ledger.
    Column("state", Text, nullable=False),
    Column("failed_count", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("state_since", Instant, nullable=False),
    Column("closed_at", Instant),
)

rectification_issue = Table(
    "rectification_issue",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("rect_no", Text, primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("category", Text, nullable=False),
    Column("fact", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("requirement", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("amount", Exact),
    #: "" | closed | partly | not
    Column("verified", Text, nullable=False),
)

measure = Table(
    "measure",
    metadata,
    *_object_key(),
    #: Where it was promised: a monitoring round, e.g. "R2", or "self" for the self-evaluation.
    Column("origin", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("content", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("due_on", Date),
    Column("recorded_at", Instant, nullable=False),
)

application = Table(
    "application",
    metadata,
    *_object_key(),
    #: Budget year the proposal is for.
    Column("for_year", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("base", Exact, nullable=False),
    Column("proposal", Exact, nullable=False),
    Column("finance_advice", Text, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("remark", Text, nullable=False),
    Column("approved_at", Instant, nullable=False),
)

campaign = Table(
    "campaign",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    #: budget.open | round.open | selfeval.open: the message that each object in scope gets.
    Column("kind", Text, primary_key=True),
    Column("fiscal_year", Integer, primary_key=True),
    #: Of the round, two digits as in MON-2026-08-A05; "" where the campaign has no rounds.
    Column("month", Text, primary_key=True),
    #: "" = all of them; where several were chosen, each has a row.
    Column("department_code", Text, primary_key=True),
    #: 布置通知
    Column("notice", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
)

counter = Table(
    "ledger_counter",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    #: What is numbered, e.g. "RECT-2026".
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
