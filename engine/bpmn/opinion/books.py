"""What is kept over a played case: variables, what the outside wrote, and why nothing could be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.opinion.cases import Obstacle
from engine.bpmn.opinion.comparable import concurrent_nodes, obstacles
from engine.kernel import events
from engine.kernel.due_dates import counts_from_due
from engine.kernel.graph import Graph, Node, NodeKind

#: The kernel numbers the scopes of a root instance from here.
_TOP_SCOPE = 1


class Books:
    """Follows the kernel's events."""

    def __init__(self) -> None:
        #: Of the top scope.
        self.variables: dict[str, Any] = {}
        #: Variables that were written where branches run side by side.
        self.unsettled: set[str] = set()
        #: By element id: what each execution of a service, decision or stand-in wrote, where a text is an error code;
        #: and the instant of each timer that counts from the due instant of its user task, a text.
        self.replay: dict[str, list[Any]] = {}
        #: The first reason why nothing can be compared.
        self.obstacle: Obstacle | None = None
        #: End events that the instance itself has reached, in order.
        self.ends: list[str] = []
        self._concurrent: dict[str, set[str]] = {}
        self._obstacles: dict[str, Mapping[int, str]] = {}
        #: Entries of the replay that wait for their answer, by part and token, with their element.
        self._asked: dict[tuple[int, int], tuple[str, dict[str, Any]]] = {}
        #: Element id -> the entry that is being written.
        self._writing: dict[str, dict[str, Any]] = {}
        #: How often a boundary event that lets its host go on has happened, by part and node.
        self._beside: dict[tuple[int, int], int] = {}

    def object_to(self, cause: str, reason: str, element_id: str = "") -> None:
        """Nothing can be compared any more."""
        self.obstacle = self.obstacle or Obstacle(cause=cause, reason=reason, element_id=element_id)

    def note(self, event: events.Event, graph: Graph) -> None:
        """Follow an event of an instance of this graph."""
        if isinstance(event, events.InstanceStarted):
            if event.part == 0:
                self.variables.update(event.variables)
        elif isinstance(event, events.VariablesChanged):
            self._written(event, graph)
        elif isinstance(event, events.ElementEntered):
            self._entered(event, graph)
        elif isinstance(event, events.IncidentOpened):
            # No way out of a gateway is a matter of the diagram; anything else is what the case made of it.
            if event.kind != "no-flow":
                self.object_to("incident", f"incident at {event.element_id}: {event.message}", event.element_id)
        elif isinstance(event, events.TimerSet):
            self._timer_set(event, graph)
        elif isinstance(event, events.DecisionMade):
            self._writing[event.element_id] = self._new_entry(event.element_id)

    def asked(self, element_id: str, part: int, token: int) -> None:
        """A service, or a stand-in for an element, waits for its answer."""
        self._asked[part, token] = (element_id, self._new_entry(element_id))

    def answering(self, part: int, token: int) -> None:
        """The answer comes now: what it writes is kept with it."""
        element_id, entry = self._asked.pop((part, token))
        self._writing[element_id] = entry

    def failed(self, element_id: str, error_code: str) -> None:
        """The outside answered with an error."""
        self.replay.setdefault(element_id, []).append(error_code)

    def obstacles_of(self, graph: Graph) -> Mapping[int, str]:
        if graph.ref not in self._obstacles:
            self._obstacles[graph.ref] = obstacles(graph)
        return self._obstacles[graph.ref]

    def _new_entry(self, element_id: str) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        self.replay.setdefault(element_id, []).append(entry)
        return entry

    def _timer_set(self, event: events.TimerSet, graph: Graph) -> None:
        if counts_from_due(graph, graph.node(event.element_id).index):
            self.replay.setdefault(event.element_id, []).append(event.due_at.isoformat())

    def _written(self, event: events.VariablesChanged, graph: Graph) -> None:
        if event.part == 0 and event.scope == _TOP_SCOPE:
            self.variables.update(event.values)
        if graph.ref not in self._concurrent:
            self._concurrent[graph.ref] = {graph.nodes[index].id for index in concurrent_nodes(graph)}
        if event.element_id in self._concurrent[graph.ref]:
            self.unsettled.update(event.values)
        if event.element_id in self._writing:
            # what an input has named first is the step's own, and ends with it
            node = graph.node(event.element_id)
            own = set[str]() if node.outputs else {each.target for each in node.inputs}
            kept = {name: value for name, value in event.values.items() if name not in own}
            self._writing[event.element_id].update(kept)

    def _entered(self, event: events.ElementEntered, graph: Graph) -> None:
        node = graph.node(event.element_id)
        reason = self.obstacles_of(graph).get(node.index)
        if reason:
            self.object_to(reason.replace(" ", "-"), f"{reason} at {node.id}", node.id)
        if node.kind is NodeKind.END and event.part == 0:
            self.ends.append(node.id)
        self._count_boundary(event, node)

    def _count_boundary(self, event: events.ElementEntered, node: Node) -> None:
        """SpiffWorkflow hears a boundary event that lets its host go on only once."""
        for index in node.boundary:
            self._beside.pop((event.part, index), None)
        if node.kind is NodeKind.BOUNDARY and not node.interrupting:
            key = (event.part, node.index)
            self._beside[key] = self._beside.get(key, 0) + 1
            if self._beside[key] > 1:
                self.object_to("happens-twice", f"{node.id} happens twice while its host is open", node.id)
