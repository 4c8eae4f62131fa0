"""An office with an open book: the model district's ledger on SQLite, and local services called as the engine does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from engine.commands.values import as_variables
from engine.model.actor import system_actor
from engine.model.ports import ServiceCall
from engine.store import codec
from engine.store.calendar_rows import bring_calendar_years
from engine.store.database import open_database, write_transaction
from engine.store.instance_tables import document, user_task
from engine.store.metadata import metadata
from engine.store.settings_rows import Setting, put_settings
from engine.store.types import NEVER
from processes.budget_performance.handlers import HANDLERS
from processes.budget_performance.ledger.budgets import ObjectKey, keep_approval
from processes.budget_performance.ledger.goals import Goal, keep_goal
from processes.budget_performance.ledger.payments import PaidSoFar, import_payments
from processes.budget_performance.ledger.projects import Registration, register
from processes.budget_performance.thresholds import read_thresholds
from tests.processes.rules.district import PROJECTS

TENANT = "default"
YEAR = 2026
#: 15 September 2026, 10:00 in Shanghai.
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
D = Decimal
BY_CODE: Mapping[str, Mapping[str, Any]] = {each["code"]: each for each in PROJECTS}
UNIT_NAMES = {"2202": "示范社区卫生服务中心", "22": "区卫生健康局"}


@dataclass
class Office:
    """What tests of the ledger and of local services ask for."""

    connection: Connection
    now: datetime = NOW
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def register(self, code: str, year: int = YEAR, **other: Any) -> ObjectKey:
        """Register a project of the model district, or one of that kind."""
        usual: dict[str, Any] = {
            "project_code": code,
            "fiscal_year": year,
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
        register(self.connection, TENANT, [row], "importer", self.now, unit_names=UNIT_NAMES)
        return self.key(code, year)

    def key(self, code: str, year: int = YEAR) -> ObjectKey:
        return ObjectKey(tenant_id=TENANT, project_code=code, fiscal_year=year)

    def take_over(self, code: str) -> ObjectKey:
        """A project of the model district with its approved budget, goal, and payments from January to August."""
        given = BY_CODE[code]
        key = self.register(code)
        keep_approval(self.connection, key, is_approved=True, amount=given["budget"], decided_on=date(2026, 2, 9))
        keep_goal(self.connection, TENANT, code, YEAR, goal_of(given), self.now)
        paid = [
            PaidSoFar(project_code=code, fiscal_year=YEAR, month=month, cumulative=D(amount))
            for month, amount in enumerate(given["cumulative"], start=1)
        ]
        import_payments(self.connection, TENANT, paid, "importer", self.now)
        return key

    def configure(self, **rules: str) -> None:
        """Put deadline rows into the settings: due__rectification__plan="30D"."""
        put_settings(
            self.connection,
            TENANT,
            [
                Setting(key=name.replace("__", "."), value={"rule": rule}, valid_from=date(2024, 1, 1))
                for name, rule in rules.items()
            ],
        )

    def call(
        self,
        service: str,
        business_key: str,
        properties: Mapping[str, str] | None = None,
        /,
        **variables: Any,
    ) -> dict[str, Any]:
        """Call a local service and get its result variables as the engine takes them."""
        call = ServiceCall(
            name=service,
            tenant_id=TENANT,
            root_id="root",
            instance_id="instance",
            element_id="element",
            business_key=business_key,
            actor=system_actor(TENANT),
            now=self.now,
            variables=as_variables(variables),
            properties=properties or {},
            connection=self.connection,
        )
        return as_variables(HANDLERS[service](call))

    def file(self, business_key: str, form_key: str, content: Mapping[str, Any], element_id: str = "fill") -> None:
        """File a document as a user task would."""
        number = next(self._ids)
        self.connection.execute(
            insert(document).values(
                tenant_id=TENANT,
                business_key=business_key,
                form_key=form_key,
                element_id=element_id,
                version=number,
                id=f"{number:08}",
                form_ref=f"{form_key}:1",
                root_id="root",
                part=0,
                user_task_id="user-task",
                filed_by="somebody",
                filed_at=self.now,
                content=codec.encode_text(as_variables(content)),
            )
        )

    def open_user_task(self, business_key: str, element_id: str, due_at: datetime) -> None:
        """A user task that lies open, as the engine's row shows it."""
        number = next(self._ids)
        texts = {"name": "", "definition_key": "rectification", "definition_ref": "rectification:1", "due_rule": ""}
        lists = {name: "[]" for name in ("candidate_groups", "candidate_users", "routing", "four_eyes_with")}
        self.connection.execute(
            insert(user_task).values(
                tenant_id=TENANT,
                id=f"{number:08}",
                root_id="root",
                part=0,
                token=number,
                element_id=element_id,
                business_key=business_key,
                state="open",
                priority=50,
                created_at=self.now,
                due_at=due_at,
                due_order=due_at or NEVER,
                properties="{}",
                rung="",
                has_draft=False,
                version=1,
                closed_cause="",
                **texts,
                **lists,
            )
        )


def goal_of(given: Mapping[str, Any]) -> Goal:
    """The goal of a project of the model district, as it was approved. What is not due in August is due in December."""
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
    """A filed F-04 of August: the values of the model district."""
    rows = [{"l3": name, "actual": actual} for name, _, _, _, actual, _, _, _ in BY_CODE[code]["indicators"]]
    return {"indicators": rows, "issues": [], "measures": [], **other}


@contextmanager
def open_office() -> Iterator[Office]:
    """All tables, the official calendar and the shipped thresholds, in one transaction."""
    database = open_database("sqlite://")
    metadata.create_all(database)
    with write_transaction(database) as connection:
        bring_calendar_years(connection, TENANT, (2026, 2027))
        rows = [Setting(key=row.key, value=row.value, valid_from=row.valid_from) for row in read_thresholds()]
        put_settings(connection, TENANT, rows)
        yield Office(connection)
    database.dispose()


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as found:
        yield found
