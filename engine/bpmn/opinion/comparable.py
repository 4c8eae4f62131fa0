"""Where SpiffWorkflow is known to be wrong, silent, or of another opinion: there its answer is not asked for.

A case is not comparable if it goes through such an element; that one stands somewhere in the diagram does no harm.

Source: ENGINE section 4, second and third row; each entry was seen by running SpiffWorkflow 3.2.0.
"""

from __future__ import annotations

import re

from engine.kernel.graph import EventKind, Graph, MultiInstance, Node, NodeKind, TimerKind

_WORDS = re.compile(r"\w+")
_JOINS = frozenset({NodeKind.PARALLEL, NodeKind.INCLUSIVE})
_SPLITS = frozenset({NodeKind.PARALLEL, NodeKind.INCLUSIVE})
_SUB_PROCESSES = frozenset({NodeKind.SUB_PROCESS, NodeKind.TRANSACTION})
_FROM_OUTSIDE = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL})
_GATEWAYS = _JOINS | {NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED}


def obstacles(graph: Graph) -> dict[int, str]:
    """Reasons by node: a case that enters one of them cannot be compared."""
    after = successors(graph)
    reasons = {node.index: _of_event(graph, node) or _of_place(node, after) for node in graph.nodes}
    return {index: reason for index, reason in reasons.items() if reason}


def left_out(graph: Graph) -> set[int]:
    """Obstacles that only something from outside sets going: SpiffWorkflow's copy of the diagram does without them."""
    return {
        index
        for index in obstacles(graph)
        if graph.nodes[index].kind in (NodeKind.BOUNDARY, NodeKind.EVENT_SUB_PROCESS)
    }


def _of_event(graph: Graph, node: Node) -> str | None:
    """What starts an instance is left to the test case, so start events of the top level are no obstacle."""
    event = None if node.kind is NodeKind.START and node.parent == -1 else node.event
    if event is not None and event.kind is EventKind.CONDITIONAL:
        return "conditional event"
    if event is not None and event.timer is not None and event.timer.kind is TimerKind.CYCLE:
        return "cycle timer"
    if node.kind is NodeKind.EVENT_SUB_PROCESS and node.start is not None and graph.nodes[node.start].interrupting:
        return "interrupting event sub-process"
    trigger = _trigger(graph, node)
    if trigger is EventKind.TIMER:
        # SpiffWorkflow's instance never ends while the timer is open
        return "non-interrupting event sub-process with a timer"
    if trigger is EventKind.ESCALATION:
        # SpiffWorkflow begins it at once; by message and signal it is right
        return "non-interrupting event sub-process with an escalation"
    if _interrupts_several(graph, node):
        return "interrupting boundary event on a multi-instance sub-process"
    if node.kind is NodeKind.EVENT_SUB_PROCESS and _written_inside(graph, node) & _steering_outside(graph, node):
        return "event sub-process that steers the flow outside"
    if node.kind is NodeKind.EVENT_BASED:
        timers = 0
        for index in node.outgoing:
            behind = graph.nodes[graph.flows[index].target].event
            timers += behind is not None and behind.kind is EventKind.TIMER
        if timers > 1:
            return "event-based gateway with several timers"
    return None


def _trigger(graph: Graph, node: Node) -> EventKind | None:
    """What begins an event sub-process."""
    if node.kind is not NodeKind.EVENT_SUB_PROCESS or node.start is None:
        return None
    event = graph.nodes[node.start].event
    return None if event is None else event.kind


def _interrupts_several(graph: Graph, node: Node) -> bool:
    """SpiffWorkflow's instance fails when something from outside ends children that are open."""
    if node.kind is not NodeKind.BOUNDARY or not node.interrupting or node.attached_to is None:
        return False
    host = graph.nodes[node.attached_to]
    comes_from_outside = node.event is not None and node.event.kind in _FROM_OUTSIDE
    return comes_from_outside and host.kind in _SUB_PROCESSES and isinstance(host.loop, MultiInstance)


def _written_inside(graph: Graph, outer: Node) -> set[str]:
    """Variables that its nodes write. SpiffWorkflow gives an event sub-process a copy of the data as it was when the
    instance began, and nobody outside sees what it writes there.
    """
    inside = [node for node in graph.nodes if _lies_in(graph, node, outer)]
    written = {each.target for node in inside for each in node.outputs}
    return written | {node.work.result_variable for node in inside if node.work and node.work.result_variable}


def _steering_outside(graph: Graph, outer: Node) -> set[str]:
    """Words in the conditions and collections of the nodes around it."""
    around = [node for node in graph.nodes if not _lies_in(graph, node, outer)]
    conditions = [graph.flows[index].condition for node in around for index in node.outgoing]
    collections = [node.loop.collection for node in around if isinstance(node.loop, MultiInstance)]
    return {word for each in (*conditions, *collections) if each is not None for word in _WORDS.findall(each.source)}


def _lies_in(graph: Graph, node: Node, outer: Node) -> bool:
    parent = node.parent
    while parent not in (-1, outer.index):
        parent = graph.nodes[parent].parent
    return parent == outer.index


def _of_place(node: Node, after: list[set[int]]) -> str | None:
    if node.kind in _JOINS and len(node.incoming) > 1 and node.index in reachable(after[node.index], after):
        return "join inside a loop"
    if node.boundary and node.loop is not None and not isinstance(node.loop, MultiInstance):
        return "boundary event on a loop"
    return None


def successors(graph: Graph) -> list[set[int]]:
    """The nodes a token can go to next; a boundary event follows its host."""
    after: list[set[int]] = [set() for _ in graph.nodes]
    for flow in graph.flows:
        after[flow.source].add(flow.target)
    for node in graph.nodes:
        if node.attached_to is not None:
            after[node.attached_to].add(node.index)
        if node.index in graph.links:
            after[node.index].add(graph.links[node.index])
    return after


def reachable(first: set[int], after: list[set[int]]) -> set[int]:
    """Every node that follows, the first ones included."""
    found: set[int] = set()
    pending = list(first)
    while pending:
        index = pending.pop()
        if index not in found:
            found.add(index)
            pending.extend(after[index])
    return found


def concurrent_nodes(graph: Graph) -> set[int]:
    """Nodes that may run beside others: there SpiffWorkflow keeps copies of the data and loses updates at the join."""
    after = successors(graph)
    found: set[int] = set()
    for node in graph.nodes:
        branches = [reachable({graph.flows[index].target}, after) for index in _taken_together(node)]
        branches.extend(reachable({index}, after) for index in node.boundary if not graph.nodes[index].interrupting)
        if node.boundary and any(not graph.nodes[index].interrupting for index in node.boundary):
            branches.append(reachable({graph.flows[index].target for index in node.outgoing}, after))
        if len(branches) > 1:
            together = branches[0].union(*branches[1:])
            found |= together - branches[0].intersection(*branches[1:])
        if node.loop is not None or node.kind is NodeKind.EVENT_SUB_PROCESS:
            found.add(node.index)
    return _with_insides(graph, found)


def _taken_together(node: Node) -> tuple[int, ...]:
    """Flows that may be taken at once: those of a split, and several out of anything that is no gateway."""
    together = node.kind in _SPLITS or node.kind not in _GATEWAYS
    return node.outgoing if together and len(node.outgoing) > 1 else ()


def _with_insides(graph: Graph, found: set[int]) -> set[int]:
    inside = set(found)
    for node in graph.nodes:  # a sub-process stands before what lies in it
        if node.parent in inside:
            inside.add(node.index)
    return inside
