"""Compiles a decision table and answers by it (DMN 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from engine.dmn.answer import MatchedRule, shown
from engine.dmn.elements import DecisionTable, HitPolicy, InputClause, Literal, OutputClause, Rule
from engine.dmn.evaluation import Evaluation, Logic, Scope
from engine.dmn.hit_policies import NotComparable, aggregate, all_equal, priority
from engine.dmn.item_types import conformed, find_type
from engine.dmn.rule_index import ColumnIndex, rules_of
from engine.dmn.sources import Compilation
from engine.feel import Expression, UnaryTests
from engine.feel.types import FeelType

_LISTS = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
_BY_ORDER = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)


@dataclass(frozen=True, slots=True)
class _Input:
    """A condition column."""

    clause: InputClause
    expression: Expression
    type: FeelType
    allowed: UnaryTests | None
    #: One for each rule; None = any value.
    cells: tuple[UnaryTests | None, ...]
    index: ColumnIndex


@dataclass(frozen=True, slots=True)
class _Output:
    """An answer column."""

    clause: OutputClause
    type: FeelType
    allowed: UnaryTests | None
    #: Output values in their order, for PRIORITY and OUTPUT ORDER.
    order: tuple[Any, ...]
    default: Expression | None


def compile_table(table: DecisionTable, names: frozenset[str], compilation: Compilation) -> Logic:
    """The logic of a table: answers with the value, and notes inputs and matched rules for the explanation."""
    inputs = [_input(table, n, clause, names, compilation) for n, clause in enumerate(table.inputs)]
    outputs = [_output(clause, compilation, table.hit_policy in _BY_ORDER) for clause in table.outputs]
    entries = [[compilation.expression(entry, names) for entry in rule.outputs[: len(outputs)]] for rule in table.rules]
    _check_shape(table, outputs, compilation)
    return _Table(table, inputs, outputs, entries).answer


def _input(
    table: DecisionTable, n: int, clause: InputClause, names: frozenset[str], compilation: Compilation
) -> _Input:
    texts = [rule.inputs[n] if n < len(rule.inputs) else Literal(id=rule.id, text="-") for rule in table.rules]
    known: dict[str, UnaryTests] = {}
    cells: list[UnaryTests | None] = []
    for cell in texts:
        if cell.text in ("", "-"):
            cells.append(None)
            continue
        if cell.text not in known:
            known[cell.text] = compilation.unary_tests(cell.text, cell.id, names)
        cells.append(known[cell.text])
    return _Input(
        clause=clause,
        expression=compilation.expression(clause.expression, names),
        type=find_type(compilation.types, clause.expression.type_ref, clause.id, compilation.faults),
        allowed=compilation.unary_tests(clause.allowed, clause.id, names) if clause.allowed else None,
        cells=tuple(cells),
        index=ColumnIndex([None if tests is None else cell.text for tests, cell in zip(cells, texts, strict=True)]),
    )


def _output(clause: OutputClause, compilation: Compilation, is_ordered: bool) -> _Output:
    order: tuple[Any, ...] = ()
    if clause.allowed and is_ordered:
        listed = compilation.text(f"[{clause.allowed}]", clause.id).evaluate({})
        order = tuple(cast("list[Any]", listed)) if isinstance(listed, list) else ()
    return _Output(
        clause=clause,
        type=find_type(compilation.types, clause.type_ref, clause.id, compilation.faults),
        allowed=compilation.unary_tests(clause.allowed, clause.id) if clause.allowed else None,
        order=order,
        default=None if clause.default is None else compilation.expression(clause.default),
    )


def _check_shape(table: DecisionTable, outputs: Sequence[_Output], compilation: Compilation) -> None:
    faults = compilation.faults
    if len(outputs) > 1:
        unnamed = [output.clause.id for output in outputs if not output.clause.name]
        for path in unnamed:
            faults.add("dmn-no-name", path, "Expected every one of several outputs to have a name.")
        names = [output.clause.name for output in outputs if output.clause.name]
        if len(set(names)) != len(names):
            faults.add("dmn-double-name", table.id, "Expected every output to have its own name.")
        if table.aggregation is not None:
            faults.add("dmn-aggregation", table.id, f"Expected one output to build {table.aggregation} of.")
    if table.hit_policy in _BY_ORDER and not any(output.order for output in outputs):
        faults.add(
            "dmn-no-order",
            table.id,
            f"Expected {table.hit_policy} to have output values that say which answer comes first.",
        )


class _Table:
    def __init__(
        self,
        table: DecisionTable,
        inputs: Sequence[_Input],
        outputs: Sequence[_Output],
        entries: Sequence[Sequence[Expression]],
    ) -> None:
        self._table = table
        self._inputs = inputs
        self._outputs = outputs
        self._entries = entries
        self._all_rules = (1 << len(table.rules)) - 1
        self._has_default = any(output.default is not None for output in outputs)

    def answer(self, evaluation: Evaluation, scope: Scope) -> Any:
        """The value of the table."""
        values: list[Any] = []
        for column in self._inputs:
            value = self._input_value(evaluation, column, scope)
            if value is _REFUSED:
                return None
            values.append(value)
        matching = self._matching(evaluation, values, scope)
        policy = self._table.hit_policy
        matched = list(islice(matching, 1) if policy is HitPolicy.FIRST else matching)
        if policy is HitPolicy.UNIQUE and len(matched) > 1:
            return self._refuse_several(evaluation, "not-unique", "one matching rule", matched)
        answers = [self._outputs_of(evaluation, n, scope) for n in matched]
        if _REFUSED in answers:
            return None
        order = list(range(len(matched)))
        if policy in _BY_ORDER:
            orders = [output.order for output in self._outputs]
            run = evaluation.run()
            order.sort(key=lambda k: priority(answers[k], orders, run))
            if policy is HitPolicy.PRIORITY:
                order = order[:1]
        if policy is HitPolicy.ANY and not all_equal(answers, evaluation.run()):
            return self._refuse_several(evaluation, "conflicting", "equal answers of all matching rules", matched)
        for k in order[:1] if policy is HitPolicy.ANY else order:
            evaluation.note_rule(self._matched_rule(evaluation, matched[k], answers[k]))
        return self._value(evaluation, [answers[k] for k in order])

    def _input_value(self, evaluation: Evaluation, column: _Input, scope: Scope) -> Any:
        clause = column.clause
        value = evaluation.feel(column.expression, scope)
        evaluation.note_input(clause.label, clause.expression.text, value)
        given, is_right = conformed(column.type, value)
        if not is_right:
            message = f"Expected a {column.type} in column {clause.label!r}, but found {shown(value)}."
            return evaluation.problem("input-type", clause.id, message, label=clause.label) or _REFUSED
        if (
            column.allowed is not None
            and given is not None
            and evaluation.test(column.allowed, given, scope) is not True
        ):
            message = f"Expected {clause.allowed} in column {clause.label!r}, but found {shown(given)}."
            return evaluation.problem("input-not-allowed", clause.id, message, label=clause.label) or _REFUSED
        return given

    def _matching(self, evaluation: Evaluation, values: Sequence[Any], scope: Scope) -> Iterator[int]:
        found = self._all_rules
        opens: list[tuple[int, _Input, Any]] = []
        for column, value in zip(self._inputs, values, strict=True):
            sure, left = column.index.match(value)
            found &= sure | left
            if left:
                opens.append((left, column, value))
        # a cell costs about a tenth of an expression
        evaluation.charge(1 + found.bit_count() * len(opens) // 10)
        held: dict[int, bool] = {}
        for n in rules_of(found):
            for left, column, value in opens:
                if left >> n & 1 and not self._holds(evaluation, column, n, value, scope, held):
                    break
            else:
                yield n

    @staticmethod
    def _holds(evaluation: Evaluation, column: _Input, n: int, value: Any, scope: Scope, held: dict[int, bool]) -> bool:
        """Whether a cell holds. Equal cells of a column are one object: each is evaluated once an answer."""
        tests = cast(UnaryTests, column.cells[n])
        known = held.get(id(tests))
        if known is None:
            known = held[id(tests)] = tests.matches(value, scope, evaluation.now, evaluation.account) is True
        return known

    def _outputs_of(self, evaluation: Evaluation, n: int, scope: Scope) -> Any:
        found: list[Any] = []
        for output, entry in zip(self._outputs, self._entries[n], strict=True):
            value = self._output_value(evaluation, output, evaluation.feel(entry, scope), self._table.rules[n].id)
            if value is _REFUSED:
                return _REFUSED
            found.append(value)
        return tuple(found)

    def _output_value(self, evaluation: Evaluation, output: _Output, value: Any, path: str) -> Any:
        label = output.clause.label
        found, is_right = conformed(output.type, value)
        if not is_right:
            message = f"Expected a {output.type} as {label!r} of rule {path!r}, but found {shown(value)}."
            return evaluation.problem("output-type", path, message, label=label) or _REFUSED
        if output.allowed is not None and found is not None and evaluation.test(output.allowed, found, {}) is not True:
            message = f"Expected {output.clause.allowed} as {label!r} of rule {path!r}, but found {shown(found)}."
            return evaluation.problem("output-not-allowed", path, message, label=label) or _REFUSED
        return found

    def _value(self, evaluation: Evaluation, answers: Sequence[Sequence[Any]]) -> Any:
        if not answers and self._has_default:
            return self._shaped([None if o.default is None else evaluation.feel(o.default, {}) for o in self._outputs])
        if self._table.aggregation is not None:
            try:
                return aggregate(self._table.aggregation, [answer[0] for answer in answers])
            except NotComparable:
                message = f"Expected answers of {self._table.id!r} that {self._table.aggregation} can take together."
                return evaluation.problem("aggregation", self._table.id, message)
        if self._table.hit_policy in _LISTS:
            return [self._shaped(answer) for answer in answers]
        return self._shaped(answers[0]) if answers else None

    def _shaped(self, outputs: Sequence[Any]) -> Any:
        if len(outputs) == 1:
            return outputs[0]
        return {output.clause.name: value for output, value in zip(self._outputs, outputs, strict=True)}

    def _matched_rule(self, evaluation: Evaluation, n: int, outputs: Sequence[Any]) -> MatchedRule:
        rule: Rule = self._table.rules[n]
        return MatchedRule(
            decision=evaluation.current,
            number=n + 1,
            id=rule.id,
            annotation=rule.annotation,
            annotations=rule.annotations,
            outputs={
                output.clause.name or output.clause.label or "output": value
                for output, value in zip(self._outputs, outputs, strict=True)
            },
        )

    def _refuse_several(self, evaluation: Evaluation, reason: str, expected: str, matched: Sequence[int]) -> None:
        rules = [self._table.rules[n] for n in matched]
        named = ", ".join(f"{n + 1} ({rule.id})" for n, rule in zip(matched, rules, strict=True))
        evaluation.problem(
            reason,
            self._table.id,
            f"Expected {expected} in {self._table.id!r}, but rules {named} match.",
            rules=[
                {"number": n + 1, "id": r.id, "annotation": r.annotation} for n, r in zip(matched, rules, strict=True)
            ],
        )


class _Refused:
    """Stands for a value that is a problem, where null is a value."""


_REFUSED = _Refused()
