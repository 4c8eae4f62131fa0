"""The engine and the people of one installation, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from api.bootstrap.calendar import functions_over_rows
from api.identity.assembly import Identity, open_identity
from api.identity.passwords import Passwords
from api.identity.roles import merged, read_role_file
from api.settings import Settings
from engine import Collaborators, Dispatcher, open_database
from engine.model.clock import Clock, SystemClock
from engine.model.identifiers import Uuid7Source
from engine.store.time_rules import TimeRules
from forms.checker import FormLibrary
from forms.schema import read_forms
from processes.catalog import ProcessPackage, packages


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One running installation: what the server, the worker and the command line share."""

    settings: Settings
    database: Engine
    dispatcher: Dispatcher
    identity: Identity
    rules: TimeRules
    forms: FormLibrary
    packages: Sequence[ProcessPackage]
    #: The clock of the work.
    clock: Clock
    ids: Uuid7Source

    def close(self) -> None:
        """Give the connections back."""
        self.database.dispose()


def open_installation(
    settings: Settings, *, clock: Clock | None = None, passwords: Passwords | None = None
) -> Installation:
    """Put an installation together; nothing is written, and the database is reached when it is first used.

    Args:
        clock: of the work; None = the clock on the wall. A demonstration lives on its own day.
        passwords: None = argon2id with the costs of this house.
    """
    clock = clock or SystemClock()
    database = open_database(settings.database, pool_size=settings.threads + 2)
    found = packages()
    catalogue = merged(read_role_file(package.roles) for package in found)
    identity = open_identity(database, settings, catalogue, clock, passwords=passwords)
    rules = TimeRules(settings.tenant_id)
    functions = functions_over_rows(database, rules)
    forms = FormLibrary(read_forms(functions=functions), clock)
    ids = Uuid7Source()
    collaborators = Collaborators(
        clock=clock,
        ids=ids,
        forms=forms,
        people=identity.people,
        ladder=rules,
        deadlines=rules.deadlines,
        services={name: handler for package in found for name, handler in package.handlers.items()},
        functions=tuple(functions.values()),
    )
    return Installation(
        settings=settings,
        database=database,
        dispatcher=Dispatcher(database, collaborators),
        identity=identity,
        rules=rules,
        forms=forms,
        packages=found,
        clock=clock,
        ids=ids,
    )
