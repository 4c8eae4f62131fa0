"""The changes that can be asked of an instance: what each sets going, and when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel import changes
from engine.kernel.activities import complete, finish, resting
from engine.kernel.cancellation import cancel_parts, cancel_token
from engine.kernel.draft import Draft, Visit
from engine.kernel.events import IncidentResolved, UserTaskCompleted
from engine.kernel.failure import Failure
from engine.kernel.graph import EventKind, Graph, Node
from engine.kernel.incidents import open_incident
from engine.kernel.nodes.service_request import answered
from engine.kernel.returning import return_to
from engine.kernel.run import Run, Trigger
from engine.kernel.scopes import begin_process, take_results
from engine.kernel.state import Resume, State, Token, TokenState, Wait, WaitKind
from engine.kernel.throwing import fail, throw_error
from engine.kernel.triggers import broadcast
from engine.kernel.variables import write_here
from engine.model.errors import ExecutionFailed, WrongState


def carry_out(run: Run, state: State | None, change: changes.Change) -> None:
    """Put on the agenda what a change sets going. Raises WrongState, ExecutionFailed."""
    is_start = isinstance(change, changes.Start)
    if is_start != (state is None):
        raise WrongState("Expected Start, and only Start, without a state." if is_start else "Expected a state.")
    if state is not None and run.find(0) is None:
        raise WrongState("Expected a running instance, but it has ended.")
    _REQUESTS[type(change)](run, change)


def _start(run: Run, change: changes.Start) -> None:
    graph = run.graphs.by_ref(change.graph_ref)
    node = _start_node(graph, change.start_element_id)
    try:
        draft = begin_process(run, graph, 0, change.business_key, change.variables)
    except Failure as failure:
        raise ExecutionFailed(failure.message) from failure
    run.agenda.append(Visit(draft, node, draft.top.number, payload=change.variables if node.outputs else None))


def _start_node(graph: Graph, element_id: str | None) -> Node:
    for index in graph.starts:
        node = graph.nodes[index]
        is_none = node.event is None or node.event.kind is EventKind.NONE
        if node.id == element_id or (element_id is None and is_none):
            return node
    wanted = f"start event {element_id!r}" if element_id else "a none start event"
    raise WrongState(f"Expected {wanted} in process {graph.key!r}, but it has none.", process=graph.key)


def _token(draft: Draft, number: int, *states: TokenState) -> Token:
    token = draft.tokens.get(number)
    if token is None or token.state not in states:
        found = f"it rests as {token.state.value}" if token is not None else "it is not there any more"
        wanted = " or ".join(state.value for state in states)
        raise WrongState(f"Expected token {number} to rest as {wanted}, but {found}.", part=draft.number, token=number)
    return token


def _wait(draft: Draft, number: int, kind: WaitKind) -> Wait:
    wait = draft.waits.get(number)
    if wait is None or wait.kind is not kind:
        raise WrongState(
            f"Expected {kind.value} wait {number} to be open, but it is not.", part=draft.number, wait=number
        )
    return wait


def _complete(run: Run, change: changes.Complete) -> None:
    draft = run.draft(change.part)
    visit = resting(draft, _token(draft, change.token, TokenState.USER_TASK))
    run.emit(UserTaskCompleted(part=draft.number, element_id=visit.node.id, token=visit.number))
    complete(run, visit, change.variables)


def _fire_timer(run: Run, change: changes.FireTimer) -> None:
    draft = run.draft(change.part)
    wait = _wait(draft, change.wait, WaitKind.TIMER)
    run.agenda.append(Trigger(draft, wait.number, {}))


def _deliver_message(run: Run, change: changes.DeliverMessage) -> None:
    draft = run.draft(change.part)
    wait = _wait(draft, change.wait, WaitKind.MESSAGE)
    run.agenda.append(Trigger(draft, wait.number, change.variables))


def _deliver_signal(run: Run, change: changes.DeliverSignal) -> None:
    broadcast(run, change.name, change.variables)


def _answer_service(run: Run, change: changes.AnswerService) -> None:
    draft = run.draft(change.part)
    answered(run, resting(draft, _token(draft, change.token, TokenState.SERVICE)), change.variables)


def _raise_bpmn_error(run: Run, change: changes.RaiseBpmnError) -> None:
    draft = run.draft(change.part)
    visit = resting(draft, _token(draft, change.token, TokenState.SERVICE, TokenState.USER_TASK))
    if not throw_error(run, visit, change.error_code, change.message, change.variables):
        uncaught = f"Expected an event that catches error {change.error_code!r}, but there is none: {change.message}"
        open_incident(run, visit, Failure("error", uncaught), Resume.ENTER)


def _fail_service(run: Run, change: changes.FailService) -> None:
    draft = run.draft(change.part)
    visit = resting(draft, _token(draft, change.token, TokenState.SERVICE))
    fail(run, visit, Failure("service", change.message))


def _retry(run: Run, change: changes.Retry) -> None:
    draft = run.draft(change.part)
    token = _token(draft, change.token, TokenState.INCIDENT)
    visit = resting(draft, token)
    if token.resume == Resume.ENTER.value:
        # a new execution with a number of its own: a late answer to the failed one finds nobody
        payload = draft.scopes[visit.local].variables if visit.local >= 0 else None
        cancel_token(run, draft, token.number, "retry")
        run.agenda.append(Visit(draft, visit.node, visit.scope, visit.flow, payload=payload))
        return
    run.emit(IncidentResolved(part=draft.number, element_id=visit.node.id, token=token.number))
    if token.resume == Resume.LEAVE.value:
        finish(run, visit)
    elif token.inside >= 0 and visit.local < 0:
        take_results(run, visit, run.draft(token.inside))
    else:
        complete(run, visit, {})


def _return_to(run: Run, change: changes.ReturnTo) -> None:
    draft = run.draft(change.part)
    return_to(run, draft, _token(draft, change.token, TokenState.USER_TASK), change.element_id, change.variables)


def _cancel(run: Run, change: changes.Cancel) -> None:
    cancel_parts(run, [run.draft(0)], "cancel", change.reason)


def _set_variables(run: Run, change: changes.SetVariables) -> None:
    draft = run.draft(change.part)
    write_here(run, draft, draft.top.number, change.variables)


_REQUESTS: Mapping[type, Callable[[Run, Any], None]] = {
    changes.Start: _start,
    changes.Complete: _complete,
    changes.FireTimer: _fire_timer,
    changes.DeliverMessage: _deliver_message,
    changes.DeliverSignal: _deliver_signal,
    changes.AnswerService: _answer_service,
    changes.RaiseBpmnError: _raise_bpmn_error,
    changes.FailService: _fail_service,
    changes.Retry: _retry,
    changes.ReturnTo: _return_to,
    changes.Cancel: _cancel,
    changes.SetVariables: _set_variables,
}
