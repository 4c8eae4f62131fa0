"""The door by which finance opens campaigns 工作布置: the row that says so, and a message to each object in scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.identity.directory import Directory, DirectoryReader
from api.identity.people import day_of
from api.identity.refusals import NotASender
from engine.commands import CorrelateMessage
from engine.dispatcher import Dispatcher
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.store.unit_of_work import Database, read_transaction, write_transaction
from processes.budget_performance.ledger import campaigns
from processes.budget_performance.ledger.campaigns import Campaign, Opening, ToldObject
from processes.budget_performance.ledger.rounds import PlannedRound, planned_rounds


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """What opening a campaign would do now."""

    #: Objects that would get their message.
    objects: Sequence[ToldObject]
    #: Objects that need none: registered after the budget was opened, they do not wait.
    not_waiting: Sequence[ToldObject]
    #: Since when it is open for some of its departments; None if it is not.
    open_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be opened, for somebody to choose from."""

    #: Kinds that the roles of whoever asks may open.
    kinds: Sequence[str]
    #: Budget years that have objects, latest first.
    years: Sequence[int]
    #: Monitoring rounds of a year, as they are configured today.
    rounds: Sequence[PlannedRound]
    #: Codes of departments that have objects.
    departments: Sequence[str]


class CampaignDoor:
    """Opens campaigns. The row is one transaction, each message another: whoever asks again after a fall in between
    gets what is missing, and nothing twice.
    """

    def __init__(
        self,
        database: Database,
        directories: DirectoryReader,
        clock: Clock,
        dispatcher: Dispatcher,
        senders: Mapping[str, frozenset[str]],
    ) -> None:
        self._database = database
        self._directories = directories
        self._clock = clock
        self._dispatcher = dispatcher
        self._senders = senders

    def look(self, actor: Actor, opening: Opening) -> Prospect:
        """What opening it would do. Raises what `open` raises."""
        self._must_be_a_sender(actor, opening.kind)
        today = day_of(self._clock.now())
        with read_transaction(self._database) as connection:
            units = _names_of_units(self._directories.read(connection, actor.tenant_id, today))
            campaigns.must_be_sound(connection, actor.tenant_id, opening, units=units, on=today)
            chosen = [campaigns.ALL, *opening.departments]
            return Prospect(
                objects=campaigns.untold(connection, actor.tenant_id, opening),
                not_waiting=campaigns.not_waiting(connection, actor.tenant_id, opening),
                open_since=campaigns.opened_before(connection, actor.tenant_id, opening, chosen),
            )

    def open(self, actor: Actor, opening: Opening) -> Sequence[ToldObject]:
        """Open a campaign, or one that is open once more: then only objects that wait and were not told are.

        Raises:
            UnsoundCampaign: holds every fault.
            NotASender: the message of this kind belongs to other roles.
        """
        self._must_be_a_sender(actor, opening.kind)
        with write_transaction(self._database) as connection:
            now = self._clock.now()
            units = _names_of_units(self._directories.read(connection, actor.tenant_id, day_of(now)))
            campaigns.must_be_sound(connection, actor.tenant_id, opening, units=units, on=day_of(now))
            campaigns.record(connection, actor.tenant_id, opening, actor.user_id, now)
            told = campaigns.untold(connection, actor.tenant_id, opening)
        for each in told:
            self._dispatcher.dispatch(
                CorrelateMessage(
                    actor=actor,
                    name=opening.kind,
                    correlation_key=each.correlation_key,
                    message_id=f"{opening.kind}:{each.correlation_key}",
                )
            )
        return told

    def opened(self, actor: Actor) -> list[Campaign]:
        """All that were opened, latest first."""
        with read_transaction(self._database) as connection:
            return campaigns.open_campaigns(connection, actor.tenant_id)

    def choices(self, actor: Actor) -> Choices:
        """What the actor may open."""
        with read_transaction(self._database) as connection:
            return Choices(
                kinds=[kind for kind in campaigns.KINDS if self._is_a_sender(actor, kind)],
                years=campaigns.years(connection, actor.tenant_id),
                rounds=planned_rounds(connection, actor.tenant_id, day_of(self._clock.now())),
                departments=campaigns.departments_with_objects(connection, actor.tenant_id),
            )

    def _is_a_sender(self, actor: Actor, kind: str) -> bool:
        roles = self._senders.get(kind)
        return actor.is_system or roles is None or not actor.roles.isdisjoint(roles)

    def _must_be_a_sender(self, actor: Actor, kind: str) -> None:
        if not self._is_a_sender(actor, kind):
            senders = ", ".join(sorted(self._senders[kind]))
            raise NotASender(
                f"Expected {actor.user_id} to be among those who open {kind!r}, but these are: {senders}.",
                message_name=kind,
            )


def _names_of_units(directory: Directory) -> dict[str, str]:
    return {code: unit.name for code, unit in directory.tree.units.items()}
