"""Parallel gateway: waits for one token on each incoming flow, then sends one along each outgoing flow.

Source: BPMN 2.0, 10.6.4, 13.4.1. A second token on the same flow waits for its own turn and is never lost, so joins
inside loops count each round by itself.
"""

from __future__ import annotations

from engine.kernel.draft import Visit
from engine.kernel.flows import take
from engine.kernel.joins import first_by_flow, merge
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState


def enter(run: Run, visit: Visit) -> None:
    draft, node = visit.draft, visit.node
    if len(node.incoming) > 1:
        waiting = first_by_flow(draft, node.index, visit.scope)
        if visit.flow in waiting or len(waiting) + 1 < len(node.incoming):
            draft.put_token(Token(visit.number, node.index, visit.scope, TokenState.JOIN, visit.flow))
            return
        merge(run, draft, waiting.values())
    flows = draft.graph.flows
    take(run, visit, [flows[index] for index in node.outgoing])
