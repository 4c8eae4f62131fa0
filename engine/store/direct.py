"""A writing transaction's own line to the driver: what the hot statements are sent by.

    statements.py ─► DirectLine ─► cursor                    SQLite: one statement after another, within the process
                               └─► cursor of a pipeline      PostgreSQL: nobody waits for answers that say nothing

SQLAlchemy describes what a statement gives back and tells its listeners of it, each time. A completion sends a dozen
statements whose results are known; on PostgreSQL it would wait a dozen times for a server that says "done".
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Rows: TypeAlias = Sequence[Sequence[Any]]


class DirectLine:
    """Statements of one transaction, sent to the driver. Raises what SQLAlchemy would raise."""

    __slots__ = ("_connection", "_cursor")

    _connection: Connection
    _cursor: Any

    @contextmanager
    def transaction(self, connection: Connection) -> Generator[None]:
        """A transaction of the connection, whose statements may go by this line."""
        self._connection, self._cursor = connection, connection.connection.cursor()
        try:
            with connection.begin():
                try:
                    yield
                except BaseException:
                    # a rollback would be told what had failed, instead of undoing it
                    self.hang_up()
                    raise
        finally:
            # not before the commit, which leaves with what is under way
            self.hang_up()

    def send(self, text: str, parameters: Sequence[Any]) -> None:
        """Send what gives nothing back; placeholders are written as `?`."""
        try:
            self._cursor.execute(text, parameters)
        except self._errors as error:
            raise self._told(error, text, parameters) from error

    def send_many(self, text: str, rows: Rows) -> None:
        """Send a text that gives nothing back for each row of parameters."""
        try:
            self._cursor.executemany(text, rows)
        except self._errors as error:
            raise self._told(error, text, rows) from error

    def ask(self, text: str, parameters: Sequence[Any]) -> Callable[[], Rows]:
        """Send a question; the answer waits until it is asked for, by then at the latest everything before is done."""
        self.send(text, parameters)
        rows = self._cursor.fetchall()
        return lambda: rows

    def without_waiting(self) -> None:
        """From now on nobody waits for answers that nobody asks for, where the driver can do so.

        Until `catch_up` or the commit everything goes by this line: SQLAlchemy would look for answers at once.
        """

    def catch_up(self) -> None:
        """Wait for everything that was sent, and from now on for every answer. Raises what had failed."""

    def hang_up(self) -> None:
        """Let go of everything that was sent; whatever had failed is forgotten."""
        with suppress(DBAPIError):
            self.catch_up()

    @property
    def _errors(self) -> type[Exception]:
        return self._connection.dialect.loaded_dbapi.Error

    def _told(self, error: Exception, text: str, parameters: Sequence[Any]) -> BaseException:
        return DBAPIError.instance(text, tuple(parameters), error, self._errors, dialect=self._connection.dialect)


class PostgresLine(DirectLine):
    """The same in a pipeline of psycopg: the first statement begins the transaction, the commit waits for all."""

    __slots__ = ("_pipeline",)

    def __init__(self) -> None:
        self._pipeline: AbstractContextManager[Any] | None = None

    def send(self, text: str, parameters: Sequence[Any]) -> None:
        super().send(in_percents(text), parameters)

    def send_many(self, text: str, rows: Rows) -> None:
        super().send_many(in_percents(text), rows)

    def ask(self, text: str, parameters: Sequence[Any]) -> Callable[[], Rows]:
        text = in_percents(text)
        # a cursor of its own: that of the others is handed one answer after another
        cursor = self._connection.connection.cursor()

        def rows() -> Rows:
            try:
                return cursor.fetchall()
            except self._errors as error:
                raise self._told(error, text, parameters) from error

        try:
            cursor.execute(text, parameters)
        except self._errors as error:
            raise self._told(error, text, parameters) from error
        return rows

    def without_waiting(self) -> None:
        if self._pipeline is None:
            driver: Any = self._connection.connection.driver_connection
            pipeline: AbstractContextManager[Any] = driver.pipeline()
            self._pipeline = pipeline
            pipeline.__enter__()

    def catch_up(self) -> None:
        if self._pipeline is not None:
            pipeline, self._pipeline = self._pipeline, None
            try:
                pipeline.__exit__(None, None, None)
            except self._errors as error:
                raise self._told(error, "", ()) from error


#: The line of each kind of database.
LINES: Mapping[str, type[DirectLine]] = {"sqlite": DirectLine, "postgresql": PostgresLine}


@lru_cache(maxsize=1024)
def in_percents(text: str) -> str:
    """A text with the placeholders that psycopg knows."""
    return text.replace("%", "%%").replace("?", "%s")
