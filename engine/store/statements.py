"""Statements of the hot path: text made once per table and database, run with bare rows, as few as possible.

Those of a writing transaction go straight to the driver (`direct.py`); where somebody listens to SQLAlchemy's events,
and where a transaction only reads, they go through `exec_driver_sql`. Inserts take their columns from the tables.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import CursorResult

from engine.store.database import line_of
from engine.store.direct import Rows, in_percents

#: A multi-row insert holds at most so many rows; SQLite allows 32,766 parameters, PostgreSQL 65,535.
ROWS_AT_ONCE = 100
#: Lists of keys are filled up to one of these lengths, so that few different texts have to be prepared.
_LENGTHS = (1, 4, 16, 64, 256)

Row = Mapping[str, Any]


def is_sqlite(connection: Connection) -> bool:
    """Whether the connection talks to SQLite."""
    return connection.dialect.name == "sqlite"


def run(connection: Connection, text: str, parameters: Sequence[Any]) -> CursorResult[*tuple[Any, ...]]:
    """Run a text whose placeholders are written as `?`."""
    return connection.exec_driver_sql(_in_dialect(connection, text), tuple(parameters))


def send(connection: Connection, text: str, parameters: Sequence[Any]) -> None:
    """Send a text that gives nothing back. What fails may be told later, by the commit at the latest."""
    line = line_of(connection)
    if line is not None:
        line.send(text, parameters)
    else:
        run(connection, text, parameters)


def ask(connection: Connection, text: str, parameters: Sequence[Any]) -> Callable[[], Rows]:
    """Send a question. What is returned gives all its rows: several questions may be asked before one is answered."""
    line = line_of(connection)
    if line is not None:
        return line.ask(text, parameters)
    found = run(connection, text, parameters).fetchall()
    return lambda: found


def rows(connection: Connection, text: str, parameters: Sequence[Any]) -> Rows:
    """All rows that a text gives back."""
    return ask(connection, text, parameters)()


def first(connection: Connection, text: str, parameters: Sequence[Any]) -> Sequence[Any] | None:
    """The first row that a text gives back; None if it gives none. For texts that give few."""
    found = rows(connection, text, parameters)
    return found[0] if found else None


def run_many(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a text for each row of parameters, in one batch; nothing for no rows."""
    if len(rows) == 1:
        send(connection, text, rows[0])
    elif rows:
        line = line_of(connection)
        if line is not None:
            line.send_many(text, rows)
        else:
            connection.exec_driver_sql(_in_dialect(connection, text), [tuple(row) for row in rows])


@contextmanager
def together(connection: Connection) -> Generator[None]:
    """Questions that are asked within the block cost one way to the server and back; answers can be taken after it."""
    line = line_of(connection)
    if line is None:
        yield
        return
    line.without_waiting()
    yield
    line.catch_up()


def without_waiting(connection: Connection) -> None:
    """Nothing but `send`, `ask`, `insert` and `run_many` until the commit, which waits for everything that was sent."""
    line = line_of(connection)
    if line is not None:
        line.without_waiting()


def insert(connection: Connection, table: Table, rows: Sequence[Row], suffix: str = "") -> None:
    """Insert whole rows, many in one statement; each row names every column of the table."""
    if not rows:
        # of thirteen tables that a change may write to, five are written to
        return
    columns = _columns(table)
    if len(rows) == 1:
        send(connection, _insert_text(table, 1, suffix), columns(rows[0]))
        return
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        send(connection, _insert_text(table, len(some), suffix), tuple(chain.from_iterable(map(columns, some))))


def in_list(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """`(?, ?, …)` and its parameters, repeated up to a usual length. At least one value, at most 256."""
    length = _LENGTHS[bisect_left(_LENGTHS, len(values))]
    return _placeholders(length), [*values, *[values[-1]] * (length - len(values))]


def instant(value: Any) -> datetime | None:
    """An instant as a bare row gives it: text without zone from SQLite, aware from PostgreSQL."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(f"{value}+00:00")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _in_dialect(connection: Connection, text: str) -> str:
    return text if is_sqlite(connection) else in_percents(text)


@lru_cache(maxsize=64)
def _placeholders(length: int) -> str:
    return f"({', '.join('?' * length)})"


@lru_cache(maxsize=64)
def _columns(table: Table) -> Callable[[Row], tuple[Any, ...]]:
    """Takes the values of a row in the order of the table's columns."""
    return itemgetter(*(column.name for column in table.columns))


@lru_cache(maxsize=1024)
def _insert_text(table: Table, rows: int, suffix: str) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join([_placeholders(len(table.columns))] * rows)
    return f'INSERT INTO "{table.name}" ({names}) VALUES {values}{suffix}'
