"""What processes and their steps are called in the language of whoever reads, by the version they run by.

Rows carry the name as it is drawn; the graphs, compiled once and kept, know the other languages. So no list asks the
database for a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flask import g

from api.house import actor, house
from engine.kernel.graph import Graph, Node, NodeKind
from engine.model.errors import EngineError
from engine.queries.definitions import DefinitionItem, definitions


class Drawn(Protocol):
    """A row about an element of a diagram."""

    @property
    def definition_ref(self) -> str: ...

    @property
    def element_id(self) -> str: ...

    @property
    def name(self) -> str: ...


def in_language(name: str, names: Mapping[str, str]) -> str:
    """What the reader calls something: as it is drawn where the diagram has no name in the reader's language."""
    return names.get(house().gate.language, name)


def node_name(node: Node) -> str:
    """What the reader calls an element; its id where it has no name."""
    return in_language(node.name, node.names) or node.id


def step_name(step: Drawn) -> str:
    """What the reader calls the step that a row is about."""
    return step_called(step.definition_ref, step.element_id, step.name)


def step_called(definition_ref: str, element_id: str, name: str) -> str:
    """What the reader calls an element of a version that is drawn with a name."""
    node = _node(definition_ref, element_id)
    return in_language(name, node.names) if node is not None else name


def element_name(definition_ref: str, element_id: str) -> str:
    """What the reader calls an element of a version; its id where it has no name, or nobody knows the version."""
    node = _node(definition_ref, element_id)
    return node_name(node) if node is not None else element_id


def lane_name(definition_ref: str, lane: str | None) -> str | None:
    """What the reader calls a lane."""
    graph = _graph(definition_ref) if lane else None
    return in_language(lane, graph.lane_names.get(lane, {})) if graph is not None and lane else lane


def definition_name(item: DefinitionItem) -> str:
    """What the reader calls a version of a process; decisions are called as they are."""
    graph = _graph(item.ref) if item.kind == "process" else None
    return in_language(item.name, graph.names) if graph is not None else item.name


def newest() -> Mapping[str, DefinitionItem]:
    """Process definition key -> its newest version; asked once a request."""
    if "newest_processes" not in g:
        g.newest_processes = {each.key: each for each in house().dispatcher.query(definitions, actor())}
    return g.newest_processes


def newest_step(process: str, element_id: str) -> Node | None:
    """An element of the newest version of a process."""
    item = newest().get(process)
    return _node(item.ref, element_id) if item is not None else None


def steps_called(words: str) -> tuple[tuple[str, str], ...]:
    """(process, element id) of the steps of people whose name in the reader's language holds the words.

    Names as they are drawn stand in the rows and are searched there; of those in other languages the newest versions
    count.
    """
    wanted, language = words.lower(), house().gate.language
    return tuple(
        (key, node.id)
        for key, item in (newest() if wanted else {}).items()
        for node in _nodes(item.ref)
        if node.kind is NodeKind.USER_TASK and wanted in node.names.get(language, "").lower()
    )


def _nodes(ref: str) -> tuple[Node, ...]:
    graph = _graph(ref)
    return graph.nodes if graph is not None else ()


def _node(ref: str, element_id: str) -> Node | None:
    graph = _graph(ref)
    index = graph.by_id.get(element_id) if graph is not None else None
    return graph.nodes[index] if graph is not None and index is not None else None


def _graph(ref: str) -> Graph | None:
    """None where a version can no longer be read: a list still shows its rows."""
    try:
        return house().dispatcher.definitions.graph_at_hand(actor().tenant_id, ref)
    except EngineError:
        return None
