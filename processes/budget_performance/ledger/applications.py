"""What results do to budgets: the approved proposals of result application (S-46, S-66 … S-69)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.tables import application
from processes.budget_performance.ledger.writing import put


@dataclass(frozen=True, kw_only=True)
class Application:
    """The use made of the result of a year. Amounts in 万元."""

    #: Budget year the proposal is for.
    for_year: int
    #: Action of R10: cancel | merge_or_adjust | cut_or_cancel | improve_and_cut | improve | maintain_… | priority
    action: str
    base: Decimal
    #: What R10 proposes, and what was approved.
    proposal: Decimal
    finance_advice: str
    amount: Decimal
    remark: str = ""


def keep_application(connection: Connection, key: ObjectKey, kept: Application, now: datetime) -> None:
    """Write the approved proposal; one for the same result is replaced."""
    row = {each.name: getattr(kept, each.name) for each in fields(kept)}
    put(connection, application, {**key.as_row(), **row, "approved_at": now})


def application_of(connection: Connection, key: ObjectKey) -> Application | None:
    """The proposal that rests on the result of a year; None when there is none."""
    row = connection.execute(select(application).where(key.rows_of(application))).first()
    return Application(**{each.name: row._mapping[each.name] for each in fields(Application)}) if row else None


def application_for(connection: Connection, tenant_id: str, project_code: str, for_year: int) -> Application | None:
    """The proposal that the budget of a year has to look at; None when there is none."""
    statement = (
        select(application)
        .where(
            application.c.tenant_id == tenant_id,
            application.c.project_code == project_code,
            application.c.for_year == for_year,
        )
        .order_by(application.c.approved_at.desc())
        .limit(1)
    )
    row = connection.execute(statement).first()
    return Application(**{each.name: row._mapping[each.name] for each in fields(Application)}) if row else None
