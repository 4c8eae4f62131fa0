"""The engine and the people of one installation, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from api.bootstrap.calendar import functions_over_rows
from api.bootstrap.equipment import equipment, senders_of
from api.identity.assembly import Identity, open_identity
from api.identity.passwords import Passwords
from api.settings import Settings
from api.uploads import UploadDesk, UploadLimits
from engine import Collaborators, Dispatcher, open_database
from engine.model.clock import Clock, SystemClock
from engine.model.identifiers import Uuid7Source
from engine.store.time_rules import TimeRules
from forms.checker import FormLibrary
from processes.catalog import ProcessPackage


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One running installation: what the server, the worker and the command line share."""

    settings: Settings
    database: Engine
    dispatcher: Dispatcher
    identity: Identity
    rules: TimeRules
    forms: FormLibrary
    uploads: UploadDesk
    packages: Sequence[ProcessPackage]
    #: The clock of the work.
    clock: Clock
    ids: Uuid7Source

    @property
    def senders(self) -> Mapping[str, frozenset[str]]:
        """Message -> roles whose holders may send it from outside."""
        return senders_of(self.packages)

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
    rules = TimeRules(settings.tenant_id)
    functions = functions_over_rows(database, rules)
    brought = equipment(functions)
    identity = open_identity(database, settings, brought.catalogue, clock, passwords=passwords)
    ids = Uuid7Source()
    uploads = UploadDesk(
        database,
        settings.var_dir / "uploads",
        UploadLimits(
            largest=settings.upload_limit, files=settings.uploads_per_user_task, together=settings.upload_quota
        ),
        clock,
        ids,
        settings.tenant_id,
        settings.upload_scanner,
    )
    forms = FormLibrary(brought.forms, clock, identity.named, uploads)
    collaborators = Collaborators(
        clock=clock,
        ids=ids,
        forms=forms,
        people=identity.people,
        ladder=rules,
        deadlines=rules.deadlines,
        services=brought.services,
        functions=tuple(functions.values()),
        names=brought.names,
        opinion_stage=brought.opinion_stage(settings.second_opinion),
    )
    return Installation(
        settings=settings,
        database=database,
        dispatcher=Dispatcher(database, collaborators),
        identity=identity,
        rules=rules,
        forms=forms,
        uploads=uploads,
        packages=brought.packages,
        clock=clock,
        ids=ids,
    )
