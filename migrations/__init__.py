"""One Alembic history for engine, identity and ledger.

    upgrade(database)      brings the tables to the newest revision; nothing happens when they are there
    is_current(database)   whether they are

Revision 1 makes the tables; later ones change what is there, in batch mode for SQLite. `python -m migrations` writes
the next one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

from engine.store.database import read_transaction, write_transaction

if TYPE_CHECKING:
    from alembic.config import Config

#: Revisions by their number and what they are about, "0001_tables.py".
_VERSIONS = Path(__file__).with_name("versions")
#: Two processes that start together on PostgreSQL migrate one after the other.
_LOCK = 0x62696875


def upgrade(database: Engine) -> None:
    """Bring the tables to the newest revision, in one transaction."""
    if is_current(database):
        return
    from alembic import command  # it takes 0.3 s to come, and nearly no start has anything to migrate

    with write_transaction(database) as connection:
        if database.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Engine) -> bool:
    """Whether the tables are of the newest revision."""
    with read_transaction(database) as connection:
        return _revision(connection) == _newest()


def write_next_revision(database: Engine, message: str) -> str:
    """Write a revision with what the newest one lacks, found on an empty database. Returns the path of its file."""
    from alembic import command

    head = _newest()
    if head is not None:
        upgrade(database)
    config = _config()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with write_transaction(database) as connection:
        config.attributes["connection"] = connection
        script = command.revision(config, message, autogenerate=True, rev_id=f"{int(head or 0) + 1:04d}")
    assert script is not None and not isinstance(script, list), "one revision is asked for"
    return script.path


def _revision(connection: Connection) -> str | None:
    """The revision the tables are of, as Alembic notes it; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _newest() -> str | None:
    """The newest revision that is written down; they are numbered, and there is one line of them."""
    return max((path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py")), default=None)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
