"""One Alembic history for engine, identity and ledger.

    upgrade(database)      brings the tables to the newest revision; nothing happens when they are there
    is_current(database)   whether they are

Revision 1 makes the tables; later ones change what is there, in batch mode for SQLite. `python -m migrations` writes
the next one.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from engine.store.database import read_transaction, write_transaction

#: Two processes that start together on PostgreSQL migrate one after the other.
_LOCK = 0x62696875


def upgrade(database: Engine) -> None:
    """Bring the tables to the newest revision, in one transaction."""
    if is_current(database):
        return
    with write_transaction(database) as connection:
        if database.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Engine) -> bool:
    """Whether the tables are of the newest revision."""
    with read_transaction(database) as connection:
        return _revision(connection) == ScriptDirectory.from_config(_config()).get_current_head()


def write_next_revision(database: Engine, message: str) -> str:
    """Write a revision with what the newest one lacks, found on an empty database. Returns the path of its file."""
    scripts = ScriptDirectory.from_config(_config())
    head = scripts.get_current_head()
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
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
