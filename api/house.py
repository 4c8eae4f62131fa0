"""The parts of one running installation, as pages and REST receive them; `api/bootstrap.py` chooses them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app, g

from api.campaigns import CampaignDoor
from api.identity.absences import AbsenceDesk
from api.identity.front_desk import Visitor
from api.identity.gate import Gate
from api.imports import ImportDoors
from api.settings import Settings
from api.uploads import UploadDesk
from engine.dispatcher import Dispatcher
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.model.extension import DeadlineRules

_EXTENSION = "bihuan"


@dataclass(frozen=True, kw_only=True)
class ReadinessCheck:
    """One thing that must be well before requests may come."""

    #: database | migrations | ticker | disk
    name: str
    ok: bool
    #: For the operator's log; not shown to the outside.
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class House:
    """What a view may use."""

    settings: Settings
    dispatcher: Dispatcher
    gate: Gate
    #: The clock of the work, not of the wall: a demonstration lives on its own day.
    clock: Clock
    #: The form library (`forms`), for pages that draw a form.
    forms: Any
    readiness: Callable[[], tuple[ReadinessCheck, ...]]
    #: Doors by which programs bring things in.
    imports: ImportDoors
    #: The door by which finance opens what objects wait for.
    campaigns: CampaignDoor
    #: Files attached to forms.
    uploads: UploadDesk
    #: Where it is arranged who stands in for whom.
    absences: AbsenceDesk
    #: The configured deadlines, as a connection sees them.
    deadlines: Callable[[Any], DeadlineRules]
    #: Message -> roles whose holders may send it from outside; what is not named here, whoever may send messages.
    senders: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    #: (connection, tenant, form key, business key) -> what is known by now of what was filed there, for `x-later`.
    since_filed: Callable[..., Mapping[str, Any]] | None = None

    def hand_to(self, app: Any) -> None:
        """Let the views of an application find the house."""
        app.extensions[_EXTENSION] = self


def house() -> House:
    """The house of the application that handles this request."""
    return cast(House, current_app.extensions[_EXTENSION])


def visitor() -> Visitor:
    """Who makes this request; only behind routes that are for people who are known."""
    return cast(Visitor, g.visitor)


def actor() -> Actor:
    """Who makes this request, with the rights that are in force now."""
    return visitor().actor
