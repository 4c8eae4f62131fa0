"""Expressions and unary tests, compiled once and evaluated often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel import compile_collections, compile_functions, compile_names, compile_operators, compile_tests
from engine.feel.budget import DEFAULT_BUDGET, Budget, NeedsOwnRun, NullReason, QuietRun, Run
from engine.feel.comparison import is_member
from engine.feel.compile_tests import Test, any_of, compile_test
from engine.feel.compiling import Code, Compiler, Handler, Lexical
from engine.feel.conversion import READY, leaf, to_feel
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.functions import FeelFunction
from engine.feel.library import BUILTINS
from engine.feel.names import NameTable
from engine.feel.nodes import Between, Call, Comparison, In, InstanceOf, Logic, Name, Node, Quantified, UnaryComparison
from engine.feel.parser import ParsedTests, parse_expression, parse_unary_tests
from engine.feel.types import FeelType

_HANDLERS: Mapping[type, Handler] = {
    **compile_names.HANDLERS,
    **compile_operators.HANDLERS,
    **compile_tests.HANDLERS,
    **compile_collections.HANDLERS,
    **compile_functions.HANDLERS,
}
_SCALARS = READY - {list, dict}
_NO_TYPES: Mapping[str, FeelType] = {}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value with the reasons for the nulls met on the way, in the order they were met."""

    value: Any
    warnings: tuple[NullReason, ...]


class Expression:
    """A compiled expression: immutable, shared between threads, compared by identity."""

    def __init__(self, source: str, code: Code, compiler: Compiler, budget: Budget) -> None:
        self.source = source
        #: Variables it reads from the context, each without its path.
        self.names: frozenset[str] = frozenset(compiler.free)
        self._code = code
        self._budget = budget
        self._quiet = None if compiler.needs_run else QuietRun(budget, source)

    def evaluate(self, context: Mapping[str, Any], now: datetime | None = None) -> Any:
        """The value for a context of FEEL or plain Python values (see `to_feel`); the context is read, never changed.

        What is wrong in types or missing gives null (None), as FEEL wants.

        Args:
            now: the aware instant that `now()` and `today()` tell, in the zone whose days count.

        Raises:
            FeelBudgetExceeded: more work than the budget allows.
            FeelEvaluationError: a context value that is no FEEL value; `now()` without an instant.
        """
        try:
            if self._quiet is not None:
                try:
                    value = self._code(self._quiet, context)
                    return value if type(value) in _SCALARS else to_feel(value)
                except NeedsOwnRun:
                    pass
            return self._evaluate(Run(self._budget, self.source, now), context)
        except RecursionError:
            raise _too_deep(self._budget) from None

    def evaluate_explained(self, context: Mapping[str, Any], now: datetime | None = None) -> Evaluation:
        """As `evaluate`, with the reasons for nulls."""
        run = Run(self._budget, self.source, now, explaining=True)
        try:
            value = self._evaluate(run, context)
        except RecursionError:
            raise _too_deep(self._budget) from None
        return Evaluation(value, tuple(run.reasons))

    def _evaluate(self, run: Run, context: Mapping[str, Any]) -> Any:
        return to_feel(self._code(run, context), max_size=self._budget.max_result)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class UnaryTests:
    """The compiled tests of one input cell of a decision table."""

    def __init__(self, source: str, test: Test, compiler: Compiler, budget: Budget, tests: tuple[Node, ...]) -> None:
        self.source = source
        #: Variables the tests read from the context, without `?`.
        self.names: frozenset[str] = frozenset(compiler.free)
        #: The syntax trees, for analysis; empty for `-`.
        self.tests = tests
        self._test = test
        self._budget = budget
        self._quiet = None if compiler.needs_run else QuietRun(budget, source)

    def matches(self, value: Any, context: Mapping[str, Any], now: datetime | None = None) -> bool | None:
        """Whether a value passes one of the tests; None where they cannot tell. `-` is passed by every value.

        Raises:
            FeelBudgetExceeded, FeelEvaluationError: as `Expression.evaluate`.
        """
        value = leaf(value)
        try:
            if self._quiet is not None:
                try:
                    return self._test(self._quiet, [context, value], value)
                except NeedsOwnRun:
                    pass
            return self._test(Run(self._budget, self.source, now), [context, value], value)
        except RecursionError:
            raise _too_deep(self._budget) from None

    def __repr__(self) -> str:
        return f"UnaryTests({self.source!r})"


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
    compiler = Compiler(source, _HANDLERS, _all_functions(functions), declared)
    try:
        node = parse_expression(source, _names(declared, functions), types or _NO_TYPES, budget)
        return Expression(source, compiler.compile(node, None), compiler, budget)
    except RecursionError:
        raise _too_deep(budget) from None


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
    compiler = Compiler(source, _HANDLERS, _all_functions(functions), declared)
    try:
        parsed = parse_unary_tests(source, _names(declared, functions), types or _NO_TYPES, budget)
        return _unary_tests(source, parsed, compiler, budget)
    except RecursionError:
        raise _too_deep(budget) from None


def _unary_tests(source: str, parsed: ParsedTests, compiler: Compiler, budget: Budget) -> UnaryTests:
    lexical = Lexical(None, {"?": 1})
    if not parsed.tests:
        return UnaryTests(source, lambda run, scope, value: True, compiler, budget, ())
    test = any_of([_cell_test(compiler, test, lexical) for test in parsed.tests])
    if parsed.negated:
        test = _negated(test)
    return UnaryTests(source, test, compiler, budget, parsed.tests)


def _cell_test(compiler: Compiler, node: Node, lexical: Lexical) -> Test:
    lexical.read.discard("?")
    test = compile_test(compiler, node, lexical)
    if isinstance(node, UnaryComparison):
        return test
    if "?" not in lexical.read or isinstance(node, Name):
        return _lenient(compiler, node, lexical, test)
    code = compiler.compile(node, lexical)

    def decides(run: Run, scope: Any, value: Any) -> bool | None:
        answer = code(run, scope)
        return answer if answer is None or isinstance(answer, bool) else is_member(run, value, answer)

    return decides


def _lenient(compiler: Compiler, node: Node, lexical: Lexical, test: Test) -> Test:
    """A condition that does not read `?` also holds when it is simply true: `amount > limit` under any input."""
    if not isinstance(node, _CONDITIONS):
        return test
    code = compiler.compile(node, lexical)

    def holds(run: Run, scope: Any, value: Any) -> bool | None:
        if not isinstance(value, bool):
            answer = code(run, scope)
            if isinstance(answer, bool):
                return answer
        return test(run, scope, value)

    return holds


def _negated(test: Test) -> Test:
    def negation(run: Run, scope: Any, value: Any) -> bool | None:
        held = test(run, scope, value)
        return None if held is None else not held

    return negation


def _names(declared: frozenset[str], functions: Mapping[str, FeelFunction] | None) -> NameTable:
    outer = NameTable((), _BUILTIN_NAMES)
    for name in functions or ():
        if " " in name:
            outer.declare(name)
    return NameTable(declared, outer)


def _all_functions(functions: Mapping[str, FeelFunction] | None) -> Mapping[str, FeelFunction]:
    return {**BUILTINS, **functions} if functions else BUILTINS


def _too_deep(budget: Budget) -> FeelBudgetExceeded:
    return FeelBudgetExceeded("max_depth", budget.max_depth, "levels of nesting")


#: Nodes whose value is a boolean, whatever they are about.
_CONDITIONS = (Between, Call, Comparison, In, InstanceOf, Logic, Quantified)
_BUILTIN_NAMES = NameTable(name for name in BUILTINS if " " in name)
