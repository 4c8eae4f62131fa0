"""R06c on the money: totals and parts, rates, the execution score, and budgets that changed in the year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from processes.budget_performance.evaluation.consistency.finding import Case, Finding, finding
from processes.budget_performance.evaluation.filled_form import MoneyRow, Source
from processes.budget_performance.evaluation.printed_numbers import CENT, rounded
from processes.budget_performance.evaluation.scorecard import money_in_force

HUNDRED = Decimal(100)
ZERO = Decimal(0)
#: 元 printed for 万元.
TEN_THOUSAND = Decimal(10_000)

_COLUMNS = (
    ("initial", "年初预算数", "Initial budget"),
    ("adjusted", "全年预算数", "Adjusted budget"),
    ("spent", "全年执行数", "Spent"),
)
#: How a rate came out as it is printed.
_HOW = {
    "cut": ("（疑为截尾而非四舍五入）", " (it seems to be cut off instead of rounded)"),
    "other-base": ("（疑以年初预算数为分母）", " (it seems to be reckoned on the initial budget)"),
    "inverted": ("（疑为分子分母颠倒）", " (it seems to be adjusted / spent)"),
    "share": ("（疑为小数而非百分数）", " (it seems to be a share, not a percentage)"),
    "unexplained": ("", ""),
}


def money_findings(case: Case) -> Iterator[Finding]:
    for row in case.form.money:
        yield from _row_findings(row)
    total = case.form.money_total
    if total is None:
        return
    parts = [row for row in case.form.money_parts if row.is_filled]
    if not total.is_filled and parts:
        yield finding("TOTAL_ROW_ZERO", total.row, _places(total, "adjusted", "spent"), part=parts[0].title)
    else:
        yield from _parts_findings(total, parts)
    yield from _budget_findings(total, case)
    in_force = money_in_force(case.form)
    assert in_force is not None, "a form with a row of the total has one in force"
    yield from _score_findings(in_force, case)


def _row_findings(row: MoneyRow) -> Iterator[Finding]:
    adjusted, spent, rate = row.adjusted, row.spent or ZERO, row.rate
    if adjusted is not None and spent > adjusted:
        yield finding(
            "OVERSPENT", row.row, _places(row, "spent", "adjusted"), name=row.title, spent=spent, adjusted=adjusted
        )
    if adjusted == 0 and not spent and (rate or row.score):
        shown = f"{rate:f}%" if rate is not None else None
        places = _places(row, "adjusted", "spent", "rate")
        yield finding("ZERO_OF_ZERO", row.row, places, rate=shown, score=row.score)
    if not adjusted:
        return
    if rate is None or row.spent is None:
        return
    places = max(0, -int(rate.as_tuple().exponent))
    unit = Decimal(1).scaleb(-places)
    exact = HUNDRED * spent / adjusted
    if _same(exact, rate, unit):
        return
    how = "unexplained"
    if rounded(exact, unit, ROUND_DOWN) == rate:
        how = "cut"
    elif row.initial and _same(HUNDRED * spent / row.initial, rate, unit):
        how = "other-base"
    elif spent and _same(HUNDRED * adjusted / spent, rate, unit):
        how = "inverted"
    elif _same(exact, rate * HUNDRED, unit * HUNDRED):
        how = "share"
    zh, en = _HOW[how]
    yield finding(
        "RATE_MISMATCH",
        row.row,
        _places(row, "rate"),
        name=row.title,
        found=rate,
        expected=rounded(exact),
        how=how,
        how_zh=zh,
        how_en=en,
    )


def _same(exact: Decimal, printed: Decimal, unit: Decimal) -> bool:
    """Whether a printed figure is the exact one, rounded half-up to its own places."""
    return rounded(exact, unit, ROUND_HALF_UP) == printed


def _parts_findings(total: MoneyRow, parts: list[MoneyRow]) -> Iterator[Finding]:
    for name, zh, en in _COLUMNS:
        whole: Decimal | None = getattr(total, name)
        given = [(part.source, value) for part in parts if (value := getattr(part, name)) is not None]
        together = sum((value for _, value in given), ZERO)
        # what came from above may be printed as a part of the fiscal money
        without = sum((value for source, value in given if source is not Source.SUPERIOR), ZERO)
        # amounts are printed with 2 places: each may be off by half a cent
        slack = CENT * (len(given) + 1) / 2
        if whole is None or not given or abs(together - whole) <= slack or abs(without - whole) <= slack:
            continue
        places = _places(total, name)
        factor = together / whole if whole else ZERO
        if _is_about(factor, TEN_THOUSAND) or _is_about(factor, 1 / TEN_THOUSAND):
            yield finding(
                "UNIT_WRONG", total.row, places, name=zh, found=together, expected=whole, factor=10_000, units="元/万元"
            )
        else:
            yield finding("MONEY_PARTS", total.row, places, column_zh=zh, column_en=en, parts=together, found=whole)


def _budget_findings(total: MoneyRow, case: Case) -> Iterator[Finding]:
    initial, adjusted = total.initial, total.adjusted
    if initial == 0 and adjusted:
        yield finding("INITIAL_BUDGET_ZERO", total.row, _places(total, "initial"), adjusted=adjusted)
    if initial and adjusted is not None and HUNDRED * adjusted < case.rules.budget_cut * initial:
        share = rounded(HUNDRED * adjusted / initial)
        yield finding(
            "BUDGET_CUT",
            total.row,
            _places(total, "initial", "adjusted"),
            initial=initial,
            adjusted=adjusted,
            share=share,
        )


def _score_findings(money: MoneyRow, case: Case) -> Iterator[Finding]:
    if not money.adjusted or money.spent is None:
        return
    rate = HUNDRED * money.spent / money.adjusted
    shown = rounded(rate)
    if money.weight and money.score is not None:
        ways = _ways(money.weight, rate, money.rate)
        if money.score not in ways:
            expected = case.card.execution.points if case.card.execution else None
            yield finding(
                "EXECUTION_SCORE_MISMATCH",
                money.row,
                _places(money, "score"),
                found=money.score,
                rate=shown,
                expected=expected,
            )
    if money.reason is not None and not money.reason.strip() and rate < case.scoring.reason_below_rate:
        yield finding(
            "EXECUTION_REASON_MISSING",
            money.row,
            _places(money, "reason"),
            rate=shown,
            least=case.scoring.reason_below_rate,
        )
    yield from _done_without_money(money, rate, case)


def _ways(weight: Decimal, rate: Decimal, printed: Decimal | None) -> set[Decimal]:
    """Every score by which offices publish a rate (R06b): exact or printed rate, 2, 1, 0 places, rounded or cut."""
    rates = [min(HUNDRED, each) for each in (rate, printed) if each is not None]
    units = (CENT, Decimal("0.1"), Decimal(1))
    return {
        rounded(weight * each / HUNDRED, unit, rounding)
        for each in rates
        for unit in units
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    }


def _done_without_money(money: MoneyRow, rate: Decimal, case: Case) -> Iterator[Finding]:
    quantities = [row for row in case.card.rows if "数量" in row.indicator.l2 and row.comparison.reached is not None]
    if rate < case.rules.hardly_spent and quantities and all(row.comparison.reached for row in quantities):
        yield finding(
            "MONEY_UNSPENT_ALL_DONE",
            money.row,
            _places(money, "spent"),
            rate=rounded(rate),
            count=len(quantities),
        )


def _is_about(value: Decimal, wanted: Decimal) -> bool:
    return abs(value - wanted) <= wanted * CENT


def _places(row: MoneyRow, *names: str) -> tuple[str, ...]:
    return tuple(row.places.get(name, "") for name in names)
