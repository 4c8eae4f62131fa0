"""The parts of identity, put together over one database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from api.identity.absences import AbsenceDesk
from api.identity.attempts import AttemptLimits
from api.identity.directory import DirectoryReader
from api.identity.front_desk import FrontDesk, FrontDeskRules
from api.identity.naming import NamedPeople
from api.identity.passwords import Passwords
from api.identity.people import People
from api.identity.roles import RoleCatalogue
from api.identity.sessions import SessionLifetimes
from api.settings import Settings
from engine.model.clock import Clock, SystemClock
from engine.model.identifiers import Uuid7Source


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who is who, who may come in, who gets what."""

    catalogue: RoleCatalogue
    directories: DirectoryReader
    front_desk: FrontDesk
    people: People
    #: Whom forms may name.
    named: NamedPeople
    #: Who stands in for whom.
    absences: AbsenceDesk


def open_identity(
    database: Engine,
    settings: Settings,
    catalogue: RoleCatalogue,
    clock: Clock,
    *,
    passwords: Passwords | None = None,
    wall_clock: Clock | None = None,
) -> Identity:
    """Identity by the settings. Posts go by `clock`; sessions, tokens and tries go by the clock on the wall."""
    directories = DirectoryReader()
    rules = FrontDeskRules(
        tenant_id=settings.tenant_id,
        lifetimes=SessionLifetimes(idle=settings.session_idle, absolute=settings.session_lifetime),
        limits=AttemptLimits(
            window=settings.login_window,
            per_account=settings.login_failures_per_account,
            per_address=settings.login_failures_per_address,
        ),
        token_lifetime=settings.token_lifetime,
        secret=settings.secret_key,
    )
    desk = FrontDesk(
        database, rules, catalogue, directories, passwords or Passwords(), clock, wall_clock or SystemClock()
    )
    people = People(catalogue, directories, clock)
    named = NamedPeople(database, directories, clock, settings.tenant_id)
    absences = AbsenceDesk(database, directories, catalogue, clock, Uuid7Source().make)
    return Identity(
        catalogue=catalogue, directories=directories, front_desk=desk, people=people, named=named, absences=absences
    )
