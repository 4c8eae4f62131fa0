"""P00 main loop: one object through its budget year, every way out of it, and what its events do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.kernel.graph import Graph
from engine.model.calendar import SHANGHAI
from processes.budget_performance.package import GATES
from tests.builders import ProcessBuilder
from tests.processes.drawn import FORMS, Course, graph

#: Monday, 2 March 2026, 09:00 Asia/Shanghai: the year before the budget year.
MARCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
#: What ledger.load_project answers: a new project of 800 万元, which R01 sends to a full assessment by finance.
LOADED: dict[str, Any] = {
    "project_code": "A01",
    "project_name": "义务教育薄弱环节改善与能力提升",
    "fiscal_year": Decimal(2027),
    "unit_code": "2101",
    "department_code": "21",
    "owner": "edu1.proj",
    "kind": "project",
    "form": "appropriation",
    "budget_type": "general",
    "budget_line": "project",
    "is_new": True,
    "emergency": False,
    "superior_funded_100": False,
    "livelihood": True,
    "annual_amount": Decimal(800),
    "total_amount": Decimal(1500),
    "scope_increase_pct": Decimal(0),
    "multi_year": True,
    "start_year": Decimal(2027),
    "end_year": Decimal(2028),
    "violation": False,
    "project_key": "PRJ:A01:2027",
    "project": {"code": "A01", "name": "义务教育薄弱环节改善与能力提升"},
}
ROUNDS = [
    {"round": f"R{number}", "cutoff": date(2027, month, 30), "month": f"{month:02}"}
    for number, month in ((1, 4), (2, 7), (3, 8), (4, 10))
]


def called(key: str) -> Graph:
    """A called process of one user task, whose variables are its result."""
    return ProcessBuilder(key).start().user_task(key).end().chain("start", key, "end").build()


CALLED = [
    called(key)
    for key in ("ex_ante_assessment", "goal_review", "dual_monitoring", "self_evaluation", "result_application")
]


def registered(*, on: datetime = MARCH, **changes: Any) -> Course:
    course = Course(graph("main_loop"), *CALLED, now=on)
    course.start(business_key="PRJ:A01:2027", project_code="A01", fiscal_year=Decimal(2027))
    return course.answer("load", **{**LOADED, **changes})  # type: ignore[return-value]


def continuing(**changes: Any) -> Course:
    """An object that needs no assessment, at its goal review."""
    return registered(is_new=False, **changes)


def confirmed(course: Course) -> Course:
    course.complete("goal_review", outcome="confirmed", goal_version="0.9", goal_grade="优", goal_score=Decimal(90),
                    requested_amount=Decimal(800), amount_advice=Decimal(800))  # fmt: skip
    return course.answer("enter-library", library_no="LIB-2027-001")  # type: ignore[return-value]


def in_execution(**changes: Any) -> Course:
    course = confirmed(continuing(**changes))
    course.deliver("budget-approved", approved_amount=Decimal(780), goal_version="1.0", reply_no="1")
    course.answer("keep-budget")
    return course.answer("calendar", rounds=ROUNDS)  # type: ignore[return-value]


def evaluated(score: str = "92.82", *, has_issues: bool = False, **changes: Any) -> Course:
    course = in_execution(**changes)
    for _ in ROUNDS:
        course.complete("dual_monitoring", level_final="green")
    course.fire("year-end").complete("self_evaluation", outcome="done")
    result = {"self_score": Decimal(score), "final_score": Decimal(score), "result_source": "self"}
    course.answer("result", **result, has_issues=has_issues).answer("keep-result")
    return course  # type: ignore[return-value]


def finished(course: Course) -> Course:
    return course.complete("result_application", outcome="proposed").answer("archive")  # type: ignore[return-value]


def started(course: Course, key: str) -> list[Any]:
    """Instances of a called process that were started."""
    return [e for e in course.history if type(e).__name__ == "InstanceStarted" and e.graph_ref == f"{key}:1"]


def test_a_year_runs_from_registration_to_the_archive() -> None:
    course = registered()
    assert course.user_tasks == ["ex_ante_assessment"]
    course.complete("ex_ante_assessment", outcome="supported", conclusion="support", score=Decimal(86),
                    confirmed_amount=Decimal(800), valid_until=date(2028, 3, 2))  # fmt: skip
    confirmed(course)
    course.deliver("budget-approved", approved_amount=Decimal(780), goal_version="1.0", reply_no="1")
    course.answer("keep-budget").answer("calendar", rounds=ROUNDS)
    for _ in ROUNDS:
        course.complete("dual_monitoring", level_final="green")
    course.fire("year-end").complete("self_evaluation", outcome="done")
    course.answer(
        "result", self_score=Decimal("92.82"), final_score=Decimal("92.82"), result_source="self", has_issues=False
    )
    assert course.variables["final_grade"] == "优"
    course.answer("keep-result")
    finished(course)
    assert course.outcome == ("completed", "year-closed")
    assert course.sent() == ["goal.confirmed", "result.ready", "disclose.request"]


def test_the_tables_decide_whether_an_assessment_is_needed() -> None:
    course = registered()
    assert course.variables["is_major"] is True
    assert (course.variables["depth"], course.variables["finance_stage"]) == ("full", True)
    simple = registered(annual_amount=Decimal(95), total_amount=Decimal(95), livelihood=False)
    assert (simple.variables["is_major"], simple.variables["depth"]) == (False, "simple")
    assert continuing().user_tasks == ["goal_review"]


def test_a_major_object_of_more_than_three_years_is_reviewed_at_half_term() -> None:
    course = in_execution(start_year=Decimal(2025), end_year=Decimal(2029))
    course.fire("half-term-comes")

    assert course.now.astimezone(SHANGHAI).date() == date(2027, 7, 1)
    review = course.created("mid-term-review")
    assert (review.candidate_groups, review.form_key) == (("finance_perf",), "F-MID")
    assert review.due_at.astimezone(SHANGHAI).date() == date(2027, 8, 12)
    for _ in ROUNDS:
        course.complete("dual_monitoring", level_final="green")
    course.fire("year-end")
    assert course.user_tasks == ["mid-term-review"]
    assert course.complete("mid-term-review").user_tasks == ["self_evaluation"]


@pytest.mark.parametrize(
    "changes",
    [
        {"start_year": Decimal(2026), "end_year": Decimal(2028)},
        {"start_year": Decimal(2024), "end_year": Decimal(2028)},
        {"start_year": Decimal(2027), "end_year": Decimal(2031)},
        {
            "start_year": Decimal(2025), "end_year": Decimal(2029), "annual_amount": Decimal(95),
            "total_amount": Decimal(475), "livelihood": False,
        },
    ],
    ids=["three years", "half-term was last year", "half-term comes later", "not major"],
)  # fmt: skip
def test_others_are_not_reviewed_in_the_middle(changes: dict[str, Any]) -> None:
    course = in_execution(**changes)
    for _ in ROUNDS:
        course.complete("dual_monitoring", level_final="green")

    assert course.fire("year-end").user_tasks == ["self_evaluation"]


def test_the_called_processes_get_their_keys_and_the_object() -> None:
    course = in_execution()
    keys = [e.business_key for e in course.history if type(e).__name__ == "InstanceStarted"]
    assert keys == [
        "PRJ:A01:2027",
        "GOAL-2027-A01",
        "MON-2027-04-A01",
        "MON-2027-07-A01",
        "MON-2027-08-A01",
        "MON-2027-10-A01",
    ]
    goals = started(course, "goal_review")[0].variables
    assert {name: goals[name] for name in ("project_code", "unit_code", "owner", "depth", "is_major")} == {
        "project_code": "A01",
        "unit_code": "2101",
        "owner": "edu1.proj",
        "depth": "none",
        "is_major": True,
    }
    second = started(course, "dual_monitoring")[1].variables
    assert (second["round"], second["cutoff"], second["violation"]) == ("R2", date(2027, 7, 30), False)
    assert registered().last(type(course.history[0])).business_key == "EXA-2027-A01"


def test_a_rejected_assessment_ends_the_object() -> None:
    course = registered().complete("ex_ante_assessment", outcome="rejected", conclusion="not_support")
    assert course.outcome == ("completed", "not-launched")


def test_a_refused_goal_ends_the_object() -> None:
    assert continuing().complete("goal_review", outcome="refused").outcome == ("completed", "not-admitted")


def test_late_goals_are_reopened_once_without_waiting_for_the_budget_again() -> None:
    course = continuing().complete("goal_review", outcome="reopened")
    again = started(course, "goal_review")[1].variables  # type: ignore[arg-type]
    assert (again["reopened"], again["budget_opened"]) == (True, True)


def test_without_assessment_or_goal_nothing_enters_the_library() -> None:
    course = continuing().complete("goal_review", outcome="confirmed", requested_amount=Decimal(800))
    course.raise_error("enter-library", "GATE_S26", gate_missing=["审核确认的绩效目标"])
    assert course.outcome == ("completed", "no-library")
    assert course.sent() == []


def test_the_budget_is_asked_with_what_it_needs() -> None:
    course = confirmed(continuing())
    told = course.message("goal.confirmed")
    assert told.correlation_key == "BUD:2027"
    assert told.variables["requested_amount"] == Decimal(800)
    assert set(told.variables) == {
        "project_code", "project_name", "unit_code", "department_code", "requested_amount", "goal_version",
        "goal_grade", "goal_score",
    }  # fmt: skip
    answers = {"budget-approved", "budget-returned", "budget-refused"}
    assert answers <= set(course.waiting)


def test_a_calculation_fault_leads_back_to_the_goal_and_on_to_the_same_opinion() -> None:
    course = confirmed(continuing()).deliver("budget-returned", reason="单价高于标准")
    assert course.user_tasks == ["goal_review"]
    confirmed(course)  # type: ignore[arg-type]
    assert course.message("goal.confirmed").correlation_key == "BUD:2027:A01"  # type: ignore[attr-defined]


def test_what_is_not_funded_stays_in_reserve() -> None:
    course = confirmed(continuing()).deliver("budget-refused", reason="reserve").answer("into-reserve")
    assert course.outcome == ("completed", "reserve")


@pytest.mark.parametrize(
    ("hour", "told"), [(datetime(2026, 10, 31, 15, 59, tzinfo=UTC), "goal.confirmed"),
                       (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "goal.late")]
)  # fmt: skip
def test_a_goal_confirmed_after_31_october_asks_to_be_taken_in_late(hour: datetime, told: str) -> None:
    course = confirmed(continuing(on=hour))
    message = course.message(told)
    assert (message.correlation_key, message.variables["requested_amount"]) == ("BUD:2027", Decimal(800))
    assert course.sent().count("goal.confirmed") + course.sent().count("goal.late") == 1
    assert course.waiting[-4:] == ["budget-approved", "budget-returned", "budget-refused", "year-over"]


def test_an_object_that_nobody_answers_by_the_end_of_its_year_goes_into_reserve() -> None:
    course = confirmed(continuing())
    due = course.due("year-over")
    assert due is not None and due.astimezone(SHANGHAI).date() == date(2027, 12, 31)
    assert course.fire("year-over").answer("into-reserve").outcome == ("completed", "reserve")


def test_the_execution_year_lasts_until_its_rounds_are_done_and_the_31_december_has_come() -> None:
    course = in_execution()
    assert course.user_tasks == ["dual_monitoring"] * 4
    due = course.due("year-end")
    assert due is not None and due.astimezone(SHANGHAI).date() == date(2027, 12, 31)
    for _ in ROUNDS:
        course.complete("dual_monitoring", level_final="green")
    assert course.user_tasks == []
    assert course.fire("year-end").user_tasks == ["self_evaluation"]


def test_on_1_june_an_object_that_goes_on_begins_its_next_year_and_this_one_runs_on() -> None:
    course = in_execution()
    due = course.due("next-year-begins")
    assert due is not None and due.astimezone(SHANGHAI).date() == date(2027, 6, 1)
    course.fire("next-year-begins").answer("next-year", goes_on=True)
    told = course.message("project.continues")
    assert (told.correlation_key, told.variables) == (
        "PRJ:A01:2028",
        {"project_code": "A01", "fiscal_year": Decimal(2028), "unit_code": "2101"},
    )
    assert course.user_tasks == ["dual_monitoring"] * 4


def test_on_1_june_an_object_of_its_last_year_begins_nothing() -> None:
    course = in_execution()
    course.fire("next-year-begins").answer("next-year", goes_on=False)
    assert "project.continues" not in course.sent()
    assert course.user_tasks == ["dual_monitoring"] * 4


@pytest.mark.parametrize(("begins", "depth"), [("goes-on-from", "none"), ("renewed", "simple")])
def test_a_message_begins_the_next_year_and_a_renewed_policy_is_assessed_as_new(begins: str, depth: str) -> None:
    course = Course(graph("main_loop"), *CALLED, now=MARCH)
    course.start(begins, business_key="PRJ:A01:2027", project_code="A01", fiscal_year=Decimal(2027))
    small = {"annual_amount": Decimal(90), "total_amount": Decimal(90), "multi_year": False, "kind": "policy"}
    course.answer("load", **{**LOADED, **small, "is_new": course.variables.get("renewed") is True})
    assert course.variables["depth"] == depth
    assert course.user_tasks == ["goal_review" if depth == "none" else "ex_ante_assessment"]


def test_rounds_still_open_on_4_january_are_closed_from_payments_alone() -> None:
    course = in_execution()
    course.complete("dual_monitoring", level_final="green").fire("year-end")
    due = course.due("year-closes")
    assert due is not None and due.astimezone(SHANGHAI).date() == date(2028, 1, 4)
    course.fire("year-closes")
    assert (course.user_tasks, course.services) == ([], ["close-year"])
    assert course.answer("close-year").user_tasks == ["self_evaluation"]


@pytest.mark.parametrize(
    ("score", "has_issues", "needed"),
    [("92.82", False, False), ("80", False, False), ("79.99", False, True), ("59.99", False, True), ("95", True, True)],
)
def test_medium_and_poor_results_and_issues_are_rectified(score: str, has_issues: bool, needed: bool) -> None:
    course = evaluated(score, has_issues=has_issues)
    assert course.services == (["register-rectification"] if needed else [])
    assert course.user_tasks == ([] if needed else ["result_application"])


def test_a_rectification_is_opened_under_its_number() -> None:
    course = evaluated("70").answer("register-rectification", rect_key="RECT-2027-001")
    told = course.message("rect.open")  # type: ignore[attr-defined]
    assert told.correlation_key == "RECT-2027-001"
    assert told.variables == {
        "business_key": "RECT-2027-001",
        "source": "self",
        "project_key": "PRJ:A01:2027",
        "project_code": "A01",
        "fiscal_year": Decimal(2027),
        "unit_code": "2101",
    }
    assert course.user_tasks == ["result_application"]


def test_no_second_rectification_is_opened_for_the_same_result() -> None:
    course = evaluated("70").answer("register-rectification", rect_key=None)
    assert "rect.open" not in course.sent()  # type: ignore[attr-defined]
    assert course.user_tasks == ["result_application"]


def test_a_completed_object_is_evaluated_within_60_days() -> None:
    course = finished(evaluated(end_year=Decimal(2027)))
    assert course.user_tasks == ["final-evaluation"]
    assert course.complete("final-evaluation").outcome == ("completed", "closed")


def test_a_violation_is_recorded_and_holds_nothing_up() -> None:
    course = in_execution().deliver("violation-found", source="audit")
    course.answer("mark-violation")
    assert course.variables["violation"] is True
    assert course.user_tasks == ["dual_monitoring"] * 4
    assert "violation-found" in course.waiting


def test_a_cancelled_project_closes_its_children_and_gives_its_money_back() -> None:
    course = in_execution().deliver("project-cancelled")
    assert course.outcome == ("completed", "cancelled")
    assert course.message("fund.reclaim").correlation_key == "PRJ:A01:2027"  # type: ignore[attr-defined]
    assert course.has_ended


def test_all_six_gates_are_drawn() -> None:
    gates = {gate for node in graph("main_loop").nodes for gate in node.properties.get("gate", "").split()}
    assert gates == {"G1", "G2", "G3", "G4", "G5", "G6"}


def test_the_shipped_diagrams_keep_the_gates_that_every_variant_keeps() -> None:
    for key, gates in GATES.items():
        drawn = Counter(gate for node in graph(key).nodes for gate in node.properties.get("gate", "").split())
        assert drawn == gates, key


def test_the_real_preparation_runs_inside_the_loop() -> None:
    drawn = [graph(key) for key in ("main_loop", "ex_ante_assessment", "goal_review")]
    course = Course(*drawn, *CALLED[2:], now=MARCH)
    course.start(business_key="PRJ:A01:2027", project_code="A01", fiscal_year=Decimal(2027))
    course.answer("load", **{**LOADED, "annual_amount": Decimal(95), "total_amount": Decimal(95)})
    course.answer("search", duplicates=[]).complete("file").answer("check", faults=[], has_faults=False)
    course.complete("score-simple", score=Decimal(85), vetoes=[], suggested_amount=Decimal(95))
    course.answer("consolidate", score=Decimal(85), spread=Decimal(0), vetoes=[])
    course.complete("head-sign", decision="agree").answer("register", valid_until=date(2028, 3, 2))
    assert course.variables["assessment_outcome"] == "supported"
    course.answer("is-open", budget_opened=False)
    course.deliver("await-budget").complete("fill", requested_amount=Decimal(95))
    course.answer("validate", has_errors=False, formal_fault=False, errors=[], warnings=[])
    course.complete("sign", decision="sign").complete("dept-review", decision="pass", review_score=Decimal(90))
    course.complete("finance-review", review_score=Decimal(90), amount_advice=Decimal(95))
    course.complete("confirm").answer("record", goal_version="0.9")
    assert course.services == ["enter-library"]
    assert course.variables["goal_outcome"] == "confirmed"


def test_the_completion_evaluation_names_what_was_reached() -> None:
    filled = {
        "completed_on": date(2027, 12, 20),
        "goal_done": "总体目标全部完成，达到预期。",
        "total_paid": 736,
        "effect": "大班额基本消除，家长满意。",
        "handover": "已移交",
    }
    assert FORMS.check("F-FINAL", filled, LOADED).document["total_paid"] == Decimal(736)
    said = [fault["message_zh"] for fault in FORMS.review("F-FINAL", {}, LOADED).faults]
    assert "“累计支出”必须填写。" in said
