"""P09 rectification: notice, receipt, plan, work on each issue, report, verification, closure; and what comes late."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.kernel import changes
from engine.model.calendar import END_OF_OFFICE, SHANGHAI, instant_of
from tests.processes.drawn import Course, graph

D = Decimal
#: Wednesday, 22 July 2026, 10:00 Asia/Shanghai.
OPENING = datetime(2026, 7, 22, 2, 0, tzinfo=UTC)
ISSUES = [
    {"no": D(1), "fact": "设备采购两次失败", "requirement": "重新组织采购", "amount": D(20)},
    {"no": D(2), "fact": "培训台账缺失", "requirement": "补建台账"},
]
REGISTERED: dict[str, Any] = {
    "project_key": "PRJ:A03:2025",
    "project": {"code": "A03", "name": "社区卫生服务能力提升"},
    "owner": "health2.proj",
    "unit_code": "2202",
    "rect_no": "RECT-2026-001",
    "source": "spot_check",
    "red": False,
    "issuer_role": "finance_perf",
    "issues": ISSUES,
    "open_issues": ISSUES,
    "failed_count": D(0),
}
DONE = {"state": "done", "can_continue": True}
#: Sixty days after 9 July.
WORK_DUE: dict[str, Any] = {"complete_due_on": date(2026, 9, 7), "overdue_working_days": D(10)}
AGAIN_DUE: dict[str, Any] = {"complete_due_on": date(2026, 9, 30), "overdue_working_days": D(10)}


def opened(**registered: Any) -> Course:
    course = Course(graph("rectification"), now=OPENING)
    course.start("rect-open", business_key="RECT-2026-001", source="spot_check", project_key="PRJ:A03:2025")
    course.answer("register", **REGISTERED | registered)
    return course


def received(**registered: Any) -> Course:
    """Notice written, issued on the 23rd, received on Wednesday, 29 July."""
    course = opened(**registered)
    course.complete("notice", issues=ISSUES).complete("issue", decision="sign")
    course.answer("mark-issued", issues=ISSUES, open_issues=ISSUES)
    course.now = datetime(2026, 7, 29, 2, 0, tzinfo=UTC)
    course.complete("receive", responsible="health2.proj")
    course.answer(
        "mark-received",
        owner="health2.proj",
        overdue_working_days=D(10),
        complete_limit_on=date(2026, 11, 9),
    )
    return course


def at_work(**registered: Any) -> Course:
    """The plan is accepted; the work is due on Monday, 7 September."""
    course = received(**registered)
    course.now = datetime(2026, 7, 9, 2, 0, tzinfo=UTC)
    course.complete("plan").answer("mark-planned")
    course.complete("dept-review", decision="pass").complete("accept", decision="pass")
    course.answer("mark-accepted", **WORK_DUE)
    return course


def reported(course: Course, issues: int = 2) -> Course:
    for _ in range(issues):
        course.complete("carry-out", **DONE)
    course.complete("report", decision="sign").answer("mark-reported")
    return course


def local(instant: datetime | None) -> str:
    assert instant is not None
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("registered", "due", "groups"),
    [
        ({}, "2026-08-11 18:00", ("finance_perf",)),
        ({"red": True}, "2026-07-27 18:00", ("finance_perf",)),
        ({"source": "audit", "issuer_role": "auditor"}, "2026-08-11 18:00", ("auditor",)),
    ],
)
def test_the_issuer_writes_the_notice(registered: dict[str, Any], due: str, groups: tuple[str, ...]) -> None:
    task = opened(**registered).created("notice")

    assert (task.candidate_groups, task.form_key, task.unit_code) == (groups, "F-10a", "2202")
    assert local(task.due_at) == due


def test_a_notice_may_be_returned_before_it_is_issued() -> None:
    course = opened().complete("notice", issues=ISSUES)
    assert course.created("issue").four_eyes_with == ("notice",)
    course.complete("issue", decision="return", comment="第二项依据不准确")

    assert course.user_tasks == ["notice"]
    assert course.created("notice").due_rule == "due.rectification.notice.rework"


def test_receipt_on_29_july_makes_the_plan_due_on_28_august() -> None:
    task = received().created("plan")

    assert task.assignee == "health2.proj"
    assert local(task.due_at) == "2026-08-28 18:00"


def test_after_a_red_level_the_plan_is_due_10_days_after_receipt() -> None:
    assert local(received(red=True).created("plan").due_at) == "2026-08-10 18:00"


def test_a_notice_nobody_receives_counts_as_received_3_working_days_late() -> None:
    course = opened().complete("notice", issues=ISSUES).complete("issue", decision="sign")
    course.answer("mark-issued", open_issues=ISSUES).fire("deemed")

    assert local(course.now) == "2026-07-30 10:00"
    assert course.services == ["mark-received"]


def test_a_plan_10_working_days_late_is_told_once_and_stays_open() -> None:
    course = received().fire("plan-overdue")

    assert local(course.now) == "2026-09-11 09:00"
    told = course.message("rect.overdue")
    assert told.correlation_key == "PRJ:A03:2025"
    assert told.variables == {"rect_no": "RECT-2026-001", "step": "plan"}
    assert course.user_tasks == ["plan"]


def test_a_returned_plan_has_days_of_its_own_for_the_money() -> None:
    """Returned on Wednesday, 29 July, due on 5 August: told on the tenth working day after it."""
    course = received().complete("plan").answer("mark-planned")
    course.complete("dept-review", decision="return", comment="措施没有时间表")

    assert local(course.fire("plan-overdue").now) == "2026-08-19 09:00"


@pytest.mark.parametrize("element", ["dept-review", "accept"])
def test_a_returned_plan_is_due_in_5_working_days(element: str) -> None:
    course = received().complete("plan").answer("mark-planned")
    if element == "accept":
        course.complete("dept-review", decision="pass")
    course.complete(element, decision="return", comment="措施没有时间表")

    assert course.user_tasks == ["plan"]
    assert local(course.created("plan").due_at) == "2026-08-05 18:00"


def test_a_plan_filed_on_9_september_is_to_be_reviewed_by_the_14th() -> None:
    course = received()
    course.now = datetime(2026, 9, 9, 2, 0, tzinfo=UTC)
    course.complete("plan").answer("mark-planned")

    assert local(course.created("dept-review").due_at) == "2026-09-14 18:00"


def test_each_issue_is_worked_on_by_itself_within_60_days() -> None:
    course = at_work()

    assert course.user_tasks == ["carry-out", "carry-out"]
    assert local(course.created("carry-out").due_at) == "2026-09-07 18:00"
    course.complete("carry-out", **DONE)
    assert course.user_tasks == ["carry-out"]
    course.complete("carry-out", state="partly", can_continue=True, done="补建了一半台账", recovered=D(3))
    told = [
        (each["no"], each["state"], each["can_continue"], each["done"], each["recovered"])
        for each in course.variables["results"]
    ]
    assert told == [(D(1), "done", True, None, None), (D(2), "partly", True, "补建了一半台账", D(3))]


def test_the_report_is_due_3_working_days_later_but_not_after_the_work() -> None:
    course = at_work()
    course.now = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
    course.complete("carry-out", **DONE).complete("carry-out", **DONE)
    assert local(course.created("report").due_at) == "2026-08-06 18:00"

    course = at_work()
    course.now = datetime(2026, 9, 4, 2, 0, tzinfo=UTC)
    course.complete("carry-out", **DONE).complete("carry-out", **DONE)
    assert local(course.created("report").due_at) == "2026-09-07 18:00"


def test_a_report_the_head_does_not_sign_goes_back_to_work() -> None:
    course = at_work().complete("carry-out", **DONE).complete("carry-out", **DONE)
    course.complete("report", decision="return", comment="第二项佐证不足")

    assert course.user_tasks == ["carry-out", "carry-out"]
    assert local(course.created("carry-out").due_at) == "2026-07-16 18:00"


def test_work_and_report_10_working_days_late_are_told() -> None:
    course = at_work().fire("carry-out-overdue")
    assert course.message("rect.overdue").variables["step"] == "carry_out"
    course.complete("carry-out", **DONE).complete("carry-out", **DONE)
    course.fire("report-overdue")
    assert course.message("rect.overdue").variables["step"] == "report"
    assert course.user_tasks == ["report"]


def extended(course: Course, element: str, until: date, **written: Any) -> Course:
    """An extension is granted: the engine moves the due instant of an open user task, as the diagram asks for it."""
    task = course.created(element)
    due_at = instant_of(until, END_OF_OFFICE)
    course.apply(changes.MoveDue(part=task.part, token=task.token, due_at=due_at, variables=written))
    return course


def test_an_extended_plan_is_late_by_its_new_day() -> None:
    """Due on 28 August, extended to Friday, 18 September: late for the money after the holidays of October."""
    course = extended(received(), "plan", date(2026, 9, 18))

    assert local(course.fire("plan-overdue").now) == "2026-10-09 09:00"


def test_an_extension_of_the_work_moves_its_lateness_and_the_report() -> None:
    """Due on 7 September, extended to Friday, 25 September, a holiday: late on 15 October."""
    course = at_work()
    name = graph("rectification").node("carry-out").properties["dueInto"]
    extended(course, "carry-out", date(2026, 9, 25), **{name: date(2026, 9, 25)})
    course.now = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
    course.complete("carry-out", **DONE)
    assert local(course.due("carry-out-overdue")) == "2026-10-15 09:00"

    course.complete("carry-out", **DONE)

    assert course.variables["complete_due_on"] == date(2026, 9, 25)
    assert local(course.created("report").due_at) == "2026-09-25 18:00"
    assert local(course.fire("report-overdue").now) == "2026-10-15 09:00"


def test_how_late_is_late_for_the_money_is_configured() -> None:
    course = at_work()
    course.complete("carry-out", **DONE).complete("carry-out", **DONE).complete("report", decision="sign")
    course.answer("mark-reported").complete("verify")
    course.now = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
    again = AGAIN_DUE | {"overdue_working_days": D(2)}
    course.answer("mark-verified", open_issues=ISSUES[1:], failed_count=D(1), **again)

    assert local(course.fire("carry-out-overdue").now) == "2026-10-09 09:00"


def returned_late() -> Course:
    """The report, due on 7 September, is sent back to work on Friday, 9 October."""
    course = at_work()
    course.now = datetime(2026, 9, 4, 2, 0, tzinfo=UTC)
    course.complete("carry-out", **DONE).complete("carry-out", **DONE)
    course.fire("report-overdue")
    course.now = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
    return course.complete("report", decision="return", comment="第二项佐证不足")


def test_work_that_a_late_report_is_sent_back_to_is_not_late_itself() -> None:
    course = returned_late()
    assert local(course.created("carry-out").due_at) == "2026-10-15 18:00"
    assert local(course.fire("carry-out-overdue").now) == "2026-10-29 09:00"


def test_the_report_after_it_is_due_3_working_days_later_and_late_after_that() -> None:
    course = returned_late().complete("carry-out", **DONE).complete("carry-out", **DONE)

    assert local(course.created("report").due_at) == "2026-10-13 18:00"
    assert local(course.fire("report-overdue").now) == "2026-10-27 09:00"


def test_a_report_of_early_work_is_late_by_its_own_day() -> None:
    """Carried out on 3 August: the report is due on the 6th, not on 7 September."""
    course = at_work()
    course.now = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
    course.complete("carry-out", **DONE).complete("carry-out", **DONE)

    assert local(course.fire("report-overdue").now) == "2026-08-20 09:00"


def test_all_issues_closed_lead_to_the_closure() -> None:
    course = reported(at_work())
    assert course.created("verify").four_eyes_with == ("carry-out", "report")
    course.complete("verify").answer("mark-verified", open_issues=[], failed_count=D(0))
    course.complete("close").answer("mark-closed")

    assert course.outcome == ("completed", "passed")
    assert course.message("rect.passed").variables == {"rect_no": "RECT-2026-001", "source": "spot_check"}


def test_what_is_left_open_gets_another_20_days_and_only_that() -> None:
    course = reported(at_work()).complete("verify")
    course.now = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
    course.answer("mark-verified", open_issues=ISSUES[1:], failed_count=D(1), **AGAIN_DUE)

    assert course.user_tasks == ["carry-out"]
    assert local(course.created("carry-out").due_at) == "2026-09-30 18:00"


def test_a_second_failure_goes_to_the_director_and_asks_for_the_money_back() -> None:
    course = reported(at_work()).complete("verify")
    course.answer("mark-verified", open_issues=ISSUES[1:], failed_count=D(1), **AGAIN_DUE)
    reported(course, 1).complete("verify")
    course.answer("mark-verified", open_issues=ISSUES[1:], failed_count=D(2)).answer("mark-failed")

    assert course.message("rect.failed").variables == {
        "rect_no": "RECT-2026-001", "can_continue": True, "failed_count": D(2)
    }  # fmt: skip
    assert course.created("decide").candidate_groups == ("finance_director",)
    assert course.complete("decide").outcome == ("completed", "failed")


def test_an_issue_that_cannot_be_mended_stops_the_others_at_once() -> None:
    course = at_work().complete("carry-out", state="not", can_continue=False)

    assert course.user_tasks == []
    course.answer("mark-failed")
    assert course.message("rect.failed").variables["can_continue"] is False
    assert course.user_tasks == ["decide"]
