"""Compiles boxed expressions to functions `logic(evaluation, scope)`; `scope` maps visible names to values (DMN 10.2).

Types that are declared are kept: a value that cannot be of its type is a problem of the evaluation (see
`Evaluation.problem`), in lenient evaluations a null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from engine.dmn.answer import shown
from engine.dmn.elements import (
    Conditional,
    Context,
    DecisionTable,
    Expression,
    Filter,
    Function,
    Invocation,
    Iterator,
    IteratorKind,
    ListOf,
    Literal,
    Relation,
)
from engine.dmn.evaluation import Evaluation, Logic, Scope
from engine.dmn.item_types import conformed, find_type
from engine.dmn.sources import Compilation
from engine.dmn.table import compile_table
from engine.feel import FeelFunction
from engine.feel.functions import Parameter
from engine.feel.types import ANY, FeelType

Names: TypeAlias = frozenset[str]
#: Parameters of a function without the ones that a call leaves open.
_Compiler: TypeAlias = Callable[[Any, Names, Compilation], Logic]


def compile_logic(expression: Expression, names: Names, compilation: Compilation) -> Logic:
    """The logic of any expression, its declared type included. `names` are those visible to it."""
    logic = _COMPILERS[type(expression)](expression, names, compilation)
    return typed(logic, expression.type_ref, expression.id, compilation)


def typed(logic: Logic, type_ref: str, path: str, compilation: Compilation) -> Logic:
    """The same logic with its value brought to a declared type."""
    wanted = find_type(compilation.types, type_ref, path, compilation.faults)
    return logic if wanted is ANY else _checked(logic, wanted, path)


def _checked(logic: Logic, wanted: FeelType, path: str) -> Logic:
    def checked(evaluation: Evaluation, scope: Scope) -> Any:
        value = logic(evaluation, scope)
        found, is_right = conformed(wanted, value)
        if not is_right:
            return evaluation.problem("type", path, f"Expected a {wanted} from {path!r}, but found {shown(value)}.")
        return found

    return checked


def _literal(expression: Literal, names: Names, compilation: Compilation) -> Logic:
    compiled = compilation.expression(expression, names)

    def literal(evaluation: Evaluation, scope: Scope) -> Any:
        return evaluation.feel(compiled, scope)

    return literal


def _table(expression: DecisionTable, names: Names, compilation: Compilation) -> Logic:
    return compile_table(expression, names, compilation)


def _context(expression: Context, names: Names, compilation: Compilation) -> Logic:
    entries: list[tuple[str, Logic]] = []
    seen = names
    for entry in expression.entries:
        logic = compile_logic(entry.expression, seen, compilation)
        entries.append((entry.name, typed(logic, entry.type_ref, expression.id, compilation)))
        seen = seen | {entry.name}

    def context(evaluation: Evaluation, scope: Scope) -> Any:
        inner = dict(scope)
        found: dict[str, Any] = {}
        for name, logic in entries:
            value = logic(evaluation, inner)
            if not name:
                return value
            inner[name] = found[name] = value
        return found

    return context


def _invocation(expression: Invocation, names: Names, compilation: Compilation) -> Logic:
    function = compile_logic(expression.function, names, compilation)
    bindings = [(b.parameter, compile_logic(b.expression, names, compilation)) for b in expression.bindings]
    path = expression.id

    def invocation(evaluation: Evaluation, scope: Scope) -> Any:
        called = function(evaluation, scope)
        if not isinstance(called, FeelFunction):
            return evaluation.problem("function", path, f"Expected a function to invoke in {path!r}, but found none.")
        return evaluation.call(called, {name: logic(evaluation, scope) for name, logic in bindings})

    return invocation


def _list(expression: ListOf, names: Names, compilation: Compilation) -> Logic:
    items = [compile_logic(item, names, compilation) for item in expression.items]
    return lambda evaluation, scope: [item(evaluation, scope) for item in items]


def _relation(expression: Relation, names: Names, compilation: Compilation) -> Logic:
    columns = expression.columns
    rows = [[compile_logic(cell, names, compilation) for cell in row] for row in expression.rows]

    def relation(evaluation: Evaluation, scope: Scope) -> Any:
        return [dict(zip(columns, [cell(evaluation, scope) for cell in row], strict=True)) for row in rows]

    return relation


def compile_function(
    function: Function, name: str, names: Names, compilation: Compilation, result: FeelType = ANY
) -> Callable[[Evaluation, Scope], FeelFunction]:
    """What makes the function value in a scope; the body sees the scope and the parameters."""
    parameters = tuple(
        Parameter(p.name, find_type(compilation.types, p.type_ref, function.id, compilation.faults))
        for p in function.parameters
    )
    inner = names.union(p.name for p in parameters)
    body = compile_logic(function.body, inner, compilation)
    if result is not ANY:
        body = _checked(body, result, function.id)
    else:
        result = find_type(compilation.types, function.body.type_ref, function.id, compilation.faults)

    def make(evaluation: Evaluation, scope: Scope) -> FeelFunction:
        def called(*arguments: Any) -> Any:
            given = {p.name: argument for p, argument in zip(parameters, arguments, strict=True)}
            return evaluation.inside(body, {**scope, **given})

        return FeelFunction(name=name or "function", parameters=parameters, implementation=called, result=result)

    return make


def _function(expression: Function, names: Names, compilation: Compilation) -> Logic:
    return compile_function(expression, "", names, compilation)


def _conditional(expression: Conditional, names: Names, compilation: Compilation) -> Logic:
    condition = compile_logic(expression.condition, names, compilation)
    then = compile_logic(expression.then, names, compilation)
    otherwise = compile_logic(expression.otherwise, names, compilation)
    path = expression.id

    def conditional(evaluation: Evaluation, scope: Scope) -> Any:
        chosen = evaluation.truth(condition(evaluation, scope), path)
        return None if chosen is None else (then if chosen else otherwise)(evaluation, scope)

    return conditional


def _filter(expression: Filter, names: Names, compilation: Compilation) -> Logic:
    collection = compile_logic(expression.collection, names, compilation)
    match = compile_logic(expression.match, names | {"item"}, compilation)

    def filtered(evaluation: Evaluation, scope: Scope) -> Any:
        found: list[Any] = []
        for item in evaluation.elements(collection(evaluation, scope), expression.id):
            entries = cast("dict[str, Any]", item) if isinstance(item, Mapping) else dict[str, Any]()
            taken = evaluation.truth(match(evaluation, {**scope, "item": item, **entries}), expression.id)
            if taken is None:
                return None
            if taken:
                found.append(item)
        return found

    return filtered


def _iterator(expression: Iterator, names: Names, compilation: Compilation) -> Logic:
    collection = compile_logic(expression.collection, names, compilation)
    body = compile_logic(expression.body, names | {expression.variable, "partial"}, compilation)
    variable = expression.variable

    def each(evaluation: Evaluation, scope: Scope) -> Any:
        partial: list[Any] = []
        for item in evaluation.elements(collection(evaluation, scope), expression.id):
            partial.append(body(evaluation, {**scope, variable: item, "partial": partial}))
        return partial

    def truths(evaluation: Evaluation, scope: Scope) -> list[bool] | None:
        items = evaluation.elements(collection(evaluation, scope), expression.id)
        found = [evaluation.truth(body(evaluation, {**scope, variable: item}), expression.id) for item in items]
        return None if None in found else cast("list[bool]", found)

    def some(evaluation: Evaluation, scope: Scope) -> bool | None:
        found = truths(evaluation, scope)
        return None if found is None else any(found)

    def every(evaluation: Evaluation, scope: Scope) -> bool | None:
        found = truths(evaluation, scope)
        return None if found is None else all(found)

    return {IteratorKind.FOR: each, IteratorKind.SOME: some, IteratorKind.EVERY: every}[expression.kind]


_COMPILERS: Mapping[type, _Compiler] = {
    Literal: _literal,
    DecisionTable: _table,
    Context: _context,
    Invocation: _invocation,
    ListOf: _list,
    Relation: _relation,
    Function: _function,
    Conditional: _conditional,
    Filter: _filter,
    Iterator: _iterator,
}
