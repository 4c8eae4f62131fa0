"""What keeps an installation from its database or its folder, in a sentence, so that no command ends in a traceback."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from api.settings import Settings, StorageUnusable, UnsoundSettings, VarDirUnusable
from engine.model.errors import Fault

#: What the house runs on.
_BACKENDS = ("sqlite", "postgresql")
#: Of the machine and not of one file: no room, no right to write.
_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
#: PostgreSQL: insufficient privilege.
_NOT_ALLOWED = "42501"


class DatabaseUnusable(StorageUnusable):
    """The database answers with a refusal."""

    code = "database-unusable"


class DatabaseUnreachable(DatabaseUnusable):
    """No PostgreSQL lets us in at the address."""

    code = "database-unreachable"


class DatabaseUnopenable(DatabaseUnusable):
    """The file of the database cannot be opened or made."""

    code = "database-unopenable"


class NoDatabaseFile(DatabaseUnusable):
    """The file is of another kind, or broken."""

    code = "no-database-file"


class DatabaseReadOnly(DatabaseUnusable):
    """The file of the database may be read and not written."""

    code = "database-read-only"


class DatabaseFull(DatabaseUnusable):
    """No room is left."""

    code = "database-full"


_OF_SQLITE: dict[int, type[DatabaseUnusable]] = {
    sqlite3.SQLITE_CANTOPEN: DatabaseUnopenable,
    sqlite3.SQLITE_NOTADB: NoDatabaseFile,
    sqlite3.SQLITE_CORRUPT: NoDatabaseFile,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_IOERR: DatabaseFull,
    sqlite3.SQLITE_BUSY: DatabaseUnusable,
    sqlite3.SQLITE_PERM: DatabaseUnusable,
    sqlite3.SQLITE_AUTH: DatabaseUnusable,
}


@contextmanager
def storage_told(settings: Settings) -> Generator[None]:
    """Tell what is wrong with database or folder as a refusal.

    Raises:
        UnsoundSettings: the address is of no database that the house runs on.
        StorageUnusable: what is there cannot be used.
    """
    _must_be_known(settings)
    try:
        yield
    except DBAPIError as error:
        refusal = _unusable(error, settings)
        if refusal is None:
            raise
        raise refusal from error
    except OSError as error:
        if error.errno not in _OF_THE_MACHINE and not _lies_in(settings.var_dir, error.filename):
            raise
        raise VarDirUnusable(settings.var_dir, error) from error


def _must_be_known(settings: Settings) -> None:
    try:
        address = make_url(settings.database)
        if address.get_backend_name() not in _BACKENDS:
            raise ArgumentError("another database")
        # the driver may be one that is not installed
        address.get_dialect().import_dbapi()
    except (ArgumentError, ValueError, ImportError) as error:
        # the address itself is not repeated: it may hold a password
        wanted = "sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
        message = f"Expected database_url to be {wanted}, but found another."
        raise UnsoundSettings(message, (Fault("setting-no-database", message, "database_url"),)) from error


def _unusable(error: DBAPIError, settings: Settings) -> DatabaseUnusable | None:
    """The refusal; None when the error says nothing of that kind."""
    kind = DatabaseUnusable
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        # for SQLite a statement that is wrong is an operational error, too: SQLITE_ERROR
        if code not in _OF_SQLITE:
            return None
        kind = _OF_SQLITE[code]
    elif getattr(error.orig, "sqlstate", None) is None or str(error.orig).startswith("connection"):
        kind = DatabaseUnreachable
    elif not isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
        return None
    where = make_url(settings.database).render_as_string(hide_password=True)
    reason = str(error.orig).partition("\n")[0]
    return kind(f"Expected to work with the database {where}, but found: {reason}.", where=where, reason=reason)


def _lies_in(folder: Path, name: object) -> bool:
    return isinstance(name, str) and Path(name).absolute().is_relative_to(folder.absolute())
