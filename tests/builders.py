"""Processes drawn in a few lines, and a way to play them: for every test that needs a graph or a running instance.

    loan = ProcessBuilder("loan")
    loan.start("start"), loan.user_task("check"), loan.exclusive("ok?"), loan.end("yes"), loan.end("no")
    loan.chain("start", "check", "ok?", "yes", when="amount < 10")
    loan.chain("ok?", "no")

    play = Play(loan.build()).start(amount=Decimal(5))
    play.complete("check")
    assert play.outcome == ("completed", "yes")

`when` stands on the last flow of the chain.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.feel import Expression, compile_expression
from engine.kernel import Outcome, apply, changes, events
from engine.kernel.environment import DecisionAnswer, Environment
from engine.kernel.graph import (
    Assignment,
    Call,
    EventDefinition,
    EventKind,
    Flow,
    Graph,
    MultiInstance,
    Node,
    NodeKind,
    People,
    StandardLoop,
    Timer,
    TimerKind,
    Work,
)
from engine.kernel.reachability import upstream_of_joins
from engine.kernel.state import Part, State, Token, TokenState, Wait, WaitKind
from engine.model.deadline import Deadlines
from engine.model.errors import ExecutionFailed
from tests.builders_calendar import CALENDAR_2026
from tests.ledger import Ledger

#: Monday, 2 March 2026, 09:00 Asia/Shanghai.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def feel(text: str) -> Expression:
    """A compiled FEEL expression."""
    return compile_expression(text)


def literal(text: str) -> Expression:
    """An expression whose value is the text itself, as the definition layer makes of attributes without "="."""
    return compile_expression('"' + text.replace('"', '\\"') + '"')


def mappings(values: Mapping[str, str] | None) -> tuple[Assignment, ...]:
    """Input or output mappings: target to FEEL."""
    return tuple(Assignment(target, feel(source)) for target, source in (values or {}).items())


def many(
    over: str | None = None,
    *,
    times: str | None = None,
    sequential: bool = False,
    element: str | None = None,
    collect: tuple[str, str] | None = None,
    until: str | None = None,
) -> MultiInstance:
    """A multi-instance loop; `collect` is (output element, output collection)."""
    return MultiInstance(
        sequential=sequential,
        cardinality=feel(times) if times else None,
        collection=feel(over) if over else None,
        element_variable=element,
        output_element=feel(collect[0]) if collect else None,
        output_collection=collect[1] if collect else None,
        completion_condition=feel(until) if until else None,
    )


def again(while_: str | None = None, *, test_before: bool = False, maximum: int | None = None) -> StandardLoop:
    """A standard loop."""
    return StandardLoop(feel(while_) if while_ else None, test_before, maximum)


# --- events -----------------------------------------------------------------------------------------------------------


def timer(rule: str, kind: TimerKind = TimerKind.DURATION) -> EventDefinition:
    """A timer by its literal text."""
    return EventDefinition(EventKind.TIMER, timer=Timer(kind, literal(rule)))


def cycle(rule: str) -> EventDefinition:
    """A repeating timer by its literal text."""
    return timer(rule, TimerKind.CYCLE)


def message(name: str, key: str | None = None) -> EventDefinition:
    """A message; `key` is FEEL, without it the business key."""
    return EventDefinition(EventKind.MESSAGE, name=name, correlation=feel(key) if key else None)


def signal(name: str) -> EventDefinition:
    """A signal."""
    return EventDefinition(EventKind.SIGNAL, name=name)


def error(code: str = "") -> EventDefinition:
    """An error; "" catches all."""
    return EventDefinition(EventKind.ERROR, name=code)


def escalation(code: str = "") -> EventDefinition:
    """An escalation; "" catches all."""
    return EventDefinition(EventKind.ESCALATION, name=code)


def condition(text: str) -> EventDefinition:
    """A condition on variables."""
    return EventDefinition(EventKind.CONDITIONAL, condition=feel(text))


def link(name: str) -> EventDefinition:
    """A link."""
    return EventDefinition(EventKind.LINK, name=name)


TERMINATE = EventDefinition(EventKind.TERMINATE)
CANCEL = EventDefinition(EventKind.CANCEL)
NONE = EventDefinition(EventKind.NONE)


class ProcessBuilder:
    """Collects nodes and flows; `build` numbers and connects them as the definition layer does."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._nodes: list[Node] = []
        self._indices: dict[str, int] = {}
        self._flows: list[Flow] = []
        self._defaults: dict[str, int] = {}

    def node(self, element_id: str, kind: NodeKind, *, inside: str | None = None, **fields: Any) -> ProcessBuilder:
        """Add a node; `inputs` and `outputs` may be given as dicts of FEEL."""
        index = len(self._nodes)
        for name in ("inputs", "outputs"):
            if isinstance(fields.get(name), dict):
                fields[name] = mappings(fields[name])
        fields.setdefault("name", element_id)
        parent = self._indices[inside] if inside else -1
        self._nodes.append(Node(index=index, id=element_id, kind=kind, parent=parent, **fields))
        self._indices[element_id] = index
        return self

    def start(self, element_id: str = "start", event: EventDefinition = NONE, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.START, event=event, **fields)

    def end(self, element_id: str = "end", event: EventDefinition = NONE, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.END, event=event, **fields)

    def catch(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.INTERMEDIATE_CATCH, event=event, **fields)

    def throw(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.INTERMEDIATE_THROW, event=event, **fields)

    def boundary(
        self, element_id: str, host: str, event: EventDefinition, *, interrupting: bool = True, **fields: Any
    ) -> ProcessBuilder:
        attached_to = self._indices[host]
        parent = self._nodes[attached_to].parent
        inside = self._nodes[parent].id if parent >= 0 else None
        fields |= {"event": event, "attached_to": attached_to, "interrupting": interrupting}
        return self.node(element_id, NodeKind.BOUNDARY, inside=inside, **fields)

    def user_task(self, element_id: str, *, groups: str | None = None, due: str | None = None, **fields: Any):
        people = People(
            candidate_groups=(literal(groups),) if groups else (), due=literal(due) if due else None, form_key=element_id
        )
        return self.node(element_id, NodeKind.USER_TASK, **{"people": people} | fields)

    def script(self, element_id: str, text: str, *, into: str | None = None, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.SCRIPT, work=Work(script=feel(text), result_variable=into), **fields)

    def service(
        self, element_id: str, name: str = "", *, external: bool = False, into: str | None = None, **fields: Any
    ) -> ProcessBuilder:
        work = Work(name=name or element_id, external=external, result_variable=into)
        return self.node(element_id, NodeKind.SERVICE, work=work, **fields)

    def decision(self, element_id: str, key: str, *, into: str | None = None, result: str = "singleResult", **fields: Any):
        work = Work(name=key, result_variable=into, map_result=result)
        return self.node(element_id, NodeKind.BUSINESS_RULE, work=work, **fields)

    def call(self, element_id: str, key: str, **fields: Any) -> ProcessBuilder:
        options = {name: fields.pop(name) for name in ("all_in", "all_out", "business_key") if name in fields}
        return self.node(element_id, NodeKind.CALL_ACTIVITY, call=Call(literal(key), **options), **fields)

    def abstract(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.ABSTRACT, **fields)

    def send(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.SEND, event=event, **fields)

    def receive(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.RECEIVE, event=event, **fields)

    def sub_process(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.SUB_PROCESS, **fields)

    def transaction(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.TRANSACTION, **fields)

    def event_sub_process(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.EVENT_SUB_PROCESS, **fields)

    def exclusive(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.EXCLUSIVE, **fields)

    def parallel(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.PARALLEL, **fields)

    def inclusive(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.INCLUSIVE, **fields)

    def event_based(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.EVENT_BASED, **fields)

    def chain(self, *element_ids: str, when: str | None = None, default: bool = False) -> ProcessBuilder:
        """Connect nodes one after another; `when` and `default` are about the last flow."""
        for source, target in zip(element_ids, element_ids[1:], strict=False):
            is_last = target == element_ids[-1] and source == element_ids[-2]
            guard = feel(when) if when and is_last else None
            flow = Flow(
                index=len(self._flows),
                id=f"{source}>{target}",
                name="",
                source=self._indices[source],
                target=self._indices[target],
                condition=guard,
            )
            self._flows.append(flow)
            if default and is_last:
                self._defaults[source] = flow.index
        return self

    def build(self, ref: str | None = None) -> Graph:
        """The compiled graph; its ref is "key:1" unless told."""
        nodes = tuple(self._connected(node) for node in self._nodes)
        return Graph(
            ref=ref or f"{self.key}:1",
            key=self.key,
            name=self.key,
            nodes=nodes,
            flows=tuple(self._flows),
            starts=tuple(node.index for node in nodes if node.kind is NodeKind.START and node.parent == -1),
            event_sub_processes=self._event_sub_processes(-1),
            by_id=dict(self._indices),
            upstream=upstream_of_joins(nodes, self._flows),
        )

    def _connected(self, node: Node) -> Node:
        starts = [each.index for each in self._nodes if each.kind is NodeKind.START and each.parent == node.index]
        return replace(
            node,
            incoming=tuple(flow.index for flow in self._flows if flow.target == node.index),
            outgoing=tuple(flow.index for flow in self._flows if flow.source == node.index),
            default=self._defaults.get(node.id),
            boundary=tuple(each.index for each in self._nodes if each.attached_to == node.index),
            start=starts[0] if starts else None,
            event_sub_processes=self._event_sub_processes(node.index),
        )

    def _event_sub_processes(self, parent: int) -> tuple[int, ...]:
        return tuple(
            node.index
            for node in self._nodes
            if node.kind is NodeKind.EVENT_SUB_PROCESS and node.parent == parent
        )


