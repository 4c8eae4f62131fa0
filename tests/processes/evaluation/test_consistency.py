"""R06c: what does not fit together in a self-evaluation is named with its row, everything at once."""

from __future__ import annotations

from typing import Any

import pytest

from processes.budget_performance.evaluation.consistency.check import blocks
from processes.budget_performance.evaluation.consistency.finding import Severity
from processes.budget_performance.evaluation.consistency.finding import codes as known_codes
from tests.processes.evaluation.evaluated import codes, evaluated
from tests.processes.evaluation.official_form import DOCUMENT, with_indicator


def changed(**values: Any) -> dict[str, Any]:
    return {**DOCUMENT, **values}


def money(**values: Any) -> dict[str, Any]:
    """Example A with other money; printed rate and score follow unless they are given."""
    return {**DOCUMENT, "exec_rate": None, "exec_score": None, "total": None, **values}


PARTS = [
    {"source": "fiscal", "initial": 700, "adjusted": 700, "paid": 640},
    {"source": "carry_over", "initial": 100, "adjusted": 100, "paid": 96},
]
LONG_REASON = "现场核查发现台账不全缺三份"

#: Code -> (document, row, Chinese text).
CASES: dict[str, tuple[dict[str, Any], int | None, str]] = {
    "WEIGHTS_NOT_100": (with_indicator(2, weight=16), None, "分值合计（含预算执行）为 101 分，应为 100 分。"),
    "TOTAL_NOT_SUM": (changed(total=93), None, "总分 93 与各项得分之和 92.82 不一致。"),
    "SCORE_OUTSIDE_WEIGHT": (
        with_indicator(1, score=16) | {"total": 93.82}, 1, "“改造教室”得分 16 不在 0 至 15 分之内，且本表无加分规定。",
    ),
    "OVERSPENT": (money(spent=801), 0, "“年度资金总额”全年执行数 801 万元大于全年预算数 800 万元。"),
    "HAND_SET_WITHOUT_REASON": (
        with_indicator(1, hand_set={"points": 12, "reason": "偏高"}), 1, "“改造教室”手工评分 12 的理由不足 10 个字。",
    ),
    "RATIO_BAND": (
        with_indicator(6, rating="partly", ratio=85), 6,
        "“管护机制健全性”的得分比例 85% 与定性评价“部分达成”不符。",
    ),
    "RATE_MISMATCH": (
        changed(exec_rate="93.00%"), 0, "“年度资金总额”执行率 93% 与执行数/全年预算数 92% 不一致。",
    ),
    "EXECUTION_SCORE_MISMATCH": (
        changed(exec_score=10, total=93.62), 0, "预算执行得分 10 不能由执行率 92% 推出（应为 9.2）。",
    ),
    "EXECUTION_REASON_MISSING": (money(spent=700, exec_reason=""), 0, "执行率 87.5% 低于 90%，未说明原因。"),
    "TOTAL_ROW_ZERO": (
        money(budget_initial=0, budget_adj=0, spent=0, budget_rows=PARTS), 0,
        "资金总额为 0 或空白，但“财政拨款”已填列。",
    ),
    "MONEY_PARTS": (
        changed(budget_rows=[*PARTS[:1], {**PARTS[1], "paid": 90}]), 0,
        "全年执行数：各来源之和 730 万元与总额 736 万元不一致。",
    ),
    "INITIAL_BUDGET_ZERO": (changed(budget_initial=0), 0, "年初预算数为 0，全年预算数为 800 万元，须说明追加的依据。"),
    "ZERO_OF_ZERO": (
        money(budget_initial=0, budget_adj=0, spent=0, exec_rate="100%", exec_score=10), 0,
        "预算和执行均为 0，却填报执行率 100%、得分 10。",
    ),
    "BUDGET_CUT": (
        changed(budget_initial=1200), 0,
        "全年预算数 800 万元仅为年初预算数 1200 万元的 66.67%，执行率按调整后计算掩盖了调减。",
    ),
    "MONEY_UNSPENT_ALL_DONE": (
        money(spent=392), 0, "执行率仅 49%，而 1 项数量指标全部完成，请核实预算测算或完成情况。",
    ),
    "DEDUCTED_WITHOUT_REASON": (
        with_indicator(1, score=14) | {"total": 91.82}, 1,
        "“改造教室”已完成（指标值 ≥24间，完成值 24间），得分 14 低于分值 15，未说明原因。",
    ),
    "MISSED_WITH_FULL_MARKS": (
        with_indicator(2, score=15) | {"total": 93.42}, 2,
        "“验收合格率”未完成（指标值 ≥100百分比，完成值 96%），却得满分 15。",
    ),
    "TARGET_ZERO": (
        with_indicator(1, l3="安全事故", target="0起", actual="0起"), 1,
        "“安全事故”指标值为 0、完成值为 0，请说明考核内容。",
    ),
    "ACTUAL_REPEATS_TARGET": (with_indicator(1, actual="≥24间"), 1, "“改造教室”实际完成值照抄指标值“≥24间”。"),
    "ACTUAL_NO_VALUE": (
        with_indicator(1, actual="达成预期指标"), 1, "“改造教室”指标值为“≥24间”，实际完成值“达成预期指标”不是数值。",
    ),
    "BLANK_WITH_FULL_MARKS": (
        with_indicator(1, target="", actual="/"), 1, "“改造教室”指标值和完成值均为空，却得满分 15。",
    ),
    "OVER_ACHIEVED": (
        with_indicator(1, actual="32间"), 1, "“改造教室”完成值为指标值的 133.33%，超过 130%，未说明原因。",
    ),
    "PERCENT_INVERTED": (
        with_indicator(7, actual="3%"), 7, "“家长满意度”指标值 不低于90%，完成值 3%，疑为百分比填反。",
    ),
    # the cost of the whole, ten thousand times too small
    "UNIT_WRONG": (
        with_indicator(4, l3="项目总成本", target="≤800元", actual="736元", score=10, cause="") | {"total": 93.3}, 4,
        "“项目总成本”≤800元 与 800万元 相差 10000 倍，疑为单位（元/万元）填错。",
    ),
    "OPERATOR_DOUBTFUL": (
        with_indicator(7, target="≤90%", actual="87.3%", score=10, cause="") | {"total": 93.12}, 7,
        "“家长满意度”的指标值“≤90%”方向可疑：越多越好，应为下限。",
    ),
    "CEILING_ABOVE_BUDGET": (
        with_indicator(4, l3="项目总成本", target="≤1300万元", actual="736万元", score=10) | {"total": 93.3}, 4,
        "“项目总成本”上限 ≤1300万元 远高于全年预算数 800 万元，没有约束力。",
    ),
    "UNIT_MISSING": (with_indicator(1, target="≥24", actual="24"), 1, "“改造教室”的指标值“≥24”没有计量单位。"),
    "TEMPLATE_TEXT": (with_indicator(1, l3="指标1："), 1, "第 1 行三级指标留有模板文字“指标1：”。"),
}  # fmt: skip


