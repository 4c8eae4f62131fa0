"""F-04: the monitoring form and what reviewers say about it."""

from __future__ import annotations

import copy
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from processes.budget_performance.monitoring import (
    Accumulation,
    MonitoringInputs,
    Operator,
    Reading,
    monitoring_inputs,
)
from tests.forms.library import LIBRARY, texts

D = Decimal
INDICATORS = [
    {"l1": "产出", "l2": "数量", "l3": "清淤长度", "weight": D(20), "nature": ">=", "target": D(18),
     "unit_name": "公里", "accumulation": "cumulative", "is_due": True},
    {"l1": "产出", "l2": "质量", "l3": "断面达标率", "weight": D(15), "nature": ">=", "target": D(95), "unit_name": "%",
     "accumulation": "state", "is_due": True},
    {"l1": "产出", "l2": "成本", "l3": "单位造价", "weight": D(10), "nature": "<=", "target": D(3000),
     "unit_name": "元/米", "accumulation": "state", "is_due": True},
    {"l1": "效益", "l2": "可持续影响", "l3": "管护机制健全性", "weight": D(10), "nature": "qualitative",
     "target_text": "健全", "accumulation": "state", "is_due": False},
]  # fmt: skip
#: What the process says in the August round of A05.
CONTEXT: dict[str, Any] = {
    "fiscal_year": D(2026),
    "project": {"code": "A05", "name": "河湖清淤与生态修复", "department_name": "区农牧和水务局",
                "unit_name": "河湖管护站", "budget_type": "general", "form": "infrastructure"},
    "round": "R3", "cutoff": date(2026, 8, 31), "budget_initial": D(650), "budget_adj": D(650), "spent": D(300),
    "floor": D(60), "g_plan": D("66.67"), "indicators": INDICATORS, "next_cutoff": date(2026, 10, 31),
}  # fmt: skip
SUBMISSION: dict[str, Any] = {
    "forecast": "650", "compliance": True,
    "indicators": [
        {"l3": "清淤长度", "actual": "7.2", "forecast_val": 18, "possibility": "possible", "cause_type": ["other"],
         "cause": "七月汛情导致停工二十天"},
        {"l3": "断面达标率", "actual": 95, "forecast_val": 95, "possibility": "certain"},
        {"l3": "单位造价", "actual": 3150, "forecast_val": 3000, "possibility": "certain"},
        {"l3": "管护机制健全性", "forecast_val": 100, "possibility": "certain"},
    ],
    "issues": [{"type": "output", "text": "清淤进度落后于计划进度"}],
    "measures": [{"text": "增加两个作业面抢回工期", "person": "王工", "due": "2026-10-31"}],
}  # fmt: skip


def changed(**values: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SUBMISSION), **values}


def with_row(number: int, **values: Any) -> dict[str, Any]:
    """The good form with another indicator row; None takes a value out."""
    submission = copy.deepcopy(SUBMISSION)
    submission["indicators"][number].update(values)
    return submission


def test_a_good_form_is_accepted_with_its_rates() -> None:
    checked = LIBRARY.check("F-04", SUBMISSION, CONTEXT)

    assert checked.document["e"] == D("46.15")
    assert checked.document["e_forecast"] == D(100)
    assert [row.get("c") for row in checked.document["indicators"]] == [D(40), D(100), D("95.24"), None]
    assert checked.variables["possibility"] == "possible"
    assert checked.document["project_name"] == "河湖清淤与生态修复"


def test_an_empty_form_begins_with_payments_and_indicators() -> None:
    document = LIBRARY.prefilled("F-04", CONTEXT)

    assert (document["spent"], document["e"]) == (D(300), D("46.15"))
    assert [row["l3"] for row in document["indicators"]] == ["清淤长度", "断面达标率", "单位造价", "管护机制健全性"]


def test_payments_cannot_be_overwritten() -> None:
    checked = LIBRARY.check("F-04", changed(spent=650, budget_adj=1), CONTEXT)

    assert (checked.document["spent"], checked.document["budget_adj"]) == (D(300), D(650))


