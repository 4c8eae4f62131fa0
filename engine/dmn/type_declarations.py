"""Brings the declared types of a model, its own and the imported ones, to the nodes that use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.dmn.elements import Definitions, ItemDefinition
from engine.dmn.item_types import declared_types, find_type
from engine.dmn.linking import Linked
from engine.dmn.places import Faults
from engine.dmn.sources import Compilation
from engine.feel.types import FeelType

_SIGNED = re.compile(r"[^\w]")


def declare_types(linked: Linked, compilation: Compilation) -> None:
    """Compile the item definitions, make them known to all texts, and set the types of input data and decisions."""
    definitions = linked.definitions
    compilation.entry_names = frozenset(_entry_names(definitions.types))
    shapes = _imported_types(definitions, linked, lambda other: other.shapes)
    # the faults of the restricted types are the same
    unrestricted = Compilation(Faults(), compilation.functions)
    compilation.shapes = linked.shapes = declared_types(definitions.types, shapes, unrestricted, restricted=False)
    types = _imported_types(definitions, linked, lambda other: other.types)
    compilation.types = linked.types = declared_types(definitions.types, types, compilation)
    for data in linked.inputs.values():
        data.type = find_type(linked.types, data.element.type_ref, data.element.id, compilation.faults)
    for decision in linked.decisions.values():
        element = decision.element
        decision.type = find_type(linked.types, element.type_ref, element.id, compilation.faults)


def _entry_names(types: Sequence[ItemDefinition]) -> Iterator[str]:
    """Names of components that are not single words: FEEL must know them to read them after a dot."""
    for definition in types:
        for component in definition.components:
            if _SIGNED.search(component.name):
                yield component.name
        yield from _entry_names(definition.components)


def _imported_types(
    definitions: Definitions, linked: Linked, part: Callable[[Linked], Mapping[str, FeelType]]
) -> dict[str, FeelType]:
    return {
        f"{imported.name}.{name}" if imported.name else name: found
        for imported in definitions.imports
        if imported.namespace in linked.imports
        for name, found in part(linked.imports[imported.namespace]).items()
    }
