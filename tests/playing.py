"""Playing a process on values: what is done is named by element ids, and the books are checked after each step."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.kernel import Outcome, apply, changes, events
from engine.kernel.environment import DecisionAnswer, Environment
from engine.kernel.graph import Call, Graph
from engine.kernel.state import Part, State, Token, TokenState, Wait, WaitKind
from engine.model.deadline import Deadlines
from engine.model.errors import ExecutionFailed
from tests.builders_calendar import CALENDAR_2026
from tests.ledger import Ledger

#: Monday, 2 March 2026, 09:00 Asia/Shanghai.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


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

    def take_back(self, element_id: str, target: str, /, due_at: datetime | None = None) -> Play:
        part, token = self._token(element_id, TokenState.USER_TASK)
        kept = {"handed_over_at": self.now, "due_at": due_at, "due_rule": "5WD"}
        self.apply(changes.TakeBack(part=part, token=token.number, element_id=target, **kept))
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
