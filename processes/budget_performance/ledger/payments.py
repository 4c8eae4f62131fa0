"""Payments as the treasury reports them: cumulative by month (国库集中支付)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from engine.model.errors import Fault, Invalid
from processes.budget_performance.ledger.tables import budget_approval, payment, project
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
        UnsoundPayments: an object that is not registered for the year, a month out of range or twice with different
            amounts, an amount that falls, or more than the approved budget. Holds every fault; nothing is written.
    """
    books = _open_books(connection, tenant_id, rows)
    faults = [fault for number, row in enumerate(rows) for fault in _faults(books, row, number)]
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


#: Project code and budget year.
_Object = tuple[str, int]


@dataclass(frozen=True)
class _Books:
    """What payments are held against."""

    registered: frozenset[_Object]
    #: Adjusted amounts of approved budgets, 万元.
    budgets: Mapping[_Object, Decimal]
    #: Month -> amount of earlier reports that this one leaves as they are.
    kept: Mapping[_Object, Mapping[int, Decimal]]
    #: Month -> amounts of this report.
    reported: Mapping[_Object, Mapping[int, Sequence[Decimal]]]


def _open_books(connection: Connection, tenant_id: str, rows: Sequence[PaidSoFar]) -> _Books:
    codes = sorted({row.project_code for row in rows})
    reported: dict[_Object, dict[int, list[Decimal]]] = {}
    for row in rows:
        months = reported.setdefault((row.project_code, row.fiscal_year), {})
        months.setdefault(row.month, []).append(row.cumulative)

    def of_codes(table: Table) -> Sequence[Row[Any]]:
        wanted = table.c.tenant_id == tenant_id, table.c.project_code.in_(codes)
        return connection.execute(select(table).where(*wanted)).all()

    kept: dict[_Object, dict[int, Decimal]] = {}
    for row in of_codes(payment):
        key = row.project_code, row.fiscal_year
        if row.month not in reported.get(key, {}):
            kept.setdefault(key, {})[row.month] = row.cumulative
    return _Books(
        registered=frozenset((row.project_code, row.fiscal_year) for row in of_codes(project)),
        budgets={(row.project_code, row.fiscal_year): row.adjusted_amount for row in of_codes(budget_approval)},
        kept=kept,
        reported=reported,
    )


def _faults(books: _Books, row: PaidSoFar, number: int) -> list[Fault]:
    """Faults of one row, at its place in the report."""
    key, faults = (row.project_code, row.fiscal_year), list[Fault]()

    def refuse(reason: str, name: str, expected: str, **facts: Any) -> None:
        message = (
            f"Expected {name} of {row.project_code} {row.fiscal_year}-{row.month:02} to be {expected}, "
            f"but found {getattr(row, name)}."
        )
        about = {"project_code": row.project_code, "fiscal_year": row.fiscal_year, "month": row.month}
        faults.append(
            Fault(f"payment-{reason}", message, f"{number}/{name}", **about, found=str(getattr(row, name)), **facts)
        )

    if key not in books.registered:
        refuse("unregistered", "project_code", f"registered for {row.fiscal_year}")
    if not 1 <= row.month <= 12:
        refuse("month", "month", "1 to 12")
        return faults
    reported, kept = books.reported[key], books.kept.get(key, {})
    if len(set(reported[row.month])) > 1:
        refuse("twice", "cumulative", "the same in every row of the month")
    before = [(month, min(amounts)) for month, amounts in reported.items() if month < row.month]
    before += [(month, amount) for month, amount in kept.items() if month < row.month]
    # where both are of this report, the later row is the one that is told
    after = [(month, amount) for month, amount in kept.items() if month > row.month]
    highest = max(before, key=lambda each: each[1], default=None)
    lowest = min(after, key=lambda each: each[1], default=None)
    if highest is not None and row.cumulative < highest[1]:
        refuse("falls", "cumulative", f"at least {highest[1]} as in month {highest[0]}", **_limit(highest))
    if lowest is not None and row.cumulative > lowest[1]:
        refuse("exceeds-later", "cumulative", f"at most {lowest[1]} as in month {lowest[0]}", **_limit(lowest))
    budget = books.budgets.get(key)
    if budget is not None and row.cumulative > budget:
        refuse("exceeds-budget", "cumulative", f"at most the approved {budget}", bound=str(budget))
    return faults


def _limit(other: tuple[int, Decimal]) -> dict[str, Any]:
    return {"other_month": other[0], "bound": str(other[1])}
