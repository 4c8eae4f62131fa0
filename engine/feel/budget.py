"""How much an expression may cost, and the bookkeeping of one evaluation.

Work is counted in steps and not in seconds: the same input then gives the same answer on a slow machine, on a retry and
in a replay. One step is about one node of the expression evaluated, one list element visited, or 64 characters handled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.feel.errors import FeelBudgetExceeded, Position


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one expression. The defaults keep any evaluation under a tenth of a second and 50 MB."""

    #: Length of the text.
    max_source_chars: int = 4096
    #: Nesting of the text: parentheses, lists, contexts, branches.
    max_depth: int = 80
    #: Nesting of function calls, in nodes of the called bodies one inside the other.
    max_call_depth: int = 240
    #: Work of one evaluation, see the head of this file.
    max_steps: int = 250_000
    #: Elements of one list, entries of one context.
    max_list: int = 20_000
    #: Characters of one text.
    max_string: int = 100_000
    #: Elements of the result, those of inner lists and contexts included, shared ones counted each time.
    max_result: int = 100_000
    #: Digits of a number written in the text or given as a Python int.
    max_digits: int = 200


DEFAULT_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class NullReason:
    """Why a part of an expression became null, or was not what it should be."""

    position: Position
    message: str

    def __str__(self) -> str:
        return f"{self.message} ({self.position})"


#: Reasons beyond this many are not kept: a loop over a faulty list would repeat the same one.
MAX_REASONS = 50


class Run:
    """One evaluation: what is left of the budget, the instant, and the reasons for nulls when they are asked for."""

    __slots__ = ("at", "budget", "calls_left", "explaining", "now", "reasons", "source", "steps_left")

    def __init__(self, budget: Budget, source: str, now: datetime | None = None, explaining: bool = False) -> None:
        self.budget = budget
        self.source = source
        self.now = now
        self.explaining = explaining
        self.steps_left = budget.max_steps
        self.calls_left = budget.max_call_depth
        self.reasons: list[NullReason] = []
        #: Offset of the function call under way, for functions that call others.
        self.at = 0

    def charge(self, steps: int) -> None:
        """Take steps from the budget. Raises FeelBudgetExceeded when none are left."""
        self.steps_left -= steps
        if self.steps_left < 0:
            raise FeelBudgetExceeded("max_steps", self.budget.max_steps, "steps")

    def charge_text(self, length: int) -> None:
        """Take the steps of handling a text of this length. Raises FeelBudgetExceeded."""
        if length > self.budget.max_string:
            raise FeelBudgetExceeded("max_string", self.budget.max_string, "characters in a text")
        self.charge(1 + length // 64)

    def charge_list(self, length: int) -> None:
        """Take the steps of making or reading a list of this length. Raises FeelBudgetExceeded."""
        if length > self.budget.max_list:
            raise FeelBudgetExceeded("max_list", self.budget.max_list, "elements in a list")
        self.charge(1 + length)

    def fault(self, offset: int, message: str) -> None:
        """Note why a null arises at an offset of the source. Returns None: `return run.fault(…)` is the null."""
        if self.explaining and len(self.reasons) < MAX_REASONS:
            reason = NullReason(Position.of(self.source, offset), message)
            if reason not in self.reasons:
                self.reasons.append(reason)


class LastRun(Run):
    """A run that gets what is left of an account."""

    __slots__ = ("account", "given")

    def __init__(self, account: Account, budget: Budget, source: str, now: datetime | None) -> None:
        super().__init__(budget, source, now)
        self.account = account
        self.given = self.steps_left = account.steps_left

    def charge(self, steps: int) -> None:
        self.steps_left -= steps
        if self.steps_left < 0:
            raise FeelBudgetExceeded("max_steps", self.account.allowed, "steps for all expressions together")


class Account:
    """Steps that several evaluations share: cells of a decision table have budgets of their own and this."""

    __slots__ = ("allowed", "steps_left")

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.steps_left = allowed

    def run(self, budget: Budget, source: str, now: datetime | None) -> Run:
        """A run that may take what is left here, and no more than its own budget. `settle` it when it has ended."""
        return Run(budget, source, now) if self.steps_left >= budget.max_steps else LastRun(self, budget, source, now)

    def settle(self, run: Run) -> None:
        """Take what a run has used."""
        given = run.given if isinstance(run, LastRun) else run.budget.max_steps
        self.steps_left -= given - max(run.steps_left, 0)


class NeedsOwnRun(Exception):
    """A quiet run was asked to keep account. Never leaves this package."""


class QuietRun(Run):
    """A run that many evaluations share: for expressions without loops and calls, whose text alone bounds their cost.

    When the values turn out to need an account after all (long texts, deep comparisons), it raises NeedsOwnRun, and the
    evaluation, which has no side effects, begins again with a run of its own.
    """

    __slots__ = ()

    def charge(self, steps: int) -> None:
        raise NeedsOwnRun