@pytest.mark.parametrize(
    ("submission", "path", "text"),
    [
        (changed(forecast=299), "forecast", "全年预计执行数 299 万元不得小于已执行数 300 万元。"),
        (changed(forecast=651), "forecast", "全年预计执行数 651 万元不得大于全年预算数 650 万元。"),
        (changed(forecast=600), "forecast_reason", "“预计执行率低于95%的原因”必须填写。"),
        (changed(forecast=None), "forecast", "“全年预计执行数”必须填写。"),
        (
            changed(compliance=False),
            "compliance",
            "须承诺资金使用合规；有违规情形的，请在“存在的问题”中列明类别“违规”。",
        ),
        (with_row(0, actual=None), "indicators/0/actual", "“绩效指标”第 1 行“截至本月完成值”必须填写。"),
        (with_row(0, forecast_val=7), "indicators/0/forecast_val",
         "“清淤长度”为累计型指标，全年预计完成值 7 不得小于已完成值 7.2。"),
        (with_row(0, cause=None, possibility="certain"), "indicators/0/cause",
         "“清淤长度”完成率 40% 低于计划，请填写偏差原因（不少于10个字）。"),
        (with_row(0, cause_type=None, possibility="certain"), "indicators/0/cause_type",
         "“绩效指标”第 1 行“偏差原因类别”必须填写。"),
        (with_row(0, cause="汛情"), "indicators/0/cause", "“绩效指标”第 1 行“偏差原因说明”至少 10 个字（当前 2 个）。"),
        (with_row(0, cause_type=None), "indicators/0/cause_type", "“绩效指标”第 1 行“偏差原因类别”必须填写。"),
        (with_row(1, possibility="maybe"), "indicators/1/possibility",
         "“绩效指标”第 2 行“完成目标可能性”应为 确定能、有可能、完全不可能 之一（当前“maybe”）。"),
        (changed(measures=[{"text": "抓紧", "person": "王工", "due": "下月"}]), "measures/0/due",
         "“纠偏措施”第 1 行“完成时限”必须是日期，如 2026-03-01（当前“下月”）。"),
        (changed(measures=[SUBMISSION["measures"][0] | {"due": "2026-11-01"}]), "measures/0/due",
         "措施完成时限 2026-11-01 晚于下一轮监控的数据截止日 2026-10-31。"),
        (changed(measures=[SUBMISSION["measures"][0] | {"due": "2026-08-30"}]), "measures/0/due",
         "措施完成时限 2026-08-30 早于本轮监控的数据截止日 2026-08-31。"),
        (with_row(0, actual="-7.2"), "indicators/0/actual",
         "“清淤长度”截至本月完成值 -7.2 小于 0，请核实；"
         "确为负数的，在“提示说明”中写明原因（不少于10个字）后即可提交。"),
    ],
)  # fmt: skip
def test_each_fault_says_what_is_wrong(submission: dict[str, Any], path: str, text: str) -> None:
    assert texts("F-04", submission, CONTEXT)[path] == text


def test_a_negative_value_that_is_explained_completes_nothing() -> None:
    submission = with_row(0, actual="-7.2") | {"lint_reason": "上年多报的长度在本年冲减"}

    checked = LIBRARY.check("F-04", submission, CONTEXT)

    assert checked.document["indicators"][0]["c"] == 0
    assert checked.document["lint_reason"] == "上年多报的长度在本年冲减"
    assert "lint_reason" not in LIBRARY.check("F-04", SUBMISSION | {"lint_reason": "没有负数"}, CONTEXT).document


def test_a_measure_may_end_on_the_cut_off_day() -> None:
    submission = changed(measures=[SUBMISSION["measures"][0] | {"due": "2026-08-31"}])

    assert texts("F-04", submission, CONTEXT) == {}


