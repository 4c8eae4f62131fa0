"""Ways through a diagram: which open user task is completed next, until nothing is open any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.bpmn import read_process_file
from engine.bpmn.opinion.cases import Case, Complete, Sight
from engine.bpmn.opinion.rehearsal import Player
from engine.kernel.graph import Graph
from tests.differential.blocks import Drawn

#: Picks one of the open user tasks.
Choose = Callable[[Sequence[str]], str]


def graphs_of(drawn: Drawn) -> dict[str, Graph]:
    """The graphs of a diagram and of what it calls, by key."""
    files = [drawn.xml, *drawn.called]
    return {graph.key: graph for file in files for graph in read_process_file(file, ref_of=str).graphs}


def one_schedule(drawn: Drawn, choose: Choose) -> Case:
    """Complete what `choose` picks until the instance rests no more; every user task writes a variable of its own."""
    graphs = graphs_of(drawn)
    steps: list[Complete] = []
    while True:
        case = Case(name="schedule", variables=drawn.variables, steps=tuple(steps))
        sight = _last_sight(graphs, case)
        if not sight.user_tasks:
            return case
        steps.append(_completion(choose(sight.user_tasks), len(steps)))


def every_schedule(drawn: Drawn) -> Iterator[Case]:
    """All orders in which the user tasks can be completed."""
    graphs = graphs_of(drawn)
    pending: list[tuple[Complete, ...]] = [()]
    while pending:
        steps = pending.pop()
        case = Case(name=" ".join(step.element_id for step in steps), variables=drawn.variables, steps=steps)
        sight = _last_sight(graphs, case)
        if not sight.user_tasks:
            yield case
        for name in set(sight.user_tasks):
            pending.append((*steps, _completion(name, len(steps))))


def _last_sight(graphs: dict[str, Graph], case: Case) -> Sight:
    return Player(graphs, "main", case).run().showing.sights[-1]


def _completion(element_id: str, number: int) -> Complete:
    values: dict[str, Any] = {f"v_{element_id}": Decimal(number), f"note_{element_id}": f"step {number}"}
    return Complete(element_id, values)
