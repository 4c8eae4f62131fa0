"""Checks of compiled processes before they are deployed: does the diagram name what exists, and can it come to an end?

Pure: graphs and the names around them in, a report out. An error would certainly fail when an instance gets there; a
warning is for a person to look at: a form, role, decision, process or clause that is not known may still be brought by
a later deployment or by the administration (ENGINE 6).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from engine.bpmn.instants import is_deadline_key
from engine.bpmn.report import Findings, Report
from engine.bpmn.surroundings import Surroundings
from engine.feel import Expression
from engine.kernel.graph import EventKind, Graph, Node, NodeKind
from engine.model.errors import EngineError
from engine.model.ladder import NO_LADDER

_MESSAGE_THROWERS = frozenset({NodeKind.SEND, NodeKind.END, NodeKind.INTERMEDIATE_THROW})
_SEPARATOR = re.compile(r"[\s,;，；、]+")


def lint(graphs: Sequence[Graph], surroundings: Surroundings) -> Report:
    """Findings about processes that are deployed together, and so know one another."""
    findings = Findings()
    together = _Together(graphs, surroundings)
    for graph in graphs:
        for node in graph.nodes:
            _lint_people(node, together, findings)
            _lint_work(node, together, findings)
            _lint_event(node, together, findings)
            _lint_gateway(graph, node, findings)
            for clause in _clauses(node):
                if not surroundings.has_clause(clause):
                    findings.add("lint-unknown-clause", node.id, clause=clause)
        _lint_paths(graph, findings)
        _lint_gates(graph, surroundings, findings)
        _lint_starters(graph, surroundings, findings)
        _lint_names(graph, surroundings, findings)
    return findings.report()


def thrown_messages(graphs: Iterable[Graph]) -> frozenset[str]:
    """Names of the messages that processes throw."""
    return frozenset(
        node.event.name
        for graph in graphs
        for node in graph.nodes
        if node.kind in _MESSAGE_THROWERS and node.event is not None and node.event.kind is EventKind.MESSAGE
    )


class _Together:
    """The surroundings, and what the processes of one deployment know of each other."""

    def __init__(self, graphs: Sequence[Graph], surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self._processes = {graph.key for graph in graphs}
        self._thrown = thrown_messages(graphs)

    def has_process(self, key: str) -> bool:
        return key in self._processes or self.surroundings.has_process(key)

    def is_message_thrown(self, name: str) -> bool:
        return name in self._thrown or self.surroundings.is_message_thrown(name)


def _fixed(expression: Expression | None, node: Node, findings: Findings) -> list[str]:
    """The texts an expression gives whatever the variables are; none if it asks variables or functions."""
    if expression is None or expression.names or expression.functions:
        return []
    try:
        value = expression.evaluate({})
    except EngineError as error:
        text = expression.source[:200]
        findings.add("lint-expression-fails", node.id, reason=error.message, text=text)
        return []
    values: list[object] = list(cast("list[object]", value)) if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _lint_people(node: Node, together: _Together, findings: Findings) -> None:
    people = node.people
    if people is None:
        return
    if people.assignee is None and not people.candidate_groups and not people.candidate_users:
        findings.add("lint-nobody", node.id)
    for role in (text.partition("@")[0] for group in people.candidate_groups for text in _fixed(group, node, findings)):
        if not together.surroundings.has_role(role):
            findings.add("lint-unknown-role", node.id, role=role)
    if people.due is None:
        findings.add("lint-no-due-date", node.id)
    for key in (text for rule in (people.due, people.follow_up) for text in _fixed(rule, node, findings)):
        if is_deadline_key(key) and not together.surroundings.has_deadline(key):
            findings.add("lint-unknown-deadline", node.id, key=key)
    _lint_ladder(node, together.surroundings, findings)
    if people.form_key is None:
        findings.add("lint-no-form", node.id)
    elif not together.surroundings.has_form(people.form_key):
        findings.add("lint-unknown-form", node.id, form=people.form_key)


def _lint_ladder(node: Node, surroundings: Surroundings, findings: Findings) -> None:
    """A ladder that nobody configured has no rungs: nobody would ever be reminded, and nothing would say so."""
    ladder, known = node.properties.get("ladder", NO_LADDER), surroundings.known_ladders()
    if ladder != NO_LADDER and known is not None and ladder not in known:
        findings.add("lint-unknown-ladder", node.id, ladder=ladder, known=", ".join(sorted({*known, NO_LADDER})))


def _lint_starters(graph: Graph, surroundings: Surroundings, findings: Findings) -> None:
    for group in graph.starters.groups:
        role = group.partition("@")[0]
        if not surroundings.has_role(role):
            findings.add("lint-unknown-starter-role", graph.key, role=role)


def _lint_work(node: Node, together: _Together, findings: Findings) -> None:
    surroundings, work = together.surroundings, node.work
    if work is not None and node.kind is NodeKind.BUSINESS_RULE and not surroundings.has_decision(work.name):
        findings.add("lint-unknown-decision", node.id, decision=work.name)
    is_local = work is not None and node.kind is NodeKind.SERVICE and not work.external
    if work is not None and is_local and not surroundings.has_service(work.name):
        findings.add("lint-unknown-service", node.id, service=work.name)
    for key in _fixed(node.call.element, node, findings) if node.call is not None else ():
        if not together.has_process(key):
            findings.add("lint-unknown-process", node.id, process=key)


def _lint_event(node: Node, together: _Together, findings: Findings) -> None:
    event = node.event
    if event is None:
        return
    if event.timer is not None:
        if node.kind is NodeKind.START and node.parent == -1 and event.timer.expression.names:
            names = ", ".join(sorted(event.timer.expression.names))
            findings.add("lint-timer-start-reads", node.id, names=names)
        for key in _fixed(event.timer.expression, node, findings):
            if is_deadline_key(key) and not together.surroundings.has_deadline(key):
                findings.add("lint-unknown-deadline", node.id, key=key)
    awaits = event.kind is EventKind.MESSAGE and node.kind not in _MESSAGE_THROWERS
    if awaits and not together.is_message_thrown(event.name):
        findings.add("lint-message-not-thrown", node.id, message=event.name)


def _lint_gateway(graph: Graph, node: Node, findings: Findings) -> None:
    if node.kind not in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE) or node.default is not None:
        return
    if node.outgoing and all(graph.flows[index].condition is not None for index in node.outgoing):
        findings.add("lint-no-default", node.id)


def _clauses(node: Node) -> Iterator[str]:
    for clause in _SEPARATOR.split(node.properties.get("clause", "")):
        if clause:
            yield clause


def _lint_paths(graph: Graph, findings: Findings) -> None:
    """Steps that no token reaches, and steps from which no token comes to an end."""
    after = _successors(graph)
    entered = _reached({node.index for node in graph.nodes if _begins(graph, node)}, after)
    before: list[set[int]] = [set() for _ in graph.nodes]
    for index, following in enumerate(after):
        for each in following:
            before[each].add(index)
    leaving = _reached({index for index, following in enumerate(after) if not following}, before)
    for node in graph.nodes:
        if node.index not in entered:
            findings.add("lint-unreachable", node.id)
        elif node.index not in leaving:
            findings.add("lint-no-way-out", node.id)
    _lint_four_eyes(graph, after, findings)


def _lint_gates(graph: Graph, surroundings: Surroundings, findings: Findings) -> None:
    """A variant keeps the gates of its process, at steps that tokens come to."""
    after = _successors(graph)
    entered = _reached({node.index for node in graph.nodes if _begins(graph, node)}, after)
    drawn = Counter(
        gate for index in entered for gate in _SEPARATOR.split(graph.nodes[index].properties.get("gate", "")) if gate
    )
    for gate, steps in surroundings.gates_of(graph.key).items():
        if drawn[gate] < steps:
            findings.add("lint-gate-missing", graph.key, gate=gate, steps=steps, found=drawn[gate])


def _lint_names(graph: Graph, surroundings: Surroundings, findings: Findings) -> None:
    """Names in a language that nobody reads here, and elements without one where others of the process have it."""
    called: list[tuple[str, str, Mapping[str, str]]] = [
        (graph.key, graph.name, graph.names),
        *((each.id, each.name, each.names) for each in (*graph.nodes, *graph.flows)),
        *((lane, lane, names) for lane, names in graph.lane_names.items()),
    ]
    languages: dict[str, str] = {}
    for element_id, _, names in called:
        for language in names:
            languages.setdefault(language, element_id)
    for language, element_id in languages.items():
        if not surroundings.is_read(language):
            findings.add("lint-unknown-language", element_id, language=language)
            continue
        missing = [element_id for element_id, name, names in called if name and language not in names]
        if missing:
            findings.add(
                "lint-name-missing", graph.key, language=language, count=len(missing), missing=", ".join(missing)
            )


def _lint_four_eyes(graph: Graph, after: Sequence[set[int]], findings: Findings) -> None:
    """The document that must not be reviewed by its filer has to be filed before."""
    for node in graph.nodes:
        for other in node.people.four_eyes_with if node.people is not None else ():
            partner = graph.by_id.get(other)
            if partner is not None and node.index not in _reached(after[partner], after):
                findings.add("lint-four-eyes-order", node.id, other=other)


def _begins(graph: Graph, node: Node) -> bool:
    """Nodes that get a token by something other than a flow; the inside of a sub-process begins with its own start."""
    if node.kind is NodeKind.START:
        return node.parent == -1 or graph.nodes[node.parent].kind is NodeKind.EVENT_SUB_PROCESS
    return node.kind is NodeKind.EVENT_SUB_PROCESS


def _successors(graph: Graph) -> list[set[int]]:
    """Where a token may go next: along flows, through boundary events and links, into and out of sub-processes.

    Out of a sub-process leads everything inside that has no way on of its own.
    """
    after: list[set[int]] = [set() for _ in graph.nodes]
    for flow in graph.flows:
        after[flow.source].add(flow.target)
    for source, target in graph.links.items():
        after[source].add(target)
    for node in graph.nodes:
        after[node.index].update(node.boundary)
    outside = [frozenset(following) for following in after]
    for node in graph.nodes:
        if node.kind in (NodeKind.SUB_PROCESS, NodeKind.TRANSACTION) and node.start is not None:
            after[node.index] = {node.start, *node.boundary}
    for node in reversed(graph.nodes):
        leaves = node.parent >= 0 and not outside[node.index]
        if leaves and graph.nodes[node.parent].kind is not NodeKind.EVENT_SUB_PROCESS:
            after[node.index] |= _after_scope(graph, node, outside)
    return after


def _after_scope(graph: Graph, node: Node, outside: Sequence[frozenset[int]]) -> set[int]:
    """What follows the sub-process that ends with this node, through as many levels as end with it."""
    current = node
    while current.parent >= 0 and graph.nodes[current.parent].kind is not NodeKind.EVENT_SUB_PROCESS:
        current = graph.nodes[current.parent]
        if outside[current.index]:
            return set(outside[current.index])
    return set()


def _reached(first: set[int], after: Sequence[set[int]]) -> set[int]:
    found: set[int] = set()
    pending = list(first)
    while pending:
        index = pending.pop()
        if index not in found:
            found.add(index)
            pending.extend(after[index])
    return found
