"""The same diagram for SpiffWorkflow, around the traps of its parser (ENGINE, second paragraph).

The structure is taken from the file itself, not from our graph, so that a mistake of our compiler shows. What changes:

    ids                  become n1, n2 …: SpiffWorkflow uses "Start" and "End" itself and wants ids unique across files
    layout               is left out: its parser orders branches by their height
    conditions, scripts  become plans (see `plan`), data that no one runs as Python
    implicit splits      become gateways, ends that are not drawn become end events
    signal ends          become a throw event and a plain end; links become sequence flows
    services, decisions  and calls of processes that are not given become tasks that replay what our side was answered
    timers               that count from the due instant of a user task, unknown to SpiffWorkflow, replay those of ours
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.bpmn.opinion.comparable import left_out
from engine.bpmn.opinion.plan import TOLD, NoCounterpart, constant, plan_of, to_text
from engine.bpmn.vocabulary import BPMN, EVENT_DEFINITIONS, FLOW_NODES, bpmn, local, namespace, without_prefix
from engine.feel import Expression
from engine.kernel.due_dates import counts_from_due
from engine.kernel.graph import EventKind, Graph, MultiInstance, Node, NodeKind, StandardLoop, TimerKind
from engine.xml import Element


class NotTranslatable(Exception):
    """Something has no counterpart in SpiffWorkflow's subset."""

    def __init__(self, reason: str, element_id: str) -> None:
        super().__init__(f"{reason} at {element_id}")
        self.reason = reason
        self.element_id = element_id


@dataclass(slots=True)
class Translated:
    """Everything the child process needs to play a process."""

    #: The processes as BPMN 2.0 XML.
    xml: bytes = b""
    #: Id of the process to start.
    process_id: str = ""
    #: New id -> id in the diagram, for what is shown.
    shown: dict[str, str] = field(default_factory=dict[str, str])
    #: New id -> what the player must do there: inputs, outputs, replay …; see `player.Facts`.
    facts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])


#: Attributes that are copied as they are.
_PLAIN = ("isSequential", "testBefore", "loopMaximum", "cancelActivity", "isInterrupting", "triggeredByEvent")
_TAGS = {
    NodeKind.ABSTRACT: "task",
    NodeKind.SERVICE: "serviceTask",
    NodeKind.BUSINESS_RULE: "serviceTask",
}
_TIMERS = {TimerKind.DATE: "timeDate", TimerKind.DURATION: "timeDuration", TimerKind.CYCLE: "timeCycle"}
_REPLAYED = frozenset({NodeKind.SERVICE, NodeKind.BUSINESS_RULE})
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")
_SPLITTING = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})


def translate(
    roots: Mapping[str, Element], graphs: Mapping[str, Graph], key: str, start_element_id: str | None
) -> Translated:
    """Translate a process and those it calls.

    Args:
        roots: process key -> normalised document that holds it.
        graphs: process key -> its graph.
        key: the process to start.
        start_element_id: the start event to begin with; None for the none start event.

    Raises:
        NotTranslatable: names the first element without counterpart.
    """
    translated = Translated()
    definitions = etree.Element(bpmn("definitions"), nsmap={None: BPMN})
    definitions.set("targetNamespace", "http://bihuan.local/opinion")
    numbers = _Numbers(translated)
    for name, root in roots.items():
        process = next(each for each in root.iterchildren(bpmn("process")) if each.get("id") == name)
        scope = _Process(numbers, definitions, graphs, name)
        scope.copy(root, process, start_element_id if name == key else None)
    translated.process_id = numbers.of("process", key)
    translated.xml = etree.tostring(definitions)
    return translated


class _Numbers:
    """Gives every element a new id, once."""

    def __init__(self, translated: Translated) -> None:
        self.translated = translated
        self._known: dict[tuple[str, str], str] = {}

    def of(self, process: str, element_id: str) -> str:
        """The new id of an element of a process ("process" for the processes themselves)."""
        key = (process, element_id)
        if key not in self._known:
            self._known[key] = f"n{len(self._known) + 1}"
            self.translated.shown[self._known[key]] = element_id
        return self._known[key]

    def fresh(self, process: str, what: str) -> str:
        """An id for an element that the diagram does not have."""
        return self.of(process, f"+{len(self._known)} {what}")


