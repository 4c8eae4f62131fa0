"""The web application of an installation: REST doors and pages behind one gate."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from flask import Flask

from api.bootstrap.installation import Installation
from api.bootstrap.page_parts import page_parts
from api.bootstrap.programs import ProgramDoors
from api.bootstrap.readiness import readiness
from api.house import House
from api.identity.gate import Gate
from api.rest.application import make_application
from api.rest.doors import DOORS
from engine.scheduler import Ticker
from processes.budget_performance.ledger.outcomes import since_filed
from web.pages import install_pages
from web.parts import Demonstration


def application(
    installation: Installation, *, ticker: Ticker | None = None, demonstration: Demonstration | None = None
) -> Flask:
    """Doors and pages.

    Args:
        ticker: of this process, for readiness; None when another process keeps the time.
        demonstration: lets pages say so and switch person by one click.
    """
    settings, identity, clock = installation.settings, installation.identity, installation.clock
    programs = ProgramDoors(installation)
    house = House(
        settings=settings,
        dispatcher=installation.dispatcher,
        gate=Gate(identity.front_desk, https=settings.https, language=settings.language),
        clock=clock,
        forms=installation.forms,
        readiness=readiness(installation.database, str(settings.var_dir), ticker),
        imports=programs,
        campaigns=programs.campaigns,
        uploads=installation.uploads,
        absences=identity.absences,
        deadlines=installation.rules.deadlines,
        senders=installation.senders,
        since_filed=since_filed,
    )
    parts = page_parts(installation, demonstration)
    return make_application(house, DOORS, version=_version(), install_pages=lambda app: install_pages(app, parts))


def _version() -> str:
    try:
        return version("bihuan")
    except PackageNotFoundError:
        return "0"  # run from a folder that was never installed
