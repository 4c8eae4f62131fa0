"""SpiffWorkflow's test models in our convention: its dialect out, its Python as FEEL by the reviewed table.

SpiffWorkflow lets a person do every abstract and manual task, lets a send or receive task without message pass, and
gives services, decisions and data a meaning by its own extensions. Each of these is a rule below.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.vocabulary import BPMN, DIAGRAM, bpmn, camunda, local, namespace
from engine.xml import Element, parse_xml
from tests.differential import python_to_feel

_FORMULAS = frozenset(
    bpmn(name)
    for name in (
        *("conditionExpression", "condition", "completionCondition", "loopCardinality", "loopCondition"),
        *("timeDate", "timeDuration", "timeCycle"),
    )
)
_PERSON = frozenset({bpmn("task"), bpmn("manualTask")})


@dataclass
class Adapted:
    """A model for our engine, and what its Python is about."""

    xml: bytes = b""
    process_ids: list[str] = field(default_factory=list)
    #: Process keys that its call activities name.
    called: set[str] = field(default_factory=set)
    #: Names that its Python reads or writes, and those that its scripts write.
    names: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    #: Names whose values must be texts.
    texts: set[str] = field(default_factory=set)
    #: Names whose values have parts.
    structures: set[str] = field(default_factory=set)
    #: Names that messages carry, to be told apart by.
    keys: set[str] = field(default_factory=set)
    #: Data that SpiffWorkflow demands of a step that is done.
    outputs: set[str] = field(default_factory=set)
    #: Names of which the table cannot tell the value.
    unknown: set[str] = field(default_factory=set)
    #: Lists that multi-instance steps go over.
    collections: set[str] = field(default_factory=set)


def adapt(xml: bytes) -> Adapted:
    """Raises NotInTheTable for Python without an entry in the table, RefusedXml for what is no XML."""
    root = parse_xml(xml)
    found = Adapted()
    _collect_python(root, found)
    for element in list(root.iter()):
        if namespace(element.tag) == BPMN:
            _adapt_element(root, element, found)
    for element in list(root.iter()):
        if namespace(element.tag) not in (BPMN, DIAGRAM) and _is_extension(element):
            _remove(element)
        else:
            for name in [each for each in element.attrib if namespace(each) not in ("", _XSI)]:
                if not name.startswith(camunda("")) or local(name) not in _KEPT:
                    del element.attrib[name]
    found.xml = etree.tostring(root)
    return found


_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_KEPT = frozenset({"collection", "elementVariable", "decisionRef", "resultVariable", "mapDecisionResult"})


def _collect_python(root: Element, found: Adapted) -> None:
    """Names in every text that SpiffWorkflow would run, its own extensions included."""
    for element in root.iter():
        tag = local(element.tag)
        text = element.text or ""
        if element.tag in _FORMULAS or tag in ("script", "preScript", "postScript", "messagePath", "messageVariable"):
            found.names |= python_to_feel.names_in(text)
            found.written |= python_to_feel.assigned_in(text)
            found.texts |= python_to_feel.texts_in(text)
            found.structures |= python_to_feel.structures_in(text)
            if tag == "messagePath":
                found.keys |= python_to_feel.names_in(text)
            found.structures |= python_to_feel.structures_in(text)
        elif namespace(element.tag) not in (BPMN, DIAGRAM) or element.get(camunda("expression")):
            found.names |= python_to_feel.names_in(element.get(camunda("expression")) or text)
        elif tag == "formalExpression":
            found.names |= python_to_feel.names_in(text)
            found.keys |= python_to_feel.names_in(text)
            found.structures |= python_to_feel.structures_in(text)
        elif tag in ("dataObject", "dataStoreReference", "dataInput", "dataOutput", "outputDataItem"):
            if tag != "outputDataItem":
                found.names.add(element.get("id", ""))
            if tag in ("dataOutput", "dataObject", "outputDataItem"):
                found.outputs.add(element.get("id", ""))
        elif tag == "process":
            found.process_ids.append(element.get("id", ""))
        elif tag == "callActivity":
            found.called.add(element.get("calledElement", ""))
        elif tag == "loopDataInputRef" and text.strip():
            found.collections.add(text.strip())
    for element in root.iter(*(bpmn(tag) for tag in ("inputDataItem", "outputDataItem", "loopDataOutputRef"))):
        found.names.discard(element.get("id") or (element.text or "").strip())


def _adapt_element(root: Element, element: Element, found: Adapted) -> None:
    tag = local(element.tag)
    if element.tag in _PERSON:
        element.tag = bpmn("userTask")
    elif tag in ("sendTask", "receiveTask") and not element.get("messageRef"):
        _message_inside(element)
    elif tag == "serviceTask":
        element.set("implementation", "service")
    elif tag == "businessRuleTask":
        element.set(camunda("decisionRef"), "decision")
        element.set(camunda("resultVariable"), "decided")
    elif tag == "scriptTask":
        element.attrib.pop("scriptFormat", None)
        for script in element.iterchildren(bpmn("script")):
            translated = python_to_feel.script(script.text or "")
            script.text = translated.feel
            found.unknown |= translated.unknown
    elif element.tag in _FORMULAS and (element.text or "").strip():
        element.text = python_to_feel.expression(element.text or "")
        element.attrib.pop("language", None)
    elif tag == "messageEventDefinition" and not element.get("messageRef"):
        _nameless_message(root, element)
    elif tag == "multiInstanceLoopCharacteristics":
        collection = element.get(camunda("collection"))
        if collection:
            found.collections.add(collection)


def _message_inside(element: Element) -> None:
    """Some models put the message into an event definition inside the task; without any, the task passes."""
    definition = element.find(bpmn("messageEventDefinition"))
    if definition is not None and definition.get("messageRef"):
        element.set("messageRef", definition.get("messageRef", ""))
        element.remove(definition)
    else:
        element.tag = bpmn("task")


def _nameless_message(root: Element, definition: Element) -> None:
    """SpiffWorkflow calls it by the name of its event, which may be none at all."""
    event = definition.getparent()
    if event is not None and event.get("name"):
        return
    if not any(each.get("id") == "Nameless" for each in root.iterchildren(bpmn("message"))):
        root.insert(0, etree.Element(bpmn("message"), {"id": "Nameless", "name": "None"}))
    definition.set("messageRef", "Nameless")


def _is_extension(element: Element) -> bool:
    return any(local(each.tag) == "extensionElements" for each in element.iterancestors())


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
