"""Opening a database and the two kinds of transaction: one that only reads, one that changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache, partial
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from engine.store.direct import LINES, DirectLine

#: How long a SQLite writer waits for the one before it.
BUSY_TIMEOUT_SECONDS = 30
#: Shorter than any restart of a server takes.
IDLE_SECONDS = 1.0
_GIVEN_BACK = "bihuan_given_back"
_WRITES = "bihuan_writes"
_LINE = "bihuan_line"
#: What a writing transaction keeps to itself (`once.py`).
KEPT = "bihuan_kept"
#: PostgreSQL: serialization failure, deadlock detected.
_RETRY_STATES = frozenset({"40001", "40P01"})
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
#: PostgreSQL: disk full.
_POSTGRES_FULL = frozenset({"53100"})
#: PostgreSQL: connection exceptions, too many of everything, shutting down or starting.
_POSTGRES_AWAY = frozenset({"08", "53", "57"})


def open_database(url: str, *, pool_size: int = 10, idle_seconds: float = IDLE_SECONDS) -> Engine:
    """An engine for `sqlite:///…` (WAL, synchronous=FULL) or `postgresql+psycopg://…`. Connects when first used.

    Args:
        idle_seconds: after so long without use a connection to PostgreSQL is asked whether it still is one.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, in_memory=parsed.database in (None, "", ":memory:"), pool_size=pool_size)
    engine = create_engine(
        parsed, pool_size=pool_size, max_overflow=pool_size, connect_args={"options": "-c timezone=UTC"}
    )
    event.listen(engine, "checkin", _note_when)
    event.listen(engine, "checkout", partial(_ask_whether_alive, engine.dialect, idle_seconds))
    return engine


def _note_when(_driver: Any, record: Any) -> None:
    record.info[_GIVEN_BACK] = monotonic()


def _ask_whether_alive(dialect: Dialect, idle_seconds: float, driver: Any, record: Any, _fairy: Any) -> None:
    """SQLAlchemy's `pool_pre_ping`, but not for connections that were in use a moment ago.

    Raises:
        DisconnectionError: the pool opens another one.
    """
    # a new one was not given back yet
    if monotonic() - record.info.get(_GIVEN_BACK, inf) < idle_seconds:
        return
    try:
        dialect.do_ping(driver)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError(str(error)) from error


def _open_sqlite(url: str, *, in_memory: bool, pool_size: int) -> Engine:
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_SECONDS}
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args=arguments)
    else:
        engine = create_engine(url, pool_size=pool_size, max_overflow=pool_size, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@lru_cache(maxsize=1024)
def _instant_text(value: datetime) -> str:
    """As SQLAlchemy's own type writes it: both kinds of statement read the same rows."""
    if value.tzinfo is UTC:
        return value.isoformat(" ", "microseconds")[:-6]
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


# the driver asks for it with values of this very type alone
sqlite3.register_adapter(datetime, _instant_text)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # transactions begin where we say, not where the driver guesses
    connection.isolation_level = None
    # of every 16 MB of its journal, not of every 4, a page that was written many times is written back once
    journal = ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000")
    for pragma in (*journal, "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # a writer takes its lock at once: upgrading later could fail with the work half done
    writes = connection.get_execution_options().get(_WRITES, False)
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN").close()


@contextmanager
def read_transaction(engine: Engine) -> Generator[Connection]:
    """A connection whose reads see one state of the database; nothing may be written."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def write_transaction(engine: Engine) -> Generator[Connection]:
    """A connection whose changes are committed at the end, or undone by any exception."""
    # who listens to SQLAlchemy's events is told of every statement
    line = None if engine.dispatch.before_cursor_execute else LINES[engine.dialect.name]()
    with (
        engine.connect().execution_options(**{_WRITES: True, _LINE: line, KEPT: {}}) as connection,
        connection.begin() if line is None else line.transaction(connection),
    ):
        yield connection


def line_of(connection: Connection) -> DirectLine | None:
    """The line to the driver of a writing transaction; None for one that reads, or that somebody listens to."""
    return connection.get_execution_options().get(_LINE)


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction was in the way: the whole transaction has to be tried again."""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in _RETRY_STATES:
        return True
    return isinstance(error.orig, sqlite3.OperationalError) and error.orig.sqlite_errorcode & 0xFF in _SQLITE_BUSY


def is_transient(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is tried again.

    A unique key that another transaction has just taken counts: looking again, one finds what it has written.
    """
    return is_conflict(error) or isinstance(error, IntegrityError)


class StorageTrouble(StrEnum):
    """Why the database could not take what was asked of it, through no fault of the request."""

    #: Busy, shutting down or out of reach: the same may succeed in a moment.
    BUSY = "busy"
    #: No room is left.
    FULL = "full"


def storage_trouble(error: BaseException) -> StorageTrouble | None:
    """What is the matter with the database; None when the error says nothing of that kind."""
    if isinstance(error, PoolTimeout):
        return StorageTrouble.BUSY
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE_FULL:
            return StorageTrouble.FULL
        return StorageTrouble.BUSY if code in _SQLITE_BUSY or code == sqlite3.SQLITE_CANTOPEN else None
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # no answer from the server: the connection was refused or broke
        return StorageTrouble.BUSY if isinstance(error, OperationalError) else None
    if state in _POSTGRES_FULL:
        return StorageTrouble.FULL
    return StorageTrouble.BUSY if state in _RETRY_STATES or state[:2] in _POSTGRES_AWAY else None
