"""F-01 and F-02: what a sound form becomes, and what is refused with which words."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.processes.declarations import CONTEXT, declaration, indicator, indicators
from tests.processes.drawn import FORMS
from tests.processes.rules.decisions import FOLDER

DISTRICT = json.loads((FOLDER / "demo" / "district.json").read_text("utf-8"))


def faults(form_key: str, submission: dict[str, Any], context: dict[str, Any]) -> list[str]:
    """Chinese texts of what the form refuses."""
    return [fault["message_zh"] for fault in FORMS.review(form_key, submission, context).faults]


def refused(**changes: Any) -> list[str]:
    return faults("F-01", declaration(**changes), CONTEXT)


def changed(row: int, **columns: Any) -> list[dict[str, Any]]:
    """The indicators with columns of one row replaced."""
    rows = indicators()
    rows[row] = {**rows[row], **columns}
    return rows


def test_a_sound_declaration_is_accepted_and_gives_the_requested_amount() -> None:
    checked = FORMS.check("F-01", declaration(), CONTEXT)
    assert checked.variables == {"requested_amount": Decimal(800)}
    assert [row["amount"] for row in checked.document["calc_rows"]] == [Decimal(720), Decimal(80)]
    assert checked.document["project_code"] == "A01"
    assert checked.document["assessment_no"] == "EXA-2026-A01"


@pytest.mark.parametrize(
    ("nature", "unit", "kind"),
    [
        (">=", "间", "cumulative"), (">=", "人次", "cumulative"), (">=", "公里", "cumulative"), (">=", "%", "state"),
        ("<=", "元/㎡", "state"), ("<=", "工作日", "state"), ("qualitative", "", "state"),
    ],
)  # fmt: skip
def test_whether_an_indicator_accumulates_follows_from_its_unit(nature: str, unit: str, kind: str) -> None:
    """FORMS F-01: default from unit; used by R04."""
    first, *others = indicators()
    target = "健全" if nature == "qualitative" else 24
    row = indicator(first["l1"], first["l2"], first["l3"], first["weight"], nature, target, unit)
    del row["accumulation"]

    document = FORMS.review("F-01", declaration(indicators=[row, *others]), CONTEXT).document

    assert document["indicators"][0]["accumulation"] == kind


def test_who_knows_better_than_the_unit_says_so() -> None:
    checked = FORMS.check("F-01", declaration(indicators=changed(0, accumulation="state")), CONTEXT)

    assert checked.document["indicators"][0]["accumulation"] == "state"


def test_nearly_all_indicators_of_the_district_are_what_their_units_say() -> None:
    """Of 87; the others count places or people that are there at a time."""
    said = [each for project in DISTRICT["projects"] for each in project["indicators"]]
    default = next(
        column.default
        for field in FORMS.form("F-01").fields if field.name == "indicators"
        for column in field.columns if column.name == "accumulation"
    )  # fmt: skip
    assert default is not None
    apart = [
        (each["unit"], each["accumulation"])
        for each in said
        if default.evaluate({"nature": each["op"], "unit_name": each["unit"] or None}) != each["accumulation"]
    ]

    assert len(apart) <= 3 and {unit for unit, _ in apart} <= {"个", "人"}


def test_an_empty_declaration_begins_with_what_is_known_of_the_object() -> None:
    begun = FORMS.prefilled("F-01", CONTEXT)
    assert (begun["start"], begun["end"]) == (date(2026, 1, 1), date(2027, 12, 31))
    assert (begun["amount_total"], begun["amount_year"]) == (Decimal(1500), Decimal(800))
    assert [row["month"] for row in begun["cash_plan"]] == [Decimal(month) for month in range(1, 13)]


def test_who_has_to_mend_a_declaration_reads_what_the_check_found() -> None:
    found = ["指标分值合计应为 90，实为 95。", "用款计划合计 45 万元，与年度资金 95 万元不一致。"]
    returned = {"goal_errors": found, "return_comment": "自动校验未通过，请按提示修改。"}
    begun = FORMS.prefilled("F-01", CONTEXT | returned)

    assert begun["errors_found"] == "指标分值合计应为 90，实为 95。\n用款计划合计 45 万元，与年度资金 95 万元不一致。"
    assert begun["returned_for"] == "自动校验未通过，请按提示修改。"
    assert not {"errors_found", "returned_for"} & FORMS.prefilled("F-01", CONTEXT | {"goal_errors": []}).keys()


def test_what_is_missing_is_said_field_by_field() -> None:
    said = faults("F-01", {}, CONTEXT)
    for title in ("测算明细", "立项依据", "依据文件", "年度目标", "绩效指标", "权重方案", "民生标准比对"):
        assert f"“{title}”必须填写。" in said, title


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"amt_fiscal": 1400}, "资金来源合计 1400 万元与资金总额 1500 万元不符。"),
        ({"end": date(2025, 12, 31)}, "项目期止 2025-12-31 早于项目期起 2026-01-01。"),
        (
            {"calc_rows": [{"item": "教室改造", "qty": 20, "unit": "间", "price": 30}]},
            "测算明细合计 600 万元与年度资金 800 万元不符。",
        ),
        (
            {"cash_plan": [{"month": month, "amount": 60} for month in range(1, 13)]},
            "用款计划合计 720 万元与年度资金 800 万元不符。",
        ),
        ({"cash_plan": None}, "“用款计划”第 12 行“金额”必须填写。"),
        (
            {"cash_plan": [{"month": 6, "amount": 400}, {"month": 6, "amount": 400}]},
            "“用款计划”的“6”出现多次。",
        ),
        ({"floor_basis": "cash_plan"}, "“采用用款计划的理由”必须填写。"),
        ({"goal_year": "改造教室。"}, "“年度目标”至少 30 个字（当前 5 个）。"),
        ({"goal_mid": None}, "“总体目标（中期）”必须填写。"),
        ({"indicators": changed(0, weight=20)}, "指标分值合计 95 分，应为 90 分（预算执行率另占 10 分）。"),
        (
            {"indicators": [*changed(0, weight=10)[:-1], {**indicators()[-1], "weight": 15}]},
            "各一级指标分值（成本 0、产出 45、效益 30、满意度 15）不符合所选权重方案。",
        ),
        ({"indicators": changed(3, nature=">=")}, "成本指标“单位造价”只能用“≤”或“＝”。"),
        ({"indicators": changed(0, l3="资金支付进度")}, "“资金支付进度”把资金支付当作数量指标，请改为产出的数量。"),
        ({"indicators": changed(0, l3="验收合格率")}, "三级指标“验收合格率”重复。"),
        ({"indicators": changed(0, l2="社会效益")}, "“改造教室”的二级指标“社会效益”不属于一级指标“产出”。"),
        ({"indicators": changed(0, target=0)}, "“改造教室”的指标值须大于 0；只有“＝”可以为 0。"),
        ({"indicators": changed(0, due_month=13)}, "“绩效指标”第 1 行“考核节点（月）”不得大于 12（当前 13）。"),
        ({"indicators": changed(2, l2="数量")}, "至少一项“时效”指标。"),
        ({"indicators": indicators()[:-1]}, "至少一项“满意度”指标，或说明理由。"),
        ({"standard_files": []}, "“民生标准比对”必须填写。"),
    ],
)
def test_an_unsound_declaration_is_refused_in_chinese(changes: dict[str, Any], text: str) -> None:
    assert text in refused(**changes)


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (None, "“绩效指标”第 1 行“分值权重”必须填写。"),
        ("十五", "“绩效指标”第 1 行“分值权重”必须是数字（当前“十五”）。"),
    ],
)
def test_no_sum_is_told_of_weights_that_are_not_all_there(weight: str | None, said: str) -> None:
    assert refused(indicators=changed(0, weight=weight)) == [said]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"indicators": changed(5, target_text="进一步健全")},
            "“管护机制健全性”的指标值含“加强、提高、推进、进一步、显著、基本”等笼统词且无数字。",
        ),
        (
            {"goal_year": "进一步改善义务教育薄弱环节，推进学校建设，显著提高办学水平和家长满意程度，按期完成任务。"},
            "年度目标含“加强、提高、推进、进一步、显著、基本”等笼统词且无数字。",
        ),
        (
            {"indicators": changed(4, unit_name="%", target=95, explain="新增学位占比")},
            "效益指标“新增学位”为百分比，请在指标解释中写明计算公式（分子÷分母）。",
        ),
        (
            {"indicators": changed(0, hist_value=50)},
            "“改造教室”的指标值 24 与上年实际 50 相差过大（低于80%或高于150%）。",
        ),
        ({"indicators": changed(4, l3="改造教室新增学位")}, "“产出”与“效益”的三级指标内容重复。"),
    ],
)
def test_a_warning_is_allowed_with_a_reason(changes: dict[str, Any], text: str) -> None:
    assert refused(**changes) == [text]
    assert refused(**changes, lint_reason="已与业务科沟通，口径一致，说明见附件。") == []


def test_a_weight_above_30_and_few_result_indicators_are_warned_about() -> None:
    rows = [
        indicator("产出", "数量", "改造教室", 35, ">=", 24, "间"),
        indicator("产出", "质量", "验收合格率", 4, ">=", 100, "%"),
        indicator("产出", "时效", "节点按期完成率", 11, ">=", 100, "%"),
        indicator("效益", "社会效益", "新增学位", 30, ">=", 1080, "个"),
        indicator("满意度", "服务对象", "家长满意度", 10, ">=", 90, "%"),
    ]
    assert refused(indicators=rows) == [
        "“改造教室”的分值 35 大于 30 分。",
        "结果类指标（质量、效益、满意度）分值低于一半。",
    ]


def test_a_new_object_without_a_passed_assessment_is_refused() -> None:
    context = {**CONTEXT, "assessment_outcome": None}
    assert faults("F-01", declaration(), context) == ["新增对象须先通过事前绩效评估。"]


def test_a_policy_lasts_five_years_at_most() -> None:
    context = {**CONTEXT, "kind": "policy", "end_year": Decimal(2031)}
    said = faults("F-01", declaration(end=date(2031, 12, 31)), context)
    assert "政策期限不得超过 5 年（2026-01-01 至 2031-12-31）。" in said


REVIEW_CONTEXT = {**CONTEXT, "stage": "finance", "requested_amount": Decimal(800)}
#: ORG 8.3: 90 points.
POINTS = {"c1": 9, "c2": 9, "r1": 14, "r2": 13, "a1": 14, "a2": 13, "f1": 9, "f2": 9}


def test_the_score_of_a_review_is_the_sum_of_its_criteria() -> None:
    checked = FORMS.check("F-02", {**POINTS, "amount_advice": 800}, REVIEW_CONTEXT)
    assert (checked.document["score"], checked.document["grade"]) == (Decimal(90), "优")
    assert checked.variables["review_score"] == Decimal(90)
    assert checked.variables["amount_advice"] == Decimal(800)


def test_the_department_decides_and_advises_no_amount() -> None:
    context = {**REVIEW_CONTEXT, "stage": "department"}
    checked = FORMS.check("F-02", {**POINTS, "decision": "pass"}, context)
    assert (checked.variables["decision"], checked.variables["amount_advice"]) == ("pass", None)
    assert faults("F-02", POINTS, context) == ["“审核结论”必须填写。"]
    assert faults("F-02", {**POINTS, "decision": "return"}, context) == ["“意见”必须填写。"]


def test_a_review_below_excellent_needs_comments() -> None:
    said = faults("F-02", {**POINTS, "c1": 4, "amount_advice": 800}, REVIEW_CONTEXT)
    assert said == ["等级不是“优”的，至少填写一条逐项意见。"]


def test_a_criterion_has_its_own_most_points() -> None:
    assert "“规范完整性”不得大于 10（当前 11）。" in faults("F-02", {**POINTS, "c1": 11}, REVIEW_CONTEXT)


def test_another_amount_than_requested_needs_a_reason_and_poor_goals_get_none() -> None:
    assert faults("F-02", {**POINTS, "amount_advice": 700}, REVIEW_CONTEXT) == ["“与申请不一致的理由”必须填写。"]
    poor = {key: 1 for key in POINTS} | {"amount_advice": 800, "comments": [{"field": "goal", "comment": "目标不清晰"}]}
    assert faults("F-02", poor, REVIEW_CONTEXT) == ["等级为“差”的，建议资金应为 0。"]


def test_consent_names_what_was_amended() -> None:
    context = {**CONTEXT, "goal_score": Decimal(85)}
    assert faults("F-02-amend", {"consent": True, "consent_by": "edu1.proj"}, context) == ["“修改后的内容”必须填写。"]
    row = {"field": "indicators", "old": "家长满意度≥85%", "new": "家长满意度≥90%"}
    checked = FORMS.check("F-02-amend", {"consent": True, "consent_by": "edu1.proj", "amendments": [row]}, context)
    assert checked.variables["consent"] is True
    assert faults("F-02-amend", {"consent": False}, context) == ["“不同意的意见”必须填写。"]


def test_only_good_goals_are_confirmed() -> None:
    context = {**CONTEXT, "goal_score": Decimal(85), "goal_grade": "良"}
    assert faults("F-02-confirm", {"confirmed": True}, context) == []
    assert faults("F-02-confirm", {"confirmed": False}, context) == ["须确认进入下一步预算安排。"]
    said = faults("F-02-confirm", {"confirmed": True}, {**context, "goal_grade": "中"})
    assert said == ["只有“优”或完善后的“良”可以进入下一步（当前“中”）。"]
