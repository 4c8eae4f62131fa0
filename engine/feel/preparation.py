"""From text to something that can be evaluated: the two functions everything else is behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel.budget import DEFAULT_BUDGET, Budget
from engine.feel.cells import test_of
from engine.feel.compiling import Compiler
from engine.feel.expression import Expression, UnaryTests, too_deep
from engine.feel.functions import FeelFunction
from engine.feel.handlers import HANDLERS
from engine.feel.library import BUILTINS
from engine.feel.names import NameTable
from engine.feel.nodes import Node
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.parsing import Extents
from engine.feel.types import FeelType

_NO_TYPES: Mapping[str, FeelType] = {}


def compile_expression(
    source: str,
    *,
    names: Iterable[str] = (),
    functions: Mapping[str, FeelFunction] | None = None,
    types: Mapping[str, FeelType] | None = None,
    budget: Budget = DEFAULT_BUDGET,
) -> Expression:
    """Compile a FEEL expression.

    Args:
        names: names the contexts will hold. Only names with signs or keywords in them need to be told
            (`price-net`, `if applicable`); a told name also wins over a function of that name.
        functions: functions besides the built-in ones, e.g. a package's own or those of `regex_functions`.
        types: named types for `instance of` and parameters, e.g. the item definitions of a decision model.

    Raises:
        FeelSyntaxError: the text is no expression; says where, what was expected and what was found.
        FeelBudgetExceeded: the text is too long or nested too deeply.
    """
    declared = frozenset(names)
    compiler = Compiler(source, HANDLERS, _all_functions(functions), declared)
    try:
        node = parse_expression(source, _names(declared, functions), types or _NO_TYPES, budget)
        return Expression(source, node, compiler.compile(node, None), compiler, budget)
    except RecursionError:
        raise too_deep(budget) from None


def compile_unary_tests(
    source: str,
    *,
    names: Iterable[str] = (),
    functions: Mapping[str, FeelFunction] | None = None,
    types: Mapping[str, FeelType] | None = None,
    budget: Budget = DEFAULT_BUDGET,
) -> UnaryTests:
    """Compile the input cell of a decision table: `-`, `"A","B"`, `[1..5)`, `< 10`, `not(…)`, or a condition with `?`.

    An expression that reads `?` decides by its own true or false; any other is compared with the value.

    Args and errors are those of `compile_expression`.
    """
    declared = frozenset(names)
    compiler = Compiler(source, HANDLERS, _all_functions(functions), declared)
    try:
        parsed = parse_unary_tests(source, _names(declared, functions), types or _NO_TYPES, budget)
        test = test_of(compiler, parsed)
        return UnaryTests(source, test, compiler, budget, parsed.tests)
    except RecursionError:
        raise too_deep(budget) from None


def parts_of(
    source: str,
    *,
    names: Iterable[str] = (),
    functions: Mapping[str, FeelFunction] | None = None,
    types: Mapping[str, FeelType] | None = None,
    budget: Budget = DEFAULT_BUDGET,
) -> tuple[Node, Extents]:
    """The tree of an expression and where its parts lie in the text, to show them. Args and errors as above."""
    extents: Extents = {}
    try:
        node = parse_expression(source, _names(frozenset(names), functions), types or _NO_TYPES, budget, extents)
    except RecursionError:
        raise too_deep(budget) from None
    return node, extents


def _names(declared: frozenset[str], functions: Mapping[str, FeelFunction] | None) -> NameTable:
    outer = NameTable((), _BUILTIN_NAMES)
    for name in functions or ():
        if " " in name:
            outer.declare(name)
    return NameTable(declared, outer)


def _all_functions(functions: Mapping[str, FeelFunction] | None) -> Mapping[str, FeelFunction]:
    return {**BUILTINS, **functions} if functions else BUILTINS


_BUILTIN_NAMES = NameTable(name for name in BUILTINS if " " in name)
