"""P02 goals and review: from the opening of the budget to a confirmed goal, and every way back or out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from tests.processes.drawn import Course, graph

#: Wednesday, 1 July 2026, 09:00 Asia/Shanghai.
OPENING = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
OBJECT: dict[str, Any] = {
    "project_code": "E21",
    "project_name": "社区食堂运营补贴",
    "fiscal_year": Decimal(2027),
    "unit_code": "28",
    "department_code": "28",
    "owner": "street.proj",
    "kind": "project",
    "form": "purchase_service",
    "budget_type": "general",
    "is_new": True,
    "is_major": False,
    "annual_amount": Decimal(90),
    "total_amount": Decimal(90),
}
SOUND = {"has_errors": False, "formal_fault": False, "errors": [], "warnings": []}


def begun(now: datetime = OPENING, *, is_open: bool = False, **variables: Any) -> Course:
    """Begun, and told whether the budget of the year has been opened for it already."""
    course = Course(graph("goal_review"), now=now)
    course.start(business_key="GOAL-2027-E21", **OBJECT | variables)
    return course.answer("is-open", budget_opened=is_open)  # type: ignore[return-value]


def opened(**variables: Any) -> Course:
    return begun(**variables).deliver("await-budget")  # type: ignore[return-value]


def filed(course: Course, element: str = "fill") -> Course:
    course.complete(element, requested_amount=Decimal(90))
    return course.answer("validate", **SOUND)  # type: ignore[return-value]


def reviewed(course: Course, score: int, *, by: str = "fill") -> Course:
    filed(course, by)
    course.complete("sign", decision="sign")
    course.complete("dept-review", decision="pass", review_score=Decimal(88))
    course.complete("finance-review", review_score=Decimal(score), amount_advice=Decimal(90))
    return course


def local(instant: datetime | None) -> str:
    assert instant is not None
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def test_the_owner_has_15_working_days_from_the_opening_of_the_budget() -> None:
    course = opened()
    task = course.created("fill")
    assert (task.assignee, task.candidate_groups, task.form_key) == ("street.proj", ("project_owner",), "F-01")
    assert local(task.due_at) == "2026-07-22 18:00"


def test_goals_opened_in_august_are_due_on_the_last_of_the_month_at_the_latest() -> None:
    course = begun(datetime(2026, 8, 20, 1, 0, tzinfo=UTC)).deliver("await-budget")
    assert local(course.created("fill").due_at) == "2026-08-31 18:00"


def test_a_budget_that_is_open_already_is_not_waited_for() -> None:
    course = begun(is_open=True)
    assert (course.user_tasks, course.waiting) == (["fill"], ["closing-day"])
    assert course.variables["budget_opened"] is True


def test_goals_wait_for_the_opening_of_their_budget() -> None:
    course = begun()
    assert (course.user_tasks, "await-budget" in course.waiting) == ([], True)
    assert course.deliver("await-budget").user_tasks == ["fill"]


def test_grade_excellent_goes_straight_to_the_confirmation() -> None:
    course = reviewed(opened(), 90)
    assert course.user_tasks == ["confirm"]
    course.complete("confirm").answer("record", goal_version="0.9")
    assert course.outcome == ("completed", "confirmed")
    assert course.path.count("fill") == 1


@pytest.mark.parametrize(
    ("score", "next_step"),
    [(100, "confirm"), (90, "confirm"), (89, "consult"), (80, "consult"), (79, "revise"), (60, "revise")],
)
def test_the_grade_decides_the_next_step(score: int, next_step: str) -> None:
    assert reviewed(opened(), score).user_tasks == [next_step]


def test_poor_goals_are_refused_and_the_budget_is_told() -> None:
    course = reviewed(opened(), 59)
    assert course.outcome == ("completed", "refused")
    told = course.message("goal.refused")
    assert (told.correlation_key, told.variables) == ("BUD:2027:E21", {"project_code": "E21", "reason": "poor"})


def test_grade_good_is_confirmed_when_the_owner_consents() -> None:
    course = reviewed(opened(), 85).complete("consult", consent=True)
    assert course.user_tasks == ["confirm"]


def test_grade_good_without_consent_is_revised_within_5_working_days() -> None:
    course = reviewed(opened(), 85).complete("consult", consent=False)
    assert course.user_tasks == ["revise"]
    assert local(course.created("revise").due_at) == "2026-07-08 18:00"


def test_a_revised_goal_is_checked_and_reviewed_again() -> None:
    course = reviewed(opened(), 70)
    reviewed(course, 92, by="revise")
    assert course.user_tasks == ["confirm"]


def test_the_third_medium_leads_to_a_meeting_whose_text_may_reach_80() -> None:
    course = reviewed(opened(), 70)
    reviewed(course, 70, by="revise")
    assert course.user_tasks == ["revise"]
    reviewed(course, 70, by="revise")
    assert course.user_tasks == ["meeting"]
    course.complete("meeting", meeting_score=Decimal(80))
    assert course.user_tasks == ["confirm"]
    assert course.variables["goal_grade"] == "良"


def test_a_meeting_that_does_not_reach_80_refuses_the_goal() -> None:
    course = reviewed(opened(), 70)
    reviewed(course, 70, by="revise")
    reviewed(course, 70, by="revise")
    course.complete("meeting", meeting_score=Decimal(79))
    assert course.message("goal.refused").variables["reason"] == "third-medium"
    assert course.outcome == ("completed", "refused")


def test_faults_of_the_check_return_the_form_with_5_working_days() -> None:
    course = opened()
    course.complete("fill", requested_amount=Decimal(90))
    course.answer("validate", has_errors=True, formal_fault=True, errors=["GOAL_COPIED"], warnings=[])
    assert course.user_tasks == ["fill"]
    assert local(course.created("fill").due_at) == "2026-07-08 18:00"
    assert reviewed(course, 95).user_tasks == ["confirm"]


@pytest.mark.parametrize("step", ["sign", "dept-review"])
def test_unit_and_department_may_return_the_form(step: str) -> None:
    course = filed(opened())
    if step == "dept-review":
        course.complete("sign", decision="sign")
    course.complete(step, decision="return", comment="指标值缺少依据", review_score=Decimal(50))
    assert course.user_tasks == ["fill"]
    assert course.variables["return_comment"] == "指标值缺少依据"
    assert reviewed(course, 95).user_tasks == ["confirm"]


def test_major_objects_are_countersigned_and_may_be_reviewed_again() -> None:
    course = reviewed(opened(is_major=True), 95)
    assert course.user_tasks == ["countersign"]
    course.complete("countersign", decision="return")
    assert course.user_tasks == ["finance-review"]
    course.complete("finance-review", review_score=Decimal(93), amount_advice=Decimal(90))
    course.complete("countersign", decision="pass")
    assert course.user_tasks == ["confirm"]


def test_who_filed_may_not_review() -> None:
    course = reviewed(opened(), 95)
    assert course.created("sign").four_eyes_with == ("fill", "revise")
    assert course.created("dept-review").four_eyes_with == ("fill", "revise", "sign")
    assert course.created("finance-review").four_eyes_with == ("fill", "revise", "dept-review")
    assert course.created("confirm").four_eyes_with == ("fill", "revise")


def test_the_department_and_finance_score_on_the_same_form_and_do_not_overwrite_each_other() -> None:
    course = reviewed(opened(), 85)
    assert course.created("dept-review").local_variables == {"stage": "department"}
    assert course.created("finance-review").local_variables == {"stage": "finance"}
    assert (course.variables["dept_score"], course.variables["goal_score"]) == (Decimal(88), Decimal(85))


def test_what_has_no_confirmed_goal_after_31_october_is_excluded_or_reopened_once() -> None:
    course = opened()
    # 1 November 2026 is a Sunday: the first working day after it
    assert local(course.due("closing-day")) == "2026-11-02 00:00"
    course.fire("closing-day")
    assert course.user_tasks == ["decide-late"]
    course.complete("decide-late", decision="reopen")
    assert course.outcome == ("completed", "ends-reopened")

    again = begun(is_open=True, budget_opened=True, reopened=True)
    assert local(again.due("closing-day")) == "2026-07-22 09:00"
    again.fire("closing-day")
    assert again.outcome == ("completed", "excluded")
    assert again.message("goal.refused").variables["reason"] == "late"


def test_a_late_goal_may_be_excluded_at_once() -> None:
    course = opened().fire("closing-day").complete("decide-late", decision="exclude")
    assert course.outcome == ("completed", "excluded")


def test_the_gate_of_the_confirmation_is_marked() -> None:
    assert graph("goal_review").node("confirm").properties["gate"] == "G3"
