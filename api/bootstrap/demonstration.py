"""The demonstration: the model district in a database of its own, played once and kept.

The clock goes on from the end of the play, or from where the last demonstration stopped, so nothing ever happens before
what has happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from api.bootstrap.installation import Installation, open_installation
from api.bootstrap.packages import bring_up_to_date
from api.identity import accounts
from api.identity.organisation import import_organisation, read_organisation
from api.identity.passwords import Passwords
from api.identity.people import day_of
from api.identity.rights import actor_of
from api.imports import ImportDoors
from api.settings import Settings
from engine.model.actor import Actor, system_actor
from engine.model.calendar import SHANGHAI
from engine.model.clock import FixedClock, ShiftedClock
from engine.scheduler import run_due_work
from engine.store.database import read_transaction, write_transaction
from engine.store.instance_tables import history
from processes.budget_performance.demo import district
from processes.budget_performance.demo.play import BEGINS, ENDS, play
from processes.budget_performance.demo.stage import Stage
from web.parts import Demonstration, Stand

#: Folder below `var_dir` that holds the played district.
FOLDER = "demonstration"
#: Written when the play is over; without it the play begins anew.
MARK = "played"
#: The password of every account, made at the first start and readable by the owner only.
PASSWORD_FILE = "password"
#: Roles that nobody steps in as by one click: technical ones show nothing of the work.
HIDDEN_ROLES = frozenset({"public"})


@dataclass(frozen=True, kw_only=True)
class Played:
    """A district whose year has been played."""

    installation: Installation
    demonstration: Demonstration
    #: For everybody.
    password: str


def settings_of(settings: Settings) -> Settings:
    """The settings of the demonstration: a database of its own unless one is named."""
    folder = settings.var_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return replace(settings, var_dir=folder)


def is_played(settings: Settings) -> bool:
    """Whether a play is kept already."""
    return (settings.var_dir / MARK).exists()


def prepare(settings: Settings, progress: Callable[[str], None]) -> None:
    """Play the year into an empty database; what an interrupted play has left is thrown away."""
    if not settings.database_url:
        for left in settings.var_dir.glob("bihuan.sqlite3*"):
            left.unlink()
    clock = FixedClock(_local(BEGINS))
    installation = open_installation(settings, clock=clock)
    try:
        progress("prepare")
        bring_up_to_date(installation)
        _bring_people(installation, _password(settings))
        doors = ImportDoors(installation.database, installation.identity.directories, clock)
        stage = Stage(
            dispatcher=installation.dispatcher,
            clock=clock,
            actor_of=lambda person: _actor(installation, person),
            holder_of=lambda group: _holder(installation, group),
            everybody=system_actor(settings.tenant_id),
            do_due_work=lambda: run_due_work(installation.dispatcher),
        )
        play(stage, doors, progress)
    finally:
        installation.close()
    (settings.var_dir / MARK).write_text(ENDS, encoding="ascii")


def open_played(settings: Settings) -> Played:
    """The played district, with its clock going on."""
    first = open_installation(settings, clock=FixedClock(_local(ENDS)))
    try:
        start = max(_local(ENDS), _last_event(first) or _local(ENDS))
    finally:
        first.close()
    installation = open_installation(settings, clock=ShiftedClock(start))
    bring_up_to_date(installation)
    return Played(installation=installation, demonstration=_demonstration(installation), password=_password(settings))


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _password(settings: Settings) -> str:
    path: Path = settings.var_dir / PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    return path.read_text(encoding="ascii")


def _bring_people(installation: Installation, password: str) -> None:
    catalogue, tenant_id = installation.identity.catalogue, installation.settings.tenant_id
    organisation = read_organisation(district.organisation(), catalogue)
    now = installation.clock.now()
    password_hash = Passwords().hash(password)
    with write_transaction(installation.database) as connection:
        import_organisation(
            connection, tenant_id, organisation, catalogue, lambda: str(installation.ids.make(now)), now
        )
        for user in organisation.users:
            accounts.set_password_hash(connection, tenant_id, user.user_id, password_hash)


def _actor(installation: Installation, person: str) -> Actor:
    identity, tenant_id = installation.identity, installation.settings.tenant_id
    with read_transaction(installation.database) as connection:
        today = day_of(installation.clock.now())
        directory = identity.directories.read(connection, tenant_id, today)
    return actor_of(directory.people[person], directory, identity.catalogue, tenant_id)


def _holder(installation: Installation, group: str) -> str:
    """The first person who holds "role@unit" on the day of the clock."""
    role, _, unit_code = group.partition("@")
    with read_transaction(installation.database) as connection:
        today = day_of(installation.clock.now())
        directory = installation.identity.directories.read(connection, installation.settings.tenant_id, today)
    return directory.holders[role, unit_code][0]


def _last_event(installation: Installation) -> datetime | None:
    """When the last thing happened; a second later the clock may go on."""
    statement = select(func.max(history.c.at)).where(history.c.tenant_id == installation.settings.tenant_id)
    with read_transaction(installation.database) as connection:
        last = connection.execute(statement).scalar()
    return last + timedelta(seconds=1) if last is not None else None


def _demonstration(installation: Installation) -> Demonstration:
    units = {each["code"]: each["name"] for each in district.content()["units"]}
    return Demonstration(
        as_of=_local(ENDS),
        people=[
            Stand(each["username"], each["title"], units[each["unit"]])
            for each in district.content()["users"]
            if each["role"] not in HIDDEN_ROLES
        ],
        admit=installation.identity.front_desk.admit,
    )
