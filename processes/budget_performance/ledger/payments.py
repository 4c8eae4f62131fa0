"""Payments as the treasury reports them: cumulative by month (国库集中支付)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from engine.model.errors import Fault, Invalid
from processes.budget_performance.ledger.tables import budget_approval, payment
from processes.budget_performance.ledger.writing import put


class UnsoundPayments(Invalid):
    """Payments to be imported do not fit; holds every fault of every row."""

    code = "unsound-payments"


@dataclass(frozen=True, kw_only=True)
class PaidSoFar:
    """Paid on one project from 1 January to the end of a month, 万元."""

    project_code: str
    fiscal_year: int
    #: 1–12
    month: int
    cumulative: Decimal


def import_payments(
    connection: Connection, tenant_id: str, rows: Sequence[PaidSoFar], by: str, now: datetime
) -> None:
    """Take over a report of the treasury; a month that is known already is replaced.

    Raises:
        UnsoundPayments: a month out of range, an amount that falls, or more than the approved budget. Holds every
            fault; nothing is written.
    """
    known = _known(connection, tenant_id, {row.project_code for row in rows})
    faults: list[Fault] = []
    for number, row in enumerate(sorted(rows, key=lambda each: (each.project_code, each.fiscal_year, each.month))):
        faults.extend(_faults(connection, tenant_id, row, known, f"{number}"))
        known[row.project_code, row.fiscal_year, row.month] = row.cumulative
    if faults:
        raise UnsoundPayments(
            f"Expected a sound payment report, but found {len(faults)} faults. The first: {faults[0]['message']}",
            faults,
        )
    for row in rows:
        put(
            connection,
            payment,
            {
                "tenant_id": tenant_id,
                "project_code": row.project_code,
                "fiscal_year": row.fiscal_year,
                "month": row.month,
                "cumulative": row.cumulative,
                "imported_at": now,
                "imported_by": by,
            },
        )


def paid_by(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int, month: int) -> Decimal:
    """Paid from 1 January to the end of a month, 万元: the latest report up to it, 0 without one."""
    statement = (
        select(payment.c.cumulative)
        .where(
            payment.c.tenant_id == tenant_id,
            payment.c.project_code == project_code,
            payment.c.fiscal_year == fiscal_year,
            payment.c.month <= month,
        )
        .order_by(payment.c.month.desc())
        .limit(1)
    )
    return connection.execute(statement).scalar() or Decimal(0)


Known = dict[tuple[str, int, int], Decimal]


def _known(connection: Connection, tenant_id: str, codes: set[str]) -> Known:
    statement = select(payment).where(payment.c.tenant_id == tenant_id, payment.c.project_code.in_(codes))
    return {(row.project_code, row.fiscal_year, row.month): row.cumulative for row in connection.execute(statement)}


def _faults(connection: Connection, tenant_id: str, row: PaidSoFar, known: Known, path: str) -> list[Fault]:
    faults: list[Fault] = []

    def refuse(name: str, expected: str) -> None:
        message = (
            f"Expected {name} of {row.project_code} {row.fiscal_year}-{row.month:02} to be {expected}, "
            f"but found {getattr(row, name)}."
        )
        faults.append(Fault("unsound-payment", message, f"{path}/{name}"))

    if not 1 <= row.month <= 12:
        refuse("month", "1 to 12")
        return faults
    earlier = [
        amount
        for (code, year, month), amount in known.items()
        if (code, year) == (row.project_code, row.fiscal_year) and month < row.month
    ]
    if row.cumulative < max(earlier, default=Decimal(0)):
        refuse("cumulative", f"at least {max(earlier, default=Decimal(0))}")
    budget = connection.execute(
        select(budget_approval.c.adjusted_amount).where(
            budget_approval.c.tenant_id == tenant_id,
            budget_approval.c.project_code == row.project_code,
            budget_approval.c.fiscal_year == row.fiscal_year,
        )
    ).scalar()
    if budget is not None and row.cumulative > budget:
        refuse("cumulative", f"at most the approved {budget}")
    return faults
