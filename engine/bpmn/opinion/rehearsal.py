"""Plays a test case on our own kernel, in a frozen environment, and keeps what the outside answered for the replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.opinion.cases import (
    Answer,
    Broadcast,
    Case,
    Complete,
    DoesNotFit,
    Pass,
    Raises,
    Receive,
    Showing,
    Sight,
)
from engine.bpmn.opinion.comparable import concurrent_nodes, obstacles
from engine.bpmn.opinion.spans import START, instant_of
from engine.kernel import apply, changes, events
from engine.kernel.changes import Change
from engine.kernel.environment import DecisionAnswer, Environment
from engine.kernel.graph import Call, Flow, Graph, Node, NodeKind, Work
from engine.kernel.state import State, TokenState, Wait, WaitKind
from engine.model.errors import ExecutionFailed, WrongState

#: The kernel numbers the scopes of a root instance from here.
_TOP_SCOPE = 1
#: Graphs that stand for processes that were not given.
_STAND_IN = "stand-in:"
#: Executions of nodes, answers of services and firings of timers in one step; a case that needs more is in a loop.
_ENDLESS = 1_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A case as our kernel played it."""

    showing: Showing
    #: By element id: what each execution of a service, decision or stand-in wrote; a text is an error code.
    replay: Mapping[str, list[Any]]
    #: Variables that were written where branches run side by side.
    unsettled: frozenset[str]
    #: Why nothing can be compared: a timer rule that the frozen environment does not know, or something that
    #: SpiffWorkflow does not do. "" if nothing stands in the way.
    obstacle: str


class CaseGraphs:
    """The graphs of a test: those given, and a stand-in for every other process that is called."""

    def __init__(self, graphs: Mapping[str, Graph]) -> None:
        self._by_key = dict(graphs)
        self._by_ref = {graph.ref: graph for graph in graphs.values()}

    def by_ref(self, ref: str) -> Graph:
        return self._by_ref[ref]

    def called(self, caller: Graph, call: Call, key: str) -> Graph:
        if key not in self._by_key:
            stand_in = _stand_in(key)
            self._by_key[key] = self._by_ref[stand_in.ref] = stand_in
        return self._by_key[key]


def _stand_in(key: str) -> Graph:
    """A process of one service, whose answer are the variables at its end."""
    start = Node(0, "start", "", NodeKind.START, -1, outgoing=(0,))
    work = Node(1, "answer", "", NodeKind.SERVICE, -1, incoming=(0,), work=Work(name=key))
    return Graph(
        ref=f"{_STAND_IN}{key}",
        key=key,
        name="",
        nodes=(start, work),
        flows=(Flow(0, "start-answer", "", 0, 1),),
        starts=(0,),
        event_sub_processes=(),
        by_id={"start": 0, "answer": 1},
    )


@dataclass(slots=True)
class _Deadlines:
    """Instants by `spans`; remembers a rule that it does not know."""

    unknown_rule: str | None = None

    def due_at(self, rule: Any, start: datetime) -> datetime:
        """Due dates of people are not compared: what is not known falls due at once."""
        return instant_of(rule, start) or start

    def fires_at(self, rule: Any, start: datetime) -> datetime:
        due = instant_of(rule, start)
        if due is None:
            self.unknown_rule = str(rule)
            raise ExecutionFailed(f"Expected a timer rule that test cases know, but found {rule!r}.")
        return due