def test_a_violation_named_among_the_issues_replaces_the_promise() -> None:
    issues = [{"type": "violation", "text": "部分资金用于其他项目支出"}]

    assert texts("F-04", changed(compliance=False, issues=issues), CONTEXT) == {}


def test_what_was_not_due_needs_no_value() -> None:
    assert "indicators/3/actual" not in texts("F-04", SUBMISSION, CONTEXT)


def test_spending_beyond_the_budget_stops_the_form() -> None:
    found = texts("F-04", changed(forecast=651), CONTEXT | {"spent": D(651)})

    assert found["spent"] == "执行数 651 万元大于全年预算数 650 万元，请先核对支付数据。"


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ("special_bond", ["bond_income", "bond_due", "bond_unused_months"]),
        ("ppp", ["payment_basis", "paid_before_assessment"]),
        ("investment_fund", ["fund_invested", "fund_idle_months"]),
        ("purchase_service", ["paid_before_acceptance"]),
    ],
)
def test_each_form_of_funding_has_its_own_questions(form: str, asked: list[str]) -> None:
    context = CONTEXT | {"project": CONTEXT["project"] | {"form": form}}

    assert list(texts("F-04", SUBMISSION, context)) == asked


def of_budget(budget_type: str, form: str = "benefit") -> dict[str, Any]:
    return CONTEXT | {"project": CONTEXT["project"] | {"budget_type": budget_type, "form": form}}


def test_a_state_capital_object_shows_the_rate_of_what_was_remitted() -> None:
    context = of_budget("state_capital")

    assert list(texts("F-04", SUBMISSION, context)) == ["remit_due", "remitted"]
    checked = LIBRARY.check("F-04", changed(remit_due=120, remitted=80), context)
    assert checked.variables["remittance_rate"] == D("66.67")
    assert texts("F-04", changed(remit_due=120, remitted=121), context) == {
        "remitted": "已上缴收益 121 万元大于应上缴收益 120 万元，请核对。"
    }
    assert LIBRARY.check("F-04", changed(remit_due=0, remitted=0), context).variables["remittance_rate"] is None


def test_other_budgets_are_not_asked_about_profits_to_be_remitted() -> None:
    checked = LIBRARY.check("F-04", changed(remit_due=120, remitted=80), CONTEXT)

    assert "remit_due" not in checked.document
    assert checked.variables["remittance_rate"] is None


def test_how_long_an_insurance_fund_can_pay_follows_from_its_balance() -> None:
    context = of_budget("social_insurance")

    assert list(texts("F-04", SUBMISSION, context)) == ["fund_balance", "monthly_benefit"]
    checked = LIBRARY.check("F-04", changed(fund_balance=1000, monthly_benefit=36), context)
    assert checked.variables["payable_months"] == D("27.78")
    assert "monthly_benefit" in texts("F-04", changed(fund_balance=1000, monthly_benefit=0), context)


def test_the_coverage_of_a_bond_follows_from_income_and_what_is_due() -> None:
    context = of_budget("gov_fund", "special_bond")

    def coverage(income: int, due: int) -> Any:
        filled = changed(bond_income=income, bond_due=due, bond_unused_months=2)
        return LIBRARY.check("F-04", filled, context).variables["bond_coverage"]

    assert coverage(99, 100) == D("0.99")
    # nothing to repay yet
    assert coverage(0, 0) is None


def inputs_of_the_rule(rows: list[dict[str, Any]]) -> MonitoringInputs:
    """What the server reckons for R04 from rows of the form."""
    readings = [
        Reading(
            name=row["l3"],
            weight=row["weight"],
            operator=Operator(row["nature"]),
            accumulation=Accumulation(row["accumulation"]),
            target=row.get("target"),
            actual=row.get("actual"),
            is_due=row["is_due"],
        )
        for row in rows
    ]
    rule = {"R04": {"floor_by_month": [D(60)] * 12}}
    return monitoring_inputs(month=8, paid=D(300), adjusted_budget=D(650), readings=readings, rule=rule)


