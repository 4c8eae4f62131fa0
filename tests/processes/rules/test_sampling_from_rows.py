"""The draw of a spot check (R08) from rows as each database gives them: in any order, with its own kind of number."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from engine.dmn import nested_context
from engine.store.database import open_database, read_transaction, write_transaction
from engine.store.metadata import metadata
from engine.store.settings_rows import put_settings, values_under
from processes.budget_performance import package
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.evaluations import Result, record_result
from processes.budget_performance.ledger.tables import evaluation_result, project
from processes.budget_performance.sampling import Candidate, Draw, draw_sample
from tests.processes.model_district import enrol
from tests.processes.office import NOW, TENANT, YEAR

SEED = "2026-SC-01"
OBJECTS = 60


def fill(connection: Connection, order: random.Random) -> None:
    """The objects of the year with their self-evaluations, written in some order."""
    put_settings(connection, TENANT, package.settings())
    for number in order.sample(range(OBJECTS), OBJECTS):
        key = ObjectKey(tenant_id=TENANT, project_code=f"P{number:02}", fiscal_year=YEAR)
        amount = Decimal(20 + number * number % 97 * 10) + Decimal(number) / 10000
        department = str(21 + number % 7)
        enrol(
            connection,
            key,
            NOW,
            department_code=department,
            unit_code=department,
            annual_amount=amount,
            total_amount=2 * amount,
        )
        result = Result(project_code=key.project_code, fiscal_year=YEAR, kind="self", score=Decimal(80), grade="良")
        record_result(connection, TENANT, result, "importer", NOW)


def drawn_from(connection: Connection) -> Draw:
    """The draw from the rows as they come, by the thresholds of the settings."""
    statement = (
        select(project.c.project_code, project.c.department_code, project.c.annual_amount)
        .join(
            evaluation_result,
            (evaluation_result.c.tenant_id == project.c.tenant_id)
            & (evaluation_result.c.project_code == project.c.project_code)
            & (evaluation_result.c.fiscal_year == project.c.fiscal_year),
        )
        .where(project.c.tenant_id == TENANT, project.c.fiscal_year == YEAR, evaluation_result.c.kind == "self")
    )
    population = [
        Candidate(code=code, department=department, amount=amount, is_targeted=code in ("P07", "P30"))
        for code, department, amount in connection.execute(statement)
    ]
    assert len(population) == OBJECTS
    thresholds = values_under(connection, TENANT, "rule.", NOW.date())
    return draw_sample(population, SEED, nested_context(thresholds)["rule"])


def draw_on(url: str, order: int) -> Draw:
    database = open_database(url)
    metadata.create_all(database)
    with write_transaction(database) as connection:
        fill(connection, random.Random(order))
    with read_transaction(database) as connection:
        draw = drawn_from(connection)
    database.dispose()
    return draw


def test_both_databases_give_the_same_draw_in_whatever_order_the_rows_were_written(
    sqlite_database_url: str, postgres_database_url: str
):
    on_sqlite, on_postgresql = draw_on(sqlite_database_url, 1), draw_on(postgres_database_url, 2)

    assert on_sqlite == on_postgresql
    assert len(on_sqlite.sample) >= OBJECTS / 5


@pytest.mark.parametrize("order", [3, 4, 5])
def test_the_order_of_the_rows_does_not_matter(tmp_path: Path, order: int):
    first, other = (draw_on(f"sqlite:///{tmp_path / str(n)}.sqlite", n) for n in (1, order))

    assert first == other
