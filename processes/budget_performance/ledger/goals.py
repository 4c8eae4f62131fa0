"""Confirmed goals: versions with their indicators and cash plan, as monitoring and evaluation read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.model.errors import NotFound
from processes.budget_performance.ledger.tables import cash_plan, goal, indicator, project
from processes.budget_performance.ledger.writing import put

MONTHS = range(1, 13)
#: The version that is approved together with the money.
APPROVED = "1.0"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One version of a project's goal for a budget year."""

    #: "0.9" reviewed, "1.0" approved with the budget, "1.1" … adjusted.
    version: str
    grade: str
    #: Points of the review, 0–100.
    score: Decimal
    goal_year: str
    #: table | cash_plan
    floor_basis: str
    #: Rows of F-01: l1, l2, l3, weight, nature, target, target_text, unit_name, accumulation, due_month.
    indicators: Sequence[Mapping[str, Any]]
    #: Twelve amounts in 万元, January first.
    cash_plan: Sequence[Decimal]


def keep_goal(
    connection: Connection, tenant_id: str, project_code: str, fiscal_year: int, kept: Goal, now: datetime
) -> None:
    """Write a version of a goal; the same version is replaced."""
    key = {"tenant_id": tenant_id, "project_code": project_code, "fiscal_year": fiscal_year}
    put(
        connection,
        goal,
        {
            **key,
            "version": kept.version,
            "grade": kept.grade,
            "score": kept.score,
            "goal_year": kept.goal_year,
            "floor_basis": kept.floor_basis,
            "confirmed_at": now,
        },
    )
    for table in (indicator, cash_plan):
        conditions = [table.c[name] == value for name, value in key.items()]
        if table is indicator:
            conditions.append(indicator.c.version == kept.version)
        connection.execute(delete(table).where(*conditions))
    rows = [_indicator_row(row, position) for position, row in enumerate(kept.indicators, start=1)]
    if rows:
        connection.execute(insert(indicator), [{**key, "version": kept.version, **row} for row in rows])
    plan = [
        {**key, "month": month, "amount": amount} for month, amount in zip(MONTHS, kept.cash_plan, strict=False)
    ]
    if plan:
        connection.execute(insert(cash_plan), plan)


def _indicator_row(row: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {
        "position": position,
        "l1": row["l1"],
        "l2": row["l2"],
        "l3": row["l3"],
        "weight": row["weight"],
        "nature": row["nature"],
        "target": row.get("target"),
        "target_text": row.get("target_text") or "",
        "unit_name": row.get("unit_name") or "",
        "accumulation": row["accumulation"],
        "due_month": int(row.get("due_month") or 12),
    }


def newest_goal(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int) -> Goal | None:
    """The latest version; None while no goal is confirmed."""

    def of_object(table: Any) -> list[Any]:
        columns = table.c
        return [
            columns.tenant_id == tenant_id,
            columns.project_code == project_code,
            columns.fiscal_year == fiscal_year,
        ]

    head = connection.execute(select(goal).where(*of_object(goal)).order_by(goal.c.version.desc()).limit(1)).first()
    if head is None:
        return None
    of_version = select(indicator).where(*of_object(indicator), indicator.c.version == head.version)
    rows = connection.execute(of_version.order_by(indicator.c.position))
    keys = {column.name for column in indicator.primary_key}
    names = [column.name for column in indicator.columns if column.name not in keys]
    plan = connection.execute(select(cash_plan.c.amount).where(*of_object(cash_plan)).order_by(cash_plan.c.month))
    return Goal(
        version=head.version,
        grade=head.grade,
        score=head.score,
        goal_year=head.goal_year,
        floor_basis=head.floor_basis,
        indicators=[{name: _feel(row._mapping[name]) for name in names} for row in rows],
        cash_plan=list(plan.scalars()),
    )


def goals_of_others(
    connection: Connection, tenant_id: str, fiscal_year: int, unit_code: str
) -> Sequence[tuple[str, str, str]]:
    """Code, name and goal of the year of every object of other units: a text found there may have been copied."""
    same_object = (
        (project.c.tenant_id == goal.c.tenant_id)
        & (project.c.project_code == goal.c.project_code)
        & (project.c.fiscal_year == goal.c.fiscal_year)
    )
    statement = (
        select(goal.c.project_code, project.c.project_name, goal.c.goal_year)
        .join(project, same_object)
        .where(goal.c.tenant_id == tenant_id, goal.c.fiscal_year == fiscal_year, project.c.unit_code != unit_code)
        .distinct()
        .order_by(goal.c.project_code)
    )
    return [(row.project_code, row.project_name, row.goal_year) for row in connection.execute(statement)]


def approve_goal(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int, now: datetime) -> str:
    """The reviewed goal becomes version 1.0 with the approved budget, locked from then on (S-31). Returns the version.

    Raises:
        NotFound: no goal was confirmed.
    """
    reviewed = newest_goal(connection, tenant_id, project_code, fiscal_year)
    if reviewed is None:
        raise NotFound(
            f"Expected a confirmed goal of {project_code!r} for {fiscal_year}, but found none.",
            project_code=project_code,
            fiscal_year=fiscal_year,
        )
    keep_goal(connection, tenant_id, project_code, fiscal_year, replace(reviewed, version=APPROVED), now)
    return APPROVED


def _feel(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) else value
