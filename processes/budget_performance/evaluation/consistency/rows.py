"""R06c on each indicator: target, result and score of a row, held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from processes.budget_performance.evaluation.consistency.finding import Case, Finding, finding
from processes.budget_performance.evaluation.held_against import OPERATORS, Remark
from processes.budget_performance.evaluation.indicator_sense import certain_sense, is_cost
from processes.budget_performance.evaluation.printed_numbers import plain, rounded
from processes.budget_performance.evaluation.printed_values import (
    Achievement,
    Blank,
    Day,
    Level,
    Quantity,
    Range,
)
from processes.budget_performance.evaluation.scorecard import RowScore, money_in_force
from processes.budget_performance.evaluation.units import is_money
from processes.budget_performance.monitoring import Operator

HUNDRED = Decimal(100)
ZERO = Decimal(0)
TEN_THOUSAND = Decimal(10_000)

#: An indicator that speaks of all the money of its project, not of one piece of work.
_WHOLE_COST = re.compile(
    r"总成本|总投入|总支出|总费用|总额|总投资|项目成本|预算(?:控制|成本|总)|成本控制数|资金(?:总|控制)"
)
_SPACES = re.compile(r"\s+")


def row_findings(row: RowScore, case: Case) -> Iterator[Finding]:
    yield from _score(row, case)
    yield from _result(row)
    yield from _marks(row, case)
    yield from _figures(row)
    yield from _target(row, case)


def _score(row: RowScore, case: Case) -> Iterator[Finding]:
    each, score, weight = row.indicator, row.indicator.score, row.weight or ZERO
    places = _places(row, "score", "weight")
    set_by_hand = each.hand_set.points if each.hand_set else None
    for found in (score, set_by_hand):
        if found is not None and (found < 0 or (found > weight and not case.form.bonus_allowed)):
            yield finding("SCORE_OUTSIDE_WEIGHT", each.row, places, name=each.l3, found=found, weight=weight)
    if each.hand_set and len(each.hand_set.reason.strip()) < case.rules.hand_reason:
        yield finding(
            "HAND_SET_WITHOUT_REASON",
            each.row,
            _places(row, "hand_set"),
            name=each.l3,
            found=each.hand_set.points,
            least=case.rules.hand_reason,
        )
    if each.rating is not None and each.ratio is not None:
        met, partly = case.bands["met"], case.bands["partly"]
        low, high = {"met": (met, HUNDRED), "partly": (partly, met), "not": (ZERO, partly)}[each.rating]
        if not (low <= each.ratio < high or each.ratio == high == HUNDRED):
            zh = {"met": "达成预期", "partly": "部分达成", "not": "未达成"}[each.rating]
            places = _places(row, "ratio")
            yield finding(
                "RATIO_BAND", each.row, places, name=each.l3, found=each.ratio, rating=each.rating, rating_zh=zh
            )


def _result(row: RowScore) -> Iterator[Finding]:
    each = row.indicator
    places = _places(row, "target", "actual")
    if isinstance(row.target, Blank) and isinstance(row.actual, Blank):
        if row.weight and each.score == row.weight:
            yield finding("BLANK_WITH_FULL_MARKS", each.row, places, name=each.l3, weight=row.weight)
        return
    has_value = isinstance(row.target, Quantity | Range)
    if _same_text(each.target, each.actual) and not _is_bare_value(row):
        yield finding("ACTUAL_REPEATS_TARGET", each.row, places, name=each.l3, target=each.target)
    elif has_value and (isinstance(row.actual, Level) or (isinstance(row.actual, Blank) and each.score)):
        shown = each.actual or "—"
        yield finding("ACTUAL_NO_VALUE", each.row, places, name=each.l3, target=_shown_target(row), actual=shown)


def _is_bare_value(row: RowScore) -> bool:
    """300公里 or 2023年12月 as a target may well be the result, letter for letter; ≥50个 or 效果明显 says nothing."""
    if isinstance(row.target, Day):
        return "前" not in row.target.text
    return isinstance(row.actual, Quantity) and row.actual.comparator is None


def _marks(row: RowScore, case: Case) -> Iterator[Finding]:
    each, comparison = row.indicator, row.comparison
    if each.score is None or not row.weight:
        return
    places = _places(row, "target", "actual", "score")
    shown = {"name": each.l3, "target": _shown_target(row), "actual": each.actual, "weight": row.weight}
    if _is_over(row, case):
        if not each.cause.strip():
            assert comparison.ratio is not None, "over-achievement is a ratio"
            yield finding(
                "OVER_ACHIEVED",
                each.row,
                _places(row, "actual", "cause"),
                name=each.l3,
                percent=rounded(HUNDRED * comparison.ratio),
                most=HUNDRED * case.scoring.over_achievement,
            )
    elif comparison.reached and each.score < row.weight and not each.cause.strip():
        yield finding("DEDUCTED_WITHOUT_REASON", each.row, places, found=each.score, **shown)
    if each.score == row.weight and (comparison.reached is False or _says_missed(row)):
        yield finding("MISSED_WITH_FULL_MARKS", each.row, places, **shown)
    if comparison.reached and comparison.wanted == (ZERO,) and comparison.actual == 0 and each.score > 0:
        yield finding("TARGET_ZERO", each.row, places, name=each.l3)


def _is_over(row: RowScore, case: Case) -> bool:
    comparison = row.comparison
    if comparison.operator is not Operator.AT_LEAST or comparison.ratio is None:
        return False
    return comparison.ratio > case.scoring.over_achievement


def _says_missed(row: RowScore) -> bool:
    is_partial = (Achievement.PARTLY, Achievement.NOT)
    if isinstance(row.actual, Level) and row.actual.achievement in is_partial:
        return not _same_text(row.indicator.target, row.indicator.actual)
    return row.indicator.rating in is_partial


def _figures(row: RowScore) -> Iterator[Finding]:
    """Percentages that are turned round, and units that are off by a factor."""
    each, comparison, target = row.indicator, row.comparison, row.target
    if not isinstance(target, Quantity) or not comparison.wanted or comparison.ratio is None:
        return
    wanted, actual, places = comparison.wanted[0], comparison.actual, _places(row, "target", "actual")
    if Remark.SHARE_READ_AS_PERCENT in comparison.remarks:
        yield finding(
            "UNIT_WRONG",
            each.row,
            places,
            name=each.l3,
            found=each.actual,
            expected=_shown_target(row),
            factor=100,
            units="小数/百分数",
        )
        return
    if target.is_percent and comparison.reached is False and ZERO <= actual <= HUNDRED:
        turned = HUNDRED - actual
        fits = turned >= wanted if comparison.operator is Operator.AT_LEAST else turned <= wanted
        is_far = (wanted > 50) != (actual > 50)
        if fits and is_far and comparison.operator is not Operator.EQUAL:
            yield finding("PERCENT_INVERTED", each.row, places, name=each.l3, target=each.target, actual=each.actual)
    for factor in (TEN_THOUSAND, 1 / TEN_THOUSAND):
        if abs(comparison.ratio - factor) <= factor / 10:
            yield finding(
                "UNIT_WRONG",
                each.row,
                places,
                name=each.l3,
                found=each.actual,
                expected=_shown_target(row),
                factor=10_000,
                units="元/万元",
            )


def _target(row: RowScore, case: Case) -> Iterator[Finding]:
    each, target = row.indicator, row.target
    if not isinstance(target, Quantity):
        return
    places = _places(row, "target")
    if not target.unit and target.scale == 1:
        yield finding("UNIT_MISSING", each.row, places, name=each.l3, target=each.target)
    sense = certain_sense(each.l1, each.l2, each.l3)
    printed = OPERATORS[target.comparator] if target.comparator else None
    if printed is Operator.AT_LEAST and sense is Operator.AT_MOST:
        cost = is_cost(each.l1, each.l2)
        yield _doubtful(
            row, "成本指标应为上限" if cost else "越少越好", "a cost needs a ceiling" if cost else "less is better"
        )
    elif printed is Operator.AT_MOST and sense is Operator.AT_LEAST:
        yield _doubtful(row, "越多越好，应为下限", "more is better, it needs a floor")
    yield from _ceiling(row, target, case)


def _doubtful(row: RowScore, zh: str, en: str) -> Finding:
    each = row.indicator
    places = _places(row, "target", "nature")
    return finding("OPERATOR_DOUBTFUL", each.row, places, name=each.l3, target=_shown_target(row), why_zh=zh, why_en=en)


def _ceiling(row: RowScore, target: Quantity, case: Case) -> Iterator[Finding]:
    """The cost of the whole, held against the budget."""
    each, total = row.indicator, money_in_force(case.form)
    budget = total.adjusted * TEN_THOUSAND if total and total.adjusted else None
    if budget is None or not is_money(target.unit) or not target.normalised:
        return
    share = target.normalised / budget
    places = _places(row, "target")
    is_whole = is_cost(each.l1, each.l2) and _WHOLE_COST.search(each.l3)
    for factor in (TEN_THOUSAND, 1 / TEN_THOUSAND):
        if is_whole and abs(share - factor) <= factor / 2:
            yield finding(
                "UNIT_WRONG",
                each.row,
                places,
                name=each.l3,
                found=each.target,
                expected=f"{budget / TEN_THOUSAND:f}万元",
                factor=10_000,
                units="元/万元",
            )
            return
    runs_up = row.comparison.operator is Operator.AT_MOST
    if is_whole and runs_up and HUNDRED * share > case.rules.ceiling:
        assert total is not None, "there is a budget"
        yield finding(
            "CEILING_ABOVE_BUDGET", each.row, places, name=each.l3, target=_shown_target(row), adjusted=total.adjusted
        )


def _shown_target(row: RowScore) -> str:
    """The target with its sign and unit, also where those stand in columns of their own."""
    each = row.indicator
    return row.target.rendered() if each.target and (each.nature or each.unit) else each.target


def _same_text(one: str, other: str) -> bool:
    return bool(one.strip()) and _SPACES.sub("", plain(one)) == _SPACES.sub("", plain(other))


def _places(row: RowScore, *names: str) -> tuple[str, ...]:
    return tuple(row.indicator.places.get(name, "") for name in names)
