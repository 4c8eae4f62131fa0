"""The kernel alone, on values: steps a second, and whether a step costs the same after ten thousand rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import closed_loop
from benchmarks.office import NOW
from benchmarks.spiffworkflow_peer import ROUNDS_FOLLOWED, rounds_of_a_loop
from benchmarks.table import Chapter, Row, at_least, at_most, figure
from engine.bpmn import read_process_file
from engine.kernel import Outcome, apply
from engine.kernel.changes import Change, Complete, Start
from engine.kernel.environment import DecisionAnswer, Environment
from engine.kernel.events import ElementEntered
from engine.kernel.graph import Call, Graph
from engine.kernel.state import State, TokenState
from engine.model.calendar import WorkingCalendar
from engine.model.deadline import Deadlines
from engine.store import codec
from engine.store.encodings import pack_part

STEPS_PER_SECOND = 50_000
ROUNDS = 10_000
GROWTH = 1.15


@dataclass(frozen=True)
class Deployed:
    """Graphs by ref and by key."""

    graphs: Mapping[str, Graph]

    @classmethod
    def of(cls, files: Iterable[bytes]) -> Deployed:
        """Compile files; every key is its own first version."""
        found: dict[str, Graph] = {}
        for content in files:
            result = read_process_file(content, ref_of=lambda key: f"{key}:1", functions={})
            result.report.raise_if_refused("benchmark")
            found |= {graph.key: graph for graph in result.graphs}
        return cls(found)

    def by_ref(self, ref: str) -> Graph:
        return self.graphs[ref.partition(":")[0]]

    def called(self, caller: Graph, call: Call, key: str) -> Graph | None:
        return self.graphs.get(key)


def _no_decision(key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> DecisionAnswer:
    raise AssertionError(f"Expected no decision to be asked, but found {key!r}.")


#: Monday to Friday, without holidays.
ENVIRONMENT = Environment(
    now=NOW, decide=_no_decision, deadlines=Deadlines(WorkingCalendar.of(()), lambda key, on: None)
)


def open_user_tasks(state: State) -> list[tuple[int, int]]:
    """(part, token) of every open user task, oldest first."""
    found = [
        (token.number, number)
        for number, part in state.parts.items()
        for token in part.tokens.values()
        if token.state is TokenState.USER_TASK
    ]
    return [(part, token) for token, part in sorted(found)]


def measure(*, full: bool) -> list[Chapter]:
    """Both chapters."""
    return [_speed(full=full), _growth()]


def _speed(*, full: bool) -> Chapter:
    deployed = Deployed.of(closed_loop.files().values())
    rates: list[float] = []
    moves: list[float] = []
    for _ in range(9 if full else 5):
        steps, nodes, seconds = _instances(deployed, 200 if full else 50)
        rates.append(nodes / seconds)
        moves.append(steps / seconds)
    state = _started(deployed, closed_loop.variables())
    packed = sum(len(codec.pack(part.to_plain())) for part in state.parts.values())
    bare = _started(deployed, {"business_key": "", "assess_in": 1})
    packed_bare = sum(len(codec.pack(part.to_plain())) for part in bare.parts.values())
    rows = (
        at_least(
            "steps/s (executions of a node)",
            statistics.median(rates),
            STEPS_PER_SECOND,
            digits=0,
            note="events, boundary timers, due instants, FEEL scripts and conditions included",
        ),
        figure("µs a step", 1e6 / statistics.median(rates), digits=1),
        figure("changes/s (from wait to wait)", statistics.median(moves), digits=0),
        figure(f"state with {closed_loop.VARIABLES_KB} KB of variables, bytes packed", packed, digits=0),
        figure("state beside the variables, bytes packed", packed_bare, digits=0),
    )
    return Chapter(title="Kernel alone", rows=rows)


def _started(deployed: Deployed, variables: Mapping[str, Any]) -> State:
    start = Start(graph_ref=f"{closed_loop.MAIN}:1", business_key="K-1", variables={"unit_code": "2101", **variables})
    return apply(deployed, None, start, ENVIRONMENT).state


def _instances(deployed: Deployed, count: int) -> tuple[int, int, float]:
    """Run instances to their end; returns changes, node executions and seconds spent in the kernel."""
    steps = nodes = 0
    seconds = 0.0
    small = {name: value for name, value in closed_loop.variables().items() if name != "budget_lines"}

    def timed(state: State | None, change: Change) -> Outcome:
        nonlocal steps, nodes, seconds
        # the processor's time: whatever else runs on the machine is no work of the kernel
        began = time.process_time()
        outcome = apply(deployed, state, change, ENVIRONMENT)
        seconds += time.process_time() - began
        steps += 1
        nodes += sum(1 for event in outcome.events if isinstance(event, ElementEntered))
        return outcome

    gc.collect()
    for number in range(count):
        variables = {"unit_code": "2101", **small}
        start = Start(graph_ref=f"{closed_loop.MAIN}:1", business_key=f"K-{number}", variables=variables)
        state = timed(None, start).state
        while state.parts:
            part, token = open_user_tasks(state)[0]
            state = timed(state, Complete(part=part, token=token, variables={"agreed": True})).state
    return steps, nodes, seconds


def _growth() -> Chapter:
    """Rounds of a loop, with the state packed after each as the store does."""
    deployed = Deployed.of([closed_loop.monitoring_loop()])
    variables = {"n": 0, "limit": ROUNDS, "budget_lines": closed_loop.variables()["budget_lines"]}
    start = Start(graph_ref="rounds:1", business_key="K-1", variables=variables)
    state = apply(deployed, None, start, ENVIRONMENT).state
    seconds: list[float] = []
    sizes: list[int] = []
    while state.parts:
        ((part, token),) = open_user_tasks(state)
        began = time.process_time()
        state = apply(deployed, state, Complete(part=part, token=token, variables={"agreed": True}), ENVIRONMENT).state
        if state.parts:
            sizes.append(len(pack_part(state.parts[0])))
        seconds.append(time.process_time() - began)
    peer_rounds, peer_growth = rounds_of_a_loop()
    stopped = "" if peer_rounds == ROUNDS_FOLLOWED else "then RecursionError; "
    rows: list[Row] = [
        figure("rounds", len(seconds), digits=0),
        at_most("last 100 rounds against rounds 10 to 110", growth_of(seconds), GROWTH),
        figure("µs a round, kernel and packing", statistics.median(seconds) * 1e6, digits=0),
        at_most("growth of the state, bytes, beside longer numbers", sizes[-1] - sizes[10], 64, digits=0),
        figure(
            "rounds of the same loop, SpiffWorkflow",
            peer_rounds,
            digits=0,
            note=f"{stopped}its state grows by {peer_growth:,} bytes a round",
        ),
    ]
    return Chapter(title="A loop of 10,000 rounds, kernel", rows=tuple(rows))


def growth_of(seconds: list[float]) -> float:
    """Median of the last 100 rounds by that of rounds 10 to 110."""
    return statistics.median(seconds[-101:-1]) / statistics.median(seconds[10:110])
