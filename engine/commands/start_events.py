"""Start events that something outside triggers: a message, a signal, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.feel import FeelFunction, compile_expression
from engine.kernel.cycles import Beat, first_beat, next_beat, parse_cycle
from engine.kernel.environment import DeadlinePort
from engine.kernel.graph import EventKind, Graph, Node, TimerKind
from engine.model.calendar import SHANGHAI
from engine.model.deeds import StartEvent
from engine.model.errors import EngineError, Fault, Invalid

_KINDS = {EventKind.MESSAGE: "message", EventKind.SIGNAL: "signal"}


class UnsoundTimerStart(Invalid):
    """A timer start event whose instant cannot be told."""

    code = "unsound-timer-start"


def start_events(
    graph: Graph, definition_ref: str, deadlines: DeadlinePort, collaborators: Collaborators
) -> Iterator[StartEvent]:
    """What starts instances of a new version besides people.

    Raises:
        UnsoundTimerStart: a timer's expression fails or gives no instant.
    """
    for index in graph.starts:
        node = graph.nodes[index]
        if node.event is None:
            continue
        if node.event.kind is EventKind.TIMER:
            yield _timer(graph, node, definition_ref, deadlines, collaborators.clock.now())
        elif node.event.kind in _KINDS:
            yield StartEvent(
                definition_key=graph.key,
                definition_ref=definition_ref,
                element_id=node.id,
                kind=_KINDS[node.event.kind],
                name=node.event.name,
            )


def _timer(graph: Graph, node: Node, definition_ref: str, deadlines: DeadlinePort, now: datetime) -> StartEvent:
    assert node.event is not None and node.event.timer is not None, "a timer event has a timer"
    timer = node.event.timer
    try:
        value: Any = timer.expression.evaluate({}, now=now.astimezone(SHANGHAI))
        if timer.kind is TimerKind.CYCLE:
            beat = first_beat(parse_cycle(str(value)), now, deadlines.fires_at)
        else:
            beat = Beat(deadlines.fires_at(value, now), 0, "")
    except (EngineError, ValueError) as error:
        message = f"Expected an instant for timer start event {node.id!r}, but: {error}"
        raise UnsoundTimerStart(message, (Fault("unsound-timer-start", message, node.id),)) from error
    return StartEvent(
        definition_key=graph.key,
        definition_ref=definition_ref,
        element_id=node.id,
        kind="timer",
        due_at=beat.due_at,
        payload={"rule": beat.rule, "left": beat.left},
    )


def following_beat(due_at: datetime, payload: Any, now: datetime, deadlines: DeadlinePort) -> Beat | None:
    """The next instant of a timer start event that fires now; None if it does not repeat."""
    if not payload.get("rule"):
        return None
    return next_beat(Beat(due_at, payload["left"], payload["rule"]), now, deadlines.fires_at)


def business_key_of_start(graph: Graph, element_id: str, due_at: datetime, functions: dict[str, FeelFunction]) -> str:
    """Business key of an instance that the clock starts: the property `businessKey` of the event, FEEL behind "="."""
    text = graph.node(element_id).properties.get("businessKey", "").strip()
    if not text.startswith("="):
        return text
    value = compile_expression(text[1:], functions=functions).evaluate({}, now=due_at.astimezone(SHANGHAI))
    return "" if value is None else str(value)
