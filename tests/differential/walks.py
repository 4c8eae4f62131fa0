"""Random walks through a model on our kernel: what can be done next, and the values that decide its conditions."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.bpmn.compiler import is_none_start
from engine.bpmn.opinion.cases import Broadcast, Case, Complete, Pass, Receive, Showing, Sight, Step
from engine.bpmn.opinion.comparable import concurrent_nodes
from engine.bpmn.opinion.rehearsal import Player
from engine.feel import Expression, nodes
from engine.feel.budget import DEFAULT_BUDGET
from engine.feel.library import BUILTINS
from engine.feel.names import NameTable
from engine.feel.parser import parse_expression
from engine.kernel.graph import EventKind, Graph, MultiInstance, StandardLoop

#: Longer than any timer of the models.
A_LONG_TIME = timedelta(days=20)
_MOST_STEPS = 14


class Walk:
    """One way through a process, taken step by step on our kernel."""

    def __init__(
        self,
        graphs: Mapping[str, Graph],
        key: str,
        chance: random.Random,
        names: Iterable[str],
        written: Iterable[str],
        collections: Iterable[str],
        keys: Iterable[str],
        outputs: Iterable[str],
        texts: Iterable[str],
    ) -> None:
        self._graphs = graphs
        self._key = key
        self._chance = chance
        self._choices = choices(graphs.values())
        self._fixed = set(written)
        self.variables: dict[str, Any] = {name: Decimal(1) for name in sorted(names) if name}
        self.variables.update(dict.fromkeys(texts, "text"))
        self.variables.update({name: self._pick(name) for name in self._choices})
        self.variables.update({name: [Decimal(1), Decimal(2), Decimal(3)] for name in collections})
        self._keys, self._outputs = sorted(keys), sorted(outputs)
        first = graphs[key].nodes[graphs[key].starts[0]]
        #: The start event, and what triggers it, where the process has no none start.
        self._start = None if is_none_start(first) else first.id
        self.trigger: list[Step] = [] if self._start is None else list(self._option_of_wait(self._start))
        self.steps: list[Step] = []
        self._showing = Showing(sights=())

    def run(self) -> Showing:
        """Walk until the instance rests no more, nothing can be done, or the walk is long enough."""
        while True:
            case = Case(
                name="walk",
                variables=self.variables,
                steps=tuple(self.steps),
                decisions={"decision": ({},)},
                start_element_id=self._start,
            )
            rehearsal = Player(self._graphs, self._key, case).run()
            showing = rehearsal.showing
            if rehearsal.obstacle:
                self.steps.pop()
                return self._showing
            self._showing = showing
            options = self._options(showing.sights[-1])
            if showing.sights[-1].state != "running" or not options or len(self.steps) == _MOST_STEPS:
                return showing
            self.steps.append(self._chance.choice(options))

    def _pick(self, name: str) -> Any:
        return self._chance.choice(self._choices[name])

    def _options(self, sight: Sight) -> list[Step]:
        options: list[Step] = [Complete(name, self._completion()) for name in sight.user_tasks]
        for element_id in sight.waits:
            options.extend(self._option_of_wait(element_id))
        return options

    def _completion(self) -> dict[str, Any]:
        """What a step must give, and new values for what conditions read.

        Those not where branches run side by side and would see different ones.
        """
        given = {name: Decimal(1) for name in self._outputs}
        if any(concurrent_nodes(graph) for graph in self._graphs.values()):
            return given
        return given | {name: self._pick(name) for name in self._choices if name not in self._fixed}

    def _option_of_wait(self, element_id: str) -> Sequence[Step]:
        for graph in self._graphs.values():
            event = graph.nodes[graph.by_id[element_id]].event if element_id in graph.by_id else None
            if event is not None and event.kind is EventKind.TIMER:
                return [Pass(A_LONG_TIME)]
            if event is not None and event.kind is EventKind.MESSAGE:
                return [Receive(event.name, {name: self.variables[name] for name in self._keys})]
            if event is not None and event.kind is EventKind.SIGNAL:
                return [Broadcast(event.name)]
        return []


def choices(graphs: Iterable[Graph]) -> dict[str, list[Any]]:
    """For each name that conditions read, the values that make them true or false."""
    found: dict[str, list[Any]] = {}
    for graph in graphs:
        for expression in _conditions(graph):
            tree = parse_expression(expression.source, NameTable(BUILTINS), {}, DEFAULT_BUDGET)
            _collect(tree, found)
    return found


def _conditions(graph: Graph) -> Iterable[Expression]:
    for flow in graph.flows:
        if flow.condition is not None:
            yield flow.condition
    for node in graph.nodes:
        if isinstance(node.loop, StandardLoop) and node.loop.condition is not None:
            yield node.loop.condition
        elif isinstance(node.loop, MultiInstance):
            for each in (node.loop.completion_condition, node.loop.cardinality):
                if each is not None:
                    yield each


def _collect(tree: nodes.Node, found: dict[str, list[Any]]) -> None:
    pending: list[tuple[nodes.Node, bool]] = [(tree, True)]
    while pending:
        node, decides = pending.pop()
        if isinstance(node, nodes.Comparison) and isinstance(node.left, nodes.Name):
            values = found.setdefault(node.left.name, [])
            values.extend(_around(node.right))
        elif isinstance(node, nodes.Name) and decides:
            found.setdefault(node.name, []).extend([True, False])
        else:
            pending.extend((child, isinstance(node, nodes.Logic | nodes.Call)) for child in node.children())


def _around(node: nodes.Node) -> list[Any]:
    """A value that a comparison names, and one beside it on each side."""
    value = node.value if isinstance(node, nodes.Literal) else Decimal(1)
    if isinstance(value, bool):
        return [True, False]
    if isinstance(value, Decimal):
        return [value, value - 1, value + 1]
    return [value, f"not {value}"] if isinstance(value, str) else [value]
