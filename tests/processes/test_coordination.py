"""At the third return between the same two sides their superior brings them together (PROCESSES 0.3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.processes import (
    test_dual_monitoring,
    test_goal_review,
    test_rectification,
    test_result_application,
    test_self_evaluation,
)
from tests.processes.drawn import Course

COMMENT = "同一问题没有改到位"


def _plan(course: Course) -> Course:
    return course.complete("plan").answer("mark-planned")  # type: ignore[return-value]


def _goals(course: Course) -> Course:
    return test_goal_review.filed(course).complete("sign", decision="sign")  # type: ignore[return-value]


def _monitoring(course: Course) -> Course:
    return test_dual_monitoring.filed(course, test_dual_monitoring.YELLOW)


def _self_evaluation(course: Course) -> Course:
    return test_self_evaluation.filed(course).complete("unit-sign", decision="sign")  # type: ignore[return-value]


def _advice(course: Course) -> Course:
    return course.complete("advise", finance_advice="cut", is_override=False)  # type: ignore[return-value]


Begin = Callable[[], Course]
File = Callable[[Course], Course]
#: Process -> how it begins, how it is filed, who reviews, what is filed again, who coordinates, where a pass leads.
SIDES: dict[str, tuple[Begin, File, str, str, str, str]] = {
    "rectification": (test_rectification.received, _plan, "dept-review", "plan", "dept_head", "accept"),
    "goal_review": (test_goal_review.opened, _goals, "dept-review", "fill", "dept_head", "finance-review"),
    "dual_monitoring": (test_dual_monitoring.opened, _monitoring, "dept-review", "fill", "dept_head", "summary"),
    "self_evaluation": (test_self_evaluation.opened, _self_evaluation, "dept-review", "fill", "dept_head", "head-sign"),
    "result_application": (
        test_result_application.prepared, _advice, "check", "advise", "finance_director", "approve",
    ),
}  # fmt: skip


def returned(course: Course, file: File, review: str, times: int) -> Course:
    for _ in range(times):
        file(course).complete(review, decision="return", comment=COMMENT)
    return course


@pytest.mark.parametrize("key", SIDES)
def test_the_third_return_goes_to_the_superior_of_both_sides(key: str) -> None:
    begin, file, review, filed, role, _ = SIDES[key]
    course = returned(begin(), file, review, 2)
    assert course.user_tasks == [filed]

    returned(course, file, review, 1)

    assert course.user_tasks == ["coordinate"]
    coordination = course.created("coordinate")
    assert coordination.candidate_groups == (role,)
    assert (coordination.form_key, coordination.due_rule) == ("F-COORD", f"due.{key}.coordinate")


@pytest.mark.parametrize("key", SIDES)
def test_after_the_coordination_it_is_mended_within_the_time_of_a_return(key: str) -> None:
    begin, file, review, filed, _, _ = SIDES[key]
    course = returned(begin(), file, review, 3).complete("coordinate")

    assert course.user_tasks == [filed]
    assert course.variables["return_comment"] == COMMENT
    assert course.created(filed).due_rule.endswith(".rework")


@pytest.mark.parametrize("key", SIDES)
def test_there_is_one_coordination_and_then_the_work_goes_on(key: str) -> None:
    begin, file, review, filed, _, passed = SIDES[key]
    course = returned(begin(), file, review, 3).complete("coordinate")
    assert returned(course, file, review, 1).user_tasks == [filed]

    file(course).complete(review, decision="pass")

    assert course.user_tasks == [passed]
