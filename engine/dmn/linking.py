"""Joins the elements of a model, and of the models it imports, into nodes that know what they need (DMN 6.2).

Requirements are followed once, here: every decision carries the decisions below it in the order of evaluation, so that
evaluating is a loop and a circle is a fault of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from engine.dmn.elements import Decision, Definitions, InputData, KnowledgeModel, Reference
from engine.dmn.elements import DecisionService as ServiceElement
from engine.dmn.evaluation import Evaluation, Logic, Scope
from engine.dmn.places import Faults
from engine.feel import FeelFunction
from engine.feel.types import ANY, FeelType

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class InputNode:
    """Input data."""

    element: InputData
    type: FeelType = ANY


@dataclass(eq=False, slots=True)
class Required(Generic[T]):
    """A requirement: where its value appears in the scope."""

    #: Name of the import it belongs to; "" in the same model.
    under: str
    name: str
    node: T


@dataclass(eq=False, slots=True)
class KnowledgeNode:
    """A business knowledge model or a decision service: something to call."""

    element: KnowledgeModel | ServiceElement
    knowledge: list[Required[KnowledgeNode]] = field(default_factory=list["Required[KnowledgeNode]"])
    make: Callable[[Evaluation, Scope], FeelFunction | None] = field(default=lambda evaluation, scope: None)


@dataclass(eq=False, slots=True)
class DecisionNode:
    """A decision with everything below it."""

    element: Decision
    inputs: list[Required[InputNode]] = field(default_factory=list["Required[InputNode]"])
    decisions: list[Required[DecisionNode]] = field(default_factory=list["Required[DecisionNode]"])
    knowledge: list[Required[KnowledgeNode]] = field(default_factory=list["Required[KnowledgeNode]"])
    logic: Logic = field(default=lambda evaluation, scope: None)
    type: FeelType = ANY
    #: Entries of input contexts that the logic reads: ("rule", "rule.R00.annual_amount") …
    reads: tuple[tuple[str, ...], ...] = ()
    #: Names that are taken from what is given though no requirement declares them, with the type of their column.
    undeclared: Mapping[str, FeelType] = field(default_factory=dict[str, FeelType])

    @property
    def names(self) -> frozenset[str]:
        """What the logic sees."""
        needed: Iterable[Required[Any]] = (*self.inputs, *self.decisions, *self.knowledge)
        return frozenset(required.under or required.name for required in needed)


@dataclass(eq=False, slots=True)
class ServiceNode:
    """A decision service with what goes in and comes out."""

    element: ServiceElement
    inputs: list[Required[InputNode]]
    decisions: list[Required[DecisionNode]]
    outputs: list[Required[DecisionNode]]


@dataclass(slots=True)
class Linked:
    """Nodes of one file by id, with those of the imported files reachable by namespace."""

    definitions: Definitions
    inputs: dict[str, InputNode]
    decisions: dict[str, DecisionNode]
    knowledge: dict[str, KnowledgeNode]
    services: dict[str, ServiceNode]
    imports: Mapping[str, Linked]
    #: Declared types by name, and the same without their allowed values.
    types: Mapping[str, FeelType] = field(default_factory=dict[str, FeelType])
    shapes: Mapping[str, FeelType] = field(default_factory=dict[str, FeelType])


def link(definitions: Definitions, imports: Mapping[str, Linked], faults: Faults) -> Linked:
    """Nodes without logic, joined by their requirements. `imports` maps namespaces to linked models."""
    linked = Linked(
        definitions=definitions,
        inputs={data.id: InputNode(data) for data in definitions.input_data},
        decisions={decision.id: DecisionNode(decision) for decision in definitions.decisions},
        knowledge={known.id: KnowledgeNode(known) for known in (*definitions.knowledge, *definitions.services)},
        services={},
        imports=imports,
    )
    for imported in definitions.imports:
        if imported.namespace not in imports:
            faults.add(
                "dmn-no-import", imported.name, f"Expected a model of {imported.namespace!r}, but none is given."
            )
    join = _Joiner(linked, faults)
    for decision in linked.decisions.values():
        element = decision.element
        decision.inputs = join.all(element.id, element.inputs, lambda other: other.inputs, "input data")
        decision.decisions = join.all(element.id, element.decisions, lambda other: other.decisions, "decision")
        decision.knowledge = join.all(element.id, element.knowledge, lambda other: other.knowledge, "knowledge")
    for known in linked.knowledge.values():
        element = known.element
        if isinstance(element, KnowledgeModel):
            known.knowledge = join.all(element.id, element.knowledge, lambda other: other.knowledge, "knowledge")
        else:
            linked.services[element.id] = join.service(element)
    for decision in linked.decisions.values():
        circle = order_of([decision], lambda node: [required.node for required in node.decisions])
        if circle is None:
            faults.add("dmn-circle", decision.element.id, "Expected a decision that does not need itself.")
            decision.decisions = []
    return linked


def find(linked: Linked, reference: Reference, part: Callable[[Linked], Mapping[str, T]]) -> tuple[str, T] | None:
    """The node of a reference and the name of its import; None if there is none."""
    if not reference.namespace:
        node = part(linked).get(reference.id)
        return None if node is None else ("", node)
    for imported in linked.definitions.imports:
        other = linked.imports.get(imported.namespace)
        if imported.namespace == reference.namespace and other is not None:
            node = part(other).get(reference.id)
            return None if node is None else (imported.name, node)
    return None


def order_of(roots: Sequence[T], below: Callable[[T], Sequence[T]]) -> list[T] | None:
    """Everything at or below the roots, each after what it needs; None if something needs itself."""
    done: dict[int, T] = {}
    open_now: set[int] = set()
    stack: list[tuple[T, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, is_leaving = stack.pop()
        if is_leaving:
            open_now.discard(id(node))
            done[id(node)] = node
        elif id(node) in open_now:
            return None
        elif id(node) not in done:
            open_now.add(id(node))
            stack.append((node, True))
            stack.extend((needed, False) for needed in reversed(below(node)))
    return list(done.values())


class _Joiner:
    def __init__(self, linked: Linked, faults: Faults) -> None:
        self._linked = linked
        self._faults = faults

    def service(self, element: ServiceElement) -> ServiceNode:
        """The nodes of a decision service."""
        self.all(element.id, element.encapsulated, lambda other: other.decisions, "decision")
        return ServiceNode(
            element,
            self.all(element.id, element.input_data, lambda other: other.inputs, "input data"),
            self.all(element.id, element.input_decisions, lambda other: other.decisions, "decision"),
            self.all(element.id, element.outputs, lambda other: other.decisions, "decision"),
        )

    def all(
        self, path: str, references: Sequence[Reference], part: Callable[[Linked], Mapping[str, T]], kind: str
    ) -> list[Required[T]]:
        """The nodes of all references; a fault for each that leads nowhere."""
        found: list[Required[T]] = []
        for reference in references:
            node = find(self._linked, reference, part)
            if node is None:
                place = f"{reference.namespace}#{reference.id}"
                message = f"Expected {kind} {place!r}, but there is none."
                self._faults.add("dmn-no-element", path, message, reference=place)
                continue
            under, required = node
            name = cast("InputNode | DecisionNode | KnowledgeNode", required).element.name
            found.append(Required(under, name, required))
        return found