def test_a_form_in_which_everything_fits_has_no_findings():
    assert evaluated(DOCUMENT).findings == ()


@pytest.mark.parametrize("code", CASES)
def test_each_inconsistency_is_found_alone_with_its_row(code):
    document, row, text = CASES[code]

    found = evaluated(document).findings

    assert [(each.code, each.row, each.zh) for each in found] == [(code, row, text)]


def test_every_code_has_a_case():
    # rows of a template are there only in a sheet
    assert {*CASES, "TEMPLATE_ROWS"} == set(known_codes())


@pytest.mark.parametrize("code", CASES)
def test_a_finding_speaks_both_languages_and_names_its_basis(code):
    (found,) = evaluated(CASES[code][0]).findings

    assert "{" not in found.zh + found.en
    assert found.en.endswith((".", "?", "”."))
    assert found.basis


def test_what_blocks_signing_is_what_the_rules_say():
    blocking = {code for code, (document, *_) in CASES.items() if blocks(evaluated(document).findings)}

    assert blocking == {
        "WEIGHTS_NOT_100",
        "TOTAL_NOT_SUM",
        "SCORE_OUTSIDE_WEIGHT",
        "OVERSPENT",
        "HAND_SET_WITHOUT_REASON",
        "RATIO_BAND",
    }


def test_all_findings_come_at_once_blocking_ones_first():
    document = with_indicator(1, weight=20, score=25, actual="32间", target="≥24") | {"budget_initial": 1200}

    found = evaluated(document).findings

    assert [each.code for each in found] == [
        "WEIGHTS_NOT_100",
        "TOTAL_NOT_SUM",
        "SCORE_OUTSIDE_WEIGHT",
        "BUDGET_CUT",
        "OVER_ACHIEVED",
        "UNIT_MISSING",
    ]
    assert [each.severity for each in found] == [Severity.BLOCKING] * 3 + [Severity.WARNING] * 3


def test_a_finding_names_where_its_values_stand():
    (found,) = evaluated(with_indicator(2, score=15) | {"total": 93.42}).findings

    assert found.places == ("indicators/1/target", "indicators/1/actual", "indicators/1/score")


# --- rates and scores, as offices print them


