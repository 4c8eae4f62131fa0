"""What expressions of a model can call: business knowledge models and decision services (DMN 6.3.8, 6.3.9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.dmn.boxed import compile_function
from engine.dmn.decisions import DecisionService, checked, decide, decisions_below, put
from engine.dmn.elements import KnowledgeModel
from engine.dmn.evaluation import Evaluation, Scope
from engine.dmn.item_types import find_type, plain_type
from engine.dmn.linking import DecisionNode, InputNode, KnowledgeNode, Required, ServiceNode
from engine.dmn.sources import Compilation
from engine.feel import FeelFunction
from engine.feel.functions import Parameter
from engine.feel.types import FUNCTION, FunctionType


def compile_knowledge(node: KnowledgeNode, element: KnowledgeModel, compilation: Compilation) -> None:
    """Give a knowledge model its function: it sees the knowledge it requires, and itself."""
    if element.logic is None:
        return
    names = frozenset(required.under or required.name for required in node.knowledge) | {element.name}
    make = compile_function(element.logic, element.name, names, compilation, _result_type(element, compilation))

    def make_with_knowledge(evaluation: Evaluation, scope: Scope) -> FeelFunction:
        inner: dict[str, Any] = {}
        function = make(evaluation, inner)
        inner[element.name] = function
        for required in node.knowledge:
            if required.node is not node:
                put(inner, required, required.node.make(evaluation, {}))
        return function

    node.make = make_with_knowledge


def compile_service(service: ServiceNode, node: KnowledgeNode) -> DecisionService:
    """Give a decision service its function. Its parameters are its input data, then its input decisions."""
    inputs = [required.node for required in service.inputs]
    decisions = [required.node for required in service.decisions]
    outputs = [required.node for required in service.outputs]
    parameters: Sequence[Required[InputNode] | Required[DecisionNode]] = [*service.inputs, *service.decisions]
    names = [parameter.name for parameter in parameters]

    def call(evaluation: Evaluation, arguments: Sequence[Any]) -> Any:
        inner = evaluation.fork(dict(zip(names[: len(inputs)], arguments, strict=False)))
        given = {
            id(decision): checked(inner, decision.type, value, decision.element.name)
            for decision, value in zip(decisions, arguments[len(inputs) :], strict=True)
        }
        decided = decide(inner, decisions_below(outputs, given), given)
        evaluation.join(inner)
        if len(outputs) == 1:
            return decided[id(outputs[0])]
        return {output.element.name: decided[id(output)] for output in outputs}

    def make(evaluation: Evaluation, scope: Scope) -> FeelFunction:
        def called(*arguments: Any) -> Any:
            return evaluation.inside(lambda outer, _: call(outer, arguments), {})

        signature = tuple(Parameter(parameter.name, parameter.node.type) for parameter in parameters)
        return FeelFunction(name=service.element.name, parameters=signature, implementation=called)

    node.make = make
    return DecisionService(service.element.name, call, names)


def _result_type(element: KnowledgeModel, compilation: Compilation) -> str:
    """Type of the result: the variable of a knowledge model declares it, or the type of the function as a whole."""
    declared = find_type(compilation.types, element.type_ref, element.id, compilation.faults)
    is_function = isinstance(plain_type(declared), FunctionType) or declared is FUNCTION
    return "" if is_function else element.type_ref
