"""Inclusive gateway: sends a token along each flow whose condition holds, and joins all that can still come.

Source: BPMN 2.0, 10.6.3, 13.4.3. The join is complete when no token rests upstream of an incoming flow that has none
yet, unless it could as well come along a flow that has one. That is decided when everything else in the step has come
to rest.
"""

from __future__ import annotations

from engine.kernel.draft import Draft, Visit
from engine.kernel.flows import leave
from engine.kernel.graph import Node, NodeKind
from engine.kernel.joins import first_by_flow, merge
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState


def enter(run: Run, visit: Visit) -> None:
    node = visit.node
    if len(node.incoming) > 1:
        visit.draft.put_token(Token(visit.number, node.index, visit.scope, TokenState.JOIN, visit.flow))
    else:
        leave(run, visit)


def release_joins(run: Run) -> bool:
    """Let one complete join go on, in any part of this step. Returns whether there was one."""
    for draft in run.drafts.values():
        if draft.graph.upstream and not draft.gone and draft.is_changed and _release(run, draft):
            return True
    return False


def _release(run: Run, draft: Draft) -> bool:
    looked_at: set[tuple[int, int]] = set()
    for token in draft.tokens.values():
        if token.state is not TokenState.JOIN or (token.node, token.scope) in looked_at:
            continue
        looked_at.add((token.node, token.scope))
        node = draft.graph.nodes[token.node]
        if node.kind is NodeKind.INCLUSIVE and _is_complete(draft, node, token.scope):
            arrived = list(first_by_flow(draft, node.index, token.scope).values())
            last = max(arrived, key=lambda each: each.number)
            merge(run, draft, [each for each in arrived if each is not last])
            leave(run, Visit(draft, node, last.scope, last.flow, last.number))
            return True
    return False


def _is_complete(draft: Draft, join: Node, scope: int) -> bool:
    arrived = first_by_flow(draft, join.index, scope)
    upstream = draft.graph.upstream
    for token in draft.tokens.values():
        if token.scope != scope or token.node == join.index:
            continue
        comes_new = any(token.node in upstream[flow] for flow in join.incoming if flow not in arrived)
        if comes_new and not any(token.node in upstream[flow] for flow in arrived):
            return False
    return True
