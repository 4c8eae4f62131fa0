"""Bringing a database up to date: its tables, the working calendar, and what the process packages bring along."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

import migrations
from api.bootstrap.installation import Installation
from engine import DeployDefinitions
from engine.model.actor import system_actor
from engine.model.calendar import local_day
from engine.store.calendar_rows import bring_calendar_years
from engine.store.database import read_transaction, write_transaction
from engine.store.settings_rows import Setting, put_settings, setting
from processes.catalog import ProcessPackage

#: Years before and after the present one that the calendar must know.
YEARS_BACK, YEARS_AHEAD = 2, 2
#: Remembers which state of a package was deployed last.
_MARK = "package."

_log = logging.getLogger("bihuan.bootstrap")


def bring_up_to_date(installation: Installation, progress: Callable[[str], None] = lambda _step: None) -> None:
    """Migrate the tables, know the years around today, deploy what has changed. What is in place is left alone.

    Args:
        progress: is told each step before it begins.
    """
    progress("tables")
    migrations.upgrade(installation.database)
    progress("calendar")
    today = local_day(installation.clock.now())
    with write_transaction(installation.database) as connection:
        bring_years(connection, installation.settings.tenant_id, today)
    for package in installation.packages:
        if _deployed_checksum(installation, package, today) != package.checksum:
            progress(package.key)
            _deploy(installation, package, today)


def bring_years(connection: Connection, tenant_id: str, today: date) -> None:
    """Let the calendar know the years around a day; unpublished ones are provisional."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    for year in bring_calendar_years(connection, tenant_id, years):
        _log.info("Calendar of %s: %s.", year.year, "official" if year.is_official else "provisional")


def _deployed_checksum(installation: Installation, package: ProcessPackage, today: date) -> str | None:
    with read_transaction(installation.database) as connection:
        mark = setting(connection, installation.settings.tenant_id, f"{_MARK}{package.key}", today)
    return mark["checksum"] if mark else None


def _deploy(installation: Installation, package: ProcessPackage, today: date) -> None:
    """Settings first, for deadlines of start events; the mark last, so that a failure is tried again."""
    tenant_id = installation.settings.tenant_id
    with write_transaction(installation.database) as connection:
        put_settings(connection, tenant_id, package.settings)
    command = DeployDefinitions(
        actor=system_actor(tenant_id), files=package.files, comment=f"{package.key} {package.version}"
    )
    installation.dispatcher.dispatch(command)
    mark = Setting(
        key=f"{_MARK}{package.key}",
        value={"checksum": package.checksum, "version": package.version},
        valid_from=date(2000, 1, 1),
        note=f"deployed {today}",
    )
    with write_transaction(installation.database) as connection:
        put_settings(connection, tenant_id, [mark])
