"""A BPMN file as it stands: processes, nodes and flows in document order, and what the file declares beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.account import Account
from engine.bpmn.names import Names, read_names
from engine.bpmn.report import Findings
from engine.bpmn.vocabulary import (
    BPMN,
    CAMUNDA,
    CANVAS,
    DESCRIPTIVE,
    DESCRIPTIVE_DATA,
    DIAGRAM,
    FLOW_NODES,
    SCOPES,
    bpmn,
    local,
    namespace,
    without_prefix,
)
from engine.kernel.graph import Position
from engine.xml import Element


@dataclass(slots=True)
class RawNode:
    """A flow node with its element; not yet looked into."""

    index: int
    element: Element
    id: str
    #: Local tag, e.g. "userTask".
    tag: str
    #: Index of the enclosing sub-process node; -1 at the top.
    parent: int


@dataclass(slots=True)
class RawFlow:
    index: int
    element: Element
    id: str
    source_id: str
    target_id: str
    parent: int


@dataclass(slots=True)
class RawProcess:
    element: Element
    id: str
    name: str
    executable: bool
    nodes: list[RawNode] = field(default_factory=list[RawNode])
    flows: list[RawFlow] = field(default_factory=list[RawFlow])
    #: Node id -> name (or id) of the innermost lane.
    lanes: dict[str, str] = field(default_factory=dict[str, str])
    #: Lane name (or id) -> id.
    lane_ids: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class MessageFlow:
    id: str
    source_id: str
    target_id: str


@dataclass(slots=True)
class RawFile:
    """Everything a file declares. Names of messages and so on are keyed by the id that references use."""

    processes: list[RawProcess] = field(default_factory=list[RawProcess])
    messages: dict[str, str] = field(default_factory=dict[str, str])
    signals: dict[str, str] = field(default_factory=dict[str, str])
    #: Error id -> error code; escalation id -> escalation code.
    errors: dict[str, str] = field(default_factory=dict[str, str])
    escalations: dict[str, str] = field(default_factory=dict[str, str])
    #: Participant id -> process id, "" for a black box.
    participants: dict[str, str] = field(default_factory=dict[str, str])
    message_flows: list[MessageFlow] = field(default_factory=list[MessageFlow])
    positions: dict[str, Position] = field(default_factory=dict[str, Position])
    #: Element id -> what it is called in other languages.
    names: Names = field(default_factory=dict[str, Mapping[str, str]])


def read_raw(account: Account, findings: Findings) -> RawFile:
    """Read the outline of a file; what flow nodes say about themselves stays unread."""
    file = RawFile(names=read_names(account))
    definitions = account.take(account.root)
    for name in definitions.attrib:
        # Who drew the file and in which languages it was meant; modeller marks stand in namespaces of their own.
        if namespace(name) != CAMUNDA:
            account.attribute(definitions, name)
    declared = {"message": file.messages, "signal": file.signals}
    for element in definitions:
        tag = local(element.tag)
        if namespace(element.tag) == DIAGRAM:
            account.take_whole(element)
            file.positions.update(_positions(element))
        elif namespace(element.tag) != BPMN:
            continue
        elif tag == "process":
            file.processes.append(_read_process(account, element, findings))
        elif tag == "collaboration":
            _read_collaboration(account, element, file)
        elif tag in declared:
            account.take(element)
            declared[tag][element.get("id", "")] = account.attribute(element, "name") or ""
            account.attribute(element, "itemRef")
            account.attribute(element, "structureRef")
            _read_descriptive(account, element, findings)
        elif tag in ("error", "escalation"):
            account.take(element)
            account.attribute(element, "name")
            account.attribute(element, "structureRef")
            codes = file.errors if tag == "error" else file.escalations
            codes[element.get("id", "")] = account.attribute(element, f"{tag}Code") or ""
            _read_descriptive(account, element, findings)
        elif tag in DESCRIPTIVE:
            account.take_whole(element)
            if tag in DESCRIPTIVE_DATA:
                findings.add("kept-in-diagram", element.get("id", ""), what=tag)
    return file


def _positions(diagram: Element) -> Iterator[tuple[str, Position]]:
    for shape in diagram.iter(f"{{{DIAGRAM}}}BPMNShape"):
        bounds = shape.find(f"{{{CANVAS}}}Bounds")
        element_id = shape.get("bpmnElement")
        if bounds is not None and element_id:
            sides = tuple(_number(bounds.get(side, "")) for side in ("x", "y", "width", "height"))
            yield without_prefix(element_id), Position(*sides)


def _number(text: str) -> float:
    """A coordinate; a file whose layout is broken still runs."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _read_process(account: Account, element: Element, findings: Findings) -> RawProcess:
    account.take(element)
    process = RawProcess(
        element=element,
        id=element.get("id", ""),
        name=account.attribute(element, "name") or "",
        executable=account.is_true(element, "isExecutable"),
    )
    # Each entry: an element whose children are still to be read, and the node that it is. Children are pushed back
    # to front, so that nodes and flows come out in document order.
    pending: list[tuple[Element, int]] = [(child, -1) for child in reversed(element)]
    while pending:
        child, parent = pending.pop()
        if namespace(child.tag) != BPMN:
            continue
        tag = local(child.tag)
        if tag in FLOW_NODES:
            index = len(process.nodes)
            node = RawNode(index, account.take(child), child.get("id", ""), tag, parent)
            process.nodes.append(node)
            _read_descriptive(account, child, findings)
            if tag in SCOPES:
                pending.extend((inner, index) for inner in reversed(child))
        elif tag == "sequenceFlow":
            process.flows.append(
                RawFlow(
                    index=len(process.flows),
                    element=account.take(child),
                    id=child.get("id", ""),
                    source_id=account.attribute(child, "sourceRef") or "",
                    target_id=account.attribute(child, "targetRef") or "",
                    parent=parent,
                )
            )
            _read_descriptive(account, child, findings)
        elif tag == "laneSet":
            _read_lanes(account, child, process)
        elif tag in DESCRIPTIVE and parent == -1:
            _take_descriptive(account, child, findings)
    return process


