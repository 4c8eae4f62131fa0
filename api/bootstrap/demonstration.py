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
from api.bootstrap.playing import play_year
from api.settings import Settings
from engine.model.clock import FixedClock, ShiftedClock
from engine.store.database import read_transaction
from engine.store.instance_tables import history
from processes.budget_performance.demo import ENDS, district, local_instant
from web.parts import Demonstration, Stand

#: Folder below `var_dir` that holds the played district.
FOLDER = "demonstration"
#: Written when the play is over; without it the play begins anew.
MARK = "played"
#: The password of every account, made at the first start and readable by the owner only.
PASSWORD_FILE = "password"
#: Roles that nobody steps in as by one click: a visitor of the portal has no pages here.
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
    """Play the year; what an interrupted play has left is thrown away."""
    if not settings.database_url:
        for left in settings.var_dir.glob("bihuan.sqlite3*"):
            left.unlink()
    play_year(settings, _password(settings), progress)
    (settings.var_dir / MARK).write_text(ENDS, encoding="ascii")


def open_played(settings: Settings) -> Played:
    """The played district, with its clock going on."""
    ends = local_instant(ENDS)
    looked_at = open_installation(settings, clock=FixedClock(ends))
    try:
        start = max(ends, _last_event(looked_at) or ends)
    finally:
        looked_at.close()
    installation = open_installation(settings, clock=ShiftedClock(start))
    bring_up_to_date(installation)
    return Played(
        installation=installation, demonstration=_demonstration(installation), password=_password(settings)
    )


def _password(settings: Settings) -> str:
    path: Path = settings.var_dir / PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="ascii")
    return path.read_text(encoding="ascii")


def _last_event(installation: Installation) -> datetime | None:
    """When the last thing happened; a second later the clock may go on."""
    statement = select(func.max(history.c.at)).where(history.c.tenant_id == installation.settings.tenant_id)
    with read_transaction(installation.database) as connection:
        last = connection.execute(statement).scalar()
    return last + timedelta(seconds=1) if last is not None else None


def _demonstration(installation: Installation) -> Demonstration:
    units = {each["code"]: each["name"] for each in district.content()["units"]}
    return Demonstration(
        as_of=local_instant(ENDS),
        people=[
            Stand(each["username"], each["title"], units[each["unit"]])
            for each in district.content()["users"]
            if each["role"] not in HIDDEN_ROLES
        ],
        admit=installation.identity.front_desk.admit,
    )