def test_the_owner_sees_the_rates_that_the_rule_compares() -> None:
    document = LIBRARY.check("F-04", SUBMISSION, CONTEXT).document

    assert (document["g"], document["g_plan"], document["state_min"]) == (D(40), D("66.67"), D("95.24"))
    assert "g_none" not in document
    assert "state_none" not in document


def test_what_was_submitted_for_the_rates_does_not_count() -> None:
    document = LIBRARY.check("F-04", changed(g=99, g_plan=1, state_min=100), CONTEXT).document

    assert (document["g"], document["g_plan"], document["state_min"]) == (D(40), D("66.67"), D("95.24"))


@pytest.mark.parametrize("seed", range(60))
def test_the_form_reckons_the_rates_as_the_rule_does(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        {"l1": "产出", "l2": "数量", "l3": f"指标{number}", "weight": D(chance.randint(1, 40)),
         "nature": chance.choice([">=", "<=", "=", "qualitative"]), "target": D(chance.randint(0, 9)),
         "accumulation": chance.choice(["cumulative", "state"]), "is_due": chance.random() < 0.7}
        for number in range(chance.randint(1, 6))
    ]  # fmt: skip
    filled = [
        {"l3": row["l3"], "forecast_val": 9, "possibility": "certain"}
        | ({"actual": chance.choice([-2, 0, 1, 3, "4.5", 7, 12])} if chance.random() < 0.8 else {})
        for row in rows
    ]

    document = LIBRARY.review("F-04", changed(indicators=filled), CONTEXT | {"indicators": rows}).document

    expected = inputs_of_the_rule(document["indicators"])
    assert (document.get("g"), document.get("state_min")) == (expected.g, expected.state_min)
    assert (document.get("g_none") == "none", document.get("state_none") == "none") == (
        expected.g is None,
        expected.state_min is None,
    )


#: What the process knows after it has compared (monitoring.compute).
MEASURED = {
    "e": D("46.15"), "floor": D(60), "g": D(46), "g_plan": D("66.67"), "state_min": D(60), "state_min_weight": D(10),
}  # fmt: skip


@pytest.mark.parametrize("form_key", ["F-04-review", "F-04-summary", "F-04-check", "F-04-lower"])
def test_reviewers_see_the_rates_the_level_rests_on(form_key: str) -> None:
    known = {"project": CONTEXT["project"], "level_dept": "yellow", "level_sys": "yellow", "level_reasons": ["Y1"]}
    seen = LIBRARY.prefilled(form_key, known | {"monitoring": MEASURED, "remittance_rate": D("66.67")})
    without = LIBRARY.prefilled(form_key, known | {"monitoring": MEASURED | {"g": None, "state_min": None}})

    names = ("e", "floor", "g", "g_plan", "state_min")
    assert {name: seen[name] for name in names} == {name: MEASURED[name] for name in names}
    assert seen["remittance_rate"] == D("66.67")
    assert (without["g_none"], without["state_none"]) == ("none", "none")
    assert not {"g", "state_min", "remittance_rate", "bond_coverage", "payable_months"} & without.keys()
    assert not {"g_none", "state_none"} & seen.keys()
    fields = LIBRARY.form(form_key)
    assert all(fields.field(name).is_given for name in (*names, "remittance_rate"))


def test_what_was_returned_says_why_on_the_form_itself() -> None:
    said = "监控等级为黄，须填写问题和纠偏措施。"

    assert LIBRARY.prefilled("F-04", CONTEXT | {"return_comment": said})["returned_for"] == said
    assert "returned_for" not in LIBRARY.prefilled("F-04", CONTEXT)


REVIEW: dict[str, Any] = {"project": CONTEXT["project"], "level_sys": "yellow", "level_reasons": ["Y1", "Y4"]}
RAISED = {"decision": "pass", "raised_level": "red", "reason": "部门核查发现质量问题"}


