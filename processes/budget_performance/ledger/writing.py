"""Writing ledger rows: one row put in place of another of the same key, and running numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from processes.budget_performance.ledger.tables import counter


def put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row, or replace the one of the same primary key."""
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in row.items() if name not in keys}
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def next_number(connection: Connection, tenant_id: str, name: str) -> int:
    """1, 2, 3 … per name; the row is locked until the transaction ends, so no number is given twice or left out."""
    found = update(counter).where(counter.c.tenant_id == tenant_id, counter.c.name == name)
    value = connection.execute(found.values(value=counter.c.value + 1).returning(counter.c.value)).scalar()
    if value is None:
        connection.execute(insert(counter).values(tenant_id=tenant_id, name=name, value=1))
        return 1
    return int(value)
