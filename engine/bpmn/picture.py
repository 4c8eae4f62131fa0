"""The picture of a deployed file in the language of whoever looks at it. What is deployed keeps its bytes.

Texts beside events, gateways and flows stand in boxes that were drawn for the names as drawn. A name in another
language gets a box that it fits into, which grows away from what it is written at:

    ◇ 是        ◇ Agreed, or          │ keeps the side towards the diamond and the line,
      └──►        └─ own conclusion   │ grows to the other
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from engine.bpmn.names import CALLED, names_in
from engine.bpmn.vocabulary import CANVAS, DIAGRAM, without_prefix
from engine.xml import Element, parse_xml

#: Of the letters beside a shape, in diagram units: 11 points of a sans-serif.
LETTER, LINE = 6.8, 14.0
#: Longer texts are set in lines of about this width.
WIDEST = 90.0
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_BOUNDS = f"{{{CANVAS}}}Bounds"
_LABEL = f"{{{DIAGRAM}}}BPMNLabel"


def drawn_in(xml: bytes, language: str) -> bytes:
    """The file with the names of a language in the place of those it is drawn with.

    Without names in the language, the file itself.

    Raises:
        RefusedXml: the bytes are no XML document that the house reads.
    """
    root = parse_xml(xml)
    names = {element_id: called[language] for element_id, called in names_in(root).items() if language in called}
    if not names:
        return xml
    for element in root.iter(*CALLED):
        if element.get("id", "") in names:
            element.set("name", names[element.get("id", "")])
    for drawn in root.iter(f"{{{DIAGRAM}}}BPMNShape", f"{{{DIAGRAM}}}BPMNEdge"):
        name = names.get(without_prefix(drawn.get("bpmnElement", "")))
        box = drawn.find(f"{_LABEL}/{_BOUNDS}")
        if name is not None and box is not None:
            _write(box, fitted(_read(box), name, _written_at(drawn, _read(box))))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


@dataclass(frozen=True, slots=True)
class Box:
    """Where something lies on the diagram."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


class Anchor(NamedTuple):
    """Which side of a box stays where it is: -1 left or top, 1 right or bottom, 0 the middle."""

    across: int
    down: int


def fitted(box: Box, text: str, anchor: Anchor) -> Box:
    """The box of a text: as it is where the text has room, else as wide as its longest word and a line need."""
    if _width(text) <= box.width:
        return box
    longest = max(map(_width, text.split()), default=0.0)
    room = max(box.width, longest, min(_width(text), WIDEST))
    lines = textwrap.wrap(text, max(1, int(room / LETTER - 1)), break_long_words=False)
    width, height = max(box.width, *map(_width, lines)), max(box.height, LINE * len(lines))
    wider, higher = width - box.width, height - box.height
    return replace(
        box,
        left=box.left - wider * (anchor.across + 1) / 2,
        top=box.top - (higher if anchor.down > 0 else 0),
        width=width,
        height=height,
    )


def _width(text: str) -> float:
    return LETTER * (len(text) + 1)


def _written_at(drawn: Element, box: Box) -> Anchor:
    """How the label of a shape or an edge lies to it."""
    bounds = drawn.find(_BOUNDS)
    if bounds is not None:
        return _beside_shape(_read(bounds), box)
    points = [(_number(each, "x"), _number(each, "y")) for each in drawn.iterchildren(_WAYPOINT)]
    return _beside_line(points, box) if len(points) > 1 else Anchor(0, -1)


def _beside_shape(shape: Box, box: Box) -> Anchor:
    across = -1 if box.left >= shape.right else 1 if box.right <= shape.left else 0
    return Anchor(across, 1 if box.bottom <= shape.top else -1)


def _beside_line(points: list[tuple[float, float]], box: Box) -> Anchor:
    """Away from where the line begins, and from the stretch of it that the label lies at."""
    x, y = box.centre
    start_x, start_y = points[0]
    one, other = min(pairwise(points), key=lambda ends: _distance(ends, (x, y)))
    if one[0] == other[0]:
        return Anchor(-1 if x >= one[0] else 1, 1 if y < start_y else -1)
    return Anchor(-1 if x >= start_x else 1, 1 if y < one[1] else -1)


def _distance(ends: tuple[tuple[float, float], tuple[float, float]], point: tuple[float, float]) -> float:
    """Of a point from a stretch that runs across or down, squared."""
    (left, right), (top, bottom) = (sorted(each) for each in zip(*ends, strict=True))
    x, y = point
    return max(left - x, 0.0, x - right) ** 2 + max(top - y, 0.0, y - bottom) ** 2


def _read(bounds: Element) -> Box:
    return Box(*(_number(bounds, name) for name in ("x", "y", "width", "height")))


def _write(bounds: Element, box: Box) -> None:
    for name, value in (("x", box.left), ("y", box.top), ("width", box.width), ("height", box.height)):
        bounds.set(name, f"{value:g}")


def _number(element: Element, name: str) -> float:
    try:
        return float(element.get(name, "0"))
    except ValueError:
        return 0.0
