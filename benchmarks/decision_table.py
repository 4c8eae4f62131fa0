"""Answers of a decision table of 1,000 rules against a hand-written loop over the same rules, in the same run.

    python -m benchmarks feel

Tables: `texts` looks a code up and a number band beside it, `ranges` finds one of a thousand number bands, `thresholds`
has limits that come from configuration, so that every cell is evaluated. The loop is what a programmer would write by
hand: the first tuple whose conditions hold. Each answer includes reading the inputs, the matched rule and the
explanation; the loop gives the value only.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn import Decision, read_decisions

RULES = 1000
ROUNDS = 5
ANSWERS = 200
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Microseconds for one answer, medians of the rounds."""

    table: str
    answer_us: float
    by_hand_us: float

    @property
    def ratio(self) -> float:
        return self.answer_us / self.by_hand_us


def table_of(cells: Callable[[int], tuple[str, str]], policy: str) -> Decision:
    """A decision over `code` and `amount` with a thousand rules; rule n answers n."""
    rows = "".join(
        f"<rule id='r{n}'>"
        + "".join(f"<inputEntry><text>{cell.replace('<', '&lt;')}</text></inputEntry>" for cell in cells(n))
        + f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(RULES)
    )
    names = ("code", "amount", "limit")
    inputs = "".join(f"<inputData id='in_{n}' name='{n}'><variable name='{n}'/></inputData>" for n in names)
    needs = "".join(f"<informationRequirement><requiredInput href='#in_{n}'/></informationRequirement>" for n in names)
    columns = "".join(f"<input id='{n}'><inputExpression><text>{n}</text></inputExpression></input>" for n in names[:2])
    text = f"""<definitions xmlns='{MODEL}' id='d' name='d' namespace='urn:d'>{inputs}
      <decision id='A' name='A'><variable name='A'/>{needs}
        <decisionTable id='t' hitPolicy='{policy}'>{columns}<output id='o'/>{rows}</decisionTable></decision>
      </definitions>"""
    return read_decisions(text.encode()).decisions["A"]


def by_hand(
    rules: Sequence[tuple[str | None, Decimal | None, Decimal | None, int]], code: str, amount: Decimal
) -> int | None:
    """The first rule that holds: (code, low included, high excluded, answer)."""
    for wanted, low, high, answer in rules:
        if wanted is not None and wanted != code:
            continue
        if (low is None or amount >= low) and (high is None or amount < high):
            return answer
    return None


def median_us(ask: Callable[[int], Any]) -> float:
    """Median over the rounds of the mean microseconds (processor) of one call; calls meet rules all over the table."""
    found: list[float] = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        for k in range(ANSWERS):
            ask(k * 7919 % RULES)
        found.append((time.thread_time() - start) / ANSWERS * 1e6)
    return statistics.median(found)


def measure() -> list[Measured]:
    """All tables, each beside its loop."""
    texts = table_of(lambda n: (f'"C{n // 4:03d}"', f"[{n % 4 * 100}..{n % 4 * 100 + 100})"), "UNIQUE")
    ranges = table_of(lambda n: ("-", f"[{n * 10}..{n * 10 + 10})"), "UNIQUE")
    limits = table_of(lambda n: ("-", f"< limit * {n + 1}"), "FIRST")
    text_rules = [(f"C{n // 4:03d}", Decimal(n % 4 * 100), Decimal(n % 4 * 100 + 100), n) for n in range(RULES)]
    range_rules = [(None, Decimal(n * 10), Decimal(n * 10 + 10), n) for n in range(RULES)]

    def context(code: str, amount: int) -> Mapping[str, Any]:
        return {"code": code, "amount": Decimal(amount), "limit": Decimal(10)}

    def limits_by_hand(n: int) -> int | None:
        amount, limit = Decimal(n * 10 + 5), Decimal(10)
        return next((k for k in range(RULES) if amount < limit * (k + 1)), None)

    pairs: list[tuple[str, Callable[[int], Any], Callable[[int], Any]]] = [
        (
            "texts",
            lambda n: texts.evaluate(context(f"C{n // 4:03d}", n % 4 * 100 + 50)).value,
            lambda n: by_hand(text_rules, f"C{n // 4:03d}", Decimal(n % 4 * 100 + 50)),
        ),
        (
            "ranges",
            lambda n: ranges.evaluate(context("", n * 10 + 5)).value,
            lambda n: by_hand(range_rules, "", Decimal(n * 10 + 5)),
        ),
        ("thresholds", lambda n: limits.evaluate(context("", n * 10 + 5)).value, limits_by_hand),
    ]
    measured: list[Measured] = []
    for name, ask, hand in pairs:
        wrong = [n for n in range(0, RULES, 97) if not ask(n) == hand(n) == n]
        if wrong:
            raise SystemExit(f"{name}: rules {wrong} are not answered alike")
        measured.append(Measured(table=name, answer_us=median_us(ask), by_hand_us=median_us(hand)))
    return measured
