"""A wait is met: what a timer, message, signal or condition sets going.

Source: BPMN 2.0, 13.5.3 (boundary events), 13.5.4 (event sub-processes), 13.4.5 (event-based gateway).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.kernel.activities import complete, resting
from engine.kernel.cancellation import cancel_scope_contents, cancel_token, children_of_body
from engine.kernel.draft import Draft, Visit
from engine.kernel.events import ElementLeft
from engine.kernel.failure import Failure
from engine.kernel.graph import EventDefinition, EventKind, Graph, Node, NodeKind
from engine.kernel.run import Run, Trigger
from engine.kernel.state import TokenState, Wait, WaitKind
from engine.kernel.variables import Visible, evaluate
from engine.kernel.waits import close_waits_of_scope, close_waits_of_token, renew_timer


def trigger(run: Run, errand: Trigger) -> None:
    """Carry out what a wait stands for, if it is still open."""
    draft = errand.draft
    wait = None if draft.gone else draft.waits.get(errand.wait)
    if wait is None:
        return
    node = draft.graph.nodes[wait.node]
    if node.kind is NodeKind.BOUNDARY:
        _boundary(run, draft, wait, node, errand.variables)
    elif node.kind is NodeKind.START:
        if not node.interrupting and wait.kind is WaitKind.TIMER:
            renew_timer(run, draft, wait)
        begin_event_sub_process(run, draft, wait.scope, node, errand.variables)
    else:
        _catch(run, draft, wait, node, errand.variables)


def _boundary(run: Run, draft: Draft, wait: Wait, node: Node, variables: Mapping[str, Any]) -> None:
    assert wait.token is not None
    host = draft.tokens[wait.token]
    if node.interrupting:
        cancel_token(run, draft, host.number, node.id)
    elif wait.kind is WaitKind.TIMER:
        renew_timer(run, draft, wait)
    run.agenda.append(Visit(draft, node, host.scope, payload=variables))


def _catch(run: Run, draft: Draft, wait: Wait, node: Node, variables: Mapping[str, Any]) -> None:
    assert wait.token is not None
    token = draft.tokens[wait.token]
    close_waits_of_token(run, draft, token.number)
    visit = resting(draft, token)
    if token.node == node.index:
        complete(run, visit, variables)
        return
    # an event-based gateway: the first event that happens decides
    flow = next(index for index in visit.node.outgoing if draft.graph.flows[index].target == node.index)
    draft.take_token(token.number)
    flow_ids = (draft.graph.flows[flow].id,)
    run.emit(ElementLeft(part=draft.number, element_id=visit.node.id, token=token.number, flow_ids=flow_ids))
    run.agenda.append(Visit(draft, node, token.scope, flow, payload=variables))


def begin_event_sub_process(run: Run, draft: Draft, scope: int, start: Node, variables: Mapping[str, Any]) -> None:
    """Start the event sub-process of a start event inside `scope`; an interrupting one first takes everything else off.

    An interrupted scope listens to no other event sub-process any more; it ends with the one that took over.
    """
    if start.interrupting:
        close_waits_of_scope(run, draft, scope)
        draft.count(scope, {"interrupted": 1})
        cancel_scope_contents(run, draft, scope, start.id)
    run.agenda.append(Visit(draft, draft.graph.nodes[start.parent], scope, payload=variables))


def broadcast(run: Run, name: str, variables: Mapping[str, Any]) -> None:
    """Trigger every wait for a signal in the instance, the oldest first."""
    waits = [
        (wait.number, draft)
        for draft in parts_that_may(run, name)
        for wait in draft.waits.values()
        if wait.kind is WaitKind.SIGNAL and wait.name == name
    ]
    for number, draft in sorted(waits, key=lambda each: each[0], reverse=True):
        run.agenda.append(Trigger(draft, number, variables))


def parts_that_may(run: Run, signal: str) -> Iterator[Draft]:
    """The parts in which something may wait for a signal, found along calls; branches only where their graph does."""
    waiting = [0]
    while waiting:
        draft = run.find(waiting.pop())
        if draft is None:
            continue
        yield draft
        for token in draft.tokens.values():
            if token.inside < 0 or token.inside in draft.scopes:
                continue
            if token.state is TokenState.BRANCHES:
                if _listens_inside(draft.graph, token.node, signal):
                    waiting.extend(child.number for child in children_of_body(run, run.draft(token.inside)))
            else:
                waiting.append(token.inside)


def _listens_inside(graph: Graph, activity: int, signal: str) -> bool:
    """Whether a node inside an activity catches the signal, or calls a process that might."""
    return any(
        (_catches_signal(node.event, signal) or node.kind is NodeKind.CALL_ACTIVITY)
        and _is_inside(graph, node, activity)
        for node in graph.nodes
    )


def _catches_signal(event: EventDefinition | None, signal: str) -> bool:
    return event is not None and event.kind is EventKind.SIGNAL and event.name == signal


def _is_inside(graph: Graph, node: Node, activity: int) -> bool:
    index = node.index
    while index >= 0:
        if index == activity:
            return True
        index = graph.nodes[index].parent
    return False


def look_at_conditions(run: Run) -> None:
    """Trigger the conditional events whose condition has become true (BPMN 2.0, 10.5.1).

    One that stays true triggers once; it must become false before it can trigger again. A condition that cannot be told
    counts as not true: the activity it guards is open and must stay so.
    """
    due, run.conditions_due = run.conditions_due, {}
    for draft in due.values():
        for each in (draft, *_branches_with_conditions(run, draft)):
            _look_at(run, each)


def _branches_with_conditions(run: Run, draft: Draft) -> Iterator[Draft]:
    for token in list(draft.tokens.values()):
        if token.state is TokenState.BRANCHES and any(
            node.event is not None
            and node.event.kind is EventKind.CONDITIONAL
            and _is_inside(draft.graph, node, token.node)
            for node in draft.graph.nodes
        ):
            yield from children_of_body(run, run.draft(token.inside))


def _look_at(run: Run, draft: Draft) -> None:
    if draft.gone:
        return
    met: list[int] = []
    for wait in [wait for wait in draft.waits.values() if wait.kind is WaitKind.CONDITION]:
        event = draft.graph.nodes[wait.node].event
        assert event is not None and event.condition is not None
        try:
            is_true = evaluate(run, event.condition, Visible(run, draft, wait.scope)) is True
        except Failure:
            is_true = False
        if is_true and not wait.rule:
            met.append(wait.number)
        if is_true != bool(wait.rule):
            draft.put_wait(replace(wait, rule="held" if is_true else ""))
    for number in reversed(met):
        run.agenda.append(Trigger(draft, number, {}))
