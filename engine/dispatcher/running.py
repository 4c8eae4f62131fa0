"""Running the kernel within a transaction: changes in order, and local service handlers in between.

    change -> kernel -> ServiceRequested -> handler under a savepoint -> AnswerService -> kernel -> …

A handler writes through the same connection; when it fails, what it wrote is undone and the kernel is told, so that an
error boundary or an incident is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine.commands import Collaborators
from engine.dispatcher.calling import call_service
from engine.kernel import apply
from engine.kernel.changes import Change
from engine.kernel.environment import Environment
from engine.kernel.events import Event, ServiceRequested, ServiceWithdrawn
from engine.kernel.graph import Graphs
from engine.kernel.state import State
from engine.model.actor import Actor
from engine.model.deeds import Deed
from engine.model.ports import ServiceCall
from engine.store.unit_of_work import read_instance_id

_OF_SERVICES = frozenset({ServiceRequested, ServiceWithdrawn})


@dataclass(slots=True, kw_only=True)
class Running:
    """The kernel at work on one root instance."""

    connection: Connection
    tenant_id: str
    root_id: str
    actor: Actor
    collaborators: Collaborators
    graphs: Graphs
    environment: Environment
    #: Called before each local service: what it may read has to be there.
    before_services: Callable[[], None]
    state: State | None
    events: list[Event | Deed] = field(default_factory=lambda: [])
    changed: set[int] = field(default_factory=lambda: set())
    removed: set[int] = field(default_factory=lambda: set())
    #: Ids of instances that began in this change are not in the rows yet.
    _waiting: dict[int, ServiceRequested] = field(default_factory=lambda: {})

    def apply(self, changes: Iterable[Change]) -> None:
        """Run each change to the next wait, answering local services until none is left."""
        for change in changes:
            self._step(change)
            while self._waiting:
                token = next(iter(self._waiting))
                self._step(self._answer(self._waiting.pop(token)))

    def _step(self, change: Change) -> None:
        outcome = apply(self.graphs, self.state, change, self.environment)
        self.state = outcome.state
        self.events.extend(outcome.events)
        self.changed |= outcome.changed
        if outcome.removed:
            self.changed -= outcome.removed
            self.removed |= outcome.removed
        if _OF_SERVICES.isdisjoint(map(type, outcome.events)):
            # of a dozen events hardly one is about a service
            return
        for event in outcome.events:
            if type(event) is ServiceRequested:
                if not event.external:
                    self._waiting[event.token] = event
            elif type(event) is ServiceWithdrawn:
                self._waiting.pop(event.token, None)

    def _answer(self, request: ServiceRequested) -> Change:
        self.before_services()
        called = call_service(self.collaborators.services.get(request.name), request, self._call(request))
        self.events.extend(called.deeds)
        return called.change

    def _call(self, request: ServiceRequested) -> ServiceCall:
        assert self.state is not None, "a service is requested by a running instance"
        return ServiceCall(
            name=request.name,
            tenant_id=self.tenant_id,
            root_id=self.root_id,
            instance_id=read_instance_id(self.connection, self.tenant_id, self.root_id, request.part),
            element_id=request.element_id,
            business_key=self.state.parts[request.part].business_key,
            actor=self.actor,
            now=self.environment.now,
            variables=request.variables,
            properties=request.properties,
            connection=self.connection,
        )
