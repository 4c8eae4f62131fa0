"""Where something stands in a DMN file, and the collection of its faults."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.model.errors import Fault, Invalid
from engine.xml import Element

#: Model namespaces of DMN 1.1 to 1.5. Elements of other namespaces are extensions of a tool and carry no logic.
NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}

#: Children that say nothing about the logic.
SILENT = frozenset(
    {
        "description",
        "extensionElements",
        "allowedAnswers",
        "question",
        "label",
        "variable",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
        # of definitions
        "knowledgeSource",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
        "businessContextElement",
        "textAnnotation",
        "association",
        "group",
        "artifact",
    }
)


class InvalidDecisions(Invalid):
    """A DMN file is unsound. Holds all faults, each with the id of its element as `path`."""

    code = "invalid-decisions"


class Faults:
    """Collects the faults of one file."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, code: str, path: str, message: str, **facts: object) -> None:
        """Note a fault of the element with the id `path`."""
        self._faults.append(Fault(code, message, path, **facts))

    @property
    def found(self) -> bool:
        """Whether there is one."""
        return bool(self._faults)

    def raise_any(self, name: str) -> None:
        """Raises InvalidDecisions when there is a fault."""
        if self._faults:
            first = self._faults[0]
            more = f" (and {len(self._faults) - 1} more)" if len(self._faults) > 1 else ""
            raise InvalidDecisions(
                f"Expected sound decisions in {name!r}, but {first['path']}: {first['message']}{more}",
                self._faults,
                name=name,
            )


class Place:
    """An element of the file, with its place for faults."""

    __slots__ = ("element", "id", "namespace", "tag")

    def __init__(self, element: Element, namespace: str, parent: str = "") -> None:
        self.element = element
        self.namespace = namespace
        self.tag = etree.QName(element).localname
        self.id: str = element.get("id") or (f"{parent}/{self.tag}" if parent else self.tag)

    def get(self, attribute: str) -> str:
        """An attribute, trimmed; "" if absent."""
        return (self.element.get(attribute) or "").strip()

    def children(self) -> Iterator[Place]:
        """Child elements of DMN; those without an id are numbered among their like."""
        seen: dict[str, int] = {}
        for child in self.element:
            name = etree.QName(child)
            if name.namespace != self.namespace:
                continue
            seen[name.localname] = seen.get(name.localname, 0) + 1
            place = Place(child, self.namespace, self.id)
            if child.get("id") is None and seen[name.localname] > 1:
                place.id += f"[{seen[name.localname]}]"
            yield place

    def all(self, tag: str) -> tuple[Place, ...]:
        """Child elements with this name."""
        return tuple(child for child in self.children() if child.tag == tag)

    def first(self, tag: str) -> Place | None:
        """The first child element with this name."""
        return next((child for child in self.children() if child.tag == tag), None)

    def text(self, tag: str) -> str:
        """Text of a child element, trimmed; "" if absent."""
        child = self.first(tag)
        return "" if child is None else (child.element.text or "").strip()
