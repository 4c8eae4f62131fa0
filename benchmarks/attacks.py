"""What every attack on FEEL costs before it is refused: the list of the tests, each in turn.

python -m benchmarks feel --attacks
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.table import Chapter, Row, at_most
from engine.feel import FeelBudgetExceeded, FeelEvaluationError, FeelSyntaxError, compile_expression
from tests.engine.feel import attacks
from tests.engine.feel.saying import REGEX

ROUNDS = 3
GROUPS: tuple[tuple[str, Sequence[str]], ...] = (
    ("reaching into Python", attacks.REACHING_OUT),
    ("much work", attacks.MUCH_WORK),
    ("much room", attacks.MUCH_ROOM),
    ("regular expressions", attacks.PATTERNS),
    ("regular expressions with references", attacks.REFERENCES),
    ("long and deep texts", attacks.LONG_TEXTS),
    ("growth by doubling and sharing", attacks.GROWTH),
    ("toil over lists", attacks.TOIL),
    ("ends of numbers and dates", attacks.EDGES),
)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one attack: processor time, the best of the rounds, and the highest room it held."""

    source: str
    ms: float
    megabytes: float


def measure() -> list[Chapter]:
    """The dearest attack of each group, by time and by room."""
    rows: list[Row] = []
    for name, sources in GROUPS:
        costs = [_cost(source) for source in sources]
        slowest, largest = max(costs, key=lambda cost: cost.ms), max(costs, key=lambda cost: cost.megabytes)
        time_note, room_note = (f"of {len(costs)}: {_short(each.source)}" for each in (slowest, largest))
        rows.append(at_most(f"{name}, ms", slowest.ms, attacks.MAX_SECONDS * 1000, digits=1, note=time_note))
        rows.append(at_most(f"{name}, MB", largest.megabytes, attacks.MAX_BYTES / 1e6, digits=1, note=room_note))
    return [Chapter(title="Attacks on FEEL, the dearest of each kind", rows=tuple(rows))]


def _cost(source: str) -> Cost:
    seconds = min(_seconds(lambda: _try(source)) for _ in range(ROUNDS))
    tracemalloc.start()
    try:
        _try(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Cost(source=source, ms=seconds * 1000, megabytes=peak / 1e6)


def _try(source: str) -> None:
    """To its end: a value, or a refusal."""
    try:
        compile_expression(source, functions=REGEX).evaluate(attacks.CONTEXT)
    except (FeelSyntaxError, FeelBudgetExceeded, FeelEvaluationError):
        return


def _seconds(work: Callable[[], None]) -> float:
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def _short(source: str) -> str:
    return source if len(source) <= 60 else source[:57] + "…"
