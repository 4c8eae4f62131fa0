"""P04 double monitoring: from the opening of a round to its level, and what follows from yellow and red."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from tests.processes.drawn import Course, graph

D = Decimal
#: Tuesday, 1 September 2026, 09:00 Asia/Shanghai: the August round opens.
OPENING = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
OBJECT: dict[str, Any] = {
    "project_code": "A05",
    "project_key": "PRJ:A05:2026",
    "project": {"code": "A05", "name": "河湖清淤与生态修复", "form": "infrastructure"},
    "fiscal_year": D(2026),
    "unit_code": "2501",
    "owner": "agri1.proj",
    "is_major": False,
    "round": "R3",
    "cutoff": date(2026, 8, 31),
}
#: Nothing to be seen of R04: 60 % paid, 62 % reached.
GREEN = {
    "m": D(8), "e": D(60), "floor": D(60), "g": D(62), "g_plan": D("66.67"), "state_min": D(95),
    "state_min_weight": D(10), "violation": False, "prev_level": "green", "rect_overdue": False, "has_measures": True,
}  # fmt: skip
YELLOW = GREEN | {"e": D("46.15"), "g": D(46), "state_min": D(60)}
RED = GREEN | {"e": D("21.15"), "g": D("24.67"), "state_min": D(20)}


def opened(**variables: Any) -> Course:
    course = Course(graph("dual_monitoring"), now=OPENING)
    course.start(business_key="MON-2026-08-A05", **OBJECT, **variables)
    course.deliver("await-round")
    course.answer("open", budget_adj=D(650), budget_initial=D(650), spent=D(300), finance_returns=D(0))
    return course


def filed(course: Course, measured: dict[str, Any], possibility: str = "certain") -> Course:
    course.complete("fill", possibility=possibility)
    course.answer("compute", monitoring=measured)
    return course


def checked(measured: dict[str, Any], **answers: Any) -> Course:
    """Filed, reviewed, summed up, checked by finance and closed."""
    course = filed(opened(), measured)
    course.complete("dept-review", decision="pass", raised_level=answers.pop("raised_level", None))
    course.complete("summary")
    course.complete("finance-check", **{"decision": "pass", "is_perf_rectify": False} | answers)
    if "lower" not in course.user_tasks:
        course.answer("close", outcome=course.variables["level_final"])
    return course


def local(instant: datetime | None) -> str:
    assert instant is not None
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def test_a_round_waits_under_its_own_business_key() -> None:
    course = Course(graph("dual_monitoring"), now=OPENING)
    course.start(business_key="MON-2026-08-A05", **OBJECT)

    assert course.waiting == ["await-round"]
    (awaited,) = [event for event in course.history if type(event).__name__ == "MessageAwaited"]
    assert (awaited.name, awaited.correlation_key) == ("round.open", "MON-2026-08-A05")


def test_the_owner_has_10_working_days() -> None:
    task = opened().created("fill")

    assert (task.assignee, task.unit_code, task.form_key) == ("agri1.proj", "2501", "F-04")
    assert local(task.due_at) == "2026-09-15 18:00"


def test_an_object_without_budget_is_not_monitored() -> None:
    course = Course(graph("dual_monitoring"), now=OPENING)
    course.start(business_key="MON-2026-08-A05", **OBJECT)
    course.deliver("await-round").answer("open", budget_adj=D(0))

    assert course.outcome == ("completed", "excluded")


def test_a_green_round_ends_with_its_level_told() -> None:
    course = checked(GREEN)

    assert course.outcome == ("completed", "green")
    told = course.message("monitor.done")
    assert told.correlation_key == "PRJ:A05:2026"
    assert told.variables == {"level": "green", "round": "R3", "fiscal_year": D(2026)}


@pytest.mark.parametrize(("measured", "word"), [(YELLOW, "黄"), (RED, "红")])
def test_yellow_and_red_without_measures_go_back_to_the_owner(measured: dict[str, Any], word: str) -> None:
    course = filed(opened(), measured | {"has_measures": False})

    assert course.user_tasks == ["fill"]
    assert course.variables["return_comment"] == f"监控等级为{word}，须填写问题和纠偏措施。"
    assert local(course.created("fill").due_at) == "2026-09-08 18:00"
    assert filed(course, measured).user_tasks == ["dept-review"]
    assert course.variables["return_comment"] is None


def test_a_form_returned_on_3_september_is_due_on_the_10th() -> None:
    course = filed(opened(), YELLOW)
    course.now = datetime(2026, 9, 3, 2, 0, tzinfo=UTC)
    course.complete("dept-review", decision="return", comment="清淤长度与台账不符")

    assert course.user_tasks == ["fill"]
    assert course.variables["return_comment"] == "清淤长度与台账不符"
    assert local(course.created("fill").due_at) == "2026-09-10 18:00"


def test_a_return_by_the_verb_has_the_time_of_a_rework_too() -> None:
    course = filed(opened(), YELLOW)
    course.return_to("dept-review", "fill", return_comment="请补充佐证材料")

    assert course.created("fill").due_rule == "due.dual_monitoring.fill.rework"


def test_the_department_may_raise_a_level() -> None:
    assert checked(GREEN, raised_level="yellow").user_tasks == ["choose"]


def test_the_reviewers_are_not_the_filer() -> None:
    course = filed(opened(), GREEN)

    assert course.created("dept-review").four_eyes_with == ("fill",)
    course.complete("dept-review", decision="pass").complete("summary")
    assert course.created("finance-check").four_eyes_with == ("fill", "dept-review")


def test_finance_may_send_it_back_and_counts_that() -> None:
    course = checked(YELLOW, decision="pass")
    assert course.variables["finance_returns"] == D(0)

    course = filed(opened(), YELLOW)
    course.complete("dept-review", decision="pass").complete("summary")
    course.complete("finance-check", decision="return", comment="偏差原因不具体")
    assert course.user_tasks == ["fill"]
    assert course.variables["finance_returns"] == D(1)


@pytest.mark.parametrize(("decision", "final"), [("lower", "green"), ("keep", "yellow")])
def test_only_the_head_of_the_performance_section_lowers_a_level(decision: str, final: str) -> None:
    course = checked(YELLOW, decision="lower", level_reason="汛期停工，进度已恢复")
    assert course.created("lower").candidate_groups == ("finance_perf_lead",)

    course.complete("lower", decision=decision, lowered_level="green", level_reason="现场核实情况属实")
    course.answer("close", outcome=final)

    assert course.message("monitor.done").variables["level"] == final


def test_a_yellow_object_that_goes_on_has_its_measures_tracked() -> None:
    course = checked(YELLOW)
    assert local(course.created("choose").due_at) == "2026-09-15 18:00"

    course.complete("choose", choice="continue").answer("note-choice")

    assert course.outcome == ("completed", "measures-tracked")
    assert course.sent() == ["monitor.done"]


@pytest.mark.parametrize(("choice", "message"), [("adjust", "adjust.request"), ("cancel", "fund.reclaim")])
def test_adjusting_and_cancelling_are_told_to_whom_it_concerns(choice: str, message: str) -> None:
    course = checked(YELLOW).complete("choose", choice=choice).answer("note-choice")

    assert course.message(message).correlation_key == "PRJ:A05:2026"
    assert course.outcome == ("completed", choice)


def test_no_choice_within_10_working_days_suspends_the_money() -> None:
    course = checked(YELLOW).fire("no-answer")
    assert local(course.now) == "2026-09-16 18:00"
    course.answer("note-silence")

    assert course.outcome == ("completed", "suspend")
    assert course.message("fund.suspend").variables == {"reason": "no-answer", "round": "R3", "level": "yellow"}


def test_a_ticked_rectification_is_opened_under_its_number() -> None:
    course = checked(YELLOW, is_perf_rectify=True, rectify_advise="十月底前完成出资")
    course.complete("choose", choice="continue").answer("note-choice")
    course.answer("register-rectification", rect_key="RECT-2026-004")

    told = course.message("rect.open")
    assert told.correlation_key == told.variables["business_key"] == "RECT-2026-004"
    assert told.variables["source"] == "monitoring"
    assert course.outcome == ("completed", "yellow-end")


def test_red_asks_for_fund_control_and_opens_a_rectification() -> None:
    course = checked(RED)
    course.answer("register-rectification", rect_key="RECT-2026-005")

    assert course.sent() == ["monitor.done", "fund.case", "rect.open"]
    assert course.outcome == ("completed", "red-end")


def test_no_second_rectification_is_opened_while_one_runs() -> None:
    course = checked(RED).answer("register-rectification", rect_key=None)

    assert course.sent() == ["monitor.done", "fund.case"]
    assert course.outcome == ("completed", "red-end")


def test_a_form_10_working_days_late_counts_as_not_reported() -> None:
    course = opened().fire("not-filed")
    assert local(course.now) == "2026-09-29 18:00"
    course.answer("mark-not-reported", level_sys="yellow", level_final="yellow", is_perf_rectify=False)
    course.answer("close", outcome="yellow")

    assert course.user_tasks == ["choose"]
