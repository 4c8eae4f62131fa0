"""Playing the year: the people of the model district are brought in, and act one after the other."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

from api.bootstrap.installation import Installation, open_installation
from api.bootstrap.packages import bring_up_to_date
from api.bootstrap.programs import ProgramDoors
from api.identity.organisation import import_organisation, read_organisation
from api.identity.people import day_of
from api.settings import Settings
from engine.model.actor import system_actor
from engine.model.clock import FixedClock
from engine.scheduler import run_due_work
from engine.store.unit_of_work import read_transaction, write_transaction
from processes.budget_performance.demo import BEGINS, Stage, district, local_instant, play, play_on


def play_year(settings: Settings, password: str, progress: Callable[[str], None]) -> None:
    """Play the year into an empty database; everybody gets the same password.

    Args:
        progress: is told each day on which somebody acts.
    """
    with _staged(settings, local_instant(BEGINS)) as (installation, stage, doors):
        progress("")
        bring_up_to_date(installation)
        _bring_people(installation, password)
        play(stage, doors, progress)


def play_further(settings: Settings, start: datetime, until: str, progress: Callable[[str], None]) -> None:
    """Go on from an instant after the play to a local one "2027-03-31 18:00"."""
    with _staged(settings, start) as (installation, stage, doors):
        bring_up_to_date(installation)
        play_on(stage, doors, until, progress)


@contextmanager
def _staged(settings: Settings, start: datetime) -> Generator[tuple[Installation, Stage, ProgramDoors]]:
    clock = FixedClock(start)
    installation = open_installation(settings, clock=clock)
    stage = Stage(
        dispatcher=installation.dispatcher,
        clock=clock,
        actor_of=installation.identity.front_desk.actor_of,
        holder_of=lambda group: _holder(installation, group),
        everybody=system_actor(settings.tenant_id),
        do_due_work=lambda: run_due_work(installation.dispatcher),
    )
    try:
        yield installation, stage, ProgramDoors(installation)
    finally:
        installation.close()


def _bring_people(installation: Installation, password: str) -> None:
    catalogue, tenant_id = installation.identity.catalogue, installation.settings.tenant_id
    organisation = read_organisation(district.organisation(), catalogue)
    now = installation.clock.now()
    with write_transaction(installation.database) as connection:
        import_organisation(
            connection, tenant_id, organisation, catalogue, lambda: installation.ids.make(now), now
        )
    installation.identity.front_desk.give_passwords({user.user_id: password for user in organisation.users})


def _holder(installation: Installation, group: str) -> str:
    """The first person who holds "role@unit" on the day of the clock."""
    role, _, unit_code = group.partition("@")
    today = day_of(installation.clock.now())
    with read_transaction(installation.database) as connection:
        directory = installation.identity.directories.read(connection, installation.settings.tenant_id, today)
    return directory.holders[role, unit_code][0]
