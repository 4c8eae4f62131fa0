"""One evaluation of a model: what was given, what has been decided so far, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, cast

from engine.dmn.answer import DecisionFailed, MatchedRule, summary
from engine.feel import Account, Expression, FeelFunction, UnaryTests
from engine.feel.budget import DEFAULT_BUDGET, Run
from engine.feel.conversion import leaf

#: The names visible to a piece of logic, with their values.
Scope: TypeAlias = Mapping[str, Any]
Logic: TypeAlias = Callable[["Evaluation", Scope], Any]

#: Functions of a model called one inside the other.
MAXIMUM_DEPTH = 40
#: Expressions, cells, loop elements and calls that one question may take: a second or so.
MAXIMUM_WORK = 100_000
#: Steps of FEEL (see engine/feel/budget.py) that one question may take, all expressions together: a tenth of a second.
MAXIMUM_STEPS = 500_000
#: Rules and inputs that one decision's explanation lists: a table called in a loop would fill pages.
MAXIMUM_EXPLAINED = 200


@dataclass(slots=True)
class Trace:
    """Why one decision answered as it did."""

    decision: str
    name: str
    inputs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    matched: list[MatchedRule] = field(default_factory=list[MatchedRule])
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    value: Any = None

    def as_plain(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "id": self.decision,
            "name": self.name,
            "inputs": self.inputs,
            "matched": [rule.as_plain() for rule in self.matched],
            "values": self.values,
            "value": summary(self.value),
        }


class Evaluation:
    """Lives for one question. Nothing in a model is changed by it."""

    def __init__(self, given: Mapping[str, Any], *, now: datetime | None, lenient: bool) -> None:
        #: Input data by name.
        self.given = given
        #: For `now()` and `today()`; None where the caller has no instant.
        self.now = now
        #: Problems become null instead of DecisionFailed.
        self.lenient = lenient
        self.traces: list[Trace] = []
        self.problems: list[dict[str, Any]] = []
        self._open: list[Trace] = []
        self._depth = 0
        #: What is left of the work, shared with the evaluations inside.
        self._work = [MAXIMUM_WORK]
        #: What is left of the steps of FEEL, likewise.
        self.account = Account(MAXIMUM_STEPS)

    def charge(self, work: int = 1) -> None:
        """Take work from the budget. Raises DecisionFailed when none is left."""
        self._work[0] -= work
        if self._work[0] < 0:
            raise DecisionFailed(
                f"Expected a decision that takes at most {MAXIMUM_WORK} steps, but it goes on.",
                decision=self.current,
                reason="work",
                maximum=MAXIMUM_WORK,
            )

    def feel(self, expression: Expression, scope: Scope) -> Any:
        """Value of a FEEL expression."""
        self.charge()
        return expression.evaluate(scope, self.now, self.account)

    def test(self, tests: UnaryTests, value: Any, scope: Scope) -> bool | None:
        """Whether a value passes unary tests."""
        self.charge()
        return tests.matches(value, scope, self.now, self.account)

    def call(self, function: FeelFunction, arguments: Mapping[str, Any]) -> Any:
        """Call a function value by parameter name."""
        run = self.account.run(DEFAULT_BUDGET, "", self.now)
        try:
            return function.call_named(run, 0, arguments)
        finally:
            self.account.settle(run)

    def fork(self, given: Mapping[str, Any]) -> Evaluation:
        """An evaluation inside this one, with its own inputs."""
        inner = Evaluation(given, now=self.now, lenient=self.lenient)
        inner._depth = self._depth
        inner._work = self._work
        inner.account = self.account
        return inner

    def join(self, inner: Evaluation) -> None:
        """Take over what an inner evaluation found out."""
        self.traces += inner.traces[: max(0, MAXIMUM_EXPLAINED - len(self.traces))]
        self.problems += inner.problems[: max(0, MAXIMUM_EXPLAINED - len(self.problems))]

    def run(self) -> Run:
        """The account for FEEL's comparisons."""
        return Run(DEFAULT_BUDGET, "", self.now)

    def inside(self, logic: Logic, scope: Scope) -> Any:
        """Run the body of a function. Raises DecisionFailed when functions call each other too deep."""
        self.charge()
        if self._depth >= MAXIMUM_DEPTH:
            raise DecisionFailed(
                f"Expected functions to call each other at most {MAXIMUM_DEPTH} deep, but they go on.",
                decision=self.current,
                reason="depth",
                maximum=MAXIMUM_DEPTH,
            )
        self._depth += 1
        try:
            return logic(self, scope)
        finally:
            self._depth -= 1

    def problem(self, reason: str, path: str, message: str, **facts: Any) -> None:
        """Note why there is no answer; the value is then null. Raises DecisionFailed unless lenient."""
        if not self.lenient:
            raise DecisionFailed(message, decision=self.current, reason=reason, path=path, **facts)
        if len(self.problems) < MAXIMUM_EXPLAINED:
            self.problems.append(
                {"decision": self.current, "reason": reason, "path": path, "message": message, **facts}
            )

    def elements(self, value: Any, path: str) -> list[Any]:
        """Elements of a list; of another value the value itself, of null none and a problem."""
        if isinstance(value, list):
            self.charge(len(cast("list[Any]", value)))
            return [leaf(element) for element in cast("list[Any]", value)]
        if value is None:
            self.problem("list", path, f"Expected a list in {path!r}, but found null.")
            return []
        return [value]

    def truth(self, value: Any, path: str) -> bool | None:
        """The value if it is a boolean, else null and a problem."""
        if isinstance(value, bool):
            return value
        self.problem("boolean", path, f"Expected true or false in {path!r}, but found another value.")
        return None

    @property
    def current(self) -> str:
        """Id of the decision being decided; "" outside."""
        return self._open[-1].decision if self._open else ""

    def begin(self, trace: Trace) -> None:
        """From here on rules and inputs belong to this decision."""
        self._open.append(trace)

    def end(self, value: Any) -> None:
        """The decision begun last has its value."""
        trace = self._open.pop()
        trace.value = value
        self.traces.append(trace)

    def note_input(self, label: str, expression: str, value: Any) -> None:
        """Keep the value of a table's condition column for the explanation."""
        if self._open and len(self._open[-1].inputs) < MAXIMUM_EXPLAINED:
            self._open[-1].inputs.append({"label": label, "expression": expression, "value": summary(value)})

    def note_rule(self, rule: MatchedRule) -> None:
        """Keep a matched rule for the explanation."""
        if self._open and len(self._open[-1].matched) < MAXIMUM_EXPLAINED:
            self._open[-1].matched.append(rule)