@pytest.mark.parametrize(
    ("spent", "rate", "how"),
    [
        (736, "92%", None),
        (736, "92.0", None),
        (738, "92.25%", None),
        (738, "92.3%", None),
        (738.7, "92.33%", "cut"),
        (736, "61.33%", "other-base"),
        (736, "108.7%", "inverted"),
        (736, "0.92", "share"),
        (736, "95%", "unexplained"),
    ],
)
def test_a_printed_rate_is_the_exact_one_rounded_to_its_own_places(spent, rate, how):
    document = money(budget_initial=1200, spent=spent, exec_rate=rate)

    found = [each for each in evaluated(document).findings if each.code == "RATE_MISMATCH"]

    assert [each.facts["how"] for each in found] == ([how] if how else [])


@pytest.mark.parametrize("score", ["9.67", "9.66", "9.6", "9.7", "9", "10", "9.7"])
def test_an_execution_score_that_some_published_rounding_gives_is_accepted(score):
    document = money(budget_adj=30, budget_initial=30, spent=29, exec_rate="96.67%", exec_score=score)

    assert codes(evaluated(document)) == []


def test_an_execution_score_from_the_printed_rate_is_accepted():
    document = money(budget_adj=30, budget_initial=30, spent=29, exec_rate="97%", exec_score=9.7)

    assert codes(evaluated(document)) == []
    assert codes(evaluated({**document, "exec_score": 9.5})) == ["EXECUTION_SCORE_MISMATCH"]


@pytest.mark.parametrize(("fiscal", "found"), [(800, []), (700, []), (650, ["MONEY_PARTS"])])
def test_what_came_from_above_may_be_a_part_of_the_fiscal_money_or_stand_beside_it(fiscal, found):
    rows = [
        {"source": "fiscal", "initial": fiscal},
        {"source": "superior", "initial": 100},
    ]

    assert codes(evaluated(changed(budget_rows=rows))) == found


# --- limits of the rules


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (with_indicator(1, actual="31.2间"), "OVER_ACHIEVED"),
        (changed(budget_initial=1000), "BUDGET_CUT"),
        (money(spent=400), "MONEY_UNSPENT_ALL_DONE"),
        (
            with_indicator(4, l3="项目总成本", target="≤1200万元", actual="736万元", score=10) | {"total": 93.3},
            "CEILING_ABOVE_BUDGET",
        ),
        (with_indicator(1, weight=15.004), "WEIGHTS_NOT_100"),
    ],
    ids=["130 %", "80 %", "50 %", "150 %", "half a cent"],
)
def test_at_the_limit_nothing_is_found(document, code):
    assert code not in codes(evaluated(document))


def test_a_bonus_is_no_fault_where_the_form_allows_one():
    document = with_indicator(1, score=16) | {"total": 93.82, "bonus_allowed": True}

    assert codes(evaluated(document)) == []


@pytest.mark.parametrize(
    ("points", "allowed", "found"),
    [(15, False, []), (15.5, False, ["SCORE_OUTSIDE_WEIGHT"]), (15.5, True, []), (-1, True, ["SCORE_OUTSIDE_WEIGHT"])],
)
def test_a_score_set_by_hand_lies_inside_its_weight_or_is_a_bonus(points, allowed, found):
    document = with_indicator(1, hand_set={"points": points, "reason": LONG_REASON}) | {"bonus_allowed": allowed}

    assert codes(evaluated(document)) == found


def test_an_explanation_quiets_what_asks_for_one():
    cause = "学位需求增加，区里追加任务"

    assert codes(evaluated(with_indicator(1, actual="32间", cause=cause))) == []
    assert codes(evaluated(with_indicator(1, score=14, cause=cause) | {"total": 91.82})) == []


@pytest.mark.parametrize(
    ("target", "actual", "is_copied"),
    [
        ("300公里", "300公里", False),
        ("2025年12月", "2025年12月", False),
        ("≥24间", "≥ 24 间", True),
        ("效果明显", "效果明显", True),
        ("12月底前", "12月底前", True),
        ("不低于90%", "90%", False),
    ],
)
def test_only_a_bare_value_may_be_repeated(target, actual, is_copied):
    document = {"fiscal_year": 2025, **with_indicator(1, target=target, actual=actual)}

    assert ("ACTUAL_REPEATS_TARGET" in codes(evaluated(document))) is is_copied


def test_a_total_scaled_up_because_something_does_not_apply_is_accepted():
    left_out = with_indicator(7, applies=False, actual="不适用", score=None)

    assert codes(evaluated({**left_out, "total": 92.36})) == []
    assert codes(evaluated({**left_out, "total": 92.3})) == ["TOTAL_NOT_SUM"]


def test_shares_printed_for_percentages_are_told():
    assert codes(evaluated(with_indicator(7, actual="0.873"))) == ["UNIT_WRONG"]
