"""FEEL against hand-written Python over Decimal and against npm feelin, in the same run.

    python -m benchmarks feel

The context has 20 KB. `by hand` is what a programmer would write, with Decimal constants; `by hand with 34 digits` is
the same through FEEL's own decimal context, without which the two do not agree beyond Python's 28 digits. feelin parses
at every evaluation: it is compared with parsing and evaluating here.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benchmarks import decision_table
from benchmarks.table import Chapter, Row, at_most, figure
from engine.feel import compile_expression, compile_unary_tests
from engine.feel.numbers import ARITHMETIC
from tests.differential.feelin.peer import Failure, answers, named

ROUNDS = 15
CALLS = 20_000
#: Bytes of the context as JSON.
CONTEXT_BYTES = 20_000
FEELIN_CALLS = 100

#: Wanted: at most so many times the closure; at most this share of feelin; milliseconds of a table of 1,000 rules.
TIMES_BY_HAND, SHARE_OF_FEELIN, TABLE_MS = 3, 0.5, 1

_SMALL: dict[str, Any] = {
    "a": {"b": Decimal("12.5")},
    "score": Decimal(88),
    "amount": Decimal(150),
    "grade": "优",
    "rows": [{"n": Decimal(n)} for n in range(100)],
}


def context() -> dict[str, Any]:
    """What the expressions read, and projects around it until it is as large as wanted."""
    made = dict(_SMALL)
    while _size(made) < CONTEXT_BYTES:
        number = len(made)
        made |= {
            f"project {n}": {"code": f"P{n:03}", "name": "项目" * 10, "amount": Decimal(n)}
            for n in range(number, number + 10)
        }
    return made


def _size(made: Mapping[str, Any]) -> int:
    return len(json.dumps(made, ensure_ascii=False, default=float).encode())


CONTEXT = context()
Work = Callable[[Mapping[str, Any]], Any]
_TWO = Decimal(2)
_LIMITS = (Decimal(90), Decimal(80), Decimal(100), Decimal(50))

#: The expression the aim is about, and others; each with what a programmer would write, and how often it is called.
MAIN: tuple[str, Work, int] = ("a.b*2+score", lambda c: c["a"]["b"] * _TWO + c["score"], CALLS)
OTHERS: tuple[tuple[str, Work, int], ...] = (
    ('amount > 100 and grade = "优"', lambda c: c["amount"] > _LIMITS[2] and c["grade"] == "优", CALLS),
    ("if score >= 90 then 1 else if score >= 80 then 2 else 3", lambda c: _grade(c["score"]), CALLS),
    ("sum(rows.n)", lambda c: sum(row["n"] for row in c["rows"]), CALLS // 100),
    ("rows[n > 50].n", lambda c: [row["n"] for row in c["rows"] if row["n"] > _LIMITS[3]], CALLS // 100),
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Nanoseconds of one evaluation, medians of the rounds, and the median of their ratios."""

    source: str
    feel_ns: float
    by_hand_ns: float
    ratio: float

    @property
    def note(self) -> str:
        return f"{self.feel_ns:,.0f} ns, by hand {self.by_hand_ns:,.0f} ns"


def _grade(score: Decimal) -> int:
    return 1 if score >= _LIMITS[0] else 2 if score >= _LIMITS[1] else 3


def _with_34_digits(c: Mapping[str, Any]) -> Decimal:
    return ARITHMETIC.add(ARITHMETIC.multiply(c["a"]["b"], _TWO), c["score"])


def nanoseconds(work: Work, calls: int) -> float:
    """The processor's time of one call, the loop included: on a busy machine waiting for a turn is no work."""
    begin = time.thread_time_ns()
    for _ in range(calls):
        work(CONTEXT)
    return (time.thread_time_ns() - begin) / calls


def measured(source: str, by_hand: Work, calls: int) -> Measured:
    """Both sides in turn, so that the machine's moods strike both."""
    evaluate = compile_expression(source).evaluate
    if evaluate(CONTEXT) != by_hand(CONTEXT):
        raise SystemExit(f"{source}: FEEL and Python do not agree")
    rounds = [(nanoseconds(evaluate, calls), nanoseconds(by_hand, calls)) for _ in range(ROUNDS)]
    feel, hand = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    return Measured(source=source, feel_ns=feel, by_hand_ns=hand, ratio=ratio)


def measure(*, full: bool = False) -> list[Chapter]:
    """The tables; `full` measures longer."""
    calls = 5 if full else 1
    main = measured(MAIN[0], MAIN[1], MAIN[2] * calls)
    exact = measured(MAIN[0], _with_34_digits, MAIN[2] * calls)
    rows = [
        at_most(f"{MAIN[0]}, times by hand", main.ratio, TIMES_BY_HAND, note=main.note),
        figure(f"{MAIN[0]}, times by hand with 34 digits", exact.ratio, note=exact.note),
        *(figure(f"{each.source}, times by hand", each.ratio, note=each.note) for each in map(_measured, OTHERS)),
        figure("cell [60..80), > 90, ns", _cell_ns(), digits=0),
    ]
    return [
        Chapter(title="FEEL, parsed once", rows=tuple(rows)),
        Chapter(title="FEEL, parsed and evaluated", rows=tuple(_beside_feelin())),
        Chapter(title="Decision tables of 1,000 rules, once loaded", rows=tuple(_tables())),
    ]


def _measured(pair: tuple[str, Work, int]) -> Measured:
    return measured(*pair)


def _cell_ns() -> float:
    cell = compile_unary_tests("[60..80), > 90")
    return statistics.median(nanoseconds(lambda c: cell.matches(c["score"], c), CALLS) for _ in range(ROUNDS))


def _beside_feelin() -> list[Row]:
    """Each expression parsed and evaluated by us and by one Node process, warm, the best of its batches."""
    sources = [MAIN[0], *(source for source, _, _ in OTHERS)]
    given = named(CONTEXT)
    questions = [{"ask": "time", "source": source, "context": given, "calls": FEELIN_CALLS} for source in sources]
    rows: list[Row] = []
    for source, theirs in zip(sources, answers(questions), strict=True):
        if isinstance(theirs, Failure):
            raise SystemExit(f"{source}: feelin says {theirs.message}")
        ours = statistics.median(
            nanoseconds(lambda c, text=source: compile_expression(text).evaluate(c), 200) for _ in range(ROUNDS)
        )
        note = f"{ours / 1000:,.1f} µs, feelin {theirs / 1000:,.1f} µs"
        rows.append(at_most(f"{source}, share of feelin", ours / theirs, SHARE_OF_FEELIN, note=note))
    return rows


def _tables() -> list[Row]:
    return [
        at_most(
            f"{each.table}, ms",
            each.answer_us / 1000,
            TABLE_MS,
            digits=3,
            note=f"{each.ratio:.2f} times a hand-written loop",
        )
        for each in decision_table.measure()
    ]
