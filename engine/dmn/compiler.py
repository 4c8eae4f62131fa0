"""From a file to a model that answers: reads, links, compiles, and refuses with every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from engine.dmn.boxed import compile_logic
from engine.dmn.callables import compile_knowledge, compile_service
from engine.dmn.decisions import DecisionModel
from engine.dmn.elements import Definitions, ItemDefinition, KnowledgeModel
from engine.dmn.item_types import declared_types, find_type
from engine.dmn.linking import DecisionNode, Linked, link
from engine.dmn.places import Faults
from engine.dmn.reader import read_elements
from engine.dmn.reads import paths_read
from engine.dmn.sources import Compilation
from engine.feel import FeelFunction
from engine.feel.types import FeelType
from engine.xml import parse_xml

_SIGNED = re.compile(r"[^\w]")


def read_decisions(
    xml: bytes,
    *,
    functions: Mapping[str, FeelFunction] | None = None,
    imports: Iterable[DecisionModel] = (),
) -> DecisionModel:
    """Compile a DMN file.

    Args:
        functions: functions besides FEEL's own that expressions may call.
        imports: the models it imports, found by their namespaces.

    Raises:
        RefusedXml: the bytes are not XML that is read here.
        InvalidDecisions: not DMN 1.1 to 1.5, or unsound; holds every fault with the id of its element.
    """
    model, faults = compile_with_faults(xml, functions=functions, imports=imports)
    faults.raise_any(model.name or model.id)
    return model


def compile_with_faults(
    xml: bytes, *, functions: Mapping[str, FeelFunction] | None, imports: Iterable[DecisionModel]
) -> tuple[DecisionModel, Faults]:
    """As `read_decisions`, but texts that are not FEEL are null in the model, and their faults come beside it."""
    definitions = read_elements(parse_xml(xml))
    faults = Faults()
    compilation = Compilation(faults, functions)
    linked = link(definitions, {model.namespace: model.linked for model in imports}, faults)
    compilation.entry_names = frozenset(_entry_names(definitions.types))
    shapes = _imported_types(definitions, linked, lambda other: other.shapes)
    linked.shapes = declared_types(definitions.types, shapes, Compilation(Faults(), functions), restricted=False)
    compilation.shapes = linked.shapes
    types = _imported_types(definitions, linked, lambda other: other.types)
    compilation.types = linked.types = declared_types(definitions.types, types, compilation)
    for data in linked.inputs.values():
        data.type = find_type(linked.types, data.element.type_ref, data.element.id, faults)
    services = {key: compile_service(node, linked.knowledge[key], compilation) for key, node in linked.services.items()}
    for node in linked.knowledge.values():
        if isinstance(node.element, KnowledgeModel):
            compile_knowledge(node, node.element, compilation)
    for decision in linked.decisions.values():
        _compile_decision(decision, compilation)
    return DecisionModel(linked, services), faults


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


def _compile_decision(node: DecisionNode, compilation: Compilation) -> None:
    element = node.element
    node.type = find_type(compilation.types, element.type_ref, element.id, compilation.faults)
    if element.logic is None:
        return
    node.logic = compile_logic(element.logic, node.names, compilation)
    node.reads = paths_read(element.logic, (required.name for required in node.inputs if not required.under))
