"""Type names of other engines, read as the types of FEEL that they mean.

Camunda's modeler offers `integer`, `long` and `double` for columns; FEEL has one kind of number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.dmn.item_types import bare_name
from engine.dmn.places import NAMESPACES
from engine.xml import Element

_MEANT = {"integer": "number", "long": "number", "double": "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A type name that was read as another."""

    #: Id of the decision, or of whatever stands directly in the file; "" if it has none.
    owner: str
    #: Id of the element that names the type, or of the nearest around it.
    element_id: str
    found: str
    read_as: str


def rename_types(root: Element) -> tuple[Renamed, ...]:
    """Put FEEL's names in the place of foreign ones; types that the file declares under such a name stay."""
    declared = {each.get("name") for each in root.iterchildren("{*}itemDefinition")}
    return tuple(_renamed(root, declared))


def _renamed(root: Element, declared: set[str | None]) -> Iterator[Renamed]:
    for element in root.iter("*"):
        name = etree.QName(element)
        if name.namespace not in NAMESPACES:
            continue
        by_text = name.localname == "typeRef"
        found = bare_name(((element.text if by_text else element.get("typeRef")) or "").strip())
        if found not in _MEANT or found in declared:
            continue
        if by_text:
            element.text = _MEANT[found]
        else:
            element.set("typeRef", _MEANT[found])
        around = [element, *element.iterancestors()]
        yield Renamed(
            owner=around[-2].get("id") or "" if len(around) > 1 else "",
            element_id=next((each.get("id") or "" for each in around if each.get("id")), ""),
            found=found,
            read_as=_MEANT[found],
        )