def _read_descriptive(account: Account, element: Element, findings: Findings) -> None:
    for child in element:
        if namespace(child.tag) == BPMN and local(child.tag) in DESCRIPTIVE:
            _take_descriptive(account, child, findings)


def _take_descriptive(account: Account, element: Element, findings: Findings) -> None:
    account.take_whole(element)
    if local(element.tag) in DESCRIPTIVE_DATA:
        findings.add("kept-in-diagram", element.get("id", ""), what=local(element.tag))


def _read_lanes(account: Account, lane_set: Element, process: RawProcess) -> None:
    """Which node lies in which lane. An inner lane is read after the one around it and so wins."""
    pending = [lane_set]
    while pending:
        current = pending.pop()
        account.take(current)
        account.attribute(current, "name")
        for lane in account.children(current, bpmn("lane")):
            name = account.attribute(lane, "name") or lane.get("id", "")
            process.lane_ids[name] = lane.get("id", "")
            account.attribute(lane, "partitionElementRef")
            for part in (
                *account.children(lane, bpmn("documentation")),
                *account.children(lane, bpmn("partitionElement")),
            ):
                account.take_whole(part)
            for reference in account.children(lane, bpmn("flowNodeRef")):
                process.lanes[without_prefix(reference.text or "")] = name
            pending.extend(lane.iterchildren(bpmn("childLaneSet")))


def _read_collaboration(account: Account, element: Element, file: RawFile) -> None:
    account.take(element)
    account.attribute(element, "name")
    account.attribute(element, "isClosed")
    for child in element.iterchildren():
        if namespace(child.tag) != BPMN:
            continue
        tag = local(child.tag)
        if tag == "participant":
            account.take(child)
            account.attribute(child, "name")
            process_id = account.attribute(child, "processRef")
            file.participants[child.get("id", "")] = without_prefix(process_id) if process_id else ""
            for part in account.children(child, bpmn("participantMultiplicity"), bpmn("documentation")):
                account.take_whole(part)
        elif tag == "messageFlow":
            account.take(child)
            account.attribute(child, "name")
            account.attribute(child, "messageRef")
            source = without_prefix(account.attribute(child, "sourceRef") or "")
            target = without_prefix(account.attribute(child, "targetRef") or "")
            file.message_flows.append(MessageFlow(child.get("id", ""), source, target))
            for part in account.children(child, bpmn("documentation")):
                account.take_whole(part)
        elif tag in DESCRIPTIVE or tag in ("correlationKey", "messageFlowAssociation", "participantAssociation"):
            account.take_whole(child)
