"""Everything the engine asks of others, chosen once in `api/bootstrap.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn import KnownNames
from engine.bpmn.second_opinion import Stage
from engine.commands.means import Means
from engine.feel import FeelFunction
from engine.kernel.environment import DeadlinePort
from engine.model.clock import Clock, FixedClock
from engine.model.identifiers import Uuid7Source
from engine.model.ports import FormPort, LadderPort, PeoplePort, ServiceHandler


@dataclass(frozen=True, kw_only=True)
class Collaborators:
    """The ports of one running engine."""

    clock: Clock
    ids: Uuid7Source
    forms: FormPort
    people: PeoplePort
    ladder: LadderPort
    #: Deadlines by the calendar and the settings as the running transaction (SQLAlchemy Connection) sees them.
    deadlines: Callable[[Any], DeadlinePort]
    #: Local handlers by the name that service nodes give.
    services: Mapping[str, ServiceHandler] = field(default_factory=dict[str, ServiceHandler])
    #: Functions every expression may call.
    functions: tuple[FeelFunction, ...] = ()
    #: Names that diagrams may use and that are not rows: forms, roles, clauses, messages that programs send. A
    #: deployment checks names by them, and by what is deployed and configured. None = it leaves names alone.
    names: KnownNames | None = None
    #: Where SpiffWorkflow plays what a deployment brings, for the second opinion. None = it is not asked.
    opinion_stage: Stage | None = None

    def at(self, now: datetime) -> Collaborators:
        """The same with a clock that stands still, for one command."""
        standing = object.__new__(Collaborators)
        # as `dataclasses.replace` would do, which takes ten times as long: every command asks for it
        standing.__dict__.update(self.__dict__, clock=FixedClock(now))
        return standing

    @property
    def means(self) -> Means:
        """What files are examined with."""
        return Means(
            functions=self.functions_by_name,
            names=self.names,
            services=frozenset(self.services),
            opinion_stage=self.opinion_stage,
        )

    @property
    def functions_by_name(self) -> dict[str, FeelFunction]:
        return {function.name: function for function in self.functions}
