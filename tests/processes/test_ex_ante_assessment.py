"""P01 ex-ante assessment: checklist and panel, adjustment in two rounds, investment authority and finance."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.opinion.cases import Case, Complete
from engine.bpmn.opinion.verdict import Outcome
from engine.bpmn.second_opinion import second_opinion
from engine.model.calendar import SHANGHAI
from tests.processes.declarations import CONTEXT, indicators
from tests.processes.drawn import FORMS, Course, graph
from tests.processes.rules.decisions import FOLDER

#: Thursday, 6 August 2026, 09:00 Asia/Shanghai.
AUGUST = datetime(2026, 8, 6, 1, 0, tzinfo=UTC)
OBJECT: dict[str, Any] = {
    "project_code": "E03",
    "project_name": "智慧停车",
    "fiscal_year": Decimal(2027),
    "unit_code": "23",
    "department_code": "23",
    "owner": "hous.proj",
    "emergency": False,
}
EXPERTS = ["exp.a", "exp.b", "exp.c"]


def begun(depth: str, **variables: Any) -> Course:
    course = Course(graph("ex_ante_assessment"), now=AUGUST)
    known = {**OBJECT, "investment_opinion": False, "finance_stage": False, "depth": depth, **variables}
    course.start(business_key="EXA-2027-E03", **known)
    return course.answer("search", duplicates=[])  # type: ignore[return-value]


def filed(depth: str, **variables: Any) -> Course:
    return begun(depth, **variables).complete("file").answer("check", faults=[], has_faults=False)  # type: ignore[return-value]


def scored(course: Course, score: str, spread: int = 4, vetoes: tuple[str, ...] = ()) -> Course:
    """The answer of the service that puts the ratings together."""
    return course.answer("consolidate", score=Decimal(score), spread=Decimal(spread), vetoes=list(vetoes))  # type: ignore[return-value]


def checklist(course: Course, score: str, vetoes: tuple[str, ...] = ()) -> Course:
    course.complete("score-simple", score=Decimal(score), vetoes=list(vetoes), suggested_amount=Decimal(90))
    return scored(course, score, 0, vetoes)


def panel(course: Course, score: str) -> Course:
    if course.user_tasks == ["choose-experts"]:
        course.complete("choose-experts", experts=EXPERTS)
    for _ in EXPERTS:
        course.complete("score-full", score=Decimal(score), vetoes=[], suggested_amount=Decimal(620))
    scored(course, score)
    return course.complete("panel", score=Decimal(score), confirmed_amount=Decimal(620), conditions=None)  # type: ignore[return-value]


def ended(course: Course) -> tuple[str, str]:
    """Where it ended and what the world was told."""
    return course.outcome[1], course.message("exante.done").variables["result"]


def test_a_simple_assessment_needs_one_checklist_and_the_signature_of_the_department() -> None:
    course = checklist(filed("simple"), "85")
    assert course.user_tasks == ["head-sign"]
    course.complete("head-sign", decision="agree")
    course.answer("register", valid_until=datetime(2028, 8, 6, tzinfo=UTC).date())
    assert ended(course) == ("supported", "yes")
    told = course.message("exante.done")
    assert (told.correlation_key, told.variables["conclusion"]) == ("PRJ:E03:2027", "support")


@pytest.mark.parametrize(
    ("score", "step"), [("80.00", None), ("79.99", "adjust"), ("60", "adjust"), ("59.99", "rejected")]
)
def test_the_score_decides_the_conclusion(score: str, step: str | None) -> None:
    course = checklist(filed("simple"), score).complete("head-sign", decision="agree")
    if step == "rejected":
        assert ended(course) == ("rejected", "no")
    else:
        assert course.user_tasks == ([step] if step else [])
        assert course.services == ([] if step else ["register"])


def test_a_veto_rejects_whatever_the_score() -> None:
    course = checklist(filed("simple"), "95", ("V2",)).complete("head-sign", decision="agree")
    assert ended(course) == ("rejected", "no")


def test_faults_of_the_formal_check_return_the_application() -> None:
    course = begun("simple").complete("file").answer("check", faults=["缺少实施方案"], has_faults=True)
    assert course.user_tasks == ["file"]
    due = course.created("file").due_at.astimezone(SHANGHAI)
    assert due.strftime("%Y-%m-%d %H:%M") == "2026-08-13 18:00"


def test_an_emergency_is_assessed_within_30_days_after_its_start() -> None:
    due = begun("simple", emergency=True).created("file").due_at.astimezone(SHANGHAI)
    # 5 September 2026 is a Saturday: the next working day
    assert due.strftime("%Y-%m-%d") == "2026-09-07"


def test_each_expert_scores_alone_and_all_are_collected() -> None:
    course = filed("full").complete("choose-experts", experts=EXPERTS)
    assert course.user_tasks == ["score-full"] * 3
    created = [event for event in course.events if type(event).__name__ == "UserTaskCreated"]
    assert [event.assignee for event in created] == EXPERTS
    for score in (84, 86, 88):
        course.complete("score-full", score=Decimal(score), vetoes=[], suggested_amount=Decimal(620))
    assert [(each["expert"], each["score"]) for each in course.variables["ratings"]] == [
        ("exp.a", Decimal(84)),
        ("exp.b", Decimal(86)),
        ("exp.c", Decimal(88)),
    ]
    assert scored(course, "86").user_tasks == ["panel"]


def test_when_the_time_for_scoring_is_over_three_scores_are_enough() -> None:
    course = filed("full").complete("choose-experts", experts=[*EXPERTS, "exp.d", "exp.e"])
    for _ in range(3):
        course.complete("score-full", score=Decimal(86), vetoes=[], suggested_amount=Decimal(620))
    course.fire("scoring-ends")
    assert course.services == ["consolidate"]


def test_fewer_than_three_scores_ask_for_other_experts() -> None:
    course = filed("full").complete("choose-experts", experts=EXPERTS)
    course.complete("score-full", score=Decimal(86), vetoes=[], suggested_amount=Decimal(620))
    course.fire("scoring-ends")
    assert course.user_tasks == ["choose-experts"]
    assert panel(course, "86").user_tasks == ["head-sign"]


def test_adjustment_has_two_rounds_and_then_counts_as_not_supported() -> None:
    course = checklist(filed("simple"), "70").complete("head-sign", decision="agree")
    for _ in range(2):
        course.complete("adjust")
        checklist(course, "70").complete("head-sign", decision="agree")
    assert ended(course) == ("rejected", "no")
    assert course.path.count("adjust") == 2


def test_the_same_experts_score_an_adjusted_object_again() -> None:
    course = panel(filed("full"), "70").complete("head-sign", decision="agree").complete("adjust")
    assert course.user_tasks == ["score-full"] * 3
    panel(course, "85").complete("head-sign", decision="agree")
    assert course.services == ["register"]


@pytest.mark.parametrize(("depth", "back_to"), [("simple", "score-simple"), ("full", "panel")])
def test_the_head_may_disagree_once_and_then_concludes_himself(depth: str, back_to: str) -> None:
    course = filed(depth)
    course = checklist(course, "85") if depth == "simple" else panel(course, "85")
    course.complete("head-sign", decision="disagree", comment="成本依据不足")
    assert course.user_tasks == [back_to]
    if depth == "simple":
        checklist(course, "85")
    else:
        course.complete("panel", score=Decimal(85), confirmed_amount=Decimal(600), conditions=None)
    course.complete("head-sign", decision="disagree", comment="不宜实施", own_conclusion="not_support")
    assert ended(course) == ("rejected", "no")


def test_the_head_cannot_ask_for_a_third_adjustment() -> None:
    course = checklist(filed("simple"), "70").complete("head-sign", decision="agree").complete("adjust")
    checklist(course, "70").complete("head-sign", decision="agree").complete("adjust")
    checklist(course, "85").complete("head-sign", decision="disagree", comment="仍须调整")
    own = "support_after_adjustment"
    checklist(course, "85").complete("head-sign", decision="disagree", comment="仍须调整", own_conclusion=own)
    assert ended(course) == ("rejected", "no")
    context = {**FULL, "score": Decimal(85), "conclusion": "support", "disagreements": 1, "adjust_rounds": Decimal(2)}
    signed = {"decision": "disagree", "own_conclusion": own, "comment": "仍须调整方案"}
    assert faults("F-03-sign", signed, context) == [
        "已调整两轮，不得再次调整，结论只能是“予以支持”或“不予支持”。"
    ]


@pytest.mark.parametrize(
    ("decision", "step"),
    [("approve", "finance-review"), ("conditions", "finance-review"), ("return", "file"), ("refuse", None)],
)
def test_infrastructure_needs_the_investment_authority(decision: str, step: str | None) -> None:
    course = filed("full", investment_opinion=True, finance_stage=True)
    panel(course, "82").complete("head-sign", decision="agree")
    assert course.user_tasks == ["investment"]
    assert course.created("investment").candidate_groups == ("investment_authority",)
    course.complete("investment", decision=decision, comment="请补正材料", conditions="须落实配套资金")
    if step is None:
        assert ended(course) == ("rejected", "no")
    else:
        assert course.user_tasks == [step]


@pytest.mark.parametrize(("decision", "step"), [("support", "register"), ("adjust", "adjust"), ("refuse", None)])
def test_finance_decides_on_major_objects(decision: str, step: str | None) -> None:
    course = panel(filed("full", finance_stage=True), "86").complete("head-sign", decision="agree")
    course.complete("finance-review", finance_score=Decimal(84), needs_commission=False)
    course.complete("decide", decision=decision, comment="压减规模", confirmed_amount=Decimal(600))
    if step is None:
        assert ended(course) == ("rejected", "no")
    else:
        assert step in course.user_tasks + course.services


def test_finance_cannot_ask_for_a_third_adjustment() -> None:
    course = panel(filed("full", finance_stage=True), "86").complete("head-sign", decision="agree")
    for _ in range(2):
        course.complete("finance-review", finance_score=Decimal(84), needs_commission=False)
        course.complete("decide", decision="adjust", comment="压减规模")
        panel(course.complete("adjust"), "86").complete("head-sign", decision="agree")  # type: ignore[arg-type]
    course.complete("finance-review", finance_score=Decimal(84), needs_commission=False)
    course.complete("decide", decision="adjust", comment="压减规模")
    assert ended(course) == ("rejected", "no")


def test_the_head_is_warned_before_the_budget_opens_and_the_warning_holds_nothing_up() -> None:
    course = Course(graph("ex_ante_assessment"), now=datetime(2026, 5, 20, 1, 0, tzinfo=UTC))
    known = {**OBJECT, "investment_opinion": False, "finance_stage": False, "depth": "simple"}
    course.start(business_key="EXA-2027-E03", **known).answer("search", duplicates=[])
    assert course.due("nearly-open").astimezone(SHANGHAI).strftime("%m-%d") == "06-02"  # type: ignore[union-attr]
    course.fire("nearly-open")
    assert course.user_tasks == ["file", "warn-head"]
    course.complete("file").answer("check", faults=[], has_faults=False)
    checklist(course, "85").complete("head-sign", decision="agree").answer("register", valid_until=None)
    assert course.outcome == ("completed", "supported")


# --- forms ------------------------------------------------------------------------------------------------------------

FULL = {**CONTEXT, "livelihood": False, "depth": "full", "vetoes": [], "disagreements": None, "adjust_rounds": None}


def application(**changes: Any) -> dict[str, Any]:
    """A sound application, A01 as its owner would file it."""
    return {
        "background": "中心城区学位紧张，大班额问题突出。",
        "basis": [{"name": "薄弱环节改善与能力提升实施方案"}],
        "beneficiaries": "义务教育阶段学生",
        "beneficiary_count": 2000,
        "overlap": "与既有项目无重复",
        "plan": [{"name": "实施方案"}],
        "total": 1500,
        "by_year": [{"year": 2026, "amount": 800}, {"year": 2027, "amount": 700}],
        "financing": [
            {"source": "本级财政", "amount": 1200, "is_debt": False, "evidence": "财政承诺函"},
            {"source": "上级补助", "amount": 300, "is_debt": False, "evidence": "补助文件"},
        ],
        "risk": [{"risk": "工期延误", "level": "middle", "measure": "假期集中施工"}],
        "indicators": indicators(),
        "studies": [{"name": "可行性研究报告"}],
        **changes,
    }


def faults(form_key: str, submission: dict[str, Any], context: dict[str, Any] = FULL) -> list[str]:
    return [fault["message_zh"] for fault in FORMS.review(form_key, submission, context).faults]


def test_a_sound_application_is_accepted_with_the_share_of_each_source() -> None:
    document = FORMS.check("F-03-A", application(), FULL).document
    assert [row["share"] for row in document["financing"]] == [Decimal(80), Decimal(20)]
    assert document["debt_amount"] == Decimal(0)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"by_year": [{"year": 2026, "amount": 800}]}, "分年投资合计 800 万元与总投资 1500 万元不符。"),
        (
            {"financing": [{"source": "专项债券", "amount": 900, "is_debt": True, "evidence": "额度文件"}]},
            "筹资合计 900 万元与总投资 1500 万元不符。",
        ),
        (
            {"financing": [{"source": "专项债券", "amount": 1500, "is_debt": True, "evidence": "额度文件"}]},
            "“财政可承受能力”必须填写。",
        ),
        ({"studies": []}, "“社会稳定、可行性、专家论证”必须填写。"),
        ({"plan": []}, "“实施方案”必须填写。"),
    ],
)
def test_an_unsound_application_is_refused(changes: dict[str, Any], text: str) -> None:
    assert text in faults("F-03-A", application(**changes))


#: What the search finds for the applicant, and how he explains it.
ALIKE = [{"project_code": "B08", "project_name": "智慧停车二期", "unit_code": "2301"}]
NO_DUPLICATE = {"project_code": "B08", "reason": "二期为道路泊位，本项目为公共停车场。"}


def test_the_applicant_sees_objects_of_a_like_name_and_says_why_his_is_no_duplicate() -> None:
    context = {**FULL, "duplicates": ALIKE}

    assert FORMS.prefilled("F-03-A", context)["duplicates"] == ALIKE
    assert faults("F-03-A", application(), context) == ["“疑似重复对象”第 1 行“不属于重复的理由”必须填写。"]
    short = application(duplicates=[{**NO_DUPLICATE, "reason": "不重复"}])
    assert faults("F-03-A", short, context) == ["“疑似重复对象”第 1 行“不属于重复的理由”至少 10 个字（当前 3 个）。"]
    checked = FORMS.check("F-03-A", application(duplicates=[NO_DUPLICATE]), context)
    assert checked.variables["duplicates"] == [{**ALIKE[0], **NO_DUPLICATE}]


def test_the_applicant_can_neither_rename_nor_add_nor_leave_out_what_was_found() -> None:
    context = {**FULL, "duplicates": ALIKE}
    renamed = application(duplicates=[{**NO_DUPLICATE, "project_name": "别的项目", "unit_code": "23"}])
    added = application(duplicates=[NO_DUPLICATE, {"project_code": "B09", "reason": "自己添加的一个对象说明"}])

    document = FORMS.check("F-03-A", renamed, context).document
    assert document["duplicates"] == [{**ALIKE[0], "reason": NO_DUPLICATE["reason"]}]
    assert "“疑似重复对象”没有“B09”这一行，不能增加。" in faults("F-03-A", added, context)
    assert faults("F-03-A", application(duplicates=[]), context) != []


def test_a_search_that_found_nothing_says_so() -> None:
    document = FORMS.check("F-03-A", application(), {**FULL, "duplicates": []}).document

    assert document["no_duplicates"] == "none"
    assert "duplicates" not in document
    assert "no_duplicates" not in FORMS.prefilled("F-03-A", {**FULL, "duplicates": ALIKE})


@pytest.mark.parametrize("form_key", ["F-03-B", "F-03-C", "F-03-sign", "F-03-finance", "F-03-decision"])
def test_whoever_judges_the_object_sees_its_likes_and_the_explanation_and_cannot_change_them(form_key: str) -> None:
    explained = [{**ALIKE[0], **NO_DUPLICATE}]

    assert FORMS.prefilled(form_key, {**FULL, "duplicates": explained})["duplicates"] == explained
    assert "duplicates" not in FORMS.prefilled(form_key, {**FULL, "duplicates": []})
    assert FORMS.form(form_key).field("duplicates").is_given
    changed = FORMS.review(form_key, {"duplicates": []}, {**FULL, "duplicates": explained}).document
    assert changed["duplicates"] == explained


def test_who_has_to_mend_the_application_reads_what_was_found() -> None:
    found = ["“低保”标准 801 高于上级标准 800。", "“低保”扩大了保障范围。"]
    context = {**FULL, "faults": found, "return_comment": "材料不全或不符合规定，请按提示补正。"}

    document = FORMS.prefilled("F-03-A", context)

    assert document["faults_found"] == "“低保”标准 801 高于上级标准 800。\n“低保”扩大了保障范围。"
    assert document["returned_for"] == "材料不全或不符合规定，请按提示补正。"
    assert not {"faults_found", "returned_for"} & FORMS.prefilled("F-03-A", {**FULL, "faults": []}).keys()


def test_what_the_applicant_explains_goes_with_the_case() -> None:
    course = Course(graph("ex_ante_assessment"), now=AUGUST)
    known = {**OBJECT, "investment_opinion": False, "finance_stage": False, "depth": "simple"}
    course.start(business_key="EXA-2027-E03", **known).answer("search", duplicates=ALIKE)
    assert course.variables["duplicates"] == ALIKE
    explained = [{**ALIKE[0], **NO_DUPLICATE}]
    course.complete("file", duplicates=explained)
    assert course.variables["duplicates"] == explained
    course.answer("check", faults=[], has_faults=False, duplicates=explained)
    assert (course.user_tasks, course.variables["duplicates"]) == (["score-simple"], explained)


def test_a_livelihood_object_compares_its_standards() -> None:
    assert faults("F-03-A", application(), {**FULL, "livelihood": True}) == ["“民生标准比对”必须填写。"]


def ratings(rating: str, **changes: Any) -> dict[str, Any]:
    """Twenty times the same rating."""
    items = [column.name for column in FORMS.form("F-03-B").fields if len(column.choices) == 4]
    assert len(items) == 20
    return {
        **dict.fromkeys(items, rating),
        "suggested_amount": 800,
        "opinion": "依据充分，目标明确，建议支持。",
        **changes,
    }


@pytest.mark.parametrize(("rating", "score"), [("优", 100), ("良", 80)])
def test_twenty_ratings_give_the_score(rating: str, score: int) -> None:
    assert FORMS.check("F-03-B", ratings(rating), FULL).variables["score"] == Decimal(score)


def test_a_medium_or_poor_rating_and_a_veto_need_reasons() -> None:
    assert faults("F-03-B", ratings("优", economy_cost="中")) == ["“扣分理由”必须填写。"]
    checked = FORMS.check("F-03-B", ratings("优", economy_cost="差", economy_reason="单价高于同类项目"), FULL)
    assert checked.variables["score"] == Decimal("96.5")
    assert faults("F-03-B", ratings("优", vetoes=["V5"])) == ["“否决理由”必须填写。"]


def test_a_panel_is_odd_and_without_the_owner() -> None:
    chosen = {"experts": ["exp.a", "exp.b", "exp.c", "exp.d"], "avoidance": "均无利害关系"}
    assert faults("F-03-experts", chosen) == ["专家人数必须为单数（当前 4 人）。"]
    assert faults("F-03-experts", {**chosen, "experts": ["exp.a", "exp.b"]}) == ["“专家”至少 3 项（当前 2 项）。"]
    owner = {**chosen, "experts": ["exp.a", "exp.b", "edu1.proj"]}
    assert faults("F-03-experts", owner) == ["项目责任人不能担任评估专家。"]


def report(**changes: Any) -> dict[str, Any]:
    text = "依据充分，内容完整，目标明确合理。"
    return {
        "object": text,
        "work": text,
        "methods": ["cost_benefit"],
        "assessment": text,
        "advice": "建议支持",
        "confirmed_amount": 800,
        "signed_by": "张教授",
        **changes,
    }


def test_a_spread_above_20_is_discussed_before_the_conclusion() -> None:
    close = {**FULL, "score": Decimal(86), "spread": Decimal(4)}
    checked = FORMS.check("F-03-C", report(), close)
    assert (checked.variables["score"], checked.document["conclusion"]) == (Decimal(86), "support")
    apart = {**FULL, "score": Decimal(82), "spread": Decimal(40)}
    assert faults("F-03-C", report(), apart) == ["“复议记录”必须填写。", "“复议后得分”必须填写。"]
    checked = FORMS.check("F-03-C", report(discussion="逐项复议后统一意见。", agreed_score=75), apart)
    assert (checked.variables["score"], checked.document["conclusion"]) == (Decimal(75), "support_after_adjustment")


def test_the_head_cannot_conclude_against_a_veto() -> None:
    context = {**FULL, "score": Decimal(95), "conclusion": "not_support", "vetoes": ["V2"], "disagreements": Decimal(1)}
    signed = {"decision": "disagree", "own_conclusion": "support", "comment": "仍建议支持"}
    assert faults("F-03-sign", signed, context) == ["存在一票否决情形，结论只能是“不予支持”。"]


def test_finance_has_no_third_round_of_adjustment() -> None:
    context = {**FULL, "score": Decimal(85), "adjust_rounds": Decimal(2)}
    decided = {"decision": "adjust", "comment": "压减建设规模"}
    assert faults("F-03-decision", decided, context) == ["已调整两轮，只能支持或不予支持。"]


# --- the second opinion -----------------------------------------------------------------------------------------------


def test_another_engine_goes_the_same_ways() -> None:
    """SpiffWorkflow plays the checklist and the panel of three; both show the same after each step."""
    answers: dict[str, tuple[Any, ...]] = {
        "check": ({"faults": [], "has_faults": False},),
        "consolidate": ({"score": Decimal(85), "spread": Decimal(0), "vetoes": []},),
        "register": ({"valid_until": "2028-08-06"},),
    }
    rated = {"score": Decimal(85), "vetoes": [], "suggested_amount": Decimal(620)}
    agreed = Complete("head-sign", {"decision": "agree"})
    known = {**OBJECT, "investment_opinion": False, "finance_stage": False}
    report = {"score": Decimal(85), "confirmed_amount": Decimal(620), "conditions": None}
    panel_steps = (
        Complete("file"),
        Complete("choose-experts", {"experts": EXPERTS}),
        *[Complete("score-full", rated) for _ in EXPERTS],
        Complete("panel", report),
        agreed,
    )
    ways = {"simple": (Complete("file"), Complete("score-simple", rated), agreed), "full": panel_steps}
    cases = [
        Case(
            name=depth,
            variables={**known, "depth": depth},
            steps=steps,
            answers=answers,
            decisions={"R02": ("support",)},
        )
        for depth, steps in ways.items()
    ]
    verdict = second_opinion((FOLDER / "ex_ante_assessment.bpmn").read_bytes(), cases)
    assert [(each.case, each.outcome, each.reason) for each in verdict.cases] == [
        ("simple", Outcome.AGREES, ""),
        ("full", Outcome.AGREES, ""),
    ]


def test_what_several_experts_score_apart_is_scored_blind() -> None:
    node = graph("ex_ante_assessment").node("score-full")
    assert node.loop is not None
    assert node.properties["blind"] == "ratings"
