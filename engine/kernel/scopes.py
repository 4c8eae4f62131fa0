"""Scopes that begin and end: processes, sub-processes, event sub-processes, transactions.

Source: BPMN 2.0, 13.3.4 (sub-process), 13.5.6 (completion of a process): a scope ends when its last token has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.activities import close, complete, finish, resting
from engine.kernel.cancellation import cancel_scope_contents
from engine.kernel.draft import Draft, Visit
from engine.kernel.events import ElementLeft, InstanceEnded, InstanceStarted
from engine.kernel.failure import Failure
from engine.kernel.flows import token_ended
from engine.kernel.graph import Graph, NodeKind
from engine.kernel.incidents import open_incident
from engine.kernel.run import Run, ScopeEnd
from engine.kernel.state import Part, PartKind, Resume, Scope, Wait
from engine.kernel.variables import Visible, deliver, evaluate
from engine.kernel.waits import close_waits_of_scope, event_sub_process_starts, open_wait, waits_for


def begin_process(
    run: Run,
    graph: Graph,
    number: int,
    business_key: str,
    variables: Mapping[str, Any],
    parent: tuple[int, int] | None = None,
    resolution: Mapping[str, str] | None = None,
) -> Draft:
    """Open a process instance as a part; its start event is still to be visited.

    Raises:
        Failure: an event sub-process cannot tell what it waits for; nothing has happened then.
    """
    top = Scope(run.number(), None, -1, None, dict(variables))
    draft = Draft(Part(number, PartKind.INSTANCE, graph.ref, business_key, parent, {top.number: top}), graph)
    waits = waits_for(
        run, draft, event_sub_process_starts(draft, -1), top.number, None, Visible(run, draft, top.number)
    )
    draft = run.add_part(draft.part, graph)
    run.emit(
        InstanceStarted(
            part=number,
            graph_ref=graph.ref,
            business_key=business_key,
            parent=parent,
            variables=variables,
            resolution=resolution or {},
        )
    )
    for wait in waits:
        open_wait(run, draft, wait)
    return draft


def scope_waits(run: Run, visit: Visit, scope: int, variables: Mapping[str, Any]) -> list[Wait]:
    """The waits of the event sub-processes inside a sub-process, not yet opened. Raises Failure."""
    starts = event_sub_process_starts(visit.draft, visit.node.index)
    if not starts:
        return []
    return waits_for(run, visit.draft, starts, scope, None, Visible(run, visit.draft, visit.scope, variables))


def open_scope(run: Run, visit: Visit, number: int, variables: Mapping[str, Any], waits: list[Wait]) -> None:
    """Open the scope of a sub-process, let its event sub-processes listen, and send a token to its start."""
    draft, node = visit.draft, visit.node
    draft.put_scope(Scope(number, visit.scope, node.index, visit.number, dict(variables)))
    for wait in waits:
        open_wait(run, draft, wait)
    if node.start is None:
        run.agenda.append(ScopeEnd(draft, number))
    else:
        run.agenda.append(Visit(draft, draft.graph.nodes[node.start], number, payload=visit.payload))


def scope_ended(run: Run, errand: ScopeEnd) -> None:
    """The last token of a scope has ended: the sub-process is done, or the process instance."""
    draft = errand.draft
    scope = None if draft.gone else draft.scopes.get(errand.scope)
    if scope is None or not run.is_quiet(draft, scope.number):
        return
    close_waits_of_scope(run, draft, scope.number)
    if scope.node < 0:
        end_process(run, draft, "completed")
        return
    assert scope.token is not None
    visit = resting(draft, draft.tokens[scope.token])
    if visit.node.kind is not NodeKind.EVENT_SUB_PROCESS:
        complete(run, visit, {})
        return
    close(run, visit)
    draft.take_token(visit.number)
    run.emit(ElementLeft(part=draft.number, element_id=visit.node.id, token=visit.number))
    token_ended(run, draft, visit.scope)


def terminate_scope(run: Run, draft: Draft, scope: int) -> None:
    """A terminate end event: everything in its scope stops at once; around a sub-process the process goes on.

    A process that reaches it is completed: it ended as drawn. Cancelled is what people or the system break off.

    Source: BPMN 2.0, 10.5.3.
    """
    cancel_scope_contents(run, draft, scope, "terminate")
    if draft.scopes[scope].node < 0:
        close_waits_of_scope(run, draft, scope)
        end_process(run, draft, "completed")
    else:
        run.agenda.append(ScopeEnd(draft, scope))


def end_process(run: Run, draft: Draft, outcome: str) -> None:
    """A process instance has ended; its caller takes the results and goes on."""
    run.emit(InstanceEnded(part=draft.number, outcome=outcome, end_element_id=draft.last_end))
    if draft.parent is None:
        run.remove_part(draft)
        return
    caller = run.draft(draft.parent[0])
    take_results(run, resting(caller, caller.tokens[draft.parent[1]]), draft)


def take_results(run: Run, visit: Visit, called: Draft) -> None:
    """Map the variables of a called process back into the caller and let the call activity be done.

    A mapping that fails leaves an incident, and the ended instance's variables are kept for the retry.
    """
    node = visit.node
    top = called.top
    try:
        seen = Visible(run, called, top.number)
        mapped = {each.target: evaluate(run, each.expression, seen, "mapping") for each in node.outputs}
    except Failure as failure:
        open_incident(run, visit, failure, Resume.COMPLETE)
        return
    if node.call is not None and node.call.all_out:
        mapped = {**top.variables, **mapped}
    run.remove_part(called)
    deliver(run, visit, mapped)
    finish(run, visit)
