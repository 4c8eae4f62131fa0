"""From a file to a model that answers: reads, links, compiles, and refuses with every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.dmn.callables import compile_knowledge, compile_service
from engine.dmn.decision_logic import compile_decision
from engine.dmn.decisions import DecisionModel
from engine.dmn.elements import KnowledgeModel
from engine.dmn.linking import link
from engine.dmn.places import Faults
from engine.dmn.reader import read_faulty
from engine.dmn.remarks import with_known_types
from engine.dmn.sources import Compilation
from engine.dmn.type_declarations import declare_types
from engine.feel import FeelFunction
from engine.xml import parse_xml


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
    """As `read_decisions`, but texts that are not FEEL are null in the model, and their faults come beside it.

    Raises:
        RefusedXml, InvalidDecisions: it is unsound in form; holds the faults of its texts as well.
    """
    root = parse_xml(xml)
    remarks = with_known_types(root)
    faults = Faults()
    definitions = read_faulty(root, faults)
    is_whole = not faults.found
    compilation = Compilation(faults, functions)
    linked = link(definitions, {model.namespace: model.linked for model in imports}, faults)
    declare_types(linked, compilation)
    services = {key: compile_service(node, linked.knowledge[key], compilation) for key, node in linked.services.items()}
    for node in linked.knowledge.values():
        if isinstance(node.element, KnowledgeModel):
            compile_knowledge(node, node.element, compilation)
    for key, decision in linked.decisions.items():
        found = compile_decision(decision, compilation)
        if found:
            remarks[key] = (*remarks.get(key, ()), *found)
    if not is_whole:
        faults.raise_any(definitions.name or definitions.id)
    return DecisionModel(linked, services, remarks), faults
