"""The third return of a step, whoever sends it back, goes to the superior of both sides first (PROCESSES 0.3, R15b)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from engine.kernel.graph import Graph, Node, NodeKind
from tests.processes import (
    test_budget_approval,
    test_dual_monitoring,
    test_ex_ante_assessment,
    test_goal_review,
    test_rectification,
    test_result_application,
    test_self_evaluation,
)
from tests.processes.drawn import Course, graph, user_tasks
from tests.processes.rules.decisions import FOLDER, ask

D = Decimal
COMMENT = "同一问题没有改到位"
PROCESSES = sorted(path.stem for path in FOLDER.glob("*.bpmn"))


def _monitoring(course: Course) -> Course:
    return test_dual_monitoring.filed(course, test_dual_monitoring.YELLOW)


def _assessed(course: Course) -> Course:
    course.complete("file").answer("check", faults=[], has_faults=False)
    course = test_ex_ante_assessment.panel(course, "85")
    return course.complete("head-sign", decision="agree")  # type: ignore[return-value]


def _invested() -> Course:
    return test_ex_ante_assessment.begun("full", investment_opinion=True, finance_stage=True)


def _reviewed_goal(course: Course) -> Course:
    course.complete("finance-review", review_score=D(84), amount_advice=D(90))
    return course


def _large_goal() -> Course:
    course = test_goal_review.filed(test_goal_review.opened(is_major=True))
    course.complete("sign", decision="sign").complete("dept-review", decision="pass", review_score=D(88))
    return course


def _summed_up() -> Course:
    course = test_self_evaluation.filed(test_self_evaluation.opened())
    return course.complete("unit-sign", decision="sign")  # type: ignore[return-value]


def _plan(course: Course) -> Course:
    return course.complete("plan").answer("mark-planned")  # type: ignore[return-value]


def _work(course: Course) -> Course:
    while "carry-out" in course.user_tasks:
        course.complete("carry-out", **test_rectification.DONE)
    return course


def _notice(course: Course) -> Course:
    return course.complete("notice", issues=test_rectification.ISSUES)  # type: ignore[return-value]


def _advice(course: Course) -> Course:
    return course.complete("advise", finance_advice="maintain", is_override=True)  # type: ignore[return-value]


def _report(course: Course) -> Course:
    return course.complete("dept-review", decision="pass").complete("head-sign")  # type: ignore[return-value]


#: How a step is begun, how it is filed again, who may send it back, in order.
Way = tuple[Callable[[], Course], Callable[[Course], Course], Sequence[str]]
WAYS: dict[tuple[str, str], Way] = {
    ("ex_ante_assessment", "file"): (_invested, _assessed, ["investment"]),
    ("goal_review", "fill"): (test_goal_review.opened, test_goal_review.filed, ["sign", "dept-review"]),
    ("goal_review", "finance-review"): (_large_goal, _reviewed_goal, ["countersign"]),
    ("budget_approval", "rank"): (
        test_budget_approval.advised, test_budget_approval.ranked, ["director-sign", "government"],
    ),
    ("dual_monitoring", "fill"): (test_dual_monitoring.opened, _monitoring, ["dept-review"]),
    ("self_evaluation", "fill"): (
        test_self_evaluation.opened, test_self_evaluation.filed, ["unit-sign", "dept-review"],
    ),
    ("self_evaluation", "dept-review"): (_summed_up, _report, ["receive"]),
    ("rectification", "notice"): (test_rectification.opened, _notice, ["issue"]),
    ("rectification", "plan"): (test_rectification.received, _plan, ["dept-review", "accept"]),
    ("rectification", "carry-out"): (test_rectification.at_work, _work, ["report"]),
    ("result_application", "advise"): (
        lambda: test_result_application.prepared("差", 1500), _advice, ["check", "approve", "leader-approve"],
    ),
}  # fmt: skip
#: Returned for the third time by whom -> to whom it comes; the first two returns are those of the first in order.
SUPERIORS = {
    ("ex_ante_assessment", "file", "investment"): "district_leader",
    # E21 is the street's own: its head signs for the unit
    ("goal_review", "fill", "sign"): "district_leader",
    ("goal_review", "fill", "dept-review"): "dept_head",
    ("goal_review", "finance-review", "countersign"): "finance_director",
    ("budget_approval", "rank", "director-sign"): "district_leader",
    ("budget_approval", "rank", "government"): "district_leader",
    ("dual_monitoring", "fill", "dept-review"): "dept_head",
    ("self_evaluation", "fill", "unit-sign"): "dept_head",
    ("self_evaluation", "fill", "dept-review"): "dept_head",
    ("self_evaluation", "dept-review", "receive"): "finance_director",
    ("rectification", "notice", "issue"): "finance_director",
    ("rectification", "plan", "dept-review"): "dept_head",
    ("rectification", "plan", "accept"): "finance_director",
    ("rectification", "carry-out", "report"): "district_leader",
    ("result_application", "advise", "check"): "finance_director",
    ("result_application", "advise", "approve"): "district_leader",
    ("result_application", "advise", "leader-approve"): "district_leader",
}
CASES = [pytest.param(*case, id="-".join(case)) for case in SUPERIORS]


def returned(course: Course, way: Way, by: str) -> Course:
    """Filed, passed by those before, and sent back as the diagram draws it."""
    _, file, reviewers = way
    file(course)
    for each in reviewers[: reviewers.index(by)]:
        course.complete(each, decision="pass")
    course.complete(by, decision="return", comment=COMMENT)
    return course


def returned_by_command(course: Course, way: Way, step: str) -> Course:
    """Filed, and sent back by the general command from the step after it."""
    way[1](course)
    (role,) = course.created(course.user_tasks[0]).candidate_groups
    course.return_to(course.user_tasks[0], step, return_comment=COMMENT, returned_by=role)
    return course


@pytest.mark.parametrize(("process", "step", "by"), CASES)
def test_the_third_return_comes_to_the_superior_of_both_sides(process: str, step: str, by: str) -> None:
    way = WAYS[process, step]
    course = way[0]()
    for _ in range(2):
        assert set(returned(course, way, way[2][0]).user_tasks) == {step}

    returned(course, way, by)

    assert course.user_tasks == ["coordinate"]
    coordination = course.created("coordinate")
    assert coordination.candidate_groups == (SUPERIORS[process, step, by],)
    assert (coordination.form_key, coordination.due_rule) == ("F-COORD", "due.coordination.coordinate")


@pytest.mark.parametrize("key", WAYS, ids="-".join)
def test_returns_by_the_general_command_count_like_those_that_are_drawn(key: tuple[str, str]) -> None:
    way, step = WAYS[key], key[1]
    course = returned_by_command(returned(way[0](), way, way[2][0]), way, step)
    assert set(course.user_tasks) == {step}

    returned_by_command(course, way, step)

    assert course.user_tasks == ["coordinate"]


@pytest.mark.parametrize("key", WAYS, ids="-".join)
def test_after_the_coordination_it_is_mended_within_the_time_of_a_return(key: tuple[str, str]) -> None:
    way, step = WAYS[key], key[1]
    course = way[0]()
    for _ in range(3):
        returned(course, way, way[2][0])

    course.complete("coordinate")

    assert set(course.user_tasks) == {step}
    assert course.variables["return_comment"] == COMMENT
    assert ".rework" in course.created(step).due_rule


@pytest.mark.parametrize("key", WAYS, ids="-".join)
def test_there_is_one_coordination_of_a_step(key: tuple[str, str]) -> None:
    way, step = WAYS[key], key[1]
    course = way[0]()
    for _ in range(3):
        returned(course, way, way[2][0])
    course.complete("coordinate")

    assert set(returned(course, way, way[2][0]).user_tasks) == {step}


def test_finance_sends_a_monitoring_form_back_once_and_that_counts_with_those_of_the_department() -> None:
    way = WAYS["dual_monitoring", "fill"]
    course = returned(returned(way[0](), way, "dept-review"), way, "dept-review")
    _monitoring(course).complete("dept-review", decision="pass").complete("summary")

    course.complete("finance-check", decision="return", comment=COMMENT)

    assert course.user_tasks == ["coordinate"]
    assert course.created("coordinate").candidate_groups == ("finance_director",)


def test_what_the_check_of_the_form_sends_back_is_no_return_of_a_reviewer() -> None:
    course = test_goal_review.opened()
    for _ in range(4):
        course.complete("fill", requested_amount=D(90))
        course.answer("validate", has_errors=True, formal_fault=False, errors=["分值合计不是 90"], warnings=[])

    assert course.user_tasks == ["fill"]
    assert "fill_returns" not in course.variables


@pytest.mark.parametrize(
    ("returns", "by", "own", "coordinator"),
    [
        (1, "dept_perf", False, "none"),
        (3, "unit_head", False, "dept_head"),
        (3, "unit_head", True, "district_leader"),
        (3, "dept_head", True, "district_leader"),
        (3, "finance_perf_lead", False, "finance_director"),
        (3, "auditor", False, "district_leader"),
        (3, None, False, "district_leader"),
        (4, "dept_perf", False, "none"),
    ],
)
def test_the_superior_follows_from_the_tree(returns: int, by: str | None, own: bool, coordinator: str) -> None:
    assert ask("R15b", returns=D(returns), returned_by=by, own_department=own).value == coordinator


@pytest.mark.parametrize("process", PROCESSES)
def test_each_return_that_is_drawn_goes_through_the_count_and_says_who_reviewed(process: str) -> None:
    drawn = graph(process)
    for gateway, through in _drawn_returns(drawn):
        assert through.kind is NodeKind.CALL_ACTIVITY, gateway.id
        (step,) = (drawn.nodes[drawn.flows[flow].target] for flow in through.outgoing)
        assert step.people is not None and step.people.returns_through == through.id
        (reviewer,) = (drawn.nodes[drawn.flows[flow].source] for flow in gateway.incoming)
        assert reviewer.people is not None
        (role,) = (each.expression.source for each in reviewer.outputs if each.target == "returned_by")
        (group,) = reviewer.people.candidate_groups
        assert role.strip('"') == group.source.strip('"'), reviewer.id


def test_the_ways_above_are_all_that_are_drawn() -> None:
    named = {
        (process, node.id)
        for process in PROCESSES
        for node in user_tasks(graph(process))
        if node.people is not None and node.people.returns_through
    }
    assert named == WAYS.keys()


def _drawn_returns(drawn: Graph) -> list[tuple[Node, Node]]:
    """Gateways, and where they send back what a reviewer returns."""
    return [
        (drawn.nodes[flow.source], drawn.nodes[flow.target])
        for flow in drawn.flows
        if flow.condition is not None and 'decision = "return"' in flow.condition.source
    ]

