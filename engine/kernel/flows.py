"""Leaving a node: which sequence flows are taken, and what happens when there is none.

Source: BPMN 2.0, 13.2.1 (sequence flow), 8.3.13 (conditional and default flows).
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel.draft import Draft, Visit
from engine.kernel.events import ElementLeft
from engine.kernel.failure import Failure
from engine.kernel.graph import Flow
from engine.kernel.incidents import open_incident
from engine.kernel.run import Run, ScopeEnd
from engine.kernel.state import Resume
from engine.kernel.variables import holds, visible_at


def leave(run: Run, visit: Visit) -> None:
    """The node has executed: a token goes along each flow without condition and each whose condition holds.

    The default flow is taken where conditions stand and none holds. Several flows are an implicit parallel split; a
    node without any ends its token. If no flow can be taken the token rests with an incident.
    """
    node, flows = visit.node, visit.draft.graph.flows
    outgoing = node.outgoing
    if len(outgoing) == 1 and flows[outgoing[0]].condition is None:
        take(run, visit, (flows[outgoing[0]],))
        return
    if not outgoing:
        take(run, visit, ())
        return
    try:
        taken = chosen_flows(run, visit)
    except Failure as failure:
        open_incident(run, visit, failure, Resume.LEAVE)
        return
    take(run, visit, taken)


def chosen_flows(run: Run, visit: Visit) -> list[Flow]:
    """All flows that may be taken, in document order. Raises Failure if there is none."""
    node, flows = visit.node, visit.draft.graph.flows
    variables = visible_at(run, visit)
    taken: list[Flow] = []
    a_condition_holds = False
    for index in node.outgoing:
        flow = flows[index]
        if index == node.default:
            continue
        if flow.condition is None:
            taken.append(flow)
        elif holds(run, flow.condition, variables, f"flow {flow.id!r}"):
            taken.append(flow)
            a_condition_holds = True
    if node.default is not None and not a_condition_holds:
        taken.append(flows[node.default])
    if not taken:
        raise no_flow(visit)
    return taken


def no_flow(visit: Visit) -> Failure:
    """The refusal of a node none of whose flows may be taken."""
    return Failure(
        "no-flow",
        f"Expected a condition of the flows out of {visit.node.id!r} to hold, but none does; no default flow.",
    )


def take(run: Run, visit: Visit, taken: Sequence[Flow]) -> None:
    """Send a token along each of these flows, the first one first; none = the token ends here."""
    draft, number = visit.draft, visit.number
    draft.take_token(number)
    if len(taken) == 1:
        # by far the most frequent
        flow = taken[0]
        run.emit(ElementLeft(draft.number, visit.node.id, number, (flow.id,)))
        run.agenda.append(Visit(draft, draft.graph.nodes[flow.target], visit.scope, flow.index))
        return
    run.emit(ElementLeft(draft.number, visit.node.id, number, tuple([flow.id for flow in taken])))
    if not taken:
        token_ended(run, draft, visit.scope)
    for flow in reversed(taken):
        run.agenda.append(Visit(draft, draft.graph.nodes[flow.target], visit.scope, flow.index))


def token_ended(run: Run, draft: Draft, scope: int) -> None:
    """A token has ended; with the last one the scope does."""
    if run.is_quiet(draft, scope):
        run.agenda.append(ScopeEnd(draft, scope))
