"""Projects of the model district as the ledger takes them: registered, approved with their goals, paid until August."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from processes.budget_performance.ledger.budgets import ObjectKey, keep_approval
from processes.budget_performance.ledger.goals import Goal, keep_goal
from processes.budget_performance.ledger.payments import PaidSoFar, import_payments
from processes.budget_performance.ledger.projects import Registration, register
from tests.processes.rules.district import PROJECTS

YEAR = 2026
D = Decimal
BY_CODE: Mapping[str, Mapping[str, Any]] = {each["code"]: each for each in PROJECTS}
UNIT_NAMES = {"2202": "示范社区卫生服务中心", "22": "区卫生健康局"}


def enrol(connection: Connection, key: ObjectKey, now: datetime, **other: Any) -> None:
    """Register a project of the district, or one of that kind."""
    code = key.project_code
    usual: dict[str, Any] = {
        "project_code": code,
        "fiscal_year": key.fiscal_year,
        "project_name": f"项目{code}",
        "unit_code": "2202",
        "department_code": "22",
        "owner": "health2.proj",
        "kind": "project",
        "form": BY_CODE[code]["form"] if code in BY_CODE else "appropriation",
        "budget_type": "general",
        "is_new": False,
        "start_year": 2025,
        "end_year": 2026,
        "annual_amount": D(260),
        "total_amount": D(520),
    }
    row = Registration(**{**usual, **other})
    register(connection, key.tenant_id, [row], "importer", now, unit_names=UNIT_NAMES)


def bring_to_august(connection: Connection, key: ObjectKey, now: datetime) -> None:
    """Its approved budget, its goal, and its payments from January to August."""
    given = BY_CODE[key.project_code]
    keep_approval(connection, key, is_approved=True, amount=given["budget"], decided_on=date(2026, 2, 9))
    keep_goal(connection, key.tenant_id, key.project_code, key.fiscal_year, goal_of(given), now)
    paid = [
        PaidSoFar(project_code=key.project_code, fiscal_year=key.fiscal_year, month=month, cumulative=D(amount))
        for month, amount in enumerate(given["cumulative"], start=1)
    ]
    import_payments(connection, key.tenant_id, paid, "importer", now)


def goal_of(given: Mapping[str, Any]) -> Goal:
    """The goal as it was approved. What is not due in August is due in December."""
    return Goal(
        version="1.0",
        grade="优",
        score=D(90),
        goal_year=f"{given['code']}的年度目标",
        floor_basis="cash_plan" if "cash_plan" in given else "table",
        indicators=[
            {
                "l1": "产出",
                "l2": "数量",
                "l3": name,
                "weight": weight,
                "nature": operator,
                "target": target,
                "target_text": "健全" if target is None else "",
                "unit_name": unit,
                "accumulation": accumulation,
                "due_month": 4 if is_due else 12,
            }
            for name, weight, operator, target, _, unit, accumulation, is_due in given["indicators"]
        ],
        cash_plan=[D(amount) for amount in given.get("cash_plan", ())],
    )


def reported(code: str, **other: Any) -> dict[str, Any]:
    """A filed F-04 of August: the values of the district."""
    rows = [{"l3": name, "actual": actual} for name, _, _, _, actual, _, _, _ in BY_CODE[code]["indicators"]]
    return {"indicators": rows, "issues": [], "measures": [], **other}