class _Process:
    """Copies one process."""

    def __init__(self, numbers: _Numbers, definitions: Element, graphs: Mapping[str, Graph], key: str) -> None:
        self._numbers = numbers
        self._definitions = definitions
        self._graphs = graphs
        self._key = key
        self._graph = graphs[key]
        self._left_out = left_out(self._graph)
        self._facts = numbers.translated.facts

    def copy(self, root: Element, process: Element, start_element_id: str | None) -> None:
        target = etree.Element(bpmn("process"), {"id": self._numbers.of("process", self._key), "isExecutable": "true"})
        self._copy_names(root)
        self._definitions.append(target)
        start = start_element_id or self._graph.nodes[self._graph.starts[0]].id
        pending = [(process, target)]
        while pending:
            source, copy = pending.pop()
            pending.extend(self._copy_scope(source, copy, start if source is process else None))

    def _copy_names(self, root: Element) -> None:
        """Messages, signals, errors and escalations of the file, each under an id of this process."""
        for tag in ("message", "signal", "error", "escalation"):
            for element in root.iterchildren(bpmn(tag)):
                copy = etree.SubElement(self._definitions, bpmn(tag))
                copy.set("id", self._new(element.get("id", "")))
                for name in ("name", "errorCode", "escalationCode"):
                    if element.get(name):
                        copy.set(name, element.get(name, ""))

    def _new(self, element_id: str) -> str:
        return self._numbers.of(self._key, element_id)

    def _copy_scope(self, source: Element, target: Element, start: str | None) -> list[tuple[Element, Element]]:
        """Copy the nodes and flows of a scope; returns the sub-processes still to be copied."""
        inner: list[tuple[Element, Element]] = []
        outgoing = _flows_by_source(source)
        for element in source:
            tag = local(element.tag)
            if namespace(element.tag) != BPMN or tag not in FLOW_NODES:
                continue
            node = self._graph.node(element.get("id", ""))
            if node.index in self._left_out or (start is not None and node.kind is NodeKind.START and node.id != start):
                continue
            copy = self._copy_node(element, target, node, plain=node.id == start)
            if tag in ("subProcess", "transaction"):
                inner.append((element, copy))
            self._copy_flows(node, copy, outgoing.get(node.id, []), target)
        return inner

    def _copy_node(self, element: Element, target: Element, node: Node, plain: bool) -> Element:
        tag = _TAGS.get(node.kind, local(element.tag))
        facts: dict[str, Any] = {}
        if node.kind is NodeKind.CALL_ACTIVITY:
            tag = self._call(node, facts)
        copy = etree.SubElement(target, bpmn(tag), {"id": self._new(node.id)})
        for name in _PLAIN:
            if element.get(name) is not None:
                copy.set(name, element.get(name, ""))
        for name in ("attachedToRef", "messageRef"):
            if element.get(name):
                copy.set(name, self._new(without_prefix(element.get(name, ""))))
        if "called" in facts:
            copy.set("calledElement", facts.pop("called"))
        if node.kind is NodeKind.SCRIPT and node.work is not None and node.work.script is not None:
            plan = self._plan(node.work.script, node.id)
            etree.SubElement(copy, bpmn("script")).text = to_text(["script", plan, node.work.result_variable])
        if not plain:
            self._copy_definition(element, copy, node)
        self._loop(copy, node)
        self._mappings(node, facts)
        self._facts[copy.get("id", "")] = facts
        return copy

    def _call(self, node: Node, facts: dict[str, Any]) -> str:
        called = node.call.element.evaluate({}) if node.call is not None else None
        if not isinstance(called, str):
            raise NotTranslatable("a called process chosen by an expression", node.id)
        if called not in self._graphs or node.call is None:
            facts["replay"] = node.id
            return "serviceTask"
        facts.update(call=True, all_in=node.call.all_in, all_out=node.call.all_out)
        facts["called"] = self._numbers.of("process", called)
        return "callActivity"

    def _mappings(self, node: Node, facts: dict[str, Any]) -> None:
        if node.kind in _REPLAYED:
            facts["replay"] = node.id
        if "replay" not in facts:
            facts["inputs"] = [[each.target, self._plan(each.expression, node.id)] for each in node.inputs]
            facts["outputs"] = [[each.target, self._plan(each.expression, node.id)] for each in node.outputs]

    def _plan(self, expression: Expression, element_id: str) -> list[Any]:
        try:
            return plan_of(expression.source, expression.functions)
        except NoCounterpart as error:
            raise NotTranslatable(str(error), element_id) from None

    def _copy_definition(self, element: Element, copy: Element, node: Node) -> None:
        for definition in element:
            tag = local(definition.tag)
            if namespace(definition.tag) != BPMN or tag not in EVENT_DEFINITIONS or tag == "linkEventDefinition":
                continue
            if node.kind is NodeKind.END and tag == "signalEventDefinition":
                continue  # thrown by the event before it, see _copy_flows
            event = etree.SubElement(copy, bpmn(tag))
            for name in _REFERENCES:
                if definition.get(name):
                    event.set(name, self._new(without_prefix(definition.get(name, ""))))
            if tag == "conditionalEventDefinition":
                etree.SubElement(event, bpmn("condition")).text = to_text(constant(False))
            if node.event is not None and node.event.timer is not None:
                timer = node.event.timer
                told = counts_from_due(self._graph, node.index)
                rule = [TOLD, node.id] if told else self._plan(timer.expression, node.id)
                etree.SubElement(event, bpmn(_TIMERS[timer.kind])).text = to_text(["timer", timer.kind.value, rule])

    def _loop(self, copy: Element, node: Node) -> None:
        if isinstance(node.loop, StandardLoop):
            loop = etree.SubElement(copy, bpmn("standardLoopCharacteristics"))
            loop.set("testBefore", "true" if node.loop.test_before else "false")
            if node.loop.maximum is not None:
                loop.set("loopMaximum", str(node.loop.maximum))
            self._child(loop, "loopCondition", node.loop.condition, node.id)
        elif isinstance(node.loop, MultiInstance):
            many = etree.SubElement(copy, bpmn("multiInstanceLoopCharacteristics"))
            many.set("isSequential", "true" if node.loop.sequential else "false")
            self._child(many, "loopCardinality", node.loop.cardinality, node.id)
            self._child(many, "loopDataInputRef", node.loop.collection, node.id)
            if node.loop.element_variable is not None and node.loop.collection is not None:
                etree.SubElement(many, bpmn("inputDataItem"), {"id": node.loop.element_variable})
            if node.loop.output_collection is not None and node.loop.output_element is not None:
                etree.SubElement(many, bpmn("loopDataOutputRef")).text = node.loop.output_collection
                item = to_text(self._plan(node.loop.output_element, node.id))
                etree.SubElement(many, bpmn("outputDataItem"), {"id": item})
            self._child(many, "completionCondition", node.loop.completion_condition, node.id)

    def _child(self, parent: Element, tag: str, expression: Expression | None, element_id: str) -> None:
        if expression is not None:
            etree.SubElement(parent, bpmn(tag)).text = to_text(self._plan(expression, element_id))

    def _copy_flows(self, node: Node, copy: Element, outgoing: list[Element], target: Element) -> None:
        """Copy what leaves a node, with the gateway or end event that the diagram leaves out."""
        source = copy.get("id", "")
        if node.kind is NodeKind.END:
            if node.event is not None and node.event.kind is EventKind.SIGNAL:
                self._throw_before_end(node, copy, target)
            return
        if node.index in self._graph.links:
            catch = self._graph.nodes[self._graph.links[node.index]].id
            self._flow(target, source, self._new(catch))
            return
        if not outgoing and node.kind is not NodeKind.EVENT_SUB_PROCESS:
            end = self._numbers.fresh(self._key, "end")
            etree.SubElement(target, bpmn("endEvent"), {"id": end})
            self._flow(target, source, end)
            return
        gateway = copy
        asks = any(flow.find(bpmn("conditionExpression")) is not None for flow in outgoing)
        if (len(outgoing) > 1 or asks) and local(copy.tag) not in _SPLITTING:
            gateway = self._implicit_split(source, "inclusiveGateway" if asks else "parallelGateway", target)
        for flow in outgoing:
            self._copy_flow(node, flow, gateway, target)

    def _implicit_split(self, source: str, tag: str, target: Element) -> Element:
        gateway = etree.SubElement(target, bpmn(tag), {"id": self._numbers.fresh(self._key, "split")})
        self._flow(target, source, gateway.get("id", ""))
        return gateway

    def _copy_flow(self, node: Node, flow: Element, gateway: Element, target: Element) -> None:
        ours = next(each for each in self._graph.flows if each.id == flow.get("id"))
        copy = self._flow(target, gateway.get("id", ""), self._new(flow.get("targetRef", "")), self._new(ours.id))
        is_default = node.default == ours.index
        if is_default and local(gateway.tag) in ("exclusiveGateway", "inclusiveGateway"):
            gateway.set("default", copy.get("id", ""))
        elif local(gateway.tag) == "inclusiveGateway" or (
            local(gateway.tag) == "exclusiveGateway" and ours.condition is not None
        ):
            plan = constant(True) if ours.condition is None else self._plan(ours.condition, ours.id)
            etree.SubElement(copy, bpmn("conditionExpression")).text = to_text(plan)

    def _throw_before_end(self, node: Node, copy: Element, target: Element) -> None:
        """Turn the copy into the throw event and put the end behind it."""
        signal = etree.SubElement(copy, bpmn("signalEventDefinition"))
        identifier = next(
            each.get("id", "")
            for each in self._definitions.iterchildren(bpmn("signal"))
            if node.event is not None and each.get("name") == node.event.name
        )
        signal.set("signalRef", identifier)
        copy.tag = bpmn("intermediateThrowEvent")
        end = self._numbers.fresh(self._key, "end")
        etree.SubElement(target, bpmn("endEvent"), {"id": end})
        self._flow(target, copy.get("id", ""), end)

    def _flow(self, target: Element, source: str, goal: str, identifier: str | None = None) -> Element:
        attributes = {
            "id": identifier or self._numbers.fresh(self._key, "flow"),
            "sourceRef": source,
            "targetRef": goal,
        }
        return etree.SubElement(target, bpmn("sequenceFlow"), attributes)


def _flows_by_source(scope: Element) -> dict[str, list[Element]]:
    flows: dict[str, list[Element]] = {}
    for flow in scope.iterchildren(bpmn("sequenceFlow")):
        flows.setdefault(flow.get("sourceRef", ""), []).append(flow)
    return flows
