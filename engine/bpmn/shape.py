"""Whether a compiled process is put together as BPMN 2.0 demands: what flows may leave and enter, who needs whom."""

from __future__ import annotations

from collections import Counter

from engine.bpmn.compiler import is_none_start
from engine.bpmn.report import Findings
from engine.bpmn.vocabulary import ACTIVITY_KINDS, SCOPE_KINDS
from engine.kernel.graph import EventKind, Graph, Node, NodeKind
from engine.kernel.returning import controlled_by

_CATCHABLE = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})
#: Flows out of these may carry conditions (BPMN 2.0, 8.3.13 and 10.6).
_DECIDING = frozenset({NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE, *ACTIVITY_KINDS})
#: A return may put its token there: nothing is waited for but its own work.
_ENTERED = frozenset({NodeKind.EXCLUSIVE, *ACTIVITY_KINDS})
_NO_INCOMING = frozenset({NodeKind.START, NodeKind.BOUNDARY, NodeKind.EVENT_SUB_PROCESS})
_NO_OUTGOING = frozenset({NodeKind.END, NodeKind.EVENT_SUB_PROCESS})


def check_shape(graph: Graph, findings: Findings) -> None:
    """Add every fault of the graph's shape to the findings."""
    for node in graph.nodes:
        _check_ends(node, findings)
        _check_conditions(graph, node, findings)
        if node.kind is NodeKind.EVENT_BASED:
            _check_event_based(graph, node, findings)
        elif node.kind is NodeKind.BOUNDARY:
            _check_boundary(graph, node, findings)
    _check_starts(graph, findings)
    _check_links(graph, findings)
    _check_four_eyes(graph, findings)
    _check_returns(graph, findings)


def _check_ends(node: Node, findings: Findings) -> None:
    if node.kind in _NO_INCOMING and node.incoming:
        findings.add("flow-into", node.id, kind=node.kind.value)
    if node.kind in _NO_OUTGOING and node.outgoing:
        findings.add("flow-out-of", node.id, kind=node.kind.value)
    if _is_link(node, NodeKind.INTERMEDIATE_CATCH) and node.incoming:
        findings.add("flow-into", node.id, kind="link catch event")
    if _is_link(node, NodeKind.INTERMEDIATE_THROW) and node.outgoing:
        findings.add("flow-out-of", node.id, kind="link throw event")


def _check_conditions(graph: Graph, node: Node, findings: Findings) -> None:
    if node.kind in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE):
        if len(node.outgoing) > 1:
            for index in node.outgoing:
                if graph.flows[index].condition is None and index != node.default:
                    findings.add("flow-without-condition", graph.flows[index].id, gateway=node.id)
    elif node.kind not in _DECIDING:
        for index in node.outgoing:
            if graph.flows[index].condition is not None:
                findings.add("condition-place", graph.flows[index].id, source=node.id, kind=node.kind.value)


def _check_event_based(graph: Graph, gateway: Node, findings: Findings) -> None:
    if len(gateway.outgoing) < 2:
        findings.add("event-gateway-flows", gateway.id)
    for index in gateway.outgoing:
        target = graph.nodes[graph.flows[index].target]
        waits = target.kind is NodeKind.RECEIVE or (
            target.kind is NodeKind.INTERMEDIATE_CATCH and target.event is not None and target.event.kind in _CATCHABLE
        )
        if not waits or len(target.incoming) > 1 or target.loop is not None:
            findings.add("event-gateway-target", target.id, gateway=gateway.id)


def _check_boundary(graph: Graph, node: Node, findings: Findings) -> None:
    if node.event is None or node.event.kind is not EventKind.CANCEL or node.attached_to is None:
        return
    if graph.nodes[node.attached_to].kind is not NodeKind.TRANSACTION:
        findings.add("cancel-outside-transaction", node.id)


def _check_starts(graph: Graph, findings: Findings) -> None:
    """One way in: a none start or triggers at the top, one none start in a sub-process, one trigger in an event one."""
    by_parent: dict[int, list[Node]] = {}
    for node in graph.nodes:
        if node.kind is NodeKind.START:
            by_parent.setdefault(node.parent, []).append(node)
    if sum(is_none_start(node) for node in by_parent.get(-1, ())) > 1:
        findings.add("several-starts", graph.key)
    if not by_parent.get(-1):
        findings.add("no-start", graph.key)
    for node in graph.nodes:
        if node.kind in SCOPE_KINDS:
            count = len(by_parent.get(node.index, ()))
            if count != 1:
                findings.add("no-start" if count == 0 else "several-starts", node.id)


def _is_link(node: Node, kind: NodeKind) -> bool:
    return node.kind is kind and node.event is not None and node.event.kind is EventKind.LINK


def _check_links(graph: Graph, findings: Findings) -> None:
    """Every throw has exactly one catch of its name at its level (BPMN 2.0, 10.5.1); several throws may share it."""
    catches = Counter(
        (node.parent, node.event.name)
        for node in graph.nodes
        if _is_link(node, NodeKind.INTERMEDIATE_CATCH) and node.event is not None
    )
    thrown: set[tuple[int, str]] = set()
    for node in graph.nodes:
        if node.event is None or node.event.kind is not EventKind.LINK:
            continue
        key = (node.parent, node.event.name)
        if node.kind is NodeKind.INTERMEDIATE_THROW:
            thrown.add(key)
            if catches[key] == 0:
                findings.add("link-without-catch", node.id, name=node.event.name)
        elif catches[key] > 1:
            findings.add("link-caught-twice", node.id, name=node.event.name)
    for node in graph.nodes:
        if _is_link(node, NodeKind.INTERMEDIATE_CATCH) and node.event and (node.parent, node.event.name) not in thrown:
            findings.add("link-without-throw", node.id, name=node.event.name)


def _check_four_eyes(graph: Graph, findings: Findings) -> None:
    for node in graph.nodes:
        for other in node.people.four_eyes_with if node.people else ():
            partner = graph.nodes[graph.by_id[other]] if other in graph.by_id else None
            if partner is None or partner.kind is not NodeKind.USER_TASK or partner is node:
                findings.add("four-eyes-partner", node.id, other=other)


def _check_returns(graph: Graph, findings: Findings) -> None:
    for node in graph.nodes:
        through = node.people.returns_through if node.people else None
        if through is not None and not _leads_to(graph, through, node):
            findings.add("returns-through", node.id, other=through)


def _leads_to(graph: Graph, through: str, user_task: Node) -> bool:
    """Whether a token put there comes to the user task by itself."""
    first = graph.nodes[graph.by_id[through]] if through in graph.by_id else None
    return (
        first is not None
        and first is not user_task
        and first.parent == user_task.parent
        and first.kind in _ENTERED
        and user_task.index in controlled_by(graph, first.index)
    )
