"""Expressions and unary tests, compiled once and evaluated often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from engine.feel.budget import Account, Budget, NeedsOwnRun, NullReason, QuietRun, Run
from engine.feel.compile_operators import constant_of
from engine.feel.compile_tests import Test
from engine.feel.compiling import Code, Compiler
from engine.feel.conversion import READY, leaf, to_feel
from engine.feel.errors import FeelBudgetExceeded, FeelEvaluationError
from engine.feel.nodes import Node
from engine.model.errors import EngineError

_SCALARS = READY - {list, dict}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value with the reasons for the nulls met on the way, in the order they were met."""

    value: Any
    warnings: tuple[NullReason, ...]


class Evaluate(Protocol):
    """How an expression is asked for its value."""

    def __call__(
        self, context: Mapping[str, Any], now: datetime | None = None, account: Account | None = None
    ) -> Any:
        """The value for a context of FEEL or plain Python values (see `to_feel`); the context is read, never changed.

        What is wrong in types or missing gives null (None), as FEEL wants.

        Args:
            now: the aware instant that `now()` and `today()` tell, in the zone whose days count.
            account: steps shared with other evaluations, besides the expression's own budget.

        Raises:
            FeelBudgetExceeded: more work than the budget, or the account, allows.
            FeelEvaluationError: a context value that is no FEEL value; `now()` without an instant.
        """
        ...


class Expression:
    """A compiled expression: immutable, shared between threads, compared by identity."""

    def __init__(self, source: str, node: Node, code: Code, compiler: Compiler, budget: Budget) -> None:
        self.source = source
        #: Variables it reads from the context, each without its path.
        self.names: frozenset[str] = frozenset(compiler.free)
        #: Functions it calls or passes on that are not written in it.
        self.functions: frozenset[str] = frozenset(compiler.called)
        loud = _loud(code, budget, source)
        #: Made for this expression alone, which spares a tenth of the time of a short one.
        literal = constant_of(node)
        if literal is not None and type(literal.value) in _SCALARS:
            self.evaluate: Evaluate = _always(literal.value)
        else:
            self.evaluate = loud if compiler.needs_run else _quiet(code, budget, source, loud)
        self._code = code
        self._budget = budget

    def evaluate_explained(self, context: Mapping[str, Any], now: datetime | None = None) -> Evaluation:
        """As `evaluate`, with the reasons for nulls."""
        run = Run(self._budget, self.source, now, explaining=True)
        try:
            value = to_feel(self._code(run, context), max_size=self._budget.max_result)
        except (RecursionError, ArithmeticError) as failure:
            raise _refusal(failure, self._budget) from None
        return Evaluation(value, tuple(run.reasons))

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


def _always(constant: Any) -> Evaluate:
    """What is written is the value: every second expression of a diagram names a role or a deadline."""

    def evaluate(context: Mapping[str, Any], now: datetime | None = None, account: Account | None = None) -> Any:
        return constant

    return evaluate


def _loud(code: Code, budget: Budget, source: str) -> Evaluate:
    """Evaluation that counts its steps."""

    def evaluate(context: Mapping[str, Any], now: datetime | None = None, account: Account | None = None) -> Any:
        run = Run(budget, source, now) if account is None else account.run(budget, source, now)
        try:
            return to_feel(code(run, context), max_size=budget.max_result)
        except (RecursionError, ArithmeticError) as failure:
            raise _refusal(failure, budget) from None
        finally:
            if account is not None:
                account.settle(run)

    return evaluate


def _quiet(code: Code, budget: Budget, source: str, otherwise: Evaluate) -> Evaluate:
    """Evaluation without an account, for code whose text alone bounds its cost; otherwise, when values need one."""
    quiet, max_size = QuietRun(budget, source), budget.max_result

    def evaluate(context: Mapping[str, Any], now: datetime | None = None, account: Account | None = None) -> Any:
        try:
            value = code(quiet, context)
            if type(value) is Decimal or type(value) in _SCALARS:
                return value
            return to_feel(value, max_size=max_size)
        except NeedsOwnRun:
            pass
        except (RecursionError, ArithmeticError) as failure:
            raise _refusal(failure, budget) from None
        return otherwise(context, now, account)

    return evaluate


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

    def matches(
        self, value: Any, context: Mapping[str, Any], now: datetime | None = None, account: Account | None = None
    ) -> bool | None:
        """Whether a value passes one of the tests; None where they cannot tell. `-` is passed by every value.

        Args:
            account: as for `Expression.evaluate`.

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
            return self._counted(value, context, now, account)
        except (RecursionError, ArithmeticError) as failure:
            raise _refusal(failure, self._budget) from None

    def _counted(
        self, value: Any, context: Mapping[str, Any], now: datetime | None, account: Account | None
    ) -> bool | None:
        if account is None:
            return self._test(Run(self._budget, self.source, now), [context, value], value)
        run = account.run(self._budget, self.source, now)
        try:
            return self._test(run, [context, value], value)
        finally:
            account.settle(run)

    def __repr__(self) -> str:
        return f"UnaryTests({self.source!r})"


def _refusal(failure: Exception, budget: Budget) -> EngineError:
    if isinstance(failure, RecursionError):
        return too_deep(budget)
    return FeelEvaluationError("Expected finite numbers in the context, but found one that is none (NaN).")


def too_deep(budget: Budget) -> FeelBudgetExceeded:
    """The refusal where Python's own stack ends: the caller was deep in it already."""
    return FeelBudgetExceeded("max_depth", budget.max_depth, "levels of nesting")
