"""Named repairs of what other tools leave out or write their own way (ENGINE 5).

Each works on the parsed document, reports what stood there before and what stands there now, and can be switched off
by its name; the stored file is never changed. They run before the schema check, because some of what they mend is
what a schema refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from lxml import etree

from engine.bpmn.juel import NotSimple, contains_juel, to_feel
from engine.bpmn.report import Findings
from engine.bpmn.vocabulary import (
    BPMN,
    FLOW_NODES,
    SCOPES,
    bpmn,
    camunda,
    local,
    namespace,
    nearest_id,
    qualified,
    without_prefix,
)
from engine.bpmn.vocabulary import CAMUNDA as CAMUNDA_NAMESPACE
from engine.xml import Element

#: Notes a repair: element id, what stood there, what stands there now.
Note = Callable[[str, str, str], None]

_EXPRESSIONS = frozenset(
    bpmn(name)
    for name in (
        "conditionExpression", "condition", "completionCondition", "loopCardinality", "loopCondition",
        "timeDate", "timeDuration", "timeCycle", "script",
    )
)  # fmt: skip
_CAMUNDA_EXPRESSIONS = frozenset(camunda(name) for name in ("inputParameter", "outputParameter", "value", "entry"))
_REFERENCES = (
    "messageRef", "signalRef", "errorRef", "escalationRef", "default", "dataObjectRef", "dataStoreRef", "itemRef",
    "itemSubjectRef", "structureRef", "operationRef", "categoryValueRef", "activityRef", "processRef", "calledElement",
)  # fmt: skip
_XPATH_CONSTANTS = {"true()": "true", "false()": "false", "1=1": "true"}


def normalise(root: Element, findings: Findings, keep: Collection[str] = ()) -> None:
    """Apply every normaliser that `keep` does not name, in order."""
    for name, normaliser in NORMALISERS.items():
        if name not in keep:

            def note(element_id: str, before: str, after: str, name: str = name) -> None:
                findings.add("repaired", element_id, repair=name, before=before, after=after)

            normaliser(root, note)


def _empty_references(root: Element, note: Note) -> None:
    """An empty reference refers to nothing: the attribute goes."""
    for element in root.iter():
        for name in _REFERENCES:
            if element.get(name) is not None and not element.get(name, "").strip():
                del element.attrib[name]
                note(nearest_id(element), f'{qualified(element.tag)} {name}=""', "")


def _empty_conditions(root: Element, note: Note) -> None:
    """A condition without text is no condition."""
    for tag in ("conditionExpression", "completionCondition", "loopCondition"):
        for element in list(root.iter(bpmn(tag))):
            parent = element.getparent()
            if parent is not None and len(element) == 0 and not (element.text or "").strip():
                note(nearest_id(element), f"empty {tag}", "")
                parent.remove(element)


def _executable_flag(root: Element, note: Note) -> None:
    """If no process is marked executable, those that say nothing are meant to run, or a single one that says no."""
    processes = [process for process in root.iterchildren(bpmn("process")) if _flow_nodes(process)]
    if any(process.get("isExecutable", "").strip() in ("true", "1") for process in processes):
        return
    silent = [process for process in processes if process.get("isExecutable") is None]
    for process in silent or (processes if len(processes) == 1 else []):
        before = process.get("isExecutable")
        process.set("isExecutable", "true")
        note(process.get("id", ""), f"isExecutable={before}" if before else "no isExecutable", "isExecutable=true")


def _flow_nodes(scope: Element) -> list[Element]:
    return [child for child in scope if namespace(child.tag) == BPMN and local(child.tag) in FLOW_NODES]


def _implicit_start(root: Element, note: Note) -> None:
    """Without a start event every node that no flow enters starts (BPMN 2.0, 10.5.2): the event is written out."""
    for scope in list(root.iter(bpmn("process"), *(bpmn(tag) for tag in SCOPES if tag != "adHocSubProcess"))):
        nodes = _flow_nodes(scope)
        if (
            not nodes
            or any(local(node.tag) == "startEvent" for node in nodes)
            or scope.get("triggeredByEvent") == "true"
        ):
            continue
        entered = {flow.get("targetRef") for flow in scope.iterchildren(bpmn("sequenceFlow"))}
        first = [node for node in nodes if node.get("id") not in entered and not _starts_otherwise(node)]
        if not first:
            continue
        start_id = f"{scope.get('id', '')}_start"
        scope.insert(scope.index(nodes[0]), etree.Element(bpmn("startEvent"), {"id": start_id}))
        for number, node in enumerate(first, 1):
            target = node.get("id", "")
            flow = {"id": f"{start_id}_{number}", "sourceRef": start_id, "targetRef": target}
            scope.insert(scope.index(nodes[-1]) + number, etree.Element(bpmn("sequenceFlow"), flow))
        note(
            scope.get("id", ""),
            "no start event",
            f"startEvent {start_id} -> " + ", ".join(n.get("id", "") for n in first),
        )


def _starts_otherwise(node: Element) -> bool:
    """Nodes that wait for something other than a flow."""
    return (
        local(node.tag) == "boundaryEvent"
        or node.get("triggeredByEvent") == "true"
        or node.get("isForCompensation") == "true"
        or (node.find(bpmn("linkEventDefinition")) is not None and local(node.tag) == "intermediateCatchEvent")
    )


def _nameless_definitions(root: Element, note: Note) -> None:
    """A message or signal without a name is called by its id; an error or escalation without a code by name or id."""
    for tag, attribute in (
        ("message", "name"),
        ("signal", "name"),
        ("error", "errorCode"),
        ("escalation", "escalationCode"),
    ):
        for element in root.iterchildren(bpmn(tag)):
            if not (element.get(attribute) or "").strip():
                name = (element.get("name") or "").strip() or element.get("id", "")
                element.set(attribute, name)
                note(element.get("id", ""), f"{tag} without {attribute}", f"{attribute}={name}")


def _nameless_events(root: Element, note: Note) -> None:
    """A message or signal event that refers to nothing means the message or signal of its own name."""
    for tag, declared, reference in (
        ("messageEventDefinition", "message", "messageRef"),
        ("signalEventDefinition", "signal", "signalRef"),
    ):
        for definition in list(root.iter(bpmn(tag))):
            event = definition.getparent()
            name = (event.get("name") or "").strip() if event is not None else ""
            if definition.get(reference) or not name:
                continue
            known = {each.get("name"): each for each in root.iterchildren(bpmn(declared))}
            element = known.get(name)
            if element is None:
                element = etree.Element(bpmn(declared), {"id": f"{nearest_id(definition)}_{declared}", "name": name})
                root.insert(_first_process(root), element)
            definition.set(reference, element.get("id", ""))
            note(nearest_id(definition), f"{tag} without {reference}", f"{declared} {name}")


def _first_process(root: Element) -> int:
    return next((index for index, child in enumerate(root) if child.tag in (bpmn("process"), bpmn("collaboration"))), 0)


def _gateway_flows(root: Element, note: Note) -> None:
    """The one bare flow beside conditional ones is the default; conditions that no gateway asks about go."""
    for scope in root.iter(bpmn("process"), *(bpmn(tag) for tag in SCOPES)):
        flows: dict[str, list[Element]] = {}
        for flow in scope.iterchildren(bpmn("sequenceFlow")):
            flows.setdefault(flow.get("sourceRef", ""), []).append(flow)
        for node in _flow_nodes(scope):
            outgoing = flows.get(node.get("id", ""), [])
            if local(node.tag) in ("exclusiveGateway", "inclusiveGateway"):
                _find_default(node, outgoing, note)
            unasked = local(node.tag) in ("parallelGateway", "eventBasedGateway")
            for flow in outgoing:
                condition = flow.find(bpmn("conditionExpression"))
                if condition is not None and (unasked or flow.get("id") == node.get("default")):
                    note(flow.get("id", ""), f"condition {(condition.text or '').strip()!r} of a flow that is taken "
                         "without asking", "no condition")  # fmt: skip
                    flow.remove(condition)


def _find_default(gateway: Element, outgoing: list[Element], note: Note) -> None:
    bare = [flow for flow in outgoing if flow.find(bpmn("conditionExpression")) is None]
    if len(outgoing) > 1 and len(bare) == 1 and not gateway.get("default"):
        gateway.set("default", bare[0].get("id", ""))
        note(
            gateway.get("id", ""), f"flow {bare[0].get('id', '')} without condition", f"default={bare[0].get('id', '')}"
        )


def _expression_dialect(root: Element, note: Note) -> None:
    """Simple JUEL and constant XPath as FEEL. What is not simple stays and is refused with its place."""
    for element in root.iter():
        if element.tag in _EXPRESSIONS or element.tag in _CAMUNDA_EXPRESSIONS:
            before = (element.text or "").strip()
            after = _translated(before)
            if after is not None:
                element.text = after
                note(nearest_id(element), before, after)
                element.attrib.pop("language", None)
        for name in element.attrib:
            if namespace(name) == CAMUNDA_NAMESPACE or namespace(element.tag) == CAMUNDA_NAMESPACE:
                before = element.get(name, "").strip()
                after = _translated(before)
                if after is not None and contains_juel(before):
                    element.set(name, after)
                    note(nearest_id(element), before, after)


def _translated(text: str) -> str | None:
    if text in _XPATH_CONSTANTS:
        return f"= {_XPATH_CONSTANTS[text]}"
    if not contains_juel(text) or text.startswith("="):
        return None
    try:
        return f"= {to_feel(text)}"
    except NotSimple:
        return None


def _called_expressions(root: Element, note: Note) -> None:
    """The schema wants a name in calledElement; an expression stands in an attribute of its own."""
    for element in root.iter(bpmn("callActivity")):
        called = element.get("calledElement", "").strip()
        if called.startswith("=") or contains_juel(called):
            del element.attrib["calledElement"]
            element.set(camunda("calledElementExpression"), called)
            note(element.get("id", ""), f'calledElement="{called}"', f'camunda:calledElementExpression="{called}"')


def _reference_prefixes(root: Element, note: Note) -> None:
    """`default` holds an id; some tools write it as a qualified name."""
    for element in root.iter(*(bpmn(tag) for tag in ("exclusiveGateway", "inclusiveGateway"))):
        reference = element.get("default", "")
        if ":" in reference:
            element.set("default", without_prefix(reference))
            note(element.get("id", ""), reference, without_prefix(reference))


#: In the order in which they run.
NORMALISERS: dict[str, Callable[[Element, Note], None]] = {
    "empty-references": _empty_references,
    "empty-conditions": _empty_conditions,
    "called-expressions": _called_expressions,
    "reference-prefixes": _reference_prefixes,
    "executable-flag": _executable_flag,
    "implicit-start": _implicit_start,
    "nameless-definitions": _nameless_definitions,
    "nameless-events": _nameless_events,
    "gateway-flows": _gateway_flows,
    "expression-dialect": _expression_dialect,
}
