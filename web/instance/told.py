"""What the page of a case calls its processes, its steps and what happened in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.naming import node_name
from engine.kernel.graph import EventKind, Graph, Node, NodeKind
from engine.model.process_instance import ProcessInstance
from engine.queries import HistoryEntry
from web.naming import process_name
from web.parts import language
from web.words import say

#: Elements at which a process stands still until something comes.
WAITS = (NodeKind.INTERMEDIATE_CATCH, NodeKind.RECEIVE, NodeKind.EVENT_BASED, NodeKind.SERVICE, NodeKind.SEND)
#: Elements that a message can reach.
_RECEIVES = (NodeKind.START, NodeKind.INTERMEDIATE_CATCH, NodeKind.BOUNDARY, NodeKind.RECEIVE)


@dataclass(frozen=True)
class Names:
    """The names of one case and of what it has called."""

    #: By part; the case itself is part 0.
    family: Mapping[int, ProcessInstance]
    graphs: Mapping[int, Graph]

    def of_instance(self, part: int) -> str:
        """A process; one that was called under a key of its own with that, for there may be several of a kind: the
        monitoring rounds of a year."""
        instance = self.family[part]
        name = process_name(instance.definition_key)
        if instance.is_root or instance.business_key in ("", *self._keys_of_roots()):
            return name
        return say("%(name)s（%(facts)s）", language(), name=name, facts=instance.business_key)

    def of_element(self, part: int, element_id: str | None) -> str | None:
        """A step or event of one of the processes; None where there is none of that id."""
        graph = self.graphs.get(part)
        node = graph.node(element_id) if graph is not None and element_id else None
        return node_name(node) if node is not None else None

    def of_wait(self, part: int, element_id: str) -> str | None:
        """What an element waits for by itself; None for work of people and what runs in parts."""
        graph = self.graphs.get(part)
        node = graph.node(element_id) if graph is not None else None
        return node_name(node) if node is not None and node.name and node.kind in WAITS else None

    def of_entry(self, entry: HistoryEntry) -> str:
        """What an entry is about: its step, the event a message has come to, else its process."""
        if entry.element_id:
            return self.of_element(entry.part, entry.element_id) or entry.element_id
        received = self._received(entry) if entry.kind == "MessageDelivered" else None
        if received is not None:
            return received
        return self.of_instance(entry.part) if entry.part in self.family else ""

    def _received(self, entry: HistoryEntry) -> str | None:
        """What the receiving process calls the event that takes the message; the entry names message and process."""
        name, receiver = entry.payload.get("name"), entry.payload.get("receiver")
        for part, instance in self.family.items():
            if instance.definition_key == receiver and part in self.graphs:
                nodes = self.graphs[part].nodes
                return next((node_name(node) for node in nodes if node.name and _takes(node, name)), None)
        return None

    def _keys_of_roots(self) -> tuple[str, ...]:
        return tuple(each.business_key for each in self.family.values() if each.is_root)


def _takes(node: Node, message: str | None) -> bool:
    event = node.event
    return (
        node.kind in _RECEIVES
        and event is not None
        and event.kind in (EventKind.MESSAGE, EventKind.SIGNAL)
        and event.name == message
    )
