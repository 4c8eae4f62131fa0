"""Reads a DMN file into elements: types, input data, decisions, knowledge models, services, imports (DMN 6 and 7)."""

from __future__ import annotations

from lxml import etree

from engine.dmn.elements import (
    Decision,
    DecisionService,
    Definitions,
    FunctionType,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Reference,
)
from engine.dmn.places import NAMESPACES, SILENT, Faults, Place
from engine.dmn.reader_expressions import ExpressionReader, allowed_values
from engine.xml import Element

_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")


def read_elements(root: Element) -> Definitions:
    """What the file says.

    Raises:
        InvalidDecisions: not DMN 1.1 to 1.5, or unsound in form; holds every fault.
    """
    faults = Faults()
    definitions = read_faulty(root, faults)
    faults.raise_any(definitions.name or definitions.id)
    return definitions


def read_faulty(root: Element, faults: Faults) -> Definitions:
    """The same with its faults noted, for a compiler that looks for more.

    Raises:
        InvalidDecisions: not DMN 1.1 to 1.5.
    """
    name = etree.QName(root)
    if name.localname != "definitions" or (name.namespace or "") not in NAMESPACES:
        faults.add(
            "dmn-not-dmn",
            name.localname,
            f"Expected <definitions> of DMN 1.1 to 1.5, but found <{name.localname}> of {name.namespace or 'nothing'}.",
        )
        faults.raise_any("the file")
    place = Place(root, name.namespace or "")
    return _Reader(faults).definitions(place)


class _Reader:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._expressions = ExpressionReader(faults)
        self._namespace = ""

    def definitions(self, place: Place) -> Definitions:
        self._namespace = place.get("namespace")
        known = {"itemDefinition", "import", "inputData", "decision", "businessKnowledgeModel", "decisionService"}
        for child in place.children():
            if child.tag not in known | SILENT:
                self._faults.add("dmn-unknown-element", child.id, f"Expected no <{child.tag}> in <definitions>.")
        self._refuse_double_ids(place)
        return Definitions(
            id=place.id,
            name=place.get("name"),
            namespace=self._namespace,
            types=tuple(self._type(child) for child in place.all("itemDefinition")),
            imports=tuple(
                Import(name=self._expressions.name(child), namespace=child.get("namespace"))
                for child in place.all("import")
            ),
            input_data=tuple(self._input_data(child) for child in place.all("inputData")),
            decisions=tuple(self._decision(child) for child in place.all("decision")),
            knowledge=tuple(self._knowledge(child) for child in place.all("businessKnowledgeModel")),
            services=tuple(self._service(child) for child in place.all("decisionService")),
        )

    def _refuse_double_ids(self, place: Place) -> None:
        seen: set[str] = set()
        for element in place.element.iter("*"):
            if etree.QName(element).namespace != place.namespace:
                continue
            identity = element.get("id")
            if identity is not None and identity in seen:
                self._faults.add("dmn-double-id", identity, f"Expected every id once, but {identity!r} stands twice.")
            elif identity is not None:
                seen.add(identity)

    def _type(self, place: Place) -> ItemDefinition:
        components = tuple(self._type(child) for child in place.all("itemComponent"))
        function = place.first("functionItem")
        type_ref = place.text("typeRef")
        known = {"typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"}
        for child in place.children():
            if child.tag not in known | SILENT:
                self._faults.add("dmn-unknown-element", child.id, f"Expected no <{child.tag}> in <{place.tag}>.")
        return ItemDefinition(
            id=place.id,
            name=self._expressions.name(place),
            type_ref=type_ref,
            components=components,
            function=None
            if function is None
            else FunctionType(
                parameters=tuple(child.get("typeRef") for child in function.all("parameters")),
                output=function.get("outputTypeRef"),
            ),
            is_collection=place.get("isCollection") == "true",
            allowed=allowed_values(place, "allowedValues"),
            constraint=allowed_values(place, "typeConstraint"),
        )

    def _input_data(self, place: Place) -> InputData:
        return InputData(
            id=place.id,
            name=self._expressions.name(place),
            label=place.get("label"),
            type_ref=self._variable_type(place),
        )

    def _decision(self, place: Place) -> Decision:
        return Decision(
            id=place.id,
            name=self._expressions.name(place),
            label=place.get("label"),
            question=place.text("question"),
            description=place.text("description"),
            type_ref=self._variable_type(place),
            inputs=self._required(place, "informationRequirement", "requiredInput"),
            decisions=self._required(place, "informationRequirement", "requiredDecision"),
            knowledge=self._required(place, "knowledgeRequirement", "requiredKnowledge"),
            logic=self._expressions.inside(place, _REQUIREMENTS),
        )

    def _knowledge(self, place: Place) -> KnowledgeModel:
        logic = place.first("encapsulatedLogic")
        return KnowledgeModel(
            id=place.id,
            name=self._expressions.name(place),
            type_ref=self._variable_type(place),
            knowledge=self._required(place, "knowledgeRequirement", "requiredKnowledge"),
            logic=None if logic is None else self._expressions.function(logic),
        )

    def _service(self, place: Place) -> DecisionService:
        outputs = self._references(place, "outputDecision")
        if not outputs:
            self._faults.add("dmn-no-output", place.id, "Expected the decision service to have an output decision.")
        return DecisionService(
            id=place.id,
            name=self._expressions.name(place),
            type_ref=self._variable_type(place),
            outputs=outputs,
            encapsulated=self._references(place, "encapsulatedDecision"),
            input_decisions=self._references(place, "inputDecision"),
            input_data=self._references(place, "inputData"),
        )

    def _required(self, place: Place, requirement: str, tag: str) -> tuple[Reference, ...]:
        return tuple(reference for child in place.all(requirement) for reference in self._references(child, tag))

    def _references(self, place: Place, tag: str) -> tuple[Reference, ...]:
        found: list[Reference] = []
        for child in place.all(tag):
            namespace, _, identity = child.get("href").rpartition("#")
            if not identity:
                self._faults.add("dmn-no-href", child.id, f"Expected <{tag}> to name an element by href.")
            found.append(Reference(id=identity, namespace="" if namespace == self._namespace else namespace))
        return tuple(found)

    def _variable_type(self, place: Place) -> str:
        variable = place.first("variable")
        return "" if variable is None else variable.get("typeRef")
