"""Plays a test case on our own kernel, in a frozen environment, and keeps what the outside answered for the replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.opinion.books import Books
from engine.bpmn.opinion.cases import (
    Answer,
    Broadcast,
    Case,
    Complete,
    DoesNotFit,
    Obstacle,
    Pass,
    Raises,
    Receive,
    Showing,
    Sight,
)
from engine.bpmn.opinion.spans import START, instant_of
from engine.kernel import apply, changes, events
from engine.kernel.changes import Change
from engine.kernel.environment import DecisionAnswer, Environment
from engine.kernel.graph import Call, Flow, Graph, Node, NodeKind, Work
from engine.kernel.state import State, TokenState, Wait, WaitKind
from engine.model.errors import ExecutionFailed, WrongState

#: Graphs that stand for processes that were not given.
_STAND_IN = "stand-in:"
#: Executions of nodes, answers of services and firings of timers in one step; a case that needs more is in a loop.
_ENDLESS = 1_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A case as our kernel played it."""

    showing: Showing
    #: See `Books.replay`.
    replay: Mapping[str, list[Any]]
    #: Variables that were written where branches run side by side.
    unsettled: frozenset[str]
    #: Why nothing can be compared: a timer rule that the frozen environment does not know, or something that
    #: SpiffWorkflow does not do. None if nothing stands in the way.
    obstacle: Obstacle | None
    #: End events that the instance itself has reached, in order.
    ends: tuple[str, ...] = ()


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


def _waits_of(state: State | None) -> list[tuple[int, Wait]]:
    """Part number and wait of everything an instance listens for."""
    assert state is not None, "the case has begun"
    return [(number, wait) for number, part in state.parts.items() for wait in part.waits.values()]


def _caller_of(state: State | None, called: int) -> tuple[int, int]:
    """Part and node of the call activity that waits for a called part."""
    assert state is not None, "the case has begun"
    parent = state.parts[called].parent
    assert parent is not None, "somebody has called it"
    return parent[0], state.parts[parent[0]].tokens[parent[1]].node


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
        self._books = Books()
        self._part_graphs: dict[int, Graph] = {}
        self._answered: dict[str, int] = {}

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
        books = self._books
        if self._deadlines.unknown_rule is not None:
            books.object_to("timer-rule", f"timer rule {self._deadlines.unknown_rule!r}")
        showing = Showing(sights=tuple(sights), variables=books.variables if sights[-1].state == "ended" else {})
        return Rehearsal(showing, books.replay, frozenset(books.unsettled), books.obstacle, tuple(books.ends))

    def _apply(self, change: Change) -> None:
        """Carry out a change, then answer what it asked of the outside, until nothing is asked any more."""
        environment = Environment(now=self._now, decide=self._decisions, deadlines=self._deadlines, step_limit=_ENDLESS)
        pending: list[Change] = [change]
        for _ in range(_ENDLESS):
            if not pending:
                return
            change = pending.pop(0)
            if isinstance(change, changes.AnswerService):
                self._books.answering(change.part, change.token)
            try:
                outcome = apply(self._graphs, self._state, change, environment)
            except WrongState:
                if self._state is None:
                    raise
                continue  # what asked, or what was to receive, has been taken away meanwhile
            self._state = outcome.state
            for event in outcome.events:
                pending.extend(self._follow(event))
        self._books.object_to("no-rest", "the case does not come to rest")

    def _follow(self, event: events.Event) -> list[Change]:
        """Keep the books over an event; returns the changes that it calls for."""
        if isinstance(event, events.InstanceStarted):
            self._part_graphs[event.part] = self._graphs.by_ref(event.graph_ref)
        self._books.note(event, self._graph_of(event.part))
        if isinstance(event, events.ServiceRequested):
            return [self._answer(event)]
        if isinstance(event, events.MessageThrown):
            return self._deliveries(event.name, event.correlation_key, event.variables)
        return []

    def _answer(self, event: events.ServiceRequested) -> Change:
        element_id = self._asking_element(event)
        answer = self._next_answer(element_id)
        if isinstance(answer, Raises):
            self._books.failed(element_id, answer.error_code)
            return changes.RaiseBpmnError(part=event.part, token=event.token, error_code=answer.error_code)
        self._books.asked(element_id, event.part, event.token)
        return changes.AnswerService(part=event.part, token=event.token, variables=answer)

    def _asking_element(self, event: events.ServiceRequested) -> str:
        """The service itself, or the call activity that a stand-in works for."""
        if not self._graph_of(event.part).ref.startswith(_STAND_IN):
            return event.element_id
        part, node = _caller_of(self._state, event.part)
        return self._graph_of(part).nodes[node].id

    def _next_answer(self, element_id: str) -> Answer:
        answers = self._case.answers.get(element_id, ())
        number = self._answered.get(element_id, 0)
        self._answered[element_id] = number + 1
        return answers[min(number, len(answers) - 1)] if answers else {}

    def _complete(self, step: Complete, number: int) -> None:
        open_ones = self._tokens(TokenState.USER_TASK)
        for part, token, node in open_ones:
            if node.id == step.element_id:
                self._apply(changes.Complete(part=part, token=token, variables=step.variables))
                return
        raise DoesNotFit(number, step.element_id, (node.id for _, _, node in open_ones))

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
            for part, wait in _waits_of(self._state)
            if wait.kind is WaitKind.TIMER and wait.due_at is not None
        ]

    def _deliveries(self, name: str, key: str | None, variables: Mapping[str, Any]) -> list[Change]:
        return [
            changes.DeliverMessage(part=part, wait=wait.number, variables=variables)
            for part, wait in _waits_of(self._state)
            if wait.kind is WaitKind.MESSAGE and wait.name == name and key in (None, wait.correlation_key)
        ]

    def _awaited(self) -> Iterator[str]:
        """See `Sight.waits`."""
        for part, wait in _waits_of(self._state):
            node = self._graph_of(part).nodes[wait.node]
            beside = node.kind is NodeKind.BOUNDARY and (
                not node.interrupting or node.index in self._books.obstacles_of(self._graph_of(part))
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
            found = self._state.parts.get(part) if self._state is not None else None
            if found is None:
                return self._part_graphs[0]  # a branch that began and ended within one step
            known = self._part_graphs[part] = self._graphs.by_ref(found.graph_ref)
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
