"""The changes that can be asked of an instance: what each sets going, and when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel import changes, token_requests
from engine.kernel.cancellation import cancel_parts
from engine.kernel.draft import Draft, Visit
from engine.kernel.due_dates import move_due
from engine.kernel.failure import Failure
from engine.kernel.graph import EventKind, Graph, Node
from engine.kernel.run import Run, Trigger
from engine.kernel.scopes import begin_process
from engine.kernel.state import State, Wait, WaitKind
from engine.kernel.triggers import broadcast
from engine.kernel.variables import write_here
from engine.model.errors import ExecutionFailed, WrongState


def carry_out(run: Run, state: State | None, change: changes.Change) -> None:
    """Put on the agenda what a change sets going. Raises WrongState, ExecutionFailed."""
    is_start = isinstance(change, changes.Start)
    if is_start != (state is None):
        raise WrongState("Expected Start, and only Start, without a state." if is_start else "Expected a state.")
    if state is not None and not state.parts:
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


def _wait(draft: Draft, number: int, kind: WaitKind) -> Wait:
    wait = draft.waits.get(number)
    if wait is None or wait.kind is not kind:
        raise WrongState(
            f"Expected {kind.value} wait {number} to be open, but it is not.", part=draft.number, wait=number
        )
    return wait


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


def _cancel(run: Run, change: changes.Cancel) -> None:
    cancel_parts(run, [run.draft(0)], "cancel", change.reason)


def _set_variables(run: Run, change: changes.SetVariables) -> None:
    draft = run.draft(change.part)
    write_here(run, draft, draft.top.number, change.variables)


_REQUESTS: Mapping[type, Callable[[Run, Any], None]] = {
    changes.Start: _start,
    changes.Complete: token_requests.complete_user_task,
    changes.FireTimer: _fire_timer,
    changes.DeliverMessage: _deliver_message,
    changes.DeliverSignal: _deliver_signal,
    changes.AnswerService: token_requests.answer_service,
    changes.RaiseBpmnError: token_requests.raise_bpmn_error,
    changes.FailService: token_requests.fail_service,
    changes.Retry: token_requests.retry_incident,
    changes.ReturnTo: token_requests.return_user_task,
    changes.TakeBack: token_requests.take_back,
    changes.MoveDue: move_due,
    changes.Cancel: _cancel,
    changes.SetVariables: _set_variables,
}
