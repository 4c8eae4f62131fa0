"""Comparison, ranges, membership and types: everything that answers true, false or null."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.budget import Run
from engine.feel.comparison import equal, in_range, is_member, ordered
from engine.feel.compile_operators import constant_of
from engine.feel.compiling import Code, Compiler, Handler, Lexical
from engine.feel.nodes import Between, Comparison, In, InstanceOf, Node, RangeLiteral, UnaryComparison
from engine.feel.types import NULL, SimpleType, account_for, type_name
from engine.feel.values import Range

#: A test of a value that is already there.
Test = Callable[[Run, Any, Any], "bool | None"]

_ON_PLAIN: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BY_ORDER: Mapping[str, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}


def compile_comparison(compiler: Compiler, node: Comparison, lexical: Lexical | None) -> Code:
    on_plain, symbol, at = _ON_PLAIN[node.operator], node.operator, node.at
    left, right = compiler.compile(node.left, lexical), compiler.compile(node.right, lexical)
    literal = constant_of(node.right)
    if literal is not None and type(literal.value) in (Decimal, str):
        constant: Any = literal.value
        kind: type[Any] = type(constant)  # pyright: ignore[reportUnknownVariableType]

        def with_constant(run: Run, scope: Any) -> bool | None:
            value = left(run, scope)
            if type(value) is kind:
                return on_plain(value, constant)
            return compare(run, at, symbol, value, constant)

        return with_constant

    def comparison(run: Run, scope: Any) -> bool | None:
        a = left(run, scope)
        b = right(run, scope)
        if type(a) is Decimal and type(b) is Decimal:
            return on_plain(a, b)
        return compare(run, at, symbol, a, b)

    return comparison


def compare(run: Run, at: int, symbol: str, left: Any, right: Any) -> bool | None:
    """The answer of a comparison operator for any two values."""
    if symbol == "=" or symbol == "!=":
        same = equal(run, left, right)
        if same is not None:
            return same if symbol == "=" else not same
    else:
        order = ordered(left, right)
        if order is not None:
            return order in _BY_ORDER[symbol]
    found = f"{type_name(left)} and {type_name(right)}"
    return run.fault(at, f"Expected values that '{symbol}' can compare, but found {found}")


def compile_between(compiler: Compiler, node: Between, lexical: Lexical | None) -> Code:
    value, low, high = (compiler.compile(part, lexical) for part in (node.value, node.low, node.high))
    at = node.at

    def between(run: Run, scope: Any) -> bool | None:
        tested = value(run, scope)
        above = compare(run, at, ">=", tested, low(run, scope))
        below = compare(run, at, "<=", tested, high(run, scope))
        return both(above, below)

    return between


def both(first: bool | None, second: bool | None) -> bool | None:
    """Three-valued and."""
    if first is False or second is False:
        return False
    return True if first and second else None


def compile_in(compiler: Compiler, node: In, lexical: Lexical | None) -> Code:
    value = compiler.compile(node.value, lexical)
    test = any_of([compile_test(compiler, test, lexical) for test in node.tests])
    return lambda run, scope: test(run, scope, value(run, scope))


def any_of(tests: list[Test]) -> Test:
    """True if one test holds, else null if one has no answer, else false."""
    if len(tests) == 1:
        return tests[0]

    def disjunction(run: Run, scope: Any, value: Any) -> bool | None:
        answer: bool | None = False
        for test in tests:
            held = test(run, scope, value)
            if held:
                return True
            if held is None:
                answer = None
        return answer

    return disjunction


def compile_test(compiler: Compiler, node: Node, lexical: Lexical | None) -> Test:
    """A test as it stands right of `in` or in a cell: `< 5`, a range, or a value to be equal to or an element of."""
    if isinstance(node, UnaryComparison):
        return _unary_test(compiler, node, lexical)
    code, at = compiler.compile(node, lexical), node.at
    literal = constant_of(node)
    if literal is not None and type(literal.value) in (Decimal, str, bool):
        constant: Any = literal.value
        kind: type[Any] = type(constant)  # pyright: ignore[reportUnknownVariableType]

        def equals(run: Run, scope: Any, value: Any) -> bool | None:
            if type(value) is kind:
                return value == constant
            return compare(run, at, "=", value, constant)

        return equals
    if isinstance(node, RangeLiteral):
        within = _number_range(node)
        if within is not None:
            return within
    is_range = isinstance(node, RangeLiteral)

    def member(run: Run, scope: Any, value: Any) -> bool | None:
        test = code(run, scope)
        if type(test) is Range:
            held = in_range(run, value, test) if not isinstance(value, Range) else equal(run, value, test)
        else:
            held = None if is_range else is_member(run, value, test)
        if held is None and not is_range:
            run.fault(at, f"Expected a test for a {type_name(value)}, but found a {type_name(test)}")
        return held

    return member


def _number_range(node: RangeLiteral) -> Test | None:
    """A range between two numbers that are written down."""
    start, end = constant_of(node.start), constant_of(node.end)
    if start is None or end is None or not isinstance(start.value, Decimal) or not isinstance(end.value, Decimal):
        return None
    low, high = start.value, end.value
    if low > high:
        return None
    above = operator.le if node.start_included else operator.lt
    below = operator.le if node.end_included else operator.lt
    constant = Range(low, high, node.start_included, node.end_included)

    def within(run: Run, scope: Any, value: Any) -> bool | None:
        if type(value) is Decimal:
            return above(low, value) and below(value, high)
        return in_range(run, value, constant) if not isinstance(value, Range) else equal(run, value, constant)

    return within


def _unary_test(compiler: Compiler, node: UnaryComparison, lexical: Lexical | None) -> Test:
    operand, symbol, at = compiler.compile(node.operand, lexical), node.operator, node.at
    on_plain = _ON_PLAIN[symbol]

    def test(run: Run, scope: Any, value: Any) -> bool | None:
        limit = operand(run, scope)
        if type(value) is Decimal and type(limit) is Decimal:
            return on_plain(value, limit)
        return compare(run, at, symbol, value, limit)

    return test


def compile_unary_comparison(compiler: Compiler, node: UnaryComparison, lexical: Lexical | None) -> Code:
    """`(< 10)` where a value is expected: a range without bound on one side."""
    operand, symbol, at = compiler.compile(node.operand, lexical), node.operator, node.at

    def unary_range(run: Run, scope: Any) -> Range | None:
        limit = operand(run, scope)
        if symbol in ("=", "!="):
            return Range(limit, limit, True, True, symbol)
        if ordered(limit, limit) is None:
            return run.fault(at, f"Expected the end of a range, but found a {type_name(limit)}")
        if symbol in ("<", "<="):
            return Range(None, limit, False, symbol == "<=")
        return Range(limit, None, symbol == ">=", False)

    return unary_range


def compile_range(compiler: Compiler, node: RangeLiteral, lexical: Lexical | None) -> Code:
    start, end = compiler.compile(node.start, lexical), compiler.compile(node.end, lexical)
    start_included, end_included, at = node.start_included, node.end_included, node.at

    def range_of(run: Run, scope: Any) -> Range | None:
        low, high = start(run, scope), end(run, scope)
        order = ordered(low, high)
        if order is None or order > 0:
            found = f"{type_name(low)} and {type_name(high)}" if order is None else f"{low} and {high}"
            return run.fault(at, f"Expected two ends of one type, the lower first, but found {found}")
        return Range(low, high, start_included, end_included)

    first, last = constant_of(node.start), constant_of(node.end)
    if first is not None and last is not None and (ordered(first.value, last.value) or 1) <= 0:
        constant = Range(first.value, last.value, start_included, end_included)
        return lambda run, scope: constant
    return range_of


def compile_instance_of(compiler: Compiler, node: InstanceOf, lexical: Lexical | None) -> Code:
    value, wanted = compiler.compile(node.value, lexical), node.type
    is_nested = not isinstance(wanted, SimpleType)

    def instance_of(run: Run, scope: Any) -> bool:
        tested = value(run, scope)
        if is_nested:
            account_for(run, tested)
        return wanted is NULL if tested is None else wanted.accepts(tested)

    return instance_of


HANDLERS: Mapping[type, Handler] = {
    Comparison: compile_comparison,
    Between: compile_between,
    In: compile_in,
    UnaryComparison: compile_unary_comparison,
    RangeLiteral: compile_range,
    InstanceOf: compile_instance_of,
}