class Deployed:
    """The graphs of a test, found by ref and by key."""

    def __init__(self, graphs: Sequence[Graph]) -> None:
        self._by_ref = {graph.ref: graph for graph in graphs}
        self._by_key = {graph.key: graph for graph in graphs}

    def by_ref(self, ref: str) -> Graph:
        return self._by_ref[ref]

    def called(self, caller: Graph, call: Call, key: str) -> Graph | None:
        return self._by_key.get(key)


Decisions = Mapping[str, Callable[[Mapping[str, Any]], Any]]


def environment(now: datetime = NOW, decisions: Decisions | None = None, **fields: Any) -> Environment:
    """An environment with the calendar of 2026; decisions are Python functions of the context."""

    def decide(key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> DecisionAnswer:
        if key not in (decisions or {}):
            raise ExecutionFailed(f"Expected decision {key!r} to be deployed, but it is not.")
        return DecisionAnswer((decisions or {})[key](context), f"{key}:1", {"rule": 1})

    def row(key: str, on: date) -> Any:
        return {"due.review": "5WD", "due.late": "30D"}.get(key)

    return Environment(now=now, decide=decide, deadlines=Deadlines(CALENDAR_2026, row), **fields)


def thawed(state: State) -> State:
    """A state that went through plain data, as if it had been stored and read."""
    frozen = {number: copy.deepcopy(state.parts[number].to_plain()) for number in state.parts}
    return State({number: Part.from_plain(plain) for number, plain in frozen.items()}, state.next_number)


class Play:
    """Plays one root instance on values. What is done is named by element ids; where several match, the oldest counts.

    With `frozen` the state goes through plain data after each step, and the state before must not have been touched.
    After each step the ledger checks that opening and closing events match the state.
    """

    def __init__(self, *graphs: Graph, frozen: bool = False, decisions: Decisions | None = None, **fields: Any) -> None:
        self.graphs = Deployed(graphs)
        self._first = graphs[0]
        self._frozen = frozen
        self._decisions = decisions
        self._fields = fields
        self.now = NOW
        self.state: State | None = None
        #: Events of the last step.
        self.events: tuple[events.Event, ...] = ()
        self.history: list[events.Event] = []
        self._ledger = Ledger()

    # --- steps --------------------------------------------------------------------------------------------------------

    def apply(self, change: changes.Change) -> Outcome:
        """Carry out any change."""
        before = copy.deepcopy(_plain(self.state)) if self._frozen else None
        outcome = apply(self.graphs, self.state, change, environment(self.now, self._decisions, **self._fields))
        if self._frozen:
            assert _plain(self.state) == before, "a step must not touch the state it starts from"
        self.state = thawed(outcome.state) if self._frozen else outcome.state
        self.events = outcome.events
        self.history.extend(outcome.events)
        self._ledger.record(outcome, self.state, self.graphs)
        return outcome

    def start(self, start_element_id: str | None = None, /, business_key: str = "K-1", **variables: Any) -> Play:
        self.apply(changes.Start(
            graph_ref=self._first.ref,
            business_key=business_key,
            variables=variables,
            start_element_id=start_element_id,
        ))  # fmt: skip
        return self

    def complete(self, element_id: str, /, **variables: Any) -> Play:
        part, token = self._token(element_id, TokenState.USER_TASK)
        self.apply(changes.Complete(part=part, token=token.number, variables=variables))
        return self

    def answer(self, element_id: str, /, **variables: Any) -> Play:
        part, token = self._token(element_id, TokenState.SERVICE)
        self.apply(changes.AnswerService(part=part, token=token.number, variables=variables))
        return self

    def fail(self, element_id: str, message: str = "broken") -> Play:
        part, token = self._token(element_id, TokenState.SERVICE)
        self.apply(changes.FailService(part=part, token=token.number, message=message))
        return self

    def raise_error(self, element_id: str, code: str, /, **variables: Any) -> Play:
        part, token = self._token(element_id, TokenState.SERVICE, TokenState.USER_TASK)
        self.apply(changes.RaiseBpmnError(part=part, token=token.number, error_code=code, variables=variables))
        return self

    def fire(self, element_id: str, *, late: timedelta = timedelta(0)) -> Play:
        """Let a timer's instant come; the clock moves there, and further by `late`."""
        part, wait = self._wait(element_id, WaitKind.TIMER)
        assert wait.due_at is not None
        self.now = max(self.now, wait.due_at + late)
        self.apply(changes.FireTimer(part=part, wait=wait.number))
        return self

    def deliver(self, element_id: str, /, **variables: Any) -> Play:
        part, wait = self._wait(element_id, WaitKind.MESSAGE)
        self.apply(changes.DeliverMessage(part=part, wait=wait.number, variables=variables))
        return self

    def broadcast(self, name: str, /, **variables: Any) -> Play:
        self.apply(changes.DeliverSignal(name=name, variables=variables))
        return self

    def set(self, part: int = 0, /, **variables: Any) -> Play:
        self.apply(changes.SetVariables(part=part, variables=variables))
        return self

    def retry(self, element_id: str) -> Play:
        part, token = self._token(element_id, TokenState.INCIDENT)
        self.apply(changes.Retry(part=part, token=token.number))
        return self

    def return_to(self, element_id: str, target: str, /, **variables: Any) -> Play:
        part, token = self._token(element_id, TokenState.USER_TASK)
        self.apply(changes.ReturnTo(part=part, token=token.number, element_id=target, variables=variables))
        return self

    def cancel(self, reason: str = "") -> Play:
        self.apply(changes.Cancel(reason=reason))
        return self

    # --- what is open -------------------------------------------------------------------------------------------------

    def resting(self, *states: TokenState) -> list[str]:
        """Element ids of the tokens in these states, oldest first."""
        return [self._id(part, token.node) for part, token in self._tokens() if token.state in states]

    @property
    def user_tasks(self) -> list[str]:
        return self.resting(TokenState.USER_TASK)

    @property
    def services(self) -> list[str]:
        return self.resting(TokenState.SERVICE)

    @property
    def incidents(self) -> list[str]:
        return self.resting(TokenState.INCIDENT)

    @property
    def waiting(self) -> list[str]:
        """Element ids of the events that are waited for, oldest first."""
        return [self._id(part, wait.node) for part, wait in self._waits()]

    def due(self, element_id: str) -> datetime | None:
        """When a timer fires next."""
        return self._wait(element_id, WaitKind.TIMER)[1].due_at

    @property
    def variables(self) -> dict[str, Any]:
        """Variables of the root instance."""
        return dict(self._parts()[0].top.variables)

    @property
    def has_ended(self) -> bool:
        return self.state is not None and not self.state.parts

    @property
    def outcome(self) -> tuple[str, str]:
        """How the root instance ended, and at which end event."""
        ended = [event for event in self.history if isinstance(event, events.InstanceEnded) and event.part == 0]
        return ended[-1].outcome, ended[-1].end_element_id

    def last(self, kind: type[Any]) -> Any:
        """The last event of a kind in the whole history."""
        return [event for event in self.history if isinstance(event, kind)][-1]

    def all(self, kind: type[Any]) -> list[Any]:
        """All events of a kind in the whole history."""
        return [event for event in self.history if isinstance(event, kind)]

    @property
    def path(self) -> list[str]:
        """Element ids in the order they were entered."""
        return [event.element_id for event in self.history if isinstance(event, events.ElementEntered)]

    def _parts(self) -> Mapping[int, Part]:
        assert self.state is not None
        return self.state.parts

    def _tokens(self) -> list[tuple[int, Token]]:
        found = [(part.number, token) for part in self._parts().values() for token in part.tokens.values()]
        return sorted(found, key=lambda each: each[1].number)

    def _waits(self) -> list[tuple[int, Wait]]:
        found = [(part.number, wait) for part in self._parts().values() for wait in part.waits.values()]
        return sorted(found, key=lambda each: each[1].number)

    def _id(self, part: int, node: int) -> str:
        return self.graphs.by_ref(self._parts()[part].graph_ref).nodes[node].id

    def _token(self, element_id: str, *states: TokenState) -> tuple[int, Token]:
        for part, token in self._tokens():
            if token.state in states and self._id(part, token.node) == element_id:
                return part, token
        raise AssertionError(f"no token at {element_id!r} rests as {states}; open are {self.resting(*TokenState)}")

    def _wait(self, element_id: str, kind: WaitKind) -> tuple[int, Wait]:
        for part, wait in self._waits():
            if wait.kind is kind and self._id(part, wait.node) == element_id:
                return part, wait
        raise AssertionError(f"nothing waits at {element_id!r}; waited for are {self.waiting}")


def _plain(state: State | None) -> Any:
    return None if state is None else {number: state.parts[number].to_plain() for number in state.parts}
