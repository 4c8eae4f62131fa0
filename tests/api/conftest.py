"""The small district in a database, with a front desk and two clocks that stand still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event

from api.identity import accounts, tables
from api.identity.absences import AbsenceDesk
from api.identity.directory import DirectoryReader
from api.identity.front_desk import FrontDesk
from api.identity.organisation import import_organisation
from api.identity.passwords import Passwords
from engine.model.clock import FixedClock
from engine.model.identifiers import Uuid7Source
from engine.store.database import open_database, write_transaction
from tests.api.district import CATALOGUE, NOW, ORGANISATION, PASSWORD, RULES, TENANT

#: Cheap on purpose: the tests log in hundreds of times.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def cheap_hash() -> str:
    return CHEAP.hash(PASSWORD)


@dataclass(frozen=True)
class District:
    """Everything that tests of identity ask for."""

    database: Engine
    front_desk: FrontDesk
    directories: DirectoryReader
    absences: AbsenceDesk
    #: Posts go by this clock.
    clock: FixedClock
    #: Sessions, tokens and attempts go by this one.
    wall_clock: FixedClock


def make_district(database: Engine) -> District:
    identity_tables = [table for table in tables.metadata.tables.values() if table.name in IDENTITY_TABLES]
    tables.metadata.create_all(database, identity_tables)
    clock, wall_clock, ids = FixedClock(NOW), FixedClock(NOW), Uuid7Source()
    with write_transaction(database) as connection:
        import_organisation(connection, TENANT, ORGANISATION, CATALOGUE, lambda: ids.make(NOW), NOW)
        for user in ORGANISATION.users:
            accounts.set_password_hash(connection, TENANT, user.user_id, cheap_hash())
    directories = DirectoryReader()
    desk = FrontDesk(database, RULES, CATALOGUE, directories, Passwords(CHEAP), clock, wall_clock)
    absences = AbsenceDesk(database, directories, CATALOGUE, clock, ids.make)
    return District(database, desk, directories, absences, clock, wall_clock)


IDENTITY_TABLES = frozenset(
    {
        *("revision", "org_unit", "division_scope", "user_account", "post"),
        *("login_session", "api_token", "login_attempt", "absence"),
    }
)


@pytest.fixture
def district(database_url: str) -> Iterator[District]:
    """The small district, once on each database."""
    database = open_database(database_url)
    yield make_district(database)
    database.dispose()


@pytest.fixture
def small_district(sqlite_database_url: str) -> Iterator[District]:
    """The small district on SQLite, for rules that no database can change."""
    database = open_database(sqlite_database_url)
    yield make_district(database)
    database.dispose()


@pytest.fixture
def counted():
    """`with counted(engine) as statements`: what was sent to the database."""

    @contextmanager
    def count(engine: Engine) -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return count
