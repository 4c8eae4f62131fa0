"""The doors of an installation through which its people and programs bring in what the processes work on."""

from __future__ import annotations

from collections.abc import Sequence

from api.bootstrap.installation import Installation
from api.campaigns import CampaignDoor
from api.imports import ImportDoors
from engine.model.actor import Actor
from processes.budget_performance.ledger.campaigns import Opening, ToldObject


class ProgramDoors(ImportDoors):
    """The doors for what is brought in, and beside them the one that opens campaigns."""

    def __init__(self, installation: Installation) -> None:
        database, directories, clock = installation.database, installation.identity.directories, installation.clock
        super().__init__(database, directories, clock)
        self.campaigns = CampaignDoor(database, directories, clock, installation.dispatcher, installation.senders)

    def open_campaign(self, actor: Actor, opening: Opening) -> Sequence[ToldObject]:
        """As finance does on the page of campaigns. Raises what the door raises."""
        return self.campaigns.open(actor, opening)
