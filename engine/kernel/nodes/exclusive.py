"""Exclusive gateway: passes each token on along the first flow whose condition holds (BPMN 2.0, 10.6.2, 13.4.2).

First in the order of the document. A flow without condition always holds; the default flow is for when none does.
"""

from __future__ import annotations

from engine.kernel.draft import Visit
from engine.kernel.flows import no_flow, take
from engine.kernel.graph import Flow
from engine.kernel.run import Run
from engine.kernel.variables import holds, visible_at


def enter(run: Run, visit: Visit) -> None:
    take(run, visit, (_chosen(run, visit),))


def _chosen(run: Run, visit: Visit) -> Flow:
    node, flows = visit.node, visit.draft.graph.flows
    variables = None
    for index in node.outgoing:
        if index == node.default:
            continue
        flow = flows[index]
        if flow.condition is None:
            return flow
        if variables is None:
            variables = visible_at(run, visit)
        if holds(run, flow.condition, variables, f"flow {flow.id!r}"):
            return flow
    if node.default is not None:
        return flows[node.default]
    raise no_flow(visit)
