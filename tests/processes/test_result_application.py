"""P10 result application: the proposal of R10, the advice on it, and who must sign when they differ."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from tests.processes.drawn import Course, graph

D = Decimal
#: Monday, 1 June 2026, 09:00 Asia/Shanghai.
OPENING = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
OBJECT: dict[str, Any] = {
    "project_code": "A03",
    "project_key": "PRJ:A03:2025",
    "fiscal_year": D(2025),
    "unit_code": "2202",
    "owner": "health2.proj",
}


def prepared(grade: str = "中", base: int = 260, **facts: Any) -> Course:
    course = Course(graph("result_application"), now=OPENING)
    course.start(business_key="APP-2025-A03", **OBJECT)
    usual = {"ineffective": False, "duplicate": False, "open_rectification_overdue": False}
    course.answer("prepare", grade=grade, base=D(base), **usual | facts)
    return course


def advised(course: Course, advice: str = "cut", *, override: bool = False, policy_change: str | None = None) -> Course:
    course.complete("advise", finance_advice=advice, is_override=override, policy_change=policy_change,
                    advised_amount=D(200))  # fmt: skip
    course.complete("check", decision="pass")
    return course


def local(instant: datetime | None) -> str:
    assert instant is not None
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("grade", "base", "action", "amount"),
    [
        ("优", 320, "priority", "320"),
        ("良", 2400, "maintain", "2400"),
        ("中", 260, "improve", "234"),
        ("差", 1500, "cut_or_cancel", "750"),
    ],
)
def test_the_rule_proposes_by_the_grade(grade: str, base: int, action: str, amount: str) -> None:
    proposal = prepared(grade, base).variables["proposal"]

    assert (proposal["action"], proposal["proposal"]) == (action, D(amount))


def test_the_division_advises_within_10_working_days() -> None:
    task = prepared().created("advise")

    assert (task.candidate_groups, task.form_key) == (("finance_division",), "F-11")
    assert local(task.due_at) == "2026-06-15 18:00"


def test_an_approved_proposal_is_stored_and_disclosed() -> None:
    course = advised(prepared()).complete("approve", decision="sign").answer("store", approved_proposal=D(234))

    assert course.outcome == ("completed", "proposed")
    assert course.sent() == ["disclose.request"]


@pytest.mark.parametrize("element", ["check", "approve"])
def test_who_disagrees_sends_it_back(element: str) -> None:
    course = prepared().complete("advise", finance_advice="maintain", is_override=True)
    if element == "approve":
        course.complete("check", decision="pass")
    course.complete(element, decision="return", comment="偏离规则没有依据")

    assert course.user_tasks == ["advise"]
    assert course.created("advise").due_rule == "due.result_application.advise.rework"


@pytest.mark.parametrize(
    ("course", "needs_leader"),
    [
        (lambda: prepared("差", 1500), True),
        (lambda: prepared("良", ineffective=True), True),
        (lambda: prepared("良", duplicate=True), True),
        (lambda: prepared("中"), False),
    ],
    ids=["poor", "ineffective", "duplicate", "medium"],
)
def test_departing_from_cut_cancel_or_merge_needs_the_district_leader(course: Any, needs_leader: bool) -> None:
    played = advised(course(), "maintain", override=True).complete("approve", decision="sign")

    assert played.user_tasks == (["leader-approve"] if needs_leader else [])


def test_the_leader_may_send_it_back_too() -> None:
    course = advised(prepared("差", 1500), "maintain", override=True).complete("approve", decision="sign")
    assert course.created("leader-approve").four_eyes_with == ("advise", "approve")
    course.complete("leader-approve", decision="return", comment="低效资金一律削减")

    assert course.user_tasks == ["advise"]


@pytest.mark.parametrize(
    ("advice", "policy_change", "sent"),
    [
        ("merge", None, {"exit.start", "disclose.request"}),
        ("cancel", None, {"exit.start", "disclose.request"}),
        ("maintain", "缩小补助范围", {"adjust.request", "disclose.request"}),
        ("cut", None, {"disclose.request"}),
    ],
)
def test_what_follows_is_told_to_whom_it_concerns(advice: str, policy_change: str | None, sent: set[str]) -> None:
    course = advised(prepared(), advice, policy_change=policy_change)
    course.complete("approve", decision="sign").answer("store")

    assert set(course.sent()) == sent
    assert course.outcome == ("completed", "proposed")


def test_nobody_checks_his_own_advice() -> None:
    course = advised(prepared())

    assert course.created("check").four_eyes_with == ("advise",)
    assert course.created("approve").four_eyes_with == ("advise", "check")
