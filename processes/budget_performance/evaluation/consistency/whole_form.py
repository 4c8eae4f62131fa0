"""R06c on the form as a whole: weights, total, and text of the template that was left in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from processes.budget_performance.evaluation.consistency.finding import Case, Finding, finding
from processes.budget_performance.evaluation.filled_form import FilledForm, Indicator

HUNDRED = Decimal(100)
ZERO = Decimal(0)
HALF_A_CENT = Decimal("0.005")

#: What templates say to whoever fills them in.
_TEMPLATE = re.compile(
    r"[×xXＸ]{2,}|[…\.]{3,}|…|\(?(?:请填写|此处填写|填报说明|填写说明|样例|示例|可添加行|需说明原因)|字以内|[〔【\[]\s*[〕】\]]"
)
_NUMBERED = re.compile(r"指标\s*[0-9一二三四五六七八九十]*\s*[:：]?")


def whole_form_findings(case: Case) -> Iterator[Finding]:
    yield from _weights(case)
    yield from _total(case)
    yield from _template(case.form)


def _weights(case: Case) -> Iterator[Finding]:
    found = sum(case.card.groups.values(), ZERO)
    # even parts of a group are printed with 2 places: each may be off by half a cent
    parts = [row.weight for row in case.card.rows if row.weight is not None and _places_of(row.weight) >= 2]
    if abs(found - HUNDRED) > HALF_A_CENT * len(parts):
        yield finding("WEIGHTS_NOT_100", None, _at(case.form, "total_weight"), found=found)


def _places_of(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _total(case: Case) -> Iterator[Finding]:
    total = case.form.total
    printed = [row.indicator.score for row in case.card.rows if row.indicator.score is not None]
    money = case.form.money_total
    if money is not None and money.score is not None:
        if money.weight is not None and (money.score < 0 or money.score > money.weight) and not case.form.bonus_allowed:
            yield finding(
                "SCORE_OUTSIDE_WEIGHT",
                money.row,
                (money.places.get("score", ""),),
                name="预算执行率",
                found=money.score,
                weight=money.weight,
            )
        printed.append(money.score)
    if total is None or not printed:
        return
    expected = sum(printed, ZERO)
    if not _fits(total, expected, _scored_weight(case)):
        yield finding("TOTAL_NOT_SUM", None, _at(case.form, "total"), found=total, expected=expected)


def _scored_weight(case: Case) -> Decimal:
    """What the rows with a printed score are worth."""
    money = case.form.money_total
    weights = [row.weight or ZERO for row in case.card.rows if row.indicator.score is not None]
    return sum(weights, (money.weight or ZERO) if money is not None and money.score is not None else ZERO)


def _fits(total: Decimal, expected: Decimal, weight: Decimal) -> bool:
    """The sum as it is, never above 100; or scaled up to 100 where something does not apply (R06.1, R06b)."""
    if total in (expected, min(HUNDRED, expected)):
        return True
    return 0 < weight < HUNDRED and abs(total - min(HUNDRED, expected * HUNDRED / weight)) <= HALF_A_CENT


def _template(form: FilledForm) -> Iterator[Finding]:
    if form.left_over:
        rows = "、".join(str(row) for row in form.left_over)
        yield finding("TEMPLATE_ROWS", form.left_over[0], (), rows=rows)
    for title_zh, title_en, name in (
        ("年度总体目标", "the goal", "goal_year"),
        ("完成情况", "the result of the goal", "goal_done"),
        ("项目名称", "the project's name", "project_name"),
    ):
        text: str = getattr(form, name)
        if (match := _TEMPLATE.search(text)) is not None:
            yield finding(
                "TEMPLATE_TEXT",
                None,
                _at(form, name),
                where_zh=title_zh,
                where_en=title_en,
                found=_around(text, match),
            )
    money = form.money_total
    if money is not None and money.reason and (match := _TEMPLATE.search(money.reason)) is not None:
        yield finding(
            "TEMPLATE_TEXT",
            money.row,
            (money.places.get("reason", ""),),
            where_zh="预算执行原因",
            where_en="the reason of the execution",
            found=_around(money.reason, match),
        )
    for each in form.indicators:
        yield from _template_row(each)


def _template_row(each: Indicator) -> Iterator[Finding]:
    for title_zh, title_en, name in (
        ("三级指标", "the indicator", "l3"),
        ("指标值", "the target", "target"),
        ("实际完成值", "the result", "actual"),
        ("偏差原因", "the cause", "cause"),
    ):
        text: str = getattr(each, name)
        match = _TEMPLATE.search(text)
        is_numbered = name == "l3" and _NUMBERED.fullmatch(text) is not None
        if match is not None or is_numbered:
            yield finding(
                "TEMPLATE_TEXT",
                each.row,
                (each.places.get(name, ""),),
                where_zh=f"第 {each.row} 行{title_zh}",
                where_en=f"{title_en} of row {each.row}",
                found=_around(text, match) if match else text,
            )


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 10) : match.end() + 10]


def _at(form: FilledForm, name: str) -> tuple[str, ...]:
    return (form.places.get(name, ""),)
