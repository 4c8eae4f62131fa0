"""What the pages of an installation use beyond the house itself."""

from __future__ import annotations

from api.bootstrap.installation import Installation
from api.identity.people import day_of
from processes.budget_performance.ledger.titles import keys_called, titles
from web.parts import Demonstration, PageParts


def page_parts(installation: Installation, demonstration: Demonstration | None) -> PageParts:
    """The calendar, who is who today, and what the process package tells of its objects."""
    settings, identity, clock = installation.settings, installation.identity, installation.clock
    return PageParts(
        calendar=installation.rules.calendar,
        directory=lambda connection: identity.directories.read(connection, settings.tenant_id, day_of(clock.now())),
        titles=titles,
        keys_called=keys_called,
        demonstration=demonstration,
    )
