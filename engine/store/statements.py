"""Statements of the hot path: text made once per table and database, run with bare rows, as few as possible.

Those of a writing transaction go straight to the driver's cursor: of a completion's 1.1 ms that spares 0.15 (the
descriptions of results that SQLAlchemy would make each time, and its events). Who listens to its events gets them: then
they go through `exec_driver_sql`. Inserts take their columns from the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError

from engine.store.database import is_direct

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
    return connection.exec_driver_sql(*_in_dialect(connection, text, parameters))


def send(connection: Connection, text: str, parameters: Sequence[Any]) -> None:
    """Run a text that gives nothing back."""
    _send(connection, *_in_dialect(connection, text, parameters))


def rows(connection: Connection, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """All rows that a text gives back."""
    text, parameters = _in_dialect(connection, text, parameters)
    if is_direct(connection):
        return _execute(connection, text, parameters).fetchall()
    return connection.exec_driver_sql(text, parameters).fetchall()


def first(connection: Connection, text: str, parameters: Sequence[Any]) -> Sequence[Any] | None:
    """The first row that a text gives back; None if it gives none. For texts that give few."""
    found = rows(connection, text, parameters)
    return found[0] if found else None


def run_many(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a text for each row of parameters, in one batch; nothing for no rows."""
    if len(rows) == 1:
        send(connection, text, rows[0])
    elif rows and is_sqlite(connection):
        connection.exec_driver_sql(text, [_written(row) for row in rows])
    elif rows:
        connection.exec_driver_sql(_percent(text), [tuple(row) for row in rows])


def insert(connection: Connection, table: Table, rows: Sequence[Row], suffix: str = "") -> None:
    """Insert whole rows, many in one statement; each row names every column of the table."""
    columns = _columns(table)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        text = _insert_text(table, len(some), suffix)
        if is_sqlite(connection):
            # in one go: a completion has three hundred values to insert
            values = [
                _instant_text(value) if type(value) is datetime else value for row in some for value in columns(row)
            ]
        else:
            text, values = _percent(text), [value for row in some for value in columns(row)]
        _send(connection, text, tuple(values))


def in_list(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """`(?, ?, …)` and its parameters, repeated up to a usual length. At least one value, at most 256."""
    length = next(length for length in _LENGTHS if length >= len(values))
    return _placeholders(length), [*values, *[values[-1]] * (length - len(values))]


def instant(value: Any) -> datetime | None:
    """An instant as a bare row gives it: text without zone from SQLite, aware from PostgreSQL."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(f"{value}+00:00")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _send(connection: Connection, text: str, parameters: tuple[Any, ...]) -> None:
    if is_direct(connection):
        _execute(connection, text, parameters)
    else:
        connection.exec_driver_sql(text, parameters)


def _in_dialect(connection: Connection, text: str, parameters: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    if is_sqlite(connection):
        return text, _written(parameters)
    return _percent(text), tuple(parameters)


def _execute(connection: Connection, text: str, parameters: tuple[Any, ...]) -> Any:
    """The driver's cursor after the statement. Raises what SQLAlchemy would raise."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            text, parameters, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error
    return cursor


def _written(parameters: Sequence[Any]) -> tuple[Any, ...]:
    """As SQLAlchemy's own types write them into SQLite: both kinds of statement read the same rows."""
    return tuple([_instant_text(value) if type(value) is datetime else value for value in parameters])


@lru_cache(maxsize=256)
def _instant_text(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=1024)
def _percent(text: str) -> str:
    return text.replace("%", "%%").replace("?", "%s")


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
