"""FEEL expressions against hand-written Python over Decimal, in the same run.

    python -m benchmarks.feel

The context has about 50 KB. `by hand` is what a programmer would write; `by hand, 34 digits` is the same through FEEL's
own decimal context, without which the two do not agree beyond Python's 28 digits. Compiling is measured apart.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel import compile_expression, compile_unary_tests
from engine.feel.numbers import ARITHMETIC

ROUNDS = 9
CALLS = 50_000

CONTEXT: dict[str, Any] = {
    "a": {"b": Decimal("12.5")},
    "score": Decimal(88),
    "amount": Decimal(150),
    "grade": "优",
    "rows": [{"n": Decimal(n)} for n in range(100)],
    **{f"project {n}": {"code": f"P{n:03}", "name": "项目" * 10, "amount": Decimal(n)} for n in range(400)},
}

Work = Callable[[Mapping[str, Any]], Any]

PAIRS: tuple[tuple[str, Work, int], ...] = (
    ("a.b*2+score", lambda c: c["a"]["b"] * 2 + c["score"], CALLS),
    ('amount > 100 and grade = "优"', lambda c: c["amount"] > 100 and c["grade"] == "优", CALLS),
    ("if score >= 90 then 1 else if score >= 80 then 2 else 3", lambda c: _grade(c["score"]), CALLS),
    ("sum(rows.n)", lambda c: sum(row["n"] for row in c["rows"]), CALLS // 100),
    ("rows[n > 50].n", lambda c: [row["n"] for row in c["rows"] if row["n"] > 50], CALLS // 100),
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Nanoseconds of one evaluation, medians of the rounds."""

    source: str
    feel_ns: float
    by_hand_ns: float

    @property
    def ratio(self) -> float:
        return self.feel_ns / self.by_hand_ns


def _grade(score: Decimal) -> int:
    return 1 if score >= 90 else 2 if score >= 80 else 3


def _with_34_digits(context: Mapping[str, Any]) -> Decimal:
    return ARITHMETIC.add(ARITHMETIC.multiply(context["a"]["b"], Decimal(2)), context["score"])


def nanoseconds(work: Work, calls: int) -> float:
    """Time of one call, the loop included."""
    begin = time.perf_counter_ns()
    for _ in range(calls):
        work(CONTEXT)
    return (time.perf_counter_ns() - begin) / calls


def measured(source: str, by_hand: Work, calls: int) -> Measured:
    """Both sides in turn, so that the machine's moods strike both."""
    evaluate = compile_expression(source).evaluate
    assert evaluate(CONTEXT) == by_hand(CONTEXT)
    rounds = [(nanoseconds(evaluate, calls), nanoseconds(by_hand, calls)) for _ in range(ROUNDS)]
    feel, hand = (statistics.median(column) for column in zip(*rounds, strict=True))
    return Measured(source=source, feel_ns=feel, by_hand_ns=hand)


def main() -> None:
    """Print the table."""
    rows = [measured(*pair) for pair in PAIRS]
    exact = measured("a.b*2+score", _with_34_digits, CALLS)
    rows.append(
        Measured(source="a.b*2+score (by hand with 34 digits)", feel_ns=exact.feel_ns, by_hand_ns=exact.by_hand_ns)
    )
    for row in rows:
        print(f"{row.source:58} {row.feel_ns:9.0f} ns   by hand {row.by_hand_ns:8.0f} ns   × {row.ratio:.2f}")
    cell = compile_unary_tests("[60..80), > 90")
    print(f"{'cell [60..80), > 90':58} {nanoseconds(lambda c: cell.matches(c['score'], c), CALLS):9.0f} ns")
    for source, _, _ in PAIRS[:2]:
        compiled = nanoseconds(lambda c, text=source: compile_expression(text), 1000)
        print(f"{'compile ' + source:58} {compiled / 1000:9.1f} µs")


if __name__ == "__main__":
    main()
