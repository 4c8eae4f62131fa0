"""Subscriptions of events: opened with what the diagram says, closed with everything that stood open for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.feel import shape_of
from engine.kernel.cycles import Beat, first_beat, next_beat, parse_cycle
from engine.kernel.draft import Draft
from engine.kernel.events import (
    MessageAwaited,
    MessageWaitClosed,
    SignalAwaited,
    SignalWaitClosed,
    TimerCleared,
    TimerSet,
)
from engine.kernel.failure import Failure
from engine.kernel.graph import EventDefinition, EventKind, Node, NodeKind, Timer, TimerKind
from engine.kernel.instants import instant_told
from engine.kernel.run import Run
from engine.kernel.state import Wait, WaitKind
from engine.kernel.variables import Visible, evaluate
from engine.model.errors import EngineError


def wait_for(run: Run, draft: Draft, node: Node, scope: int, token: int | None, variables: Visible) -> Wait | None:
    """The subscription of an event node, not yet opened; None if nothing has to be waited for (errors, escalations).

    Raises:
        Failure: its timer or correlation key cannot be told.
    """
    event = node.event
    assert event is not None
    if event.kind is EventKind.TIMER:
        assert event.timer is not None
        beat = _first(run, event.timer, node.id, variables)
        return Wait(run.number(), WaitKind.TIMER, node.index, scope, token, "", "", beat.due_at, beat.left, beat.rule)
    if event.kind is EventKind.MESSAGE:
        key = correlation_key(run, draft, event, variables)
        return Wait(run.number(), WaitKind.MESSAGE, node.index, scope, token, event.name, key)
    if event.kind is EventKind.SIGNAL:
        return Wait(run.number(), WaitKind.SIGNAL, node.index, scope, token, event.name)
    if event.kind is EventKind.CONDITIONAL:
        return Wait(run.number(), WaitKind.CONDITION, node.index, scope, token)
    return None


def waits_for(
    run: Run, draft: Draft, nodes: Iterable[int], scope: int, token: int | None, variables: Visible
) -> list[Wait]:
    """The subscriptions of several event nodes; all are told before the first is opened. Raises Failure."""
    all_nodes = draft.graph.nodes
    told: list[Wait] = []
    for index in nodes:
        wait = wait_for(run, draft, all_nodes[index], scope, token, variables)
        if wait is not None:
            told.append(wait)
    return told


def event_sub_process_starts(draft: Draft, node: int) -> list[int]:
    """Start events of the event sub-processes directly inside a sub-process; -1 = the process itself."""
    graph = draft.graph
    inside = graph.event_sub_processes if node < 0 else graph.nodes[node].event_sub_processes
    starts = (graph.nodes[index].start for index in inside)
    return [start for start in starts if start is not None]


def correlation_key(run: Run, draft: Draft, event: EventDefinition, variables: Visible) -> str:
    """The key a message must match or is sent with: that of the diagram, else the business key. Raises Failure."""
    if event.correlation is None:
        return draft.business_key
    key = evaluate(run, event.correlation, variables)
    if key is None or isinstance(key, bool | list | dict):
        wanted = f"Expected a correlation key for message {event.name!r}"
        raise Failure("expression", f"{wanted}, but found {shape_of(key)}.")
    return str(key)


def open_wait(run: Run, draft: Draft, wait: Wait) -> None:
    """Subscribe."""
    draft.put_wait(wait)
    element_id = draft.graph.nodes[wait.node].id
    if wait.kind is WaitKind.TIMER:
        assert wait.due_at is not None
        run.emit(TimerSet(draft.number, element_id, wait.number, wait.due_at))
    elif wait.kind is WaitKind.MESSAGE:
        run.emit(
            MessageAwaited(
                part=draft.number,
                element_id=element_id,
                wait=wait.number,
                name=wait.name,
                correlation_key=wait.correlation_key,
            )
        )
    elif wait.kind is WaitKind.SIGNAL:
        run.emit(SignalAwaited(part=draft.number, element_id=element_id, wait=wait.number, name=wait.name))
    else:
        # it may hold already
        run.conditions_due[draft.number] = draft


_CLOSED = {WaitKind.TIMER: TimerCleared, WaitKind.MESSAGE: MessageWaitClosed, WaitKind.SIGNAL: SignalWaitClosed}


def close_wait(run: Run, draft: Draft, wait: Wait) -> None:
    """Unsubscribe."""
    draft.take_wait(wait.number)
    closed = _CLOSED.get(wait.kind)
    if closed is not None:
        run.emit(closed(draft.number, draft.graph.nodes[wait.node].id, wait.number))


def close_waits_of_token(run: Run, draft: Draft, token: int) -> None:
    """Unsubscribe what a token waits for, and the boundary events of its activity."""
    if draft.waits:
        for wait in [wait for wait in draft.waits.values() if wait.token == token]:
            close_wait(run, draft, wait)


def close_waits_of_scope(run: Run, draft: Draft, scope: int) -> None:
    """Unsubscribe the event sub-processes of a scope."""
    if draft.waits:
        for wait in [wait for wait in draft.waits.values() if wait.token is None and wait.scope == scope]:
            close_wait(run, draft, wait)


def renew_timer(run: Run, draft: Draft, wait: Wait) -> None:
    """After a timer that interrupts nothing has fired: the next instant of its cycle, under a number of its own."""
    close_wait(run, draft, wait)
    if not wait.rule:
        return
    assert wait.due_at is not None
    fired = Beat(wait.due_at, wait.repeats, wait.rule)
    beat = next_beat(fired, run.environment.now, run.environment.deadlines.fires_at)
    if beat is not None:
        renewed = Wait(
            *(run.number(), wait.kind, wait.node, wait.scope, wait.token),
            due_at=beat.due_at,
            repeats=beat.left,
            rule=beat.rule,
        )
        open_wait(run, draft, renewed)


def _first(run: Run, timer: Timer, element_id: str, variables: Visible) -> Beat:
    value: Any = evaluate(run, timer.expression, variables)
    now, deadlines = run.environment.now, run.environment.deadlines
    if value is None:
        raise Failure("expression", f"Expected an instant or a duration for timer {element_id!r}, but found null.")
    if timer.kind is not TimerKind.CYCLE:
        return Beat(instant_told(timer.expression, value, deadlines.fires_at, now), 0, "")
    wanted = "a repeating timer such as R3/PT10M"
    if not isinstance(value, str):
        raise Failure("expression", f"Expected {wanted}, but found {shape_of(value)}.")
    try:
        return first_beat(parse_cycle(value), now, deadlines.fires_at)
    except (EngineError, ValueError, OverflowError) as error:
        told = f"Expected {wanted}, but found {shape_of(value)} that is none." if timer.expression.names else str(error)
        raise Failure("expression", told) from error


def is_event_sub_process_start(draft: Draft, node: Node) -> bool:
    """Whether a start event begins an event sub-process."""
    return (
        node.kind is NodeKind.START
        and node.parent >= 0
        and draft.graph.nodes[node.parent].kind is NodeKind.EVENT_SUB_PROCESS
    )
