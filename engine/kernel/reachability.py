"""Which nodes lie upstream of an inclusive join: computed once per graph, so that a step only compares sets.

Source: BPMN 2.0, 13.3.3 (semantics of the inclusive gateway).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine.kernel.graph import Flow, Node, NodeKind, link_targets


def upstream_of_joins(nodes: Sequence[Node], flows: Sequence[Flow]) -> dict[int, frozenset[int]]:
    """For each incoming flow of each inclusive join: the nodes from which a token may come along it.

    The way must not pass the join itself, so that in a loop around the join the next round's tokens are not waited for.
    A boundary event follows its activity, and a link catch event its throw events.
    """
    before = predecessors(nodes, flows)
    return {
        flow: _upstream(before, flows[flow].source, join.index)
        for join in nodes
        if join.kind is NodeKind.INCLUSIVE and len(join.incoming) > 1
        for flow in join.incoming
    }


def predecessors(nodes: Sequence[Node], flows: Sequence[Flow]) -> Mapping[int, set[int]]:
    """The nodes a token may come from in one move, for each node; nodes are of one level, as flows are."""
    before: defaultdict[int, set[int]] = defaultdict(set)
    for flow in flows:
        before[flow.target].add(flow.source)
    for node in nodes:
        if node.kind is NodeKind.BOUNDARY and node.attached_to is not None:
            before[node.index].add(node.attached_to)
    for throw, catch in link_targets(nodes).items():
        before[catch].add(throw)
    return before


def _upstream(before: Mapping[int, set[int]], source: int, join: int) -> frozenset[int]:
    found: set[int] = set()
    waiting = [source]
    while waiting:
        index = waiting.pop()
        if index != join and index not in found:
            found.add(index)
            waiting.extend(before.get(index, ()))
    return frozenset(found)
