"""Test cases found by walking: random ways through a process on our kernel, for the second opinion to follow.

What a designer forgets to write a case for is walked through all the same: open user tasks are completed, time passes,
messages and signals come that are waited for, and each of them sets the variables that conditions read.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from engine.bpmn.compiler import is_none_start
from engine.bpmn.extensions import is_variable_name
from engine.bpmn.opinion.cases import Broadcast, Case, Complete, Pass, Receive, Showing, Sight, Step
from engine.bpmn.opinion.choices import Choice, choices
from engine.bpmn.opinion.comparable import concurrent_nodes
from engine.bpmn.opinion.rehearsal import Player
from engine.kernel.graph import EventKind, Graph, Node, NodeKind

#: How much time may pass at once: beyond most timers, and beyond the next turn of the year.
WHILES = (timedelta(days=20), timedelta(days=400))
#: How many different answers a service or decision gets ready.
_ANSWERS = 3


class Walker:
    """Walks through one process, with the processes it calls if they are given."""

    def __init__(
        self, graphs: Mapping[str, Graph], key: str, chance: random.Random, variables: Mapping[str, Any] | None = None
    ) -> None:
        self._graphs = graphs
        self._key = key
        self._chance = chance
        self.choices: Mapping[str, Choice] = choices(graphs.values())
        #: Variables that no step may change: a caller knows what they must be.
        self._fixed = dict(variables or {})
        #: Elements where a value that is set would be seen by one branch only.
        self._side_by_side = {graph.nodes[index].id for graph in graphs.values() for index in concurrent_nodes(graph)}

    def walk(self, name: str, most_steps: int = 14) -> tuple[Case, Showing]:
        """One case, as long as the process lets it be, and what was seen of it.

        The walk ends before a step that the second opinion could not follow.
        """
        case = Case(
            name=name,
            variables=self.begins_with(),
            answers=self.answers(),
            decisions=self.decisions(),
            start_element_id=self.start_element_id,
        )
        showing = Showing(sights=())
        while True:
            rehearsal = Player(self._graphs, self._key, case).run()
            if rehearsal.obstacle:
                return (replace(case, steps=case.steps[:-1]), showing) if case.steps else (case, rehearsal.showing)
            showing = rehearsal.showing
            options = self._options(showing.sights[-1])
            if showing.sights[-1].state != "running" or not options or len(case.steps) == most_steps:
                return case, showing
            case = replace(case, steps=(*case.steps, self._chance.choice(options)))

    @property
    def start_element_id(self) -> str | None:
        """The first start event, where the process has no none start."""
        first = self._graphs[self._key].nodes[self._graphs[self._key].starts[0]]
        return None if is_none_start(first) else first.id

    def begins_with(self) -> dict[str, Any]:
        """Variables at the start."""
        return {**self.values(), **self._fixed}

    def values(self) -> dict[str, Any]:
        """A value for each variable that conditions read, but for the fixed ones."""
        return {name: choice.pick(self._chance) for name, choice in self.choices.items() if name not in self._fixed}

    def option_of_wait(self, element_id: str) -> Sequence[Step]:
        """What meets a wait."""
        for graph in self._graphs.values():
            event = graph.nodes[graph.by_id[element_id]].event if element_id in graph.by_id else None
            if event is not None and event.kind is EventKind.TIMER:
                return [Pass(time) for time in WHILES]
            if event is not None and event.kind is EventKind.MESSAGE:
                return [Receive(event.name, self.brought_by_message(element_id))]
            if event is not None and event.kind is EventKind.SIGNAL:
                return [Broadcast(event.name)]
        return []

    def brought_by_message(self, element_id: str) -> dict[str, Any]:
        """Variables of a message that meets a wait."""
        return self._brought_to(element_id)

    def brought_by_person(self, element_id: str) -> dict[str, Any]:
        """Variables with which a user task is completed."""
        return self._brought_to(element_id)

    def _brought_to(self, element_id: str) -> dict[str, Any]:
        """Values for what conditions read, also under the names from which the element's outputs take them."""
        if element_id in self._side_by_side:
            return {}
        node = next(graph.node(element_id) for graph in self._graphs.values() if element_id in graph.by_id)
        return self._with_sources(node, self.values())

    def _with_sources(self, node: Node, values: dict[str, Any]) -> dict[str, Any]:
        for output in node.outputs:
            choice = self.choices.get(output.target)
            if choice is not None and is_variable_name(output.expression.source):
                values[output.expression.source] = choice.pick(self._chance)
        return values

    def _options(self, sight: Sight) -> list[Step]:
        options: list[Step] = [
            Complete(element_id, self.brought_by_person(element_id)) for element_id in sight.user_tasks
        ]
        for element_id in sight.waits:
            options.extend(self.option_of_wait(element_id))
        return options

    def answers(self) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """Of services and of calls of processes that are not given; under a result variable, what that one may be."""
        answers: dict[str, tuple[Mapping[str, Any], ...]] = {}
        for graph in self._graphs.values():
            for node in graph.nodes:
                if node.kind not in (NodeKind.SERVICE, NodeKind.CALL_ACTIVITY) or node.id in self._side_by_side:
                    continue
                answers[node.id] = tuple(self._answer(node) for _ in range(_ANSWERS))
        return answers

    def _answer(self, node: Node) -> Mapping[str, Any]:
        result = node.work.result_variable if node.work is not None else None
        if result is None:
            return self._with_sources(node, self.values())
        choice = self.choices.get(result)
        value = choice.pick(self._chance) if choice is not None else None
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def decisions(self) -> dict[str, tuple[Any, ...]]:
        """By decision key; what a decision may answer follows from the variable it is written to."""
        decisions: dict[str, tuple[Any, ...]] = {}
        for graph in self._graphs.values():
            for node in graph.nodes:
                if node.kind is NodeKind.BUSINESS_RULE and node.work is not None:
                    picked = [self._decided(node.work.map_result, node.work.result_variable) for _ in range(_ANSWERS)]
                    together = node.id in self._side_by_side
                    decisions.setdefault(node.work.name, tuple(picked[:1] if together else picked))
        return decisions

    def _decided(self, mapping: str, result_variable: str | None) -> Any:
        if mapping in ("collectEntries", "resultList"):
            return []
        if result_variable is None:
            return self.values()
        choice = self.choices.get(result_variable)
        return choice.pick(self._chance) if choice is not None else None