def test_a_department_may_raise_a_level_with_a_reason() -> None:
    assert texts("F-04-review", RAISED, REVIEW) == {}
    assert texts("F-04-review", RAISED | {"reason": None}, REVIEW) == {"reason": "“上调理由”必须填写。"}
    assert texts("F-04-review", {"decision": "pass"}, REVIEW | {"level_sys": "red"}) == {}


def test_the_reasons_of_a_level_are_kept_with_the_review_even_those_that_a_designer_added() -> None:
    kept = LIBRARY.check("F-04-review", {"decision": "pass"}, REVIEW | {"level_reasons": ["Y1", "Z9"]})
    assert kept.document["reasons"] == ["Y1", "Z9"]


def test_a_department_may_not_lower_a_level() -> None:
    assert texts("F-04-review", RAISED | {"raised_level": "green"}, REVIEW) == {
        "raised_level": "部门只能上调等级，不能低于系统等级。"
    }


def test_a_return_says_why() -> None:
    assert texts("F-04-review", {"decision": "return"}, REVIEW) == {"comment": "“退回意见”必须填写。"}
    assert texts("F-04-review", {"decision": "return", "comment": "不准"}, REVIEW) == {
        "comment": "“退回意见”至少 5 个字（当前 2 个）。"
    }


CHECK: dict[str, Any] = {
    "project": CONTEXT["project"],
    "level_dept": "yellow",
    "finance_returns": D(0),
    "is_major": False,
}


@pytest.mark.parametrize(
    ("submission", "context", "path", "text"),
    [
        ({"decision": "pass"}, {}, "is_perf_rectify", "“是否需要整改”必须填写。"),
        ({"decision": "pass", "is_perf_rectify": False}, {"level_dept": "red"}, "is_perf_rectify",
         "最终等级为红，必须整改。"),
        ({"decision": "pass", "is_perf_rectify": True}, {}, "rectify_advise", "“整改要求和建议”必须填写。"),
        ({"decision": "pass", "is_perf_rectify": False}, {"is_major": True}, "site_visit", "“现场核查记录”必须填写。"),
        ({"decision": "return", "comment": "偏差原因不具体"}, {"finance_returns": D(1)}, "decision",
         "本轮已退回过一次，不能再次退回。"),
        ({"decision": "pass", "is_perf_rectify": False, "raised_level": "green", "reason": "进度已经恢复到计划"}, {},
         "raised_level", "财政审核只能上调等级；下调须建议绩效科科长批准。"),
        ({"decision": "lower", "reason": "进度已经恢复到计划水平"}, {"level_dept": "green"}, "decision",
         "等级已为绿，不能下调。"),
    ],
)  # fmt: skip
def test_the_finance_check_keeps_to_its_rules(
    submission: dict[str, Any], context: dict[str, Any], path: str, text: str
) -> None:
    assert texts("F-04-check", submission, CHECK | context)[path] == text


def test_a_finance_check_without_objection_is_short() -> None:
    assert texts("F-04-check", {"decision": "pass", "is_perf_rectify": False}, CHECK) == {}


def test_lowering_means_lower() -> None:
    reason = "现场核实进度已恢复"
    context = {"project": CONTEXT["project"], "level_dept": "yellow", "level_reason": reason}

    lowered = {"decision": "lower", "lowered_level": "green", "reason": f"{reason}情况"}

    assert texts("F-04-lower", lowered, context) == {}
    assert texts("F-04-lower", lowered | {"lowered_level": "yellow"}, context) == {
        "lowered_level": "下调后的等级必须低于现等级。"
    }


def test_going_on_needs_measures_and_the_other_choices_a_reason() -> None:
    context = {"project": CONTEXT["project"]}

    assert texts("F-04-choice", {"choice": "continue"}, context) == {"measures": "“继续执行的措施”必须填写。"}
    assert texts("F-04-choice", {"choice": "adjust"}, context) == {"reason": "“理由”必须填写。"}
    assert texts("F-04-choice", {"choice": "continue", "measures": SUBMISSION["measures"]}, context) == {}
