"""From the outline of one process to its graph."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.activities import Fields, read_activity, split_names
from engine.bpmn.extensions import read_data_associations, read_extensions, read_properties
from engine.bpmn.happenings import is_interrupting, read_event, take_expression_attributes
from engine.bpmn.juel import contains_juel
from engine.bpmn.loops import read_loop
from engine.bpmn.raw import RawFlow, RawNode, RawProcess
from engine.bpmn.reading import Reading
from engine.bpmn.vocabulary import ACTIVITY_KINDS, NODE_KINDS, REFUSED_NODES, SCOPE_KINDS, bpmn, camunda
from engine.feel import Expression
from engine.kernel.graph import EventKind, Flow, Graph, Node, NodeKind, Starters
from engine.kernel.reachability import upstream_of_joins


def compile_process(reading: Reading, process: RawProcess, ref: str) -> Graph:
    """The graph of a process. What cannot be right is in the findings; then the graph must not be used."""
    nodes: list[Node] = []
    kinds: dict[int, NodeKind] = {}
    for raw in process.nodes:
        node = _node(reading, process, raw, kinds.get(raw.parent))
        kinds[raw.index] = node.kind
        nodes.append(node)
    by_id = {node.id: node.index for node in nodes}
    flows = _connect(reading, process, nodes, by_id)
    _attach(reading, process, nodes, by_id)
    _nest(nodes)
    starts = [node.index for node in nodes if node.kind is NodeKind.START and node.parent == -1]
    return Graph(
        ref=ref,
        key=process.id,
        name=process.name,
        nodes=tuple(nodes),
        flows=flows,
        starts=tuple(sorted(starts, key=lambda index: not is_none_start(nodes[index]))),
        event_sub_processes=_event_sub_processes(nodes, -1),
        by_id=by_id,
        upstream=upstream_of_joins(tuple(nodes), flows),
        version_tag=reading.account.attribute(process.element, camunda("versionTag")) or "",
        properties=read_properties(reading, process.element, process.id),
        names=reading.file.names.get(process.id, {}),
        lane_names={name: reading.file.names.get(lane_id, {}) for name, lane_id in process.lane_ids.items()},
        starters=Starters(
            groups=_starters(reading, process, "candidateStarterGroups"),
            users=_starters(reading, process, "candidateStarterUsers"),
        ),
    )


def _starters(reading: Reading, process: RawProcess, name: str) -> tuple[str, ...]:
    """Names only: who may start is asked before there is anything an expression could look at."""
    text = reading.account.attribute(process.element, camunda(name)) or ""
    if text.startswith("=") or contains_juel(text):
        reading.findings.add("expression-in-name", process.id, place=f"camunda:{name}", text=text)
    return split_names(text)


def is_none_start(node: Node) -> bool:
    """Whether a start event begins without a trigger."""
    return node.kind is NodeKind.START and node.event is not None and node.event.kind is EventKind.NONE


def _node(reading: Reading, process: RawProcess, raw: RawNode, parent_kind: NodeKind | None) -> Node:
    account, findings, element = reading.account, reading.findings, raw.element
    name = account.attribute(element, "name") or ""
    refused = REFUSED_NODES.get(raw.tag)
    if refused is not None:
        if raw.tag == "complexGateway":
            account.take_whole(element)
        findings.add(refused, raw.id)
        return Node(raw.index, raw.id, name, NodeKind.ABSTRACT, raw.parent)
    kind = NODE_KINDS[raw.tag]
    extensions = read_extensions(reading, element, raw.id)
    own: Fields = read_activity(reading, raw, kind, extensions.properties)
    kind = own.pop("kind", kind)
    if kind in ACTIVITY_KINDS:
        own["loop"] = read_loop(reading, raw, extensions.properties)
        read_data_associations(reading, element, raw.id)
        if account.is_true(element, "isForCompensation"):
            findings.add("compensation", raw.id)
    elif kind is NodeKind.EVENT_BASED:
        _event_based_gateway(reading, raw)
    event = read_event(reading, raw, kind, extensions.properties, parent_kind)
    read_data_associations(reading, element, raw.id)
    return Node(
        index=raw.index,
        id=raw.id,
        name=name,
        kind=kind,
        parent=raw.parent,
        event=event,
        interrupting=is_interrupting(reading, raw, kind, event),
        inputs=(*extensions.inputs, *own.pop("inputs", ())),
        outputs=(*extensions.outputs, *own.pop("outputs", ())),
        lane=process.lanes.get(raw.id),
        documentation=(element.findtext(bpmn("documentation")) or "").strip(),
        properties=extensions.properties,
        names=reading.file.names.get(raw.id, {}),
        position=reading.file.positions.get(raw.id),
        **own,
    )


def _event_based_gateway(reading: Reading, raw: RawNode) -> None:
    if reading.account.is_true(raw.element, "instantiate"):
        reading.findings.add("instantiate", raw.id)
    if (reading.account.attribute(raw.element, "eventGatewayType") or "Exclusive") != "Exclusive":
        reading.findings.add("parallel-event-gateway", raw.id)


def _connect(reading: Reading, process: RawProcess, nodes: list[Node], by_id: dict[str, int]) -> tuple[Flow, ...]:
    """Compile the flows and tell each node its own, in document order."""
    flows: list[Flow] = []
    incoming: dict[int, list[int]] = {}
    outgoing: dict[int, list[int]] = {}
    for raw in process.flows:
        name = reading.account.attribute(raw.element, "name") or ""
        reading.account.attribute(raw.element, "isImmediate")
        condition = _condition(reading, raw)
        source, target = by_id.get(raw.source_id), by_id.get(raw.target_id)
        if source is None or target is None or nodes[source].parent != nodes[target].parent:
            reading.findings.add("flow-ends", raw.id, source=raw.source_id, target=raw.target_id)
            continue
        flow = Flow(len(flows), raw.id, name, source, target, condition, reading.file.names.get(raw.id, {}))
        flows.append(flow)
        outgoing.setdefault(source, []).append(flow.index)
        incoming.setdefault(target, []).append(flow.index)
    flow_by_id = {flow.id: flow for flow in flows}
    for raw_node in process.nodes:
        index = raw_node.index
        reference = reading.account.attribute(raw_node.element, "default")
        default = flow_by_id.get(reference) if reference else None
        if reference and (default is None or default.source != index):
            reading.findings.add("default-flow", raw_node.id, reference=reference)
        nodes[index] = replace(
            nodes[index],
            incoming=tuple(incoming.get(index, ())),
            outgoing=tuple(outgoing.get(index, ())),
            default=default.index if default else None,
        )
    return tuple(flows)


def _condition(reading: Reading, raw: RawFlow) -> Expression | None:
    element = reading.account.child(raw.element, bpmn("conditionExpression"))
    if element is None:
        return None
    take_expression_attributes(reading, element, raw.id)
    text = (element.text or "").strip()
    if not text:
        reading.findings.add("condition-empty", raw.id)
        return None
    return reading.expressions.formula(text, raw.id, "condition")


def _attach(reading: Reading, process: RawProcess, nodes: list[Node], by_id: dict[str, int]) -> None:
    """Tie boundary events to their activities, in document order."""
    boundary: dict[int, list[int]] = {}
    for raw in process.nodes:
        if nodes[raw.index].kind is not NodeKind.BOUNDARY:
            continue
        reference = reading.account.attribute(raw.element, "attachedToRef") or ""
        host = by_id.get(reference.rpartition(":")[2])
        if host is None or nodes[host].kind not in ACTIVITY_KINDS or nodes[host].parent != raw.parent:
            reading.findings.add("boundary-host", raw.id, reference=reference)
            continue
        nodes[raw.index] = replace(nodes[raw.index], attached_to=host)
        boundary.setdefault(host, []).append(raw.index)
    for host, events in boundary.items():
        nodes[host] = replace(nodes[host], boundary=tuple(events))


def _nest(nodes: list[Node]) -> None:
    """Tell each sub-process where a token starts in it, and its event sub-processes."""
    first_start: dict[int, int] = {}
    triggered: dict[int, list[int]] = {}
    for node in nodes:
        if node.kind is NodeKind.START:
            first_start.setdefault(node.parent, node.index)
        elif node.kind is NodeKind.EVENT_SUB_PROCESS:
            triggered.setdefault(node.parent, []).append(node.index)
    for index, node in enumerate(nodes):
        if node.kind in SCOPE_KINDS:
            nodes[index] = replace(
                node, start=first_start.get(index), event_sub_processes=tuple(triggered.get(index, ()))
            )


def _event_sub_processes(nodes: list[Node], parent: int) -> tuple[int, ...]:
    return tuple(node.index for node in nodes if node.kind is NodeKind.EVENT_SUB_PROCESS and node.parent == parent)