@dataclass(slots=True)
class _Decisions:
    """Answers of a case, by decision key, in order; the last one stays."""

    answers: Mapping[str, Sequence[Any]]
    _asked: dict[str, int] = field(default_factory=dict[str, int])

    def __call__(self, key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> DecisionAnswer:
        answers = self.answers.get(key, ())
        if not answers:
            raise ExecutionFailed(f"Expected the case to answer decision {key!r}, but it does not.")
        number = self._asked.get(key, 0)
        self._asked[key] = number + 1
        return DecisionAnswer(answers[min(number, len(answers) - 1)], f"{key}:case")


class Player:
    """One instance on its way."""

    def __init__(self, graphs: Mapping[str, Graph], key: str, case: Case) -> None:
        self._graphs = CaseGraphs(graphs)
        self._ref = graphs[key].ref
        self._case = case
        self._deadlines = _Deadlines()
        self._decisions = _Decisions(case.decisions)
        self._now = START
        self._state: State | None = None
        self._variables: dict[str, Any] = {}
        self._unsettled: set[str] = set()
        self._part_graphs: dict[int, Graph] = {}
        self._concurrent: dict[str, set[str]] = {}
        self._replay: dict[str, list[Any]] = {}
        #: Element id -> the entry of the replay that is being answered.
        self._answering: dict[str, dict[str, Any]] = {}
        self._answered: dict[str, int] = {}
        #: How often a boundary event that lets its host go on has happened, by part and node.
        self._beside: dict[tuple[int, int], int] = {}
        self._known_obstacles: dict[str, Mapping[int, str]] = {}
        self._beyond = ""

    def run(self) -> Rehearsal:
        """Play the case.

        Raises:
            DoesNotFit: a step names a user task that is not open.
            ExecutionFailed: the process cannot be started.
        """
        case = self._case
        start = changes.Start(
            graph_ref=self._ref,
            business_key="case",
            variables=case.variables,
            start_element_id=case.start_element_id,
        )
        self._apply(start)
        self._fire_what_has_passed()
        sights = [self._sight()]
        for number, step in enumerate(case.steps, 1):
            if sights[-1].state != "running":
                break
            if isinstance(step, Complete):
                self._complete(step, number)
            elif isinstance(step, Pass):
                self._pass(step)
            elif isinstance(step, Receive):
                for change in self._deliveries(step.name, None, step.variables):
                    self._apply(change)
            else:
                assert isinstance(step, Broadcast)
                self._apply(changes.DeliverSignal(name=step.name))
            self._fire_what_has_passed()
            sights.append(self._sight())
        showing = Showing(sights=tuple(sights), variables=self._variables if sights[-1].state == "ended" else {})
        return Rehearsal(showing, self._replay, frozenset(self._unsettled), self._obstacle())

    def _obstacle(self) -> str:
        rule = self._deadlines.unknown_rule
        return self._beyond if rule is None else f"timer rule {rule!r}"

    def _apply(self, change: Change) -> None:
        """Carry out a change, then answer what it asked of the outside, until nothing is asked any more."""
        environment = Environment(now=self._now, decide=self._decisions, deadlines=self._deadlines, step_limit=_ENDLESS)
        pending: list[Change] = [change]
        for _ in range(_ENDLESS):
            if not pending:
                return
            try:
                outcome = apply(self._graphs, self._state, pending.pop(0), environment)
            except WrongState:
                if self._state is None:
                    raise
                continue  # what asked, or what was to receive, has been taken away meanwhile
            self._state = outcome.state
            for event in outcome.events:
                pending.extend(self._follow(event))
        self._beyond = "the case does not come to rest"

    def _follow(self, event: events.Event) -> list[Change]:
        """Keep the books over an event; returns the changes that it calls for."""
        if isinstance(event, events.InstanceStarted):
            self._part_graphs[event.part] = self._graphs.by_ref(event.graph_ref)
            if event.part == 0:
                self._variables.update(event.variables)
        elif isinstance(event, events.VariablesChanged):
            self._written(event)
        elif isinstance(event, events.ElementEntered):
            self._look_for_obstacle(event)
        elif isinstance(event, events.IncidentOpened):
            self._look_at_incident(event)
        elif isinstance(event, events.DecisionMade):
            self._new_entry(event.element_id, {})
        elif isinstance(event, events.ServiceRequested):
            return [self._answer(event)]
        elif isinstance(event, events.MessageThrown):
            return self._deliveries(event.name, event.correlation_key, event.variables)
        return []

    def _look_for_obstacle(self, event: events.ElementEntered) -> None:
        graph = self._graph_of(event.part)
        node = graph.nodes[graph.by_id[event.element_id]]
        reason = self._obstacles_of(graph).get(node.index)
        if reason and not self._beyond:
            self._beyond = f"{reason} at {node.id}"
        self._count_boundary(event, node)

    def _look_at_incident(self, event: events.IncidentOpened) -> None:
        """No way out of a gateway is a matter of the diagram; anything else is what the case made of it."""
        if event.kind != "no-flow" and not self._beyond:
            self._beyond = f"incident at {event.element_id}: {event.message}"

    def _obstacles_of(self, graph: Graph) -> Mapping[int, str]:
        if graph.ref not in self._known_obstacles:
            self._known_obstacles[graph.ref] = obstacles(graph)
        return self._known_obstacles[graph.ref]

    def _count_boundary(self, event: events.ElementEntered, node: Node) -> None:
        """SpiffWorkflow hears a boundary event that lets its host go on only once."""
        if node.kind is not NodeKind.BOUNDARY or node.interrupting or node.attached_to is None:
            if node.boundary:
                self._beside = {key: count for key, count in self._beside.items() if key[1] not in node.boundary}
            return
        key = (event.part, node.index)
        self._beside[key] = self._beside.get(key, 0) + 1
        if self._beside[key] > 1:
            self._beyond = f"{node.id} happens twice while its host is open"

    def _written(self, event: events.VariablesChanged) -> None:
        graph = self._graph_of(event.part)
        if event.part == 0 and event.scope == _TOP_SCOPE:
            self._variables.update(event.values)
        if graph.key not in self._concurrent:
            self._concurrent[graph.key] = {graph.nodes[index].id for index in concurrent_nodes(graph)}
        if event.element_id in self._concurrent[graph.key]:
            self._unsettled.update(event.values)
        if event.element_id in self._answering:
            self._answering[event.element_id].update(event.values)

    def _new_entry(self, element_id: str, entry: Any) -> None:
        self._replay.setdefault(element_id, []).append(entry)
        if isinstance(entry, dict):
            self._answering[element_id] = entry

    def _answer(self, event: events.ServiceRequested) -> Change:
        element_id = self._asking_element(event)
        answer = self._next_answer(element_id)
        if isinstance(answer, Raises):
            self._new_entry(element_id, answer.error_code)
            return changes.RaiseBpmnError(part=event.part, token=event.token, error_code=answer.error_code)
        self._new_entry(element_id, {})
        return changes.AnswerService(part=event.part, token=event.token, variables=answer)

    def _asking_element(self, event: events.ServiceRequested) -> str:
        """The service itself, or the call activity that a stand-in works for."""
        if not self._graph_of(event.part).ref.startswith(_STAND_IN):
            return event.element_id
        assert self._state is not None
        parent = self._state.parts[event.part].parent
        assert parent is not None
        token = self._state.parts[parent[0]].tokens[parent[1]]
        return self._graph_of(parent[0]).nodes[token.node].id

    def _next_answer(self, element_id: str) -> Answer:
        answers = self._case.answers.get(element_id, ())
        number = self._answered.get(element_id, 0)
        self._answered[element_id] = number + 1
        return answers[min(number, len(answers) - 1)] if answers else {}

    def _complete(self, step: Complete, number: int) -> None:
        for part, token, node in self._tokens(TokenState.USER_TASK):
            if node.id == step.element_id:
                self._apply(changes.Complete(part=part, token=token, variables=step.variables))
                return
        raise DoesNotFit(number, f"user task {step.element_id} is not open")

    def _pass(self, step: Pass) -> None:
        until = self._now + step.time
        for _ in range(_ENDLESS):
            due = [each for each in self._timers() if each[0] <= until]
            if not due:
                break
            instant, wait_number, part = min(due)
            self._now = max(self._now, instant)
            self._apply(changes.FireTimer(part=part, wait=wait_number))
        self._now = until

    def _fire_what_has_passed(self) -> None:
        """A timer of the past fires as soon as it is set: SpiffWorkflow does it itself, ours leaves it to the clock."""
        for _ in range(_ENDLESS):
            passed = [each for each in self._timers() if each[0] < self._now]
            if not passed:
                break
            _, wait_number, part = min(passed)
            self._apply(changes.FireTimer(part=part, wait=wait_number))

    def _timers(self) -> list[tuple[datetime, int, int]]:
        """Instant, number and part of every timer that is waited for."""
        return [
            (wait.due_at, wait.number, part)
            for part, wait in self._waits()
            if wait.kind is WaitKind.TIMER and wait.due_at is not None
        ]

    def _deliveries(self, name: str, key: str | None, variables: Mapping[str, Any]) -> list[Change]:
        return [
            changes.DeliverMessage(part=part, wait=wait.number, variables=variables)
            for part, wait in self._waits()
            if wait.kind is WaitKind.MESSAGE and wait.name == name and key in (None, wait.correlation_key)
        ]

    def _waits(self) -> list[tuple[int, Wait]]:
        assert self._state is not None
        return [(number, wait) for number, part in self._state.parts.items() for wait in part.waits.values()]

    def _awaited(self) -> Iterator[str]:
        """See `Sight.waits`."""
        for part, wait in self._waits():
            node = self._graph_of(part).nodes[wait.node]
            beside = node.kind is NodeKind.BOUNDARY and (
                not node.interrupting or node.index in self._obstacles_of(self._graph_of(part))
            )
            if wait.token is not None and wait.kind is not WaitKind.CONDITION and not beside:
                yield node.id

    def _tokens(self, state: TokenState) -> list[tuple[int, int, Node]]:
        """Part, number and node of the tokens in a state, the earliest first."""
        assert self._state is not None
        found = [
            (number, token.number, self._graph_of(number).nodes[token.node])
            for number, part in self._state.parts.items()
            for token in part.tokens.values()
            if token.state is state
        ]
        return sorted(found, key=lambda each: each[1])

    def _graph_of(self, part: int) -> Graph:
        """The graph of a part; that of a branch is the one of the instance it belongs to."""
        known = self._part_graphs.get(part)
        if known is None:
            assert self._state is not None
            known = self._part_graphs[part] = self._graphs.by_ref(self._state.parts[part].graph_ref)
        return known

    def _sight(self) -> Sight:
        assert self._state is not None
        if not self._state.parts:
            return Sight(state="ended")
        if self._tokens(TokenState.INCIDENT):
            return Sight(state="failed")
        return Sight(
            user_tasks=tuple(sorted(node.id for _, _, node in self._tokens(TokenState.USER_TASK))),
            waits=tuple(sorted(self._awaited())),
        )
