"""Arithmetic and logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import arithmetic
from engine.feel.budget import Run
from engine.feel.compiling import Code, Compiler, Handler, Lexical
from engine.feel.conversion import DICT
from engine.feel.nodes import Arithmetic, If, Literal, Logic, Negation, Node, Path
from engine.feel.numbers import ARITHMETIC, power
from engine.feel.types import type_name

_ON_NUMBERS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "**": power,
}

#: Texts joined by `+` up to this length are not charged to the budget.
_SHORT_TEXT = 256


def constant_of(node: Node) -> Literal | None:
    """The literal that a node is, with its sign; None if it is no literal."""
    if isinstance(node, Literal) and node.reason is None:
        return node
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and isinstance(node.operand.value, Decimal):
        return Literal(at=node.at, value=ARITHMETIC.minus(node.operand.value))
    return None


def compile_arithmetic(compiler: Compiler, node: Arithmetic, lexical: Lexical | None) -> Code:
    code = compiler.compile(node.first, lexical)
    if len(node.rest) != 1:
        rest = tuple((operator, at, compiler.compile(operand, lexical)) for operator, at, operand in node.rest)

        def chain(run: Run, scope: Any) -> Any:
            left = code(run, scope)
            for operator, at, operand in rest:
                left = _result(run, at, operator, left, operand(run, scope))
            return left

        return chain
    operator, at, operand = node.rest[0]
    right = compiler.compile(operand, lexical)
    literal = constant_of(operand)
    if literal is not None and type(literal.value) is Decimal:
        return _with_constant(compiler, node, lexical, code, literal.value)
    variable = compiler.variable(operand, lexical)
    if variable is not None:
        return _with_variable(compiler, node, code, variable, right)
    on_numbers = _ON_NUMBERS[operator]

    def binary(run: Run, scope: Any) -> Any:
        a = code(run, scope)
        b = right(run, scope)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return on_numbers(a, b)
            except ArithmeticError:
                return _undefined(run, at, operator, a, b)
        return _result(run, at, operator, a, b)

    return binary


def _with_constant(
    compiler: Compiler, node: Arithmetic, lexical: Lexical | None, left: Code, constant: Decimal
) -> Code:
    """`… * 2`; with a read on the left, `a * 2` and `a.b * 2`, in one closure."""
    operator, at, _ = node.rest[0]
    on_numbers = _ON_NUMBERS[operator]

    def with_constant(run: Run, scope: Any) -> Any:
        a = left(run, scope)
        if type(a) is Decimal:
            try:
                return on_numbers(a, constant)
            except ArithmeticError:
                return _undefined(run, at, operator, a, constant)
        return _result(run, at, operator, a, constant)

    first = node.first
    variable = compiler.variable(first.base if isinstance(first, Path) else first, lexical)
    if variable is None:
        return with_constant
    if isinstance(first, Path):
        name = first.name

        def path_with_constant(run: Run, scope: Any) -> Any:
            try:
                base = scope[variable]
                if type(base) is DICT:
                    a = base[name]
                    if type(a) is Decimal:
                        return on_numbers(a, constant)
            except (KeyError, ArithmeticError):
                pass
            return with_constant(run, scope)

        return path_with_constant

    def variable_with_constant(run: Run, scope: Any) -> Any:
        try:
            a = scope[variable]
            if type(a) is Decimal:
                return on_numbers(a, constant)
        except (KeyError, ArithmeticError):
            pass
        return with_constant(run, scope)

    return variable_with_constant


def _with_variable(compiler: Compiler, node: Arithmetic, left: Code, variable: str, right: Code) -> Code:
    """`… + score` in one closure; with a path and a constant on the left, `a.b * 2 + score`, also the left side."""
    operator, at, _ = node.rest[0]
    on_numbers = _ON_NUMBERS[operator]

    def with_variable(run: Run, scope: Any) -> Any:
        a = left(run, scope)
        try:
            b = scope[variable]
            if type(a) is Decimal and type(b) is Decimal:
                return on_numbers(a, b)
        except (KeyError, ArithmeticError):
            pass
        return _result(run, at, operator, a, right(run, scope))

    weighted = _weighted(compiler, node.first)
    if weighted is None:
        return with_variable
    first, name, on_first, constant = weighted

    def weighted_with_variable(run: Run, scope: Any) -> Any:
        try:
            base = scope[first]
            b = scope[variable]
            if type(base) is DICT and type(b) is Decimal:
                a = base[name]
                if type(a) is Decimal:
                    return on_numbers(on_first(a, constant), b)
        except (KeyError, ArithmeticError):
            pass
        return with_variable(run, scope)

    return weighted_with_variable


def _weighted(compiler: Compiler, node: Node) -> tuple[str, str, Callable[[Decimal, Decimal], Decimal], Decimal] | None:
    """Variable, entry, operation and constant of `a.b * 2` over the caller's context; None for anything else."""
    if not isinstance(node, Arithmetic) or len(node.rest) != 1 or not isinstance(node.first, Path):
        return None
    operator, _, operand = node.rest[0]
    variable, literal = compiler.variable(node.first.base, None), constant_of(operand)
    if variable is None or literal is None or type(literal.value) is not Decimal:
        return None
    return variable, node.first.name, _ON_NUMBERS[operator], literal.value


