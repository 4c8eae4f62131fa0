"""Keeps the books on a running instance: what events have opened and not closed must be what the state holds."""

from __future__ import annotations

from typing import Any

from engine.kernel import Outcome, events
from engine.kernel.graph import Graphs
from engine.kernel.state import State, TokenState, WaitKind

_OPENS: dict[type[Any], str] = {
    events.ElementEntered: "element",
    events.UserTaskCreated: "user task",
    events.ServiceRequested: "service",
    events.IncidentOpened: "incident",
}
_CLOSES: dict[type[Any], str] = {
    events.ElementLeft: "element",
    events.ElementCancelled: "element",
    events.UserTaskCompleted: "user task",
    events.UserTaskCancelled: "user task",
    events.ServiceWithdrawn: "service",
    events.IncidentResolved: "incident",
}
_OPENS_WAIT: dict[type[Any], str] = {
    events.TimerSet: "timer",
    events.MessageAwaited: "message",
    events.SignalAwaited: "signal",
}
_CLOSES_WAIT: dict[type[Any], str] = {
    events.TimerCleared: "timer",
    events.MessageWaitClosed: "message",
    events.SignalWaitClosed: "signal",
}


class Ledger:
    """Open entries by kind and number."""

    def __init__(self) -> None:
        self._open: set[tuple[str, int]] = set()
        self._instances: set[int] = set()

    def record(self, outcome: Outcome, state: State, graphs: Graphs) -> None:
        """Book the events of a step and compare with the state after it. Raises AssertionError."""
        for event in outcome.events:
            self._book(event)
        _check_references(state, graphs)
        found = _held(state)
        # a service whose answer came has no closing event of its own: leaving the element closes it
        services = {number for kind, number in found if kind == "service"}
        self._open = {each for each in self._open if each[0] != "service" or each[1] in services}
        assert self._open == found, f"events alone: {self._open - found}; state alone: {found - self._open}"
        instances = {part.number for part in state.parts.values() if part.kind.value == "instance"}
        assert self._instances <= instances, f"instances without a part: {self._instances - instances}"
        assert outcome.changed <= set(state.parts) and not outcome.removed & set(state.parts)

    def _book(self, event: events.Event) -> None:
        kind = type(event)
        if kind in _OPENS:
            entry = (_OPENS[kind], event.token)
            assert entry not in self._open, f"opened twice: {event}"
            self._open.add(entry)
        elif kind in _OPENS_WAIT:
            self._open.add((_OPENS_WAIT[kind], event.wait))
        elif kind in _CLOSES:
            entry = (_CLOSES[kind], event.token)
            assert entry in self._open, f"closed, but not open: {event}"
            self._open.discard(entry)
        elif kind in _CLOSES_WAIT:
            entry = (_CLOSES_WAIT[kind], event.wait)
            assert entry in self._open, f"closed, but not open: {event}"
            self._open.discard(entry)
        elif isinstance(event, events.InstanceStarted):
            self._instances.add(event.part)
        elif isinstance(event, events.InstanceEnded):
            self._instances.discard(event.part)


def _held(state: State) -> set[tuple[str, int]]:
    held: set[tuple[str, int]] = set()
    names = {
        TokenState.USER_TASK: "user task",
        TokenState.SERVICE: "service",
        TokenState.INCIDENT: "incident",
    }
    for part in state.parts.values():
        for token in part.tokens.values():
            held.add(("element", token.number))
            if token.state in names:
                held.add((names[token.state], token.number))
        held.update(
            (wait.kind.value, wait.number) for wait in part.waits.values() if wait.kind is not WaitKind.CONDITION
        )
    return held


def _check_references(state: State, graphs: Graphs) -> None:
    """Every number in the state leads somewhere, and every number is below the next one."""
    for part in state.parts.values():
        graph = graphs.by_ref(part.graph_ref)
        owner = state.parts[part.parent[0]] if part.parent else None
        for scope in part.scopes.values():
            assert scope.number < state.next_number
            assert scope.parent is None or scope.parent in part.scopes or (owner and scope.parent in owner.scopes)
            assert scope.token is None or scope.token in part.tokens or (owner and scope.token in owner.tokens)
        for token in part.tokens.values():
            assert token.number < state.next_number and token.scope in part.scopes
            assert token.inside < 0 or token.inside in part.scopes or token.inside in state.parts
            assert 0 <= token.node < len(graph.nodes)
        for wait in part.waits.values():
            assert wait.number < state.next_number and wait.scope in part.scopes
            assert wait.token is None or wait.token in part.tokens
