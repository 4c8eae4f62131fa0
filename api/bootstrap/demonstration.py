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
from api.bootstrap.playing import play_further, play_year
from api.settings import Settings
from engine.model.clock import ShiftedClock
from engine.model.errors import Invalid
from engine.store.database import open_database, read_transaction
from engine.store.instance_tables import history
from processes.budget_performance.demo import ENDS, district, local_instant
from web.parts import Demonstration, Stand

#: Folder below `var_dir` that holds the played district.
FOLDER = "demonstration"
#: Written when the play is over; without it the play begins anew.
MARK = "played"
#: The password of every account, made at the first start and readable by the owner only.
PASSWORD_FILE = "password"
#: Who stands first: work overdue, work to claim, the supervisor, a large form, a project in the loop, and who runs it.
FIRST = frozenset({"health2.proj", "fin.perf", "gov.sup", "street.proj", "edu1.proj", "admin"})
#: Roles that nobody steps in as by one click: a visitor of the portal has no pages here.
HIDDEN_ROLES = frozenset({"public"})


class AlreadyLater(Invalid):
    """The demonstration is to go on to a day that has passed there."""

    code = "already-later"


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
    """Play the year; what an interrupted play has left is thrown away."""
    if not settings.database_url:
        for left in settings.var_dir.glob("bihuan.sqlite3*"):
            left.unlink()
    play_year(settings, _password(settings), progress)
    (settings.var_dir / MARK).write_text(ENDS, encoding="ascii")


def fast_forward(settings: Settings, until: str, progress: Callable[[str], None]) -> None:
    """Let time pass in the played district until the end of office of a day "2027-03-31".

    Raises:
        AlreadyLater: the district's clock is past that day.
    """
    reached = local_instant((settings.var_dir / MARK).read_text(encoding="ascii"))
    target = f"{until} 18:00"
    start = max(reached, _last_instant(settings))
    if start >= local_instant(target):
        raise AlreadyLater(
            f"Expected a day after {start:%Y-%m-%d}, but found {until}: the district's clock does not go back.",
            reached=f"{start:%Y-%m-%d}",
            wanted=until,
        )
    play_further(settings, start, target, progress)
    (settings.var_dir / MARK).write_text(target, encoding="ascii")


def open_played(settings: Settings) -> Played:
    """The played district, with its clock going on."""
    reached = local_instant((settings.var_dir / MARK).read_text(encoding="ascii"))
    installation = open_installation(settings, clock=ShiftedClock(max(reached, _last_instant(settings))))
    bring_up_to_date(installation)
    demonstration = _demonstration(installation, reached)
    return Played(installation=installation, demonstration=demonstration, password=_password(settings))


def _password(settings: Settings) -> str:
    path: Path = settings.var_dir / PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    return path.read_text(encoding="ascii")


def _last_instant(settings: Settings) -> datetime:
    """A second after the last thing that happened: from then on the clock may go on."""
    statement = select(func.max(history.c.at)).where(history.c.tenant_id == settings.tenant_id)
    database = open_database(settings.database)
    try:
        with read_transaction(database) as connection:
            return connection.execute(statement).scalar_one() + timedelta(seconds=1)
    finally:
        database.dispose()


def _demonstration(installation: Installation, reached: datetime) -> Demonstration:
    """What the pages say of it; `reached` is where the play has ended, or the last run that let time pass."""
    units = {each["code"]: each["name"] for each in district.content()["units"]}
    return Demonstration(
        as_of=reached,
        people=[
            Stand(each["username"], each["title"], units[each["unit"]], is_first=each["username"] in FIRST)
            for each in district.content()["users"]
            if each["role"] not in HIDDEN_ROLES
        ],
        admit=installation.identity.front_desk.admit,
    )
