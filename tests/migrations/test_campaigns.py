"""Revision 3: campaigns get a table; it comes and goes without touching anything else."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

import migrations
from engine.store.database import open_database, read_transaction, write_transaction
from tests.migrations.test_rows_for_changes import to_revision

COUNTER = "INSERT INTO ledger_counter (tenant_id, name, value) VALUES ('default', 'RECT-2026', 4)"
OPENED = (
    "INSERT INTO campaign (tenant_id, kind, fiscal_year, month, department_code, notice, opened_at, opened_by) "
    "VALUES ('default', 'round.open', 2026, '08', '{department}', '请填报', '2026-09-01 01:00:00', 'fin.perf')"
)


def numbered(database: Engine) -> list[tuple[str, int]]:
    with read_transaction(database) as connection:
        return [tuple(row) for row in connection.execute(text("SELECT name, value FROM ledger_counter"))]


def test_the_table_of_campaigns_comes_and_goes_and_the_ledger_stays(database_url: str) -> None:
    database = open_database(database_url)
    to_revision(database, "0002")
    assert not inspect(database).has_table("campaign")
    with write_transaction(database) as connection:
        connection.execute(text(COUNTER))

    migrations.upgrade(database)

    # a campaign is one for all departments or for one of them
    with write_transaction(database) as connection:
        for department in ("", "21"):
            connection.execute(text(OPENED.format(department=department)))
    assert inspect(database).get_pk_constraint("campaign")["constrained_columns"] == [
        *("tenant_id", "kind", "fiscal_year", "month", "department_code")
    ]

    to_revision(database, "0002")

    assert not inspect(database).has_table("campaign")
    assert numbered(database) == [("RECT-2026", 4)]
    database.dispose()
