"""Databases to measure on: files of SQLite and a PostgreSQL of our own, both as the product opens them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from engine.store.database import open_database
from tests.servers import create_database, postgres_server

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


class Databases:
    """Opens new databases of one kind; all are gone at the end."""

    def __init__(self, kind: str, place: str) -> None:
        self.kind = kind
        self._place = place
        self._opened: dict[str, Engine] = {}

    def new(self, name: str) -> Engine:
        """An empty database."""
        url = f"sqlite:///{self._place}/{name}.sqlite"
        if self.kind == POSTGRESQL:
            url = create_database(self._place, name)
        database = open_database(url)
        self._opened[name] = database
        return database

    def opened(self, name: str) -> Engine:
        """A database that was made before."""
        return self._opened[name]

    def settle(self) -> None:
        """Write down and look after what was done so far, so that who comes next does not pay for who went before.

        SpiffWorkflow leaves half a megabyte for each of its completions; autovacuum would come once a minute.
        """
        if self.kind == POSTGRESQL:
            for database in self._opened.values():
                with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("VACUUM ANALYZE")
                    connection.exec_driver_sql("CHECKPOINT")
        os.sync()

    def close(self) -> None:
        for database in self._opened.values():
            database.dispose()


@contextlib.contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """Databases of a kind for the length of a `with` block; PostgreSQL writes to the disk as in earnest (fsync)."""
    with contextlib.ExitStack() as stack:
        if kind == POSTGRESQL:
            place = stack.enter_context(postgres_server()).url()
        else:
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-benchmark-", dir=_on_a_disk()))
        made = Databases(kind, place)
        stack.callback(made.close)
        yield made


def _on_a_disk() -> str | None:
    """Not in memory: where the folder of temporary files is a tmpfs, the project's own folder for such things."""
    usual = Path(tempfile.gettempdir()).resolve()
    with contextlib.suppress(OSError):
        for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
            _, mounted_on, kind, *_ = line.split()
            if kind == "tmpfs" and Path(mounted_on) != Path("/") and usual.is_relative_to(mounted_on):
                return str(Path.cwd())
    return None
