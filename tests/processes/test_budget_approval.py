"""P03 budget approval: goals are collected, each gets an opinion, the draft is approved, each object is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from tests.processes.drawn import FORMS, Course, graph

#: Wednesday, 1 July 2026, 09:00 Asia/Shanghai.
JULY = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


def goal(code: str, unit: str, department: str, amount: int) -> dict[str, Any]:
    """What P00 sends when an object has entered the library."""
    return {
        "project_code": code,
        "project_name": f"项目{code}",
        "unit_code": unit,
        "department_code": department,
        "requested_amount": Decimal(amount),
        "goal_version": "0.9",
        "goal_grade": "优",
        "goal_score": Decimal(90),
    }


GOALS = (goal("A01", "2101", "21", 800), goal("A07", "28", "28", 180))


def opened() -> Course:
    return Course(graph("budget_approval"), now=JULY).start(None, business_key="BUD:2027")  # type: ignore[return-value]


def collected(*goals: dict[str, Any]) -> Course:
    course, objects = opened(), []
    for each in goals:
        course.deliver("goal-confirmed", **each)
        objects = [*objects, each]
        course.answer("admit", objects=objects)
    return course.fire("second-up")  # type: ignore[return-value]


def advised() -> Course:
    course = collected(*GOALS)
    course.complete("opinion", decision="fund", amount=Decimal(800), result_used="none")
    course.complete("opinion", decision="fund", amount=Decimal(180), result_used="none")
    return course


def ranked(course: Course) -> Course:
    rows = [{"project_code": each["project_code"], "amount": each["amount"]} for each in course.variables["opinions"]]
    return course.complete("rank", ranked=rows)  # type: ignore[return-value]


def approved() -> Course:
    """Up to the day the congress has approved."""
    course = ranked(advised()).complete("director-sign", decision="sign").complete("government", decision="sign")
    course.complete("submit").complete("npc-opinions", decision="none")
    course.complete("npc-approval", npc_approved_on=date(2027, 1, 20)).complete("reply", reply_no="示财预〔2027〕1号")
    return course  # type: ignore[return-value]


def outcome(code: str, amount: int) -> dict[str, Any]:
    return {
        "project_code": code,
        "approved": amount > 0,
        "amount": Decimal(amount),
        "business_key": f"PRJ:{code}:2027",
    }


def test_the_budget_year_opens_each_first_of_july_or_by_hand() -> None:
    course = opened()
    assert course.variables["fiscal_year"] == Decimal(2027)
    assert course.waiting == ["late-goal", "goal-confirmed", "second-up"]
    by_hand = Course(graph("budget_approval"), now=JULY).start(business_key="BUD:2028", fiscal_year=Decimal(2028))
    assert by_hand.variables["fiscal_year"] == Decimal(2028)
    timed = Course(graph("budget_approval"), now=JULY).start("year-opens", business_key="BUD:2027")
    assert timed.waiting == ["late-goal", "goal-confirmed", "second-up"]


def test_goals_are_collected_until_the_end_of_31_october() -> None:
    course = opened()
    due = course.due("second-up")
    assert due is not None
    assert due.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") == "2026-11-01 00:00"
    assert {event.correlation_key for event in course.events if type(event).__name__ == "MessageAwaited"} == {
        "BUD:2027"
    }


def test_what_one_goal_brings_does_not_stay_for_the_next_one() -> None:
    course = collected(*GOALS)
    assert "unit_code" not in course.variables
    assert [each["project_code"] for each in course.variables["objects"]] == ["A01", "A07"]


def test_a_year_without_goals_ends() -> None:
    assert opened().fire("second-up").outcome == ("completed", "no-object")


def test_each_object_is_routed_by_its_own_unit() -> None:
    course = collected(*GOALS)
    created = [event for event in course.events if type(event).__name__ == "UserTaskCreated"]
    assert [(event.element_id, event.unit_code) for event in created] == [("opinion", "2101"), ("opinion", "28")]


def test_the_opinions_are_put_together_in_the_order_of_the_objects() -> None:
    assert [(each["project_code"], each["amount"]) for each in advised().variables["opinions"]] == [
        ("A01", Decimal(800)),
        ("A07", Decimal(180)),
    ]


def test_what_is_kept_in_reserve_gets_nothing() -> None:
    course = collected(GOALS[0]).complete("opinion", decision="reserve", comment="财力不足", amount=None)
    assert [each["amount"] for each in course.variables["opinions"]] == [0]


def test_a_calculation_fault_goes_back_to_the_object_and_waits_for_its_goal() -> None:
    course = collected(GOALS[0]).complete("opinion", decision="fault", comment="单价高于标准")
    told = course.message("budget.returned")
    assert (told.correlation_key, told.variables) == ("PRJ:A01:2027", {"reason": "单价高于标准"})
    awaited = [event for event in course.events if type(event).__name__ == "MessageAwaited"]
    assert {event.correlation_key for event in awaited} == {"BUD:2027:A01"}
    course.deliver("goal-again", **{**GOALS[0], "requested_amount": Decimal(700)})
    due = course.created("opinion").due_at.astimezone(SHANGHAI)
    assert due.strftime("%Y-%m-%d") == "2026-11-06"
    course.complete("opinion", decision="fund", amount=Decimal(700), result_used="none")
    assert [(each["request"], each["amount"]) for each in course.variables["opinions"]] == [
        (Decimal(700), Decimal(700))
    ]


@pytest.mark.parametrize("way", ["goal-gone", "too-late"])
def test_a_goal_that_does_not_come_again_goes_into_reserve(way: str) -> None:
    course = collected(GOALS[0]).complete("opinion", decision="fault", comment="单价高于标准")
    course = course.deliver(way, reason="poor") if way == "goal-gone" else course.fire(way)
    assert course.user_tasks == ["rank"]
    assert [(each["decision"], each["amount"]) for each in course.variables["opinions"]] == [("reserve", 0)]


@pytest.mark.parametrize("step", ["director-sign", "government", "npc-opinions"])
def test_the_draft_may_be_returned_to_the_ranking(step: str) -> None:
    course = ranked(advised())
    for each in ("director-sign", "government", "submit", "npc-opinions"):
        if each == step:
            break
        course.complete(each, decision="sign")
    course.complete(step, decision="change" if step == "npc-opinions" else "return", comment="请压减一般性支出")
    assert course.user_tasks == ["rank"]
    assert course.variables["return_comment"] == "请压减一般性支出"
    ranked(course)
    assert course.user_tasks == ["director-sign"]


def late(course: Course, *objects: dict[str, Any]) -> Course:
    """A goal that was reopened after 31 October is confirmed."""
    course.deliver("late-goal", **objects[-1])
    return course.answer("admit-late", objects=list(objects))  # type: ignore[return-value]


def test_a_goal_reopened_after_the_closing_day_gets_its_opinion_before_the_draft_is_signed() -> None:
    course = late(advised(), *GOALS, goal("B01", "2202", "22", 600))
    assert course.user_tasks == ["rank"]
    ranked(course)
    assert course.user_tasks == ["opinion"]
    assert course.created("opinion").unit_code == "2202"
    course.complete("opinion", decision="fund", amount=Decimal(500), result_used="none")
    assert [each["project_code"] for each in course.variables["opinions"]] == ["A01", "A07", "B01"]
    ranked(course)
    assert course.user_tasks == ["director-sign"]


def test_a_late_goal_is_heard_before_the_ranking_when_it_comes_during_the_opinions() -> None:
    course = late(collected(GOALS[0]), *GOALS)
    course.complete("opinion", decision="fund", amount=Decimal(800), result_used="none")
    assert course.user_tasks == ["opinion"]
    course.complete("opinion", decision="fund", amount=Decimal(180), result_used="none")
    assert course.user_tasks == ["rank"]


def test_what_comes_after_the_draft_is_ranked_is_told_that_it_is_late() -> None:
    course = ranked(advised()).deliver("late-goal", **goal("B01", "2202", "22", 600))
    told = course.message("budget.refused")
    assert (told.correlation_key, told.variables) == ("PRJ:B01:2027", {"reason": "late"})
    assert [each["project_code"] for each in course.variables["objects"]] == ["A01", "A07"]
    course.complete("director-sign", decision="return", comment="请压减一般性支出")
    ranked(course)
    assert course.user_tasks == ["director-sign"]


def test_the_congress_gets_the_draft_and_the_reply_is_due_20_days_after_its_approval() -> None:
    course = approved()
    assert course.message("budget.draft").correlation_key == "2027"
    due = course.created("reply").due_at.astimezone(SHANGHAI)
    assert due.date() <= date(2027, 2, 9)
    assert graph("budget_approval").node("reply").properties["gate"] == "G4"


def test_each_department_with_an_approved_object_passes_on_and_each_object_is_answered() -> None:
    course = approved()
    course.answer("lock", outcomes=[outcome("A01", 800), outcome("A07", 0)], deviations=[])
    assert course.user_tasks == ["pass-on"]
    assert course.created("pass-on").unit_code == "21"
    course.complete("pass-on")
    assert course.outcome == ("completed", "done")
    yes, no = course.message("budget.approved"), course.message("budget.refused")
    assert (yes.correlation_key, yes.variables["approved_amount"], yes.variables["goal_version"]) == (
        "PRJ:A01:2027",
        Decimal(800),
        "1.0",
    )
    assert no.correlation_key == "PRJ:A07:2027"
    assert course.sent().count("disclose.request") == 1


def test_a_difference_from_the_proposal_is_explained() -> None:
    course = approved()
    known = {"project_code": "A01", "project_name": "项目A01", "unit_code": "2101"}
    gap = {**known, "proposal": Decimal(720), "amount": Decimal(800)}
    course.answer("lock", outcomes=[outcome("A01", 800), outcome("A07", 180)], deviations=[gap])
    course.complete("pass-on").complete("pass-on")
    assert course.user_tasks == ["explain"]
    course.complete("explain")
    assert course.outcome == ("completed", "done")


# --- forms ------------------------------------------------------------------------------------------------------------

OBJECT = {"object": {**GOALS[0], "proposal": None}, "fiscal_year": Decimal(2027)}


def faults(form_key: str, submission: dict[str, Any], context: dict[str, Any]) -> list[str]:
    return [fault["message_zh"] for fault in FORMS.review(form_key, submission, context).faults]


def test_an_opinion_stays_within_the_request_and_the_control_figures() -> None:
    sound = {"decision": "fund", "amount": 800, "result_used": "none", "within_control": True}
    assert FORMS.check("F-BUD-opinion", sound, OBJECT).variables["amount"] == Decimal(800)
    assert faults("F-BUD-opinion", {**sound, "amount": 900}, OBJECT) == ["建议安排金额 900 万元大于申报金额 800 万元。"]
    over = faults("F-BUD-opinion", {**sound, "within_control": False}, OBJECT)
    assert over == ["超过一般性支出或三公经费控制数的不能安排。"]
    assert faults("F-BUD-opinion", {"decision": "fault"}, OBJECT) == ["“说明”必须填写。"]


OPINIONS = {
    "fiscal_year": Decimal(2027),
    "opinions": [
        {
            "project_code": code,
            "project_name": f"项目{code}",
            "unit_code": unit,
            "request": Decimal(amount),
            "amount": Decimal(amount),
            "proposal": proposal,
        }
        for code, unit, amount, proposal in (("A01", "2101", 800, Decimal(720)), ("A07", "28", 180, None))
    ],
}


def ranking(**changes: Any) -> dict[str, Any]:
    rows = [
        {
            "project_code": "A01",
            "priority": "livelihood",
            "amount": 800,
            "override_reason": "学位缺口仍然突出，须足额保障",
        },
        {"project_code": "A07", "priority": "other", "amount": 180},
    ]
    return {"objects": rows, "funds": 1000, "guarantees_met": True, **changes}


def test_a_ranking_stays_within_the_funds_after_the_three_guarantees() -> None:
    checked = FORMS.check("F-BUD-ranking", ranking(), OPINIONS)
    assert [row["amount"] for row in checked.variables["ranked"]] == [Decimal(800), Decimal(180)]
    assert checked.document["total"] == Decimal(980)
    assert faults("F-BUD-ranking", ranking(funds=900), OPINIONS) == ["安排合计 980 万元大于可用财力 900 万元。"]
    gap = faults("F-BUD-ranking", ranking(guarantees_met=False), OPINIONS)
    assert gap == ["三保未足额保障，不能平衡。"]


def test_an_amount_other_than_the_proposal_needs_a_reason_and_the_signature_of_the_director() -> None:
    rows = [{key: value for key, value in row.items() if key != "override_reason"} for row in ranking()["objects"]]
    said = faults("F-BUD-ranking", ranking(objects=rows), OPINIONS)
    assert said == ["“项目排序”第 1 行“偏离结果应用建议的理由”必须填写。"]
    context = {"fiscal_year": Decimal(2027), **FORMS.check("F-BUD-ranking", ranking(), OPINIONS).variables}
    assert faults("F-BUD-sign", {"decision": "sign"}, context) == ["“已审签偏离结果应用建议的事项”必须填写。"]
    assert faults("F-BUD-sign", {"decision": "sign", "overrides_signed": True}, context) == []
    assert faults("F-BUD-sign", {"decision": "return"}, context) == ["“意见”必须填写。"]


def test_the_difference_from_the_proposal_is_seen_by_whoever_sets_or_signs_the_amount() -> None:
    ranked_rows = FORMS.check("F-BUD-ranking", ranking(), OPINIONS).variables["ranked"]
    assert [row.get("difference") for row in ranked_rows] == [Decimal(80), None]

    signed = FORMS.prefilled("F-BUD-sign", {"fiscal_year": Decimal(2027), "ranked": ranked_rows})
    assert [(row["project_code"], row["difference"]) for row in signed["overrides"]] == [("A01", Decimal(80))]

    proposed = {"object": {**GOALS[0], "proposal": Decimal(720)}, "fiscal_year": Decimal(2027)}
    funded = {"decision": "fund", "amount": 800, "result_used": "none", "within_control": True}
    assert FORMS.check("F-BUD-opinion", funded, proposed).document["difference"] == Decimal(80)
    assert "difference" not in FORMS.check("F-BUD-opinion", funded, OBJECT).document


def test_the_draft_reaches_the_congress_30_days_before_its_session() -> None:
    year = {"fiscal_year": Decimal(2027)}
    sent = {"session_on": date(2027, 1, 20), "submitted_on": date(2026, 12, 19), "annex": [{"name": "重要绩效目标"}]}
    assert faults("F-BUD-submission", sent, year) == []
    late = faults("F-BUD-submission", {**sent, "submitted_on": date(2026, 12, 25)}, year)
    assert late == ["须在会议召开 30 日前报送（报送 2026-12-25，会议 2027-01-20）。"]


def test_budgets_are_approved_with_goals_only() -> None:
    context = {"fiscal_year": Decimal(2027), "npc_approved_on": date(2027, 1, 20)}
    reply = {"reply_no": "示财预〔2027〕1号", "replied_on": date(2027, 2, 5), "with_goals": True}
    assert FORMS.check("F-BUD-reply", reply, context).variables["reply_no"] == "示财预〔2027〕1号"
    assert faults("F-BUD-reply", {**reply, "with_goals": False}, context) == ["批复部门预算时须同步批复绩效目标。"]
