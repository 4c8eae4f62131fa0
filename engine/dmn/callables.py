"""What expressions of a model can call: business knowledge models and decision services (DMN 6.3.8, 6.3.9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.dmn.boxed import compile_function
from engine.dmn.decisions import DecisionService, checked, decide, decisions_below, put
from engine.dmn.elements import KnowledgeModel
from engine.dmn.evaluation import Evaluation, Scope
from engine.dmn.item_types import find_type, result_of
from engine.dmn.linking import DecisionNode, InputNode, KnowledgeNode, Required, ServiceNode
from engine.dmn.sources import Compilation
from engine.feel import FeelFunction
from engine.feel.functions import Parameter


def compile_knowledge(node: KnowledgeNode, element: KnowledgeModel, compilation: Compilation) -> None:
    """Give a knowledge model its function: it sees the knowledge it requires, and itself."""
    if element.logic is None:
        return
    names = frozenset(required.under or required.name for required in node.knowledge) | {element.name}
    result = result_of(find_type(compilation.types, element.type_ref, element.id, compilation.faults))
    make = compile_function(element.logic, element.name, names, compilation, result)

    def make_with_knowledge(evaluation: Evaluation, scope: Scope) -> FeelFunction:
        inner: dict[str, Any] = {}
        function = make(evaluation, inner)
        inner[element.name] = function
        for required in node.knowledge:
            if required.node is not node:
                put(inner, required, required.node.make(evaluation, {}))
        return function

    node.make = make_with_knowledge


def compile_service(service: ServiceNode, node: KnowledgeNode, compilation: Compilation) -> DecisionService:
    """Give a decision service its function. Its parameters are its input data, then its input decisions."""
    inputs = [required.node for required in service.inputs]
    decisions = [required.node for required in service.decisions]
    outputs = [required.node for required in service.outputs]
    parameters: Sequence[Required[InputNode] | Required[DecisionNode]] = [*service.inputs, *service.decisions]
    names = [parameter.name for parameter in parameters]
    element = service.element
    result = result_of(find_type(compilation.types, element.type_ref, element.id, compilation.faults))

    def call(evaluation: Evaluation, arguments: Sequence[Any]) -> Any:
        inner = evaluation.fork(dict(zip(names[: len(inputs)], arguments, strict=False)))
        given = {
            id(decision): checked(inner, decision.type, value, decision.element.name)
            for decision, value in zip(decisions, arguments[len(inputs) :], strict=True)
        }
        decided = decide(inner, decisions_below(outputs, given), given)
        evaluation.join(inner)
        values = {output.element.name: decided[id(output)] for output in outputs}
        value = values[outputs[0].element.name] if len(outputs) == 1 else values
        return checked(evaluation, result, value, element.name)

    def make(evaluation: Evaluation, scope: Scope) -> FeelFunction:
        def called(*arguments: Any) -> Any:
            return evaluation.inside(lambda outer, _: call(outer, arguments), {})

        signature = tuple(Parameter(parameter.name, parameter.node.type) for parameter in parameters)
        return FeelFunction(name=element.name, parameters=signature, implementation=called, result=result)

    node.make = make
    types = {parameter.name: parameter.node.type for parameter in parameters}
    return DecisionService(element.id, element.name, call, types)
