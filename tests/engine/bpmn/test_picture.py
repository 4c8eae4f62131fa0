"""Texts in the picture get room for what they are called in another language, away from what they are written at."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.picture import LETTER, LINE, Anchor, Box, drawn_in, fitted
from engine.xml import parse_xml
from tests.engine.bpmn.diagrams import definitions, flow
from tests.engine.bpmn.test_names import called

LOOP = Path(__file__).parents[3] / "processes" / "budget_performance"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
SMALL = Box(100, 200, 26, 14)


def test_a_text_that_has_room_stays_where_it_is() -> None:
    assert fitted(SMALL, "No", Anchor(-1, -1)) == SMALL


def test_a_longer_text_keeps_the_side_it_is_written_at() -> None:
    assert fitted(SMALL, "Return", Anchor(-1, -1)) == Box(100, 200, 7 * LETTER, LINE)
    to_the_left = fitted(SMALL, "Return", Anchor(1, -1))
    assert (to_the_left.right, to_the_left.width) == (SMALL.right, 7 * LETTER)
    around = fitted(SMALL, "Return", Anchor(0, -1))
    assert around.centre == SMALL.centre


def test_what_is_too_long_for_a_line_is_set_in_several_and_grows_upwards_above() -> None:
    below = fitted(SMALL, "Budget preparation opened", Anchor(0, -1))
    above = fitted(SMALL, "Budget preparation opened", Anchor(0, 1))

    assert (below.top, below.height) == (SMALL.top, 3 * LINE)
    assert (above.bottom, above.height) == (SMALL.bottom, 3 * LINE)


def shape(element_id: str, box: str, label: str = "") -> str:
    label = f"<bpmndi:BPMNLabel><dc:Bounds {label}/></bpmndi:BPMNLabel>" if label else ""
    named = f'<bpmndi:BPMNShape id="{element_id}_di" bpmnElement="{element_id}">'
    return f"{named}<dc:Bounds {box}/>{label}</bpmndi:BPMNShape>"


def test_labels_of_shapes_and_lines_are_fitted_in_what_is_shown() -> None:
    xml = definitions(
        '<process id="p" isExecutable="true">'
        f'<startEvent id="s" name="开始">{called(en="Rectification begins")}</startEvent>'
        '<endEvent id="e" name="结束"/>'
        f'<sequenceFlow id="f" name="是" sourceRef="s" targetRef="e">{called(en="Return")}</sequenceFlow></process>'
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
        + shape("s", 'x="100" y="100" width="36" height="36"', 'x="106" y="140" width="24" height="14"')
        + shape("e", 'x="300" y="100" width="36" height="36"', 'x="306" y="140" width="24" height="14"')
        + '<bpmndi:BPMNEdge id="f_di" bpmnElement="f"><di:waypoint x="136" y="118"/><di:waypoint x="300" y="118"/>'
        '<bpmndi:BPMNLabel><dc:Bounds x="140" y="100" width="14" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNEdge>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )

    shown = labels(drawn_in(xml, "en"))

    assert (shown["s"].centre[0], shown["s"].top, shown["s"].height) == (118, 140, 2 * LINE)
    assert shown["f"] == Box(140, 100, 7 * LETTER, LINE)
    assert shown["e"] == Box(306, 140, 24, 14)


def labels(xml: bytes) -> dict[str, Box]:
    """Element id -> box of its label."""
    return {
        drawn.get("bpmnElement", ""): Box(*(float(box.get(name, "")) for name in ("x", "y", "width", "height")))
        for drawn in parse_xml(xml).iter(f"{_DI}BPMNShape", f"{_DI}BPMNEdge")
        if (box := drawn.find(f"{_DI}BPMNLabel/{_BOUNDS}")) is not None
    }


@pytest.mark.parametrize("path", sorted(LOOP.glob("*.bpmn")), ids=lambda path: path.stem)
def test_no_word_of_the_shipped_diagrams_is_broken(path: Path) -> None:
    shown = drawn_in(path.read_bytes(), "en")
    names = {each.get("id", ""): each.get("name", "") for each in parse_xml(shown).iter() if each.get("name")}

    tight = [
        names[element_id]
        for element_id, box in labels(shown).items()
        if max(map(len, names[element_id].replace("-", " ").split())) * LETTER > box.width
    ]

    assert tight == []


def test_a_broken_layout_is_shown_all_the_same() -> None:
    xml = definitions(
        f'<process id="p" name="甲" isExecutable="true">{called(en="A")}<startEvent id="s"/><endEvent id="e"/>'
        + flow("s", "e")
        + "</process>"
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p"><bpmndi:BPMNEdge id="x" bpmnElement="p">'
        '<bpmndi:BPMNLabel><dc:Bounds x="?" y="0" width="1" height="1"/></bpmndi:BPMNLabel></bpmndi:BPMNEdge>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )

    assert labels(drawn_in(xml, "en"))["p"].width == 2 * LETTER
