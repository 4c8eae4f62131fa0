"""Opening a database and the two kinds of transaction: one that only reads, one that changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

#: How long a SQLite writer waits for the one before it.
BUSY_TIMEOUT_SECONDS = 30
_WRITES = "bihuan_writes"
_DIRECTLY = "bihuan_directly"
#: Options of a writing connection, by whether somebody listens to SQLAlchemy's events.
_OPTIONS: Mapping[bool, Mapping[str, bool]] = {True: {_WRITES: True}, False: {_WRITES: True, _DIRECTLY: True}}
#: PostgreSQL: serialization failure, deadlock detected.
_RETRY_STATES = frozenset({"40001", "40P01"})
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
#: PostgreSQL: disk full.
_POSTGRES_FULL = frozenset({"53100"})
#: PostgreSQL: connection exceptions, too many of everything, shutting down or starting.
_POSTGRES_AWAY = frozenset({"08", "53", "57"})


def open_database(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for `sqlite:///…` (WAL, synchronous=FULL) or `postgresql+psycopg://…`. Connects when first used."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, in_memory=parsed.database in (None, "", ":memory:"), pool_size=pool_size)
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC"},
    )


def _open_sqlite(url: str, *, in_memory: bool, pool_size: int) -> Engine:
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_SECONDS}
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args=arguments)
    else:
        engine = create_engine(url, pool_size=pool_size, max_overflow=pool_size, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # transactions begin where we say, not where the driver guesses
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
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
    """A connection whose changes are committed at the end, or undone by any exception.

    Nobody listens: its statements may go straight to the driver (`engine/store/statements.py`).
    """
    listened_to = bool(engine.dispatch.before_cursor_execute)
    with engine.connect().execution_options(**_OPTIONS[listened_to]) as connection, connection.begin():
        yield connection


def is_direct(connection: Connection) -> bool:
    """Whether statements may go straight to the driver: a transaction runs, and nobody listens to what it sends."""
    return _DIRECTLY in connection.get_execution_options()


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
