"""A deployed model: its decisions and services, compiled once, shared between threads."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from engine.dmn.analysis import Finding, analyse
from engine.dmn.answer import Answer, shown, summary
from engine.dmn.elements import KnowledgeModel
from engine.dmn.evaluation import Evaluation, Scope, Trace
from engine.dmn.given import read_given
from engine.dmn.item_types import conformed, plain_type
from engine.dmn.linking import DecisionNode, InputNode, Linked, Required, order_of
from engine.dmn.reads import entry_at, tables_of
from engine.dmn.rule_index import Constant, literal
from engine.feel import ContextType, FeelType, compile_expression
from engine.feel.conversion import leaf
from engine.model.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class InputNeeded:
    """Something a decision, or a decision below it, wants from the caller."""

    name: str
    label: str
    #: Name of the type as the file writes it; "" = any.
    type_ref: str


class Decision:
    """One decision of a model."""

    def __init__(self, node: DecisionNode) -> None:
        element = node.element
        #: Id in the file: what a business rule task names.
        self.key = element.id
        self.name = element.name
        self.question = element.question
        self.description = element.description
        self._node = node
        self._order = decisions_below([node])
        seen: dict[str, InputNode] = {r.name: r.node for n in self._order for r in n.inputs}
        #: Input data of this decision and those below it.
        self.inputs = tuple(
            InputNeeded(name=name, label=data.element.label or name, type_ref=data.element.type_ref)
            for name, data in seen.items()
        )
        #: Ids of the decisions it is made of, itself last.
        self.made_of = tuple(n.element.id for n in self._order)

    def evaluate(self, context: Mapping[str, Any], *, now: datetime | None = None, lenient: bool = False) -> Answer:
        """Answer for a context of FEEL or plain Python values; inputs that are not given are null.

        Args:
            now: the aware instant that `now()` and `today()` tell, in the zone whose days count.
            lenient: problems become null, as the standard describes them, and are listed in the explanation.

        Raises:
            DecisionFailed: a value of the wrong type or not allowed, several rules where one is expected, conflicting
                answers; names element and rules.
            ExecutionFailed: an expression exceeds its budget, or the context holds something that FEEL has no type for.
        """
        evaluation = Evaluation(context, now=now, lenient=lenient)
        decided = decide(evaluation, self._order, {})
        return _answer(evaluation, self.key, self.name, decided[id(self._node)])

    def read_given(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """A context that came as JSON, with the dates, times and durations that its inputs declare read from text."""
        types = {name: found for node in self._order for name, found in node.undeclared.items()}
        types |= {required.name: required.node.type for node in self._order for required in node.inputs}
        return {name: read_given(types[name], value) if name in types else value for name, value in context.items()}

    def check(self, constants: Mapping[str, Any] | None = None) -> tuple[Finding, ...]:
        """Weaknesses of its tables, also of those within other logic.

        `constants` holds contexts whose values are known before, e.g. {"rule": thresholds}.
        """
        operands = _operands(constants or {})
        return tuple(finding for table in tables_of(self._node.element.logic) for finding in analyse(table, operands))


class DecisionService:
    """A group of decisions that is asked as one."""

    def __init__(
        self,
        key: str,
        name: str,
        call: Callable[[Evaluation, Sequence[Any]], Any],
        parameters: Mapping[str, FeelType],
    ) -> None:
        #: Id in the file.
        self.key = key
        self.name = name
        #: What the caller gives: input data, then decisions.
        self.parameters = tuple(parameters)
        self._types = parameters
        self._call = call

    def evaluate(self, context: Mapping[str, Any], *, now: datetime | None = None, lenient: bool = False) -> Answer:
        """Value of its output decision, or a context of several. Args and errors as `Decision.evaluate`."""
        evaluation = Evaluation({}, now=now, lenient=lenient)
        value = self._call(evaluation, [context.get(name) for name in self.parameters])
        return _answer(evaluation, self.key, self.name, value)

    def read_given(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """As `Decision.read_given`."""
        types = self._types
        return {name: read_given(types[name], value) if name in types else value for name, value in context.items()}


class DecisionModel:
    """What one file decides."""

    def __init__(
        self,
        linked: Linked,
        services: Mapping[str, DecisionService],
        remarks: Mapping[str, tuple[Finding, ...]] | None = None,
    ) -> None:
        self.linked = linked
        #: What was found when the file was read, beside faults, by the id of the decision.
        self.remarks: Mapping[str, tuple[Finding, ...]] = remarks or {}
        self.id = linked.definitions.id
        self.name = linked.definitions.name
        self.namespace = linked.definitions.namespace
        #: By id.
        self.decisions: Mapping[str, Decision] = {key: Decision(node) for key, node in linked.decisions.items()}
        #: By id.
        self.services: Mapping[str, DecisionService] = services

    def find(self, name: str) -> Decision | None:
        """The decision with this id or name."""
        return _found(self.decisions, name)

    def find_service(self, name: str) -> DecisionService | None:
        """The decision service with this id or name."""
        return _found(self.services, name)

    def check(self, constants: Mapping[str, Any] | None = None) -> Mapping[str, tuple[Finding, ...]]:
        """The remarks, and weaknesses of the tables, by id of decision or knowledge model; see `Decision.check`."""
        operands = _operands(constants or {})
        logics: dict[str, Any] = {key: node.element.logic for key, node in self.linked.decisions.items()}
        for key, known in self.linked.knowledge.items():
            if isinstance(known.element, KnowledgeModel):
                logics[key] = known.element.logic
        weaknesses = {
            key: tuple(finding for table in tables_of(logic) for finding in analyse(table, operands))
            for key, logic in logics.items()
        }
        keys = dict.fromkeys((*weaknesses, *self.remarks))
        return {key: self.remarks.get(key, ()) + weaknesses.get(key, ()) for key in keys}


def _answer(evaluation: Evaluation, key: str, name: str, value: Any) -> Answer:
    return Answer(
        value=value,
        matched_rules=tuple(rule for trace in evaluation.traces for rule in trace.matched),
        explanation={
            "decision": key,
            "name": name,
            "value": summary(value),
            "decisions": [trace.as_plain() for trace in evaluation.traces],
            "problems": evaluation.problems,
        },
    )


def decisions_below(roots: Sequence[DecisionNode], given: Container[int] = ()) -> list[DecisionNode]:
    """The roots and all decisions they need, in the order of evaluation; nothing below those given by identity."""
    found = order_of(roots, lambda node: [] if id(node) in given else [required.node for required in node.decisions])
    return found or list(roots)


def decide(evaluation: Evaluation, order: Sequence[DecisionNode], given: Mapping[int, Any]) -> dict[int, Any]:
    """Values of decisions by identity of their nodes; those in `given` are not evaluated."""
    decided = dict(given)
    inputs: dict[int, Any] = {}
    for node in order:
        if id(node) in decided:
            continue
        trace = Trace(node.element.id, node.element.name)
        evaluation.begin(trace)
        scope = _scope_of(evaluation, node, decided, inputs)
        trace.values = {".".join(path): summary(entry_at(scope, path)) for path in node.reads}
        value = checked(evaluation, node.type, node.logic(evaluation, scope), node.element.id)
        evaluation.end(value)
        decided[id(node)] = value
    return decided


def checked(evaluation: Evaluation, wanted: FeelType, value: Any, path: str) -> Any:
    """The value as one of the wanted type; otherwise a problem."""
    found, is_right = conformed(wanted, value)
    if not is_right:
        return evaluation.problem("type", path, f"Expected a {wanted} as {path!r}, but found {shown(value)}.")
    return found


def _scope_of(evaluation: Evaluation, node: DecisionNode, decided: Mapping[int, Any], inputs: dict[int, Any]) -> Scope:
    scope: dict[str, Any] = {}
    for required in node.inputs:
        if id(required.node) not in inputs:
            data, name = required.node, required.node.element.name
            value = inputs[id(data)] = checked(evaluation, data.type, leaf(evaluation.given.get(name)), name)
            if value is None and isinstance(plain_type(data.type), ContextType):
                # a table of thresholds that is absent must not read as thresholds nobody reaches
                evaluation.problem("input-missing", name, f"Expected the context {name!r}, but none is given.")
        put(scope, required, inputs[id(required.node)])
    for needed in node.decisions:
        put(scope, needed, decided[id(needed.node)])
    for known in node.knowledge:
        put(scope, known, known.node.make(evaluation, {}))
    scope.update({name: leaf(evaluation.given[name]) for name in node.undeclared if name in evaluation.given})
    return scope


def put(scope: dict[str, Any], required: Required[Any], value: Any) -> None:
    """Make a required value visible: under its name, or under the import's name and its name."""
    if required.under:
        scope.setdefault(required.under, {})[required.name] = value
    else:
        scope[required.name] = value


T = TypeVar("T", "Decision", "DecisionService")


def _found(among: Mapping[str, T], name: str) -> T | None:
    return among.get(name) or next((each for each in among.values() if each.name == name), None)


def _operands(constants: Mapping[str, Any]) -> Callable[[str], Constant | None]:
    """Values of operands that read nothing but known contexts."""

    def value_of(text: str) -> Constant | None:
        known = literal(text)
        if known is not None:
            return known
        try:
            expression = compile_expression(text)
            if not expression.names <= constants.keys():
                return None
            value = expression.evaluate(constants)
        except EngineError:
            return None
        return value if isinstance(value, Decimal | str | bool) else None

    return value_of
