"""Errors and escalations: from where they are thrown outwards to the nearest event that catches them.

Source: BPMN 2.0, 10.5.6 (scope of events), 13.5.3, 13.5.4. The way goes from an activity to its boundary events, then
to the event sub-processes of the scope it is in, to the boundary events of the sub-process or loop around, and so on
up, through call activities into the calling process. Of several catchers at one place one that names the code comes
before one that catches all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel.cancellation import abandon, cancel_token
from engine.kernel.draft import Draft, Visit
from engine.kernel.events import ElementLeft, ErrorCaught, EscalationRaised
from engine.kernel.failure import Failure
from engine.kernel.graph import EventKind, Node, NodeKind
from engine.kernel.incidents import open_incident
from engine.kernel.run import Run
from engine.kernel.state import Resume, Scope
from engine.kernel.triggers import begin_event_sub_process
from engine.kernel.variables import is_loop_child, owner_of, scope_above
from engine.kernel.waits import event_sub_process_starts

#: What goes wrong by itself is caught by error events that catch all, as in Camunda.
CATCHABLE_FAILURES = frozenset({"script", "service", "decision"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something may be caught: on an activity (`host`), or by an event sub-process of `scope`."""

    draft: Draft
    #: Event nodes: boundary events or start events.
    events: tuple[Node, ...]
    scope: int
    #: Token of the activity the boundary events sit on; None for event sub-processes.
    host: int | None


def throw_error(run: Run, visit: Visit, code: str, message: str, variables: Mapping[str, Any]) -> bool:
    """Let an error be caught. Returns whether it was; what executes at `visit` is cancelled then.

    The code "" is that of a technical failure: only events that catch all take it.
    """
    found = _catcher(run, visit, EventKind.ERROR, code)
    if found is None:
        return False
    place, event = found
    brought = {**variables, "errorCode": code, "errorMessage": message} if event.outputs else variables
    _interrupt(run, visit, place, f"error:{code}")
    run.emit(ErrorCaught(part=place.draft.number, element_id=event.id, error_code=code, message=message))
    _begin(run, place, event, brought)
    return True


def raise_error(run: Run, visit: Visit, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """Throw an error that must be caught: without an event that does, there is an incident."""
    if not throw_error(run, visit, code, message, variables):
        uncaught = f"Expected an event that catches error {code!r} around {visit.node.id!r}, but there is none."
        open_incident(run, visit, Failure("error", f"{uncaught} {message}".rstrip()), Resume.ENTER)


def fail(run: Run, visit: Visit, failure: Failure) -> None:
    """A node cannot be executed: a catch-all error event takes what may fail by itself, else there is an incident."""
    if failure.kind not in CATCHABLE_FAILURES or not throw_error(run, visit, "", failure.message, {}):
        open_incident(run, visit, failure, Resume.ENTER)


def throw_escalation(run: Run, visit: Visit, code: str, variables: Mapping[str, Any]) -> bool:
    """Raise an escalation; without a catcher nothing happens. Returns whether the thrower was interrupted by it."""
    run.emit(EscalationRaised(part=visit.draft.number, element_id=visit.node.id, escalation_code=code))
    found = _catcher(run, visit, EventKind.ESCALATION, code)
    if found is None:
        return False
    place, event = found
    if event.interrupting:
        _interrupt(run, visit, place, f"escalation:{code}")
    _begin(run, place, event, variables)
    return event.interrupting


def cancel_transaction(run: Run, visit: Visit) -> None:
    """A cancel end event: the transaction around is cancelled and left by its cancel boundary event (10.5.3, 13.3.6).

    Raises:
        Failure: there is no transaction around, or it has no cancel boundary event.
    """
    for place in places_outward(run, visit):
        for event in place.events:
            if event.event is not None and event.event.kind is EventKind.CANCEL and place.host is not None:
                _interrupt(run, visit, place, "cancel")
                _begin(run, place, event, {})
                return
        if place.host is not None and place.draft.graph.nodes[_node_of(place)].kind is NodeKind.TRANSACTION:
            break
    raise Failure(
        "no-flow", f"Expected a cancel boundary event on the transaction around {visit.node.id!r}, found none."
    )


def _node_of(place: Place) -> int:
    assert place.host is not None
    return place.draft.tokens[place.host].node


def _catcher(run: Run, visit: Visit, kind: EventKind, code: str) -> tuple[Place, Node] | None:
    for place in places_outward(run, visit):
        named = [event for event in place.events if event.event is not None and event.event.kind is kind]
        for wanted in dict.fromkeys((code, "")):
            for event in named:
                if event.event is not None and event.event.name == wanted:
                    return place, event
    return None


def _interrupt(run: Run, visit: Visit, place: Place, cause: str) -> None:
    """Cancel what threw, and the activity that is left by the catching boundary event."""
    if visit.number not in visit.draft.tokens:
        if visit.node.kind is NodeKind.END:
            run.emit(ElementLeft(part=visit.draft.number, element_id=visit.node.id, token=visit.number))
        else:
            abandon(run, visit, cause)
    if place.host is not None and place.host in place.draft.tokens:
        cancel_token(run, place.draft, place.host, cause)


def _begin(run: Run, place: Place, event: Node, variables: Mapping[str, Any]) -> None:
    if place.host is None:
        begin_event_sub_process(run, place.draft, place.scope, event, variables)
    else:
        run.agenda.append(Visit(place.draft, event, place.scope, payload=variables))


def places_outward(run: Run, visit: Visit) -> Iterator[Place]:
    """Where what is thrown at `visit` may be caught, the nearest place first.

    An event sub-process does not catch what it throws itself: that goes on outwards, so that it may pass on what it
    has handled (BPMN 2.0, 10.3.5.1).
    """
    draft, node = visit.draft, visit.node
    scope = draft.scopes[visit.scope]
    came_out_of = -1
    if node.boundary and not (node.loop is not None and is_loop_child(visit)):
        yield Place(draft, _events(draft, node.boundary), scope.number, visit.number)
    while True:
        if not scope.counters:
            starts = [
                start
                for start in event_sub_process_starts(draft, scope.node)
                if draft.graph.nodes[start].parent != came_out_of
            ]
            if starts:
                yield Place(draft, _events(draft, starts), scope.number, None)
        came_out_of = scope.node
        holder = _holder(run, draft, scope)
        if holder is None:
            return
        draft, number = holder
        if number is None:
            above = scope_above(run, draft, scope)
            assert above is not None
            draft, scope = above
            continue
        token = draft.tokens[number]
        scope = draft.scopes[token.scope]
        node = draft.graph.nodes[token.node]
        if scope.node != token.node and (node.boundary or node.kind is NodeKind.TRANSACTION):
            yield Place(draft, _events(draft, node.boundary), scope.number, number)


def _events(draft: Draft, nodes: tuple[int, ...] | list[int]) -> tuple[Node, ...]:
    return tuple(draft.graph.nodes[index] for index in nodes)


def _holder(run: Run, draft: Draft, scope: Scope) -> tuple[Draft, int | None] | None:
    """The token that waits for a scope to end, with its part; no token for the child of a loop; None above the root."""
    if scope.parent is None:
        return None if draft.parent is None else (run.draft(draft.parent[0]), draft.parent[1])
    if scope.token is None:
        return draft, None
    return (draft if scope.token in draft.tokens else owner_of(run, draft)), scope.token
