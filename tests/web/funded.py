"""Objects whose budget is approved, behind the pages of the small district."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.store.database import read_transaction, write_transaction
from engine.store.settings_rows import put_settings
from engine.store.wait_tables import message
from processes.budget_performance.ledger.budgets import ObjectKey, keep_approval
from processes.budget_performance.ledger.projects import Registration, register
from processes.budget_performance.package import settings
from tests.api.district import NOW, TENANT
from tests.web.office import Office

#: Project -> its unit, department and owner.
OBJECTS = {"A01": ("2101", "21", "edu1.proj"), "A03": ("2201", "22", "health.proj")}


def fund(office: Office) -> None:
    """Two objects of 2026 with their money, one of 2027 without, and the rounds as they are configured."""
    with write_transaction(office.district.database) as connection:
        put_settings(connection, TENANT, settings())
        rows = [_registration(code, 2026) for code in OBJECTS] + [_registration("A01", 2027)]
        register(connection, TENANT, rows, "fin.perf", NOW - timedelta(days=90))
        for code in OBJECTS:
            key = ObjectKey(tenant_id=TENANT, project_code=code, fiscal_year=2026)
            keep_approval(connection, key, is_approved=True, amount=Decimal(800), decided_on=date(2026, 2, 9))


def register_late(office: Office, code: str, year: int) -> None:
    """An object that is registered an hour from now."""
    with write_transaction(office.district.database) as connection:
        register(connection, TENANT, [_registration(code, year)], "fin.perf", NOW + timedelta(hours=1))


def told(office: Office) -> list[str]:
    """Ids of the messages that were sent."""
    with read_transaction(office.district.database) as connection:
        return sorted(connection.execute(select(message.c.id)).scalars())


def _registration(code: str, year: int) -> Registration:
    unit, department, owner = OBJECTS[code]
    usual: dict[str, Any] = {"kind": "project", "form": "appropriation", "budget_type": "general", "is_new": False}
    return Registration(
        project_code=code, fiscal_year=year, project_name=f"项目{code}", unit_code=unit, department_code=department,
        owner=owner, start_year=2026, end_year=2027, annual_amount=Decimal(800), total_amount=Decimal(1600), **usual,
    )  # fmt: skip
