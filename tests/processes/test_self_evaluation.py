"""P06 self-evaluation: filed, scored, signed, reviewed, received; and every way back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from tests.processes.drawn import Course, graph

D = Decimal
#: Monday, 5 January 2026, 09:00 Asia/Shanghai.
OPENING = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OBJECT: dict[str, Any] = {
    "project_code": "A01",
    "project_key": "PRJ:A01:2025",
    "fiscal_year": D(2025),
    "unit_code": "2101",
    "owner": "edu1.proj",
}


def opened() -> Course:
    course = Course(graph("self_evaluation"), now=OPENING)
    course.start(business_key="SELF-2025-A01", **OBJECT)
    course.deliver("await-campaign").answer("open")
    return course


def filed(course: Course, score: str = "92.82", comment: str | None = None) -> Course:
    course.complete("fill").answer("score", self_score=D(score), return_comment=comment)
    return course


def reviewed(score: str = "92.82") -> Course:
    """Up to the receipt by finance."""
    course = filed(opened(), score)
    course.complete("unit-sign", decision="sign").complete("dept-review", decision="pass").complete("head-sign")
    return course


def local(instant: datetime | None) -> str:
    assert instant is not None
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def test_the_owner_has_20_working_days() -> None:
    task = opened().created("fill")

    assert (task.assignee, task.form_key) == ("edu1.proj", "F-05")
    assert local(task.due_at) == "2026-02-02 18:00"


def test_a_late_campaign_is_due_on_the_last_of_february() -> None:
    course = Course(graph("self_evaluation"), now=datetime(2026, 2, 9, 1, 0, tzinfo=UTC))
    course.start(business_key="SELF-2025-A01", **OBJECT).deliver("await-campaign").answer("open")

    # 28 February 2026 is a make-up working day
    assert local(course.created("fill").due_at) == "2026-02-28 18:00"


def test_example_a_ends_excellent_with_a_receipt() -> None:
    course = reviewed().complete("receive", decision="pass")
    course.answer("freeze", receipt_no="RECEIPT-2025-001")

    assert course.outcome == ("completed", "done")
    told = course.message("selfeval.done")
    assert told.correlation_key == "PRJ:A01:2025"
    assert told.variables == {"score": D("92.82"), "grade": "优", "fiscal_year": D(2025)}


@pytest.mark.parametrize(("score", "grade"), [("90", "优"), ("89.99", "良"), ("60", "中"), ("59.99", "差")])
def test_the_grade_follows_the_score(score: str, grade: str) -> None:
    assert filed(opened(), score).variables["grade"] == grade


def test_a_missing_cause_returns_the_form() -> None:
    course = filed(opened(), comment="“节点按期完成率”未得满分，须填写偏差原因。")

    assert course.user_tasks == ["fill"]
    assert course.created("fill").due_rule == "due.self_evaluation.fill.rework"
    assert filed(course).user_tasks == ["unit-sign"]


@pytest.mark.parametrize(
    ("element", "decision", "back", "rule"),
    [
        ("unit-sign", "return", "fill", "due.self_evaluation.fill.rework"),
        ("dept-review", "return", "fill", "due.self_evaluation.fill.rework"),
        ("receive", "return", "dept-review", "due.self_evaluation.dept_review.rework"),
    ],
)
def test_each_reviewer_can_send_it_back(element: str, decision: str, back: str, rule: str) -> None:
    course = filed(opened())
    if element != "unit-sign":
        course.complete("unit-sign", decision="sign")
    if element == "receive":
        course.complete("dept-review", decision="pass").complete("head-sign")
    course.complete(element, decision=decision, comment="佐证材料与填报值不一致")

    assert course.user_tasks == [back]
    assert course.created(back).due_rule == rule
    assert course.variables["return_comment"] == "佐证材料与填报值不一致"


def test_nobody_reviews_what_he_filed() -> None:
    course = reviewed()

    assert course.created("unit-sign").four_eyes_with == ("fill",)
    assert course.created("head-sign").four_eyes_with == ("dept-review",)
    assert course.created("receive").four_eyes_with == ("fill", "dept-review")
