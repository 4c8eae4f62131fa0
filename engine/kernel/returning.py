"""Return 退回 and withdraw 撤回: from an open user task back to an earlier one of the same scope.

The rule. Let T be the target and C the user task that returns. What T *controls* is every node that a token leaving T
can come to by itself: along flows and interrupting boundary events, and through a parallel or inclusive join only when
all its incoming flows are controlled. Then

1. C must be controlled by T. Where it is not, a join lies between them that also waits for a branch T knows nothing of:
   that branch would not run again, and the join would wait for ever. Or C stands behind a boundary event that did not
   interrupt: what went on beside it would run a second time.
2. C's token goes, and with it every token of the scope that T controls: T's new token will bring them forth again.
   Tokens that wait at a join count by the flow they came along. All others stay as they are.
3. If one of those other tokens might not descend from T's, because a fork (or a boundary event that does not interrupt
   and may fire twice) has one branch to T and another to it, T would not surely bring it forth again: refused.
4. A round of a loop 会签 returns for the whole loop: all its children are cancelled.

Timers, boundary events and called instances go with their tokens; T is created anew, with its due date. Where T names a
node that returns go through, the new token begins there, as it does where the diagram draws the return. Whether T was
done before is not known here: the state keeps no history.

Taking work back moves by the same rule, but is no return: T begins at itself, and is due when it was. Of a loop, one
child's work is not taken back: all of them would begin anew.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Set
from typing import Any

from engine.kernel.cancellation import cancel_token
from engine.kernel.changes import TakeBack
from engine.kernel.draft import Draft, Visit
from engine.kernel.graph import Graph, Node, NodeKind
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState
from engine.kernel.variables import owner_of, scope_above, write
from engine.model.errors import WrongState

_JOINS = frozenset({NodeKind.PARALLEL, NodeKind.INCLUSIVE})
_ONE_FLOW_ONLY = frozenset({NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED})


def return_to(run: Run, draft: Draft, token: Token, element_id: str, variables: Mapping[str, Any]) -> None:
    """Move the token of a user task back. Raises WrongState where the rule refuses; nothing has happened then."""
    home, moving = _out_of_loop(run, draft, token)
    target = _target(home.graph, home.graph.nodes[moving.node], element_id)
    others = _others_between(home, moving, target)
    write(run, home, moving.scope, variables, home.graph.nodes[moving.node].id)
    for each in (moving, *others):
        cancel_token(run, home, each.number, "return")
    run.agenda.append(Visit(home, _first(home.graph, target), moving.scope))


def take_back_to(run: Run, draft: Draft, token: Token, change: TakeBack) -> None:
    """Move the token of a user task to the one before it, which is due when it was. Raises WrongState as a return does,
    and for the work of one child of a loop.
    """
    home, moving = _out_of_loop(run, draft, token)
    target = _target(home.graph, home.graph.nodes[moving.node], change.element_id)
    if target.loop is not None:
        raise _refusal(home.graph, moving, target, "it is a loop, whose other children would begin anew, too")
    for each in (moving, *_others_between(home, moving, target)):
        cancel_token(run, home, each.number, "withdrawal")
    run.agenda.append(Visit(home, target, moving.scope, kept=change))


def _others_between(home: Draft, moving: Token, target: Node) -> list[Token]:
    """The other tokens that go with the one that moves. Raises WrongState where a branch could be stranded."""
    graph = home.graph
    controlled = controlled_by(graph, target.index)
    if moving.node not in controlled:
        raise _refusal(
            graph, moving, target, "a join between them also waits for another branch, or no way leads there"
        )
    others = [
        other
        for other in home.tokens.values()
        if other.scope == moving.scope and other.number != moving.number and _place_of(graph, other) in controlled
    ]
    for other in others:
        if _may_come_from_elsewhere(graph, target.index, _place_of(graph, other)):
            raise _refusal(graph, moving, target, f"{graph.nodes[other.node].id!r} may not come from there")
    return others


def _out_of_loop(run: Run, draft: Draft, token: Token) -> tuple[Draft, Token]:
    """The token itself, or that of the loop it is a round of."""
    scope = draft.scopes[token.scope]
    if scope.node != token.node:
        return draft, token
    body_home, body = draft, scope
    if scope.token is None:
        above = scope_above(run, draft, scope)
        assert above is not None
        body_home, body = above
    assert body.token is not None
    owner = body_home if body.token in body_home.tokens else owner_of(run, body_home)
    return owner, owner.tokens[body.token]


def _target(graph: Graph, current: Node, element_id: str) -> Node:
    index = graph.by_id.get(element_id)
    target = graph.nodes[index] if index is not None else None
    if (
        target is None
        or target.kind is not NodeKind.USER_TASK
        or target.parent != current.parent
        or target.index == current.index
    ):
        raise WrongState(
            f"Expected another user task beside {current.id!r} to return to, but found {element_id!r}.",
            element_id=current.id,
            target=element_id,
        )
    return target


def _first(graph: Graph, target: Node) -> Node:
    """Where the new token begins."""
    through = target.people.returns_through if target.people is not None else None
    return graph.nodes[graph.by_id[through]] if through is not None else target


def _refusal(graph: Graph, moving: Token, target: Node, reason: str) -> WrongState:
    source = graph.nodes[moving.node].id
    return WrongState(
        f"Expected a return from {source!r} to {target.id!r} to leave no branch stranded, but {reason}.",
        element_id=source,
        target=target.id,
    )


def _place_of(graph: Graph, token: Token) -> int:
    """Where a token counts: one at a join has not passed it, so it counts where its flow came from."""
    if token.state is TokenState.JOIN and token.flow >= 0:
        return graph.flows[token.flow].source
    return token.node


def controlled_by(graph: Graph, start: int) -> Set[int]:
    """The nodes that one token from `start` can come to by itself, `start` included."""
    members: set[int] = set()
    flows: set[int] = set()
    waiting = [start]
    while waiting:
        index = waiting.pop()
        if index in members:
            continue
        members.add(index)
        node = graph.nodes[index]
        waiting.extend(boundary for boundary in node.boundary if graph.nodes[boundary].interrupting)
        if index in graph.links:
            waiting.append(graph.links[index])
        flows.update(node.outgoing)
        for flow in node.outgoing:
            target = graph.nodes[graph.flows[flow].target]
            if target.kind not in _JOINS or all(each in flows for each in target.incoming):
                waiting.append(target.index)
    return members


def steps_behind(graph: Graph, element_id: str) -> Set[str]:
    """Ids of the user tasks that one token of a user task can come to by itself, its own among them; none where the
    graph has no such element.
    """
    index = graph.by_id.get(element_id)
    if index is None:
        return frozenset()
    nodes = (graph.nodes[each] for each in controlled_by(graph, index))
    return frozenset(node.id for node in nodes if node.kind is NodeKind.USER_TASK)


def _may_come_from_elsewhere(graph: Graph, target: int, place: int) -> bool:
    """Whether a fork has one branch to the target and another to `place`."""
    for node in graph.nodes:
        branches = list(_branches(graph, node))
        if len(branches) < 2:
            continue
        reached = [controlled_by(graph, branch) for branch in branches]
        for one, other in itertools.permutations(reached, 2):
            if target in one and place in other:
                return True
    return False


def _branches(graph: Graph, node: Node) -> Iterator[int]:
    """First nodes of the ways that tokens take at the same time; a boundary event that may fire again counts twice."""
    if node.kind not in _ONE_FLOW_ONLY and len(node.outgoing) > 1:
        yield from (graph.flows[flow].target for flow in node.outgoing)
    repeating = [index for index in node.boundary if not graph.nodes[index].interrupting]
    if repeating:
        if len(node.outgoing) == 1:
            yield graph.flows[node.outgoing[0]].target
        for index in repeating:
            yield index
            yield index
