"""The library of projects that may ask for money, and the budgets that were approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, Table, and_, select, update

from processes.budget_performance.ledger.tables import assessment, budget_approval, library_entry
from processes.budget_performance.ledger.writing import next_number, put


@dataclass(frozen=True, kw_only=True)
class ObjectKey:
    """A project in a budget year."""

    tenant_id: str
    project_code: str
    fiscal_year: int

    def as_row(self) -> dict[str, str | int]:
        return {
            "tenant_id": self.tenant_id,
            "project_code": self.project_code,
            "fiscal_year": self.fiscal_year,
        }

    def rows_of(self, table: Table) -> ColumnElement[bool]:
        """Condition: the table's rows about this object."""
        return and_(*(table.c[name] == value for name, value in self.as_row().items()))


def keep_assessment(
    connection: Connection,
    key: ObjectKey,
    *,
    depth: str,
    score: Decimal,
    conclusion: str,
    confirmed_amount: Decimal | None,
    valid_until: date,
    now: datetime,
) -> None:
    """The result of the ex-ante assessment (P01.18)."""
    values = {
        "depth": depth,
        "score": score,
        "conclusion": conclusion,
        "confirmed_amount": confirmed_amount,
        "valid_until": valid_until,
    }
    put(connection, assessment, {**key.as_row(), **values, "recorded_at": now})


def is_supported(connection: Connection, key: ObjectKey, on: date) -> bool:
    """Whether an assessment supports the object and is still valid on a day (gate S-26)."""
    found = connection.execute(
        select(assessment.c.valid_until).where(key.rows_of(assessment), assessment.c.conclusion == "support")
    ).scalar()
    return found is not None and on <= found


def enter_library(connection: Connection, key: ObjectKey, now: datetime) -> str:
    """Put an object into the library (入库); its number stays when it enters again."""
    found = connection.execute(
        select(library_entry.c.library_no).where(key.rows_of(library_entry))
    ).scalar()
    year = key.fiscal_year
    number = found or f"LIB-{year}-{next_number(connection, key.tenant_id, f'LIB-{year}'):03}"
    put(connection, library_entry, {**key.as_row(), "library_no": number, "state": "admitted", "entered_at": now})
    return number


def is_in_library(connection: Connection, key: ObjectKey) -> bool:
    """Whether the object has entered the library: without that it may not ask for money (S-26)."""
    return connection.execute(select(library_entry.c.library_no).where(key.rows_of(library_entry))).first() is not None


def move_in_library(connection: Connection, key: ObjectKey, state: str) -> None:
    """admitted → funded | reserve | closed."""
    connection.execute(update(library_entry).where(key.rows_of(library_entry)).values(state=state))


def keep_approval(
    connection: Connection, key: ObjectKey, *, is_approved: bool, amount: Decimal, decided_on: date
) -> None:
    """The approved amount in 万元 (批复), which is the payment limit until it is adjusted."""
    put(
        connection,
        budget_approval,
        {
            **key.as_row(),
            "is_approved": is_approved,
            "amount": amount,
            "adjusted_amount": amount,
            "decided_on": decided_on,
        },
    )
    move_in_library(connection, key, "funded" if is_approved else "reserve")


def approved_amounts(connection: Connection, key: ObjectKey) -> tuple[Decimal, Decimal] | None:
    """Initial and adjusted budget in 万元; None while nothing is approved."""
    row = connection.execute(
        select(budget_approval.c.amount, budget_approval.c.adjusted_amount).where(
            key.rows_of(budget_approval), budget_approval.c.is_approved
        )
    ).first()
    return (row.amount, row.adjusted_amount) if row is not None else None