def _result(run: Run, at: int, operator: str, left: Any, right: Any) -> Any:
    """The result for any two operands."""
    if isinstance(left, str) and isinstance(right, str) and operator == "+":
        if len(left) + len(right) > _SHORT_TEXT:
            run.charge_text(len(left) + len(right))
        return left + right
    try:
        result = arithmetic.OPERATIONS[operator](left, right)
    except ArithmeticError:
        return _undefined(run, at, operator, left, right)
    if result is None:
        found = f"{type_name(left)} and {type_name(right)}"
        return run.fault(at, f"Expected operands that '{operator}' is defined for, but found {found}")
    return result


def _undefined(run: Run, at: int, operator: str, left: Any, right: Any) -> None:
    run.fault(at, f"Expected a result within the numbers, but {left} {operator} {right} has none")


def compile_negation(compiler: Compiler, node: Negation, lexical: Lexical | None) -> Code:
    literal = constant_of(node)
    if literal is not None:
        value = literal.value
        return lambda run, scope: value
    code, at = compiler.compile(node.operand, lexical), node.at

    def negation(run: Run, scope: Any) -> Any:
        value = code(run, scope)
        result = arithmetic.negate(value)
        if result is None:
            return run.fault(at, f"Expected a number or a duration after '-', but found {type_name(value)}")
        return result

    return negation


def compile_logic(compiler: Compiler, node: Logic, lexical: Lexical | None) -> Code:
    """`and` stops at the first false, `or` at the first true; what is no boolean counts as null."""
    decisive = node.operator == "or"
    codes = tuple((compiler.compile(operand, lexical), operand.at) for operand in node.operands)
    if len(codes) == 2:
        return _logic_of_two(decisive, node.operator, *codes)
    operator = node.operator

    def logic(run: Run, scope: Any) -> Any:
        answer: bool | None = not decisive
        for code, at in codes:
            value = code(run, scope)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                answer = _not_boolean(run, at, operator, value)
        return answer

    return logic


def _logic_of_two(decisive: bool, operator: str, first: tuple[Code, int], second: tuple[Code, int]) -> Code:
    (left, left_at), (right, right_at) = first, second
    neutral = not decisive

    def logic(run: Run, scope: Any) -> Any:
        a = left(run, scope)
        if a is decisive:
            return decisive
        b = right(run, scope)
        if b is decisive:
            return decisive
        if a is neutral and b is neutral:
            return neutral
        if a is not neutral:
            _not_boolean(run, left_at, operator, a)
        if b is not neutral:
            _not_boolean(run, right_at, operator, b)
        return None

    return logic


def _not_boolean(run: Run, at: int, operator: str, value: Any) -> None:
    run.fault(at, f"Expected a boolean for '{operator}', but found {type_name(value)}")


def compile_if(compiler: Compiler, node: If, lexical: Lexical | None) -> Code:
    branches = tuple((compiler.compile(c, lexical), compiler.compile(a, lexical)) for c, a in node.branches)
    otherwise = compiler.compile(node.otherwise, lexical)
    if len(branches) == 1:
        condition, answer = branches[0]
        return lambda run, scope: answer(run, scope) if condition(run, scope) is True else otherwise(run, scope)

    def choose(run: Run, scope: Any) -> Any:
        for condition, answer in branches:
            if condition(run, scope) is True:
                return answer(run, scope)
        return otherwise(run, scope)

    return choose


HANDLERS: Mapping[type, Handler] = {
    Arithmetic: compile_arithmetic,
    Negation: compile_negation,
    Logic: compile_logic,
    If: compile_if,
}
