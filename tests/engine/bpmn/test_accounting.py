"""Nothing is dropped: whatever is added to a file, anywhere, shows in the report or stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.vocabulary import BPMN, CAMUNDA, DIAGRAM, FLOW_NODES, bpmn, camunda, local, namespace
from engine.xml import Element, parse_xml
from tests.engine.bpmn.diagrams import flow, graph, line, process, read

LOOP = Path(__file__).parents[3] / "processes" / "budget_performance"
RICH = process(
    '<documentation>why</documentation><extensionElements><camunda:properties>'
    '<camunda:property name="phase" value="1"/></camunda:properties></extensionElements>'
    '<laneSet id="ls"><lane id="lane"><flowNodeRef>u</flowNodeRef></lane></laneSet><dataObject id="d"/>'
    + line(
        '<userTask id="u" camunda:assignee="a"><documentation>how</documentation><extensionElements>'
        '<camunda:inputOutput><camunda:inputParameter name="x"><camunda:list><camunda:value>1</camunda:value>'
        "</camunda:list></camunda:inputParameter></camunda:inputOutput></extensionElements>"
        '<multiInstanceLoopCharacteristics camunda:collection="c"><completionCondition>true</completionCondition>'
        "</multiInstanceLoopCharacteristics></userTask>",
        '<callActivity id="c" calledElement="q"><extensionElements><camunda:in source="a" target="b"/>'
        "</extensionElements></callActivity>",
        '<scriptTask id="t"><script>{a: 1}</script></scriptTask>',
        '<subProcess id="sub"><startEvent id="ss"/><businessRuleTask id="r" camunda:decisionRef="R"/>'
        + flow("ss", "r") + "</subProcess>",
        '<intermediateCatchEvent id="w"><timerEventDefinition id="td"><timeDuration>P1D</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>",
        '<exclusiveGateway id="g" default="g-e"/>',
    )
    + '<boundaryEvent id="b" attachedToRef="u"><messageEventDefinition messageRef="M"/></boundaryEvent><task id="bt"/>'
    + flow("b", "bt") + flow("g", "bt", "a = 1") + '<textAnnotation id="note"><text>see</text></textAnnotation>',
    roots='<message id="M" name="hello"/><error id="E" errorCode="1"/>',
)  # fmt: skip


def changed(xml: bytes, number: int, change: Callable[[Element], None]) -> tuple[bytes, Element]:
    """The file with a change at its n-th element outside the picture."""
    root = parse_xml(xml)
    element = outside_the_picture(root)[number]
    change(element)
    return etree.tostring(root), element


def outside_the_picture(root: Element) -> list[Element]:
    inside = {each for picture in root.iter(f"{{{DIAGRAM}}}BPMNDiagram") for each in picture.iter()}
    return [each for each in root.iter() if each not in inside]


def says(xml: bytes, name: str) -> bool:
    """Whether the report speaks of it, or refuses the file."""
    report = read(xml).report
    return report.is_refusal or any(name in str(entry.facts) for entry in report)


def test_the_rich_file_is_sound() -> None:
    assert graph(RICH).node("u").loop is not None


@pytest.mark.parametrize("number", range(len(outside_the_picture(parse_xml(RICH)))))
def test_an_extension_attribute_anywhere_is_reported(number: int) -> None:
    def add(element: Element) -> None:
        element.set(camunda("unheard"), "of")

    xml, element = changed(RICH, number, add)

    assert says(xml, "unheard"), local(element.tag)


@pytest.mark.parametrize("number", range(len(outside_the_picture(parse_xml(RICH)))))
def test_an_extension_element_anywhere_is_reported(number: int) -> None:
    def add(element: Element) -> None:
        holder = element.find(bpmn("extensionElements"))
        if holder is None and namespace(element.tag) == BPMN and local(element.tag) in FLOW_NODES:
            holder = etree.Element(bpmn("extensionElements"))
            element.insert(0, holder)
        etree.SubElement(element if holder is None else holder, camunda("unheard"))

    xml, element = changed(RICH, number, add)

    assert says(xml, "unheard"), local(element.tag)


@pytest.mark.parametrize("tag", sorted(FLOW_NODES))
def test_a_flow_node_at_the_wrong_place_is_never_lost(tag: str) -> None:
    xml = process(line('<task id="t"/>'), roots=f'<{tag} id="stray"/>')

    assert read(xml).report.is_refusal


@pytest.mark.parametrize("path", sorted(LOOP.glob("*.bpmn")), ids=lambda path: path.stem)
def test_every_flow_node_and_flow_of_the_shipped_diagrams_is_in_its_graph(path: Path) -> None:
    xml = path.read_bytes()
    root = parse_xml(xml)
    drawn = {each.get("id") for each in root.iter() if namespace(each.tag) == BPMN and local(each.tag) in FLOW_NODES}
    flows = {each.get("id") for each in root.iter(bpmn("sequenceFlow"))}

    found = graph(xml)

    assert set(found.by_id) == drawn
    assert {each.id for each in found.flows} == flows
    assert [entry for entry in read(xml).report if entry.severity == "warning"] == []


def test_camunda_is_the_namespace_of_the_extensions() -> None:
    assert camunda("topic") == f"{{{CAMUNDA}}}topic"
