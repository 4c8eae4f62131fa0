"""Nothing is dropped: every element and attribute of a file is either read or reported.

The reader takes each element and attribute it understands through an `Account`. What nobody took by the end is what
the engine would have ignored in silence; it goes to the report instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.vocabulary import CAMUNDA, bpmn, namespace
from engine.xml import Element


@dataclass(frozen=True, slots=True)
class Unread:
    """An element, or one attribute of an element that was read."""

    element: Element
    attribute: str | None = None


class Account:
    """Keeps the books over one document."""

    def __init__(self, root: Element) -> None:
        self.root = root
        #: Holding every element keeps lxml's proxies alive, so that they can be told apart by identity.
        self._elements: tuple[Element, ...] = tuple(root.iter())
        self._taken: set[Element] = set()
        self._attributes: dict[Element, set[str]] = {}
        for holder in root.iter(bpmn("extensionElements")):
            # A holder says nothing by itself; what it holds is accounted for one by one.
            self.take(holder)

    def take(self, element: Element) -> Element:
        """Read an element; its id goes with it, its other attributes and its children do not."""
        self._taken.add(element)
        self._attributes.setdefault(element, {"id"})
        return element

    def take_whole(self, element: Element) -> None:
        """Read an element that only explains, with everything inside; camunda extensions never only explain."""
        for each in element.iter():
            if namespace(each.tag) != CAMUNDA:
                self._taken.add(each)
                self._attributes[each] = {name for name in each.attrib if namespace(name) != CAMUNDA}

    def attribute(self, element: Element, name: str) -> str | None:
        """The value of an attribute without surrounding white space; None if absent or empty."""
        value = element.get(name)
        if value is None:
            return None
        self._attributes.setdefault(element, {"id"}).add(name)
        return value.strip() or None

    def is_true(self, element: Element, name: str, default: bool = False) -> bool:
        """The value of an attribute of type xsd:boolean."""
        value = self.attribute(element, name)
        return default if value is None else value in ("true", "1")

    def children(self, element: Element, *tags: str) -> list[Element]:
        """The children with one of the full tags, each taken."""
        return [self.take(child) for child in element.iterchildren(*tags)]

    def child(self, element: Element, tag: str) -> Element | None:
        """The first child with the full tag, taken; further ones stay unread and so are reported."""
        return next((self.take(child) for child in element.iterchildren(tag)), None)

    def text(self, element: Element, tag: str) -> str | None:
        """The text of the first child with the full tag; None if absent or blank."""
        child = self.child(element, tag)
        return None if child is None else (child.text or "").strip() or None

    def extensions(self, element: Element, *tags: str) -> list[Element]:
        """The extension elements with one of the full tags, each taken."""
        return [
            self.take(child)
            for holder in element.iterchildren(bpmn("extensionElements"))
            for child in holder.iterchildren(*tags)
        ]

    def unread(self) -> Iterator[Unread]:
        """What nobody read: the outermost elements, and attributes of elements that were read."""
        below: set[Element] = set()
        for element in self._elements:
            parent = element.getparent()
            if parent is not None and parent in below:
                below.add(element)
            elif element not in self._taken:
                below.add(element)
                yield Unread(element)
            else:
                read = self._attributes[element]
                for name in element.attrib:
                    if name not in read:
                        yield Unread(element, name)
