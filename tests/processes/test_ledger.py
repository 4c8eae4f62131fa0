"""The ledger keeps what it was told, refuses what does not fit, and numbers without gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from api.problems import problem_of
from engine.model.errors import NotFound
from processes.budget_performance.ledger import applications, budgets, evaluations, goals, measures, rounds
from processes.budget_performance.ledger.payments import PaidSoFar, UnsoundPayments, import_payments, paid_by
from processes.budget_performance.ledger.projects import UnsoundRegistration, load, mark_violation, object_of, titles
from processes.budget_performance.ledger.tables import evaluation_result
from tests.processes.office import BY_CODE, NOW, TENANT, YEAR, D, goal_of, office

__all__ = ["office"]


def paid(code: str, month: int, amount: object) -> PaidSoFar:
    return PaidSoFar(project_code=code, fiscal_year=YEAR, month=month, cumulative=D(str(amount)))


# --- projects


def test_an_object_is_read_by_the_names_the_diagrams_use(office):
    office.register("A03", livelihood=True)

    row = load(office.connection, TENANT, "A03", YEAR)

    assert row["project_key"] == "PRJ:A03:2026"
    assert row["project"] == {
        "code": "A03",
        "name": "项目A03",
        "unit_name": "示范社区卫生服务中心",
        "department_name": "区卫生健康局",
        "budget_type": "general",
        "form": "appropriation",
    }
    assert (row["fiscal_year"], row["annual_amount"], row["livelihood"], row["multi_year"]) == (2026, 260, True, True)
    assert isinstance(row["fiscal_year"], D)


def test_an_object_that_nobody_registered_is_not_found(office):
    with pytest.raises(NotFound, match="Expected project 'X9' to be registered for 2026, but it is not"):
        load(office.connection, TENANT, "X9", YEAR)


def test_a_registration_holds_all_its_faults(office):
    with pytest.raises(UnsoundRegistration) as refused:
        office.register("A 1", kind="dream", end_year=2020, total_amount=D(1))

    paths = [fault["path"] for fault in refused.value.faults]
    assert paths == ["0/project_code", "0/kind", "0/end_year", "0/total_amount"]


def test_a_violation_outlives_a_second_registration(office):
    office.register("A03")
    mark_violation(office.connection, TENANT, "A03", YEAR)

    office.register("A03", project_name="新名称")

    row = load(office.connection, TENANT, "A03", YEAR)
    assert (row["project_name"], row["violation"]) == ("新名称", True)


def test_a_unit_without_a_name_is_shown_by_its_code(office):
    office.register("A07", unit_code="28", department_code="28")

    assert load(office.connection, TENANT, "A07", YEAR)["project"]["unit_name"] == "28"


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("PRJ:A01:2026", ("A01", 2026)),
        ("GOAL-2027-021", ("021", 2027)),
        ("MON-2026-08-A05", ("A05", 2026)),
        ("RECT-2026-001", None),
        ("PRJ:A01:x", None),
        ("PRJ:A01", None),
        ("PRJ:A01:2026:mid-term-review", ("A01", 2026)),
        ("MON-2026-08-A05:fill", ("A05", 2026)),
    ],
)
def test_business_keys_tell_project_and_year(key, found):
    assert object_of(key) == found


def test_titles_are_found_for_the_keys_that_carry_a_project(office):
    office.register("A03")

    found = titles(office.connection, TENANT, ["MON-2026-08-A03", "BUD:2026", "PRJ:A09:2026"])

    assert found == {"MON-2026-08-A03": "项目A03"}


# --- payments


def test_the_latest_report_up_to_a_month_counts(office):
    office.register("A03")
    import_payments(office.connection, TENANT, [paid("A03", 3, 20), paid("A03", 7, 48)], "importer", NOW)

    found = [paid_by(office.connection, TENANT, "A03", YEAR, month) for month in (2, 3, 6, 7, 12)]

    assert found == [0, 20, 20, 48, 48]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [paid("A03", 13, 1)],
            [("0/month", "项目 A03（2026 年）：月份应为 1 至 12，当前为 13。")],
        ),
        (
            [paid("A03", 2, 8), paid("A03", 1, 9)],
            [("0/cumulative", "项目 A03 2026 年 2 月累计支付 8 万元，低于 1 月的 9 万元；累计数不应减少。")],
        ),
        (
            [paid("A03", 9, 11), paid("A03", 7, "10.5")],
            [("1/cumulative", "项目 A03 2026 年 7 月累计支付 10.5 万元，高于已报 8 月的 10 万元；累计数不应减少。")],
        ),
        (
            [paid("A03", 9, "9.9")],
            [("0/cumulative", "项目 A03 2026 年 9 月累计支付 9.9 万元，低于 8 月的 10 万元；累计数不应减少。")],
        ),
        (
            [paid("A03", 12, "260.01")],
            [("0/cumulative", "项目 A03 2026 年 12 月累计支付 260.01 万元，超过批复预算 260 万元。")],
        ),
        (
            [paid("A03", 9, 20), paid("A03", 9, 20), paid("A03", 9, 21)],
            [
                (f"{row}/cumulative", f"项目 A03 2026 年 9 月出现多次且金额不同，其中一笔为 {amount} 万元。")
                for row, amount in enumerate((20, 20, 21))
            ],
        ),
        (
            [paid("A03", 9, 20), paid("Z99", 3, 1)],
            [("1/project_code", "项目 Z99 未登记 2026 年预算，不能接收其 3 月支付数据。")],
        ),
    ],
    ids=["no such month", "falls", "above a later month", "below an earlier month", "budget", "twice", "unknown"],
)
def test_payments_that_cannot_be_are_refused_row_by_row(office, rows, told):
    key = office.register("A03")
    budgets.keep_approval(office.connection, key, is_approved=True, amount=D(260), decided_on=date(2026, 2, 9))
    import_payments(office.connection, TENANT, [paid("A03", 8, 10)], "importer", NOW)

    with pytest.raises(UnsoundPayments) as refused:
        import_payments(office.connection, TENANT, rows, "importer", NOW)

    faults = problem_of(refused.value, "zh").faults
    assert [(fault["path"], fault["message"]) for fault in faults] == told
    assert paid_by(office.connection, TENANT, "A03", YEAR, 12) == 10


def test_a_month_may_be_corrected_together_with_those_after_it(office):
    office.register("A03")
    import_payments(office.connection, TENANT, [paid("A03", 7, 5), paid("A03", 8, 10)], "importer", NOW)

    rows = [paid("A03", 8, 13), paid("A03", 7, 12), paid("A03", 7, 12)]
    import_payments(office.connection, TENANT, rows, "importer", NOW)

    assert [paid_by(office.connection, TENANT, "A03", YEAR, month) for month in (7, 8)] == [12, 13]


def test_payments_up_to_the_last_fen_of_the_budget_are_taken(office):
    office.take_over("A03")

    import_payments(office.connection, TENANT, [paid("A03", 12, 260)], "importer", NOW)

    assert paid_by(office.connection, TENANT, "A03", YEAR, 12) == 260


# --- budgets and goals


def test_a_number_of_the_library_stays_when_an_object_enters_again(office):
    first = budgets.enter_library(office.connection, office.key("A01"), NOW)
    second = budgets.enter_library(office.connection, office.key("A02"), NOW)

    assert (first, second) == ("LIB-2026-001", "LIB-2026-002")
    assert budgets.enter_library(office.connection, office.key("A01"), NOW) == first


def test_only_an_approval_is_a_budget(office):
    refused, granted = office.key("A01"), office.key("A02")
    day = date(2026, 2, 9)
    budgets.keep_approval(office.connection, refused, is_approved=False, amount=D(0), decided_on=day)
    budgets.keep_approval(office.connection, granted, is_approved=True, amount=D("320.5"), decided_on=day)

    assert budgets.approved_amounts(office.connection, refused) is None
    assert budgets.approved_amounts(office.connection, granted) == (D("320.5"), D("320.5"))


def test_a_goal_comes_back_as_it_was_kept(office):
    office.register("A10")
    kept = goal_of(BY_CODE["A10"])

    goals.keep_goal(office.connection, TENANT, "A10", YEAR, kept, NOW)

    found = goals.newest_goal(office.connection, TENANT, "A10", YEAR)
    assert found == kept


def test_approval_locks_the_reviewed_goal_as_version_one(office):
    office.register("A10")
    reviewed = replace(goal_of(BY_CODE["A10"]), version="0.9")
    goals.keep_goal(office.connection, TENANT, "A10", YEAR, reviewed, NOW)

    assert goals.approve_goal(office.connection, TENANT, "A10", YEAR, NOW) == "1.0"

    found = goals.newest_goal(office.connection, TENANT, "A10", YEAR)
    assert found == goal_of(BY_CODE["A10"])


def test_nothing_is_approved_without_a_goal(office):
    with pytest.raises(NotFound, match="Expected a confirmed goal of 'A10' for 2026, but found none"):
        goals.approve_goal(office.connection, TENANT, "A10", YEAR, NOW)


# --- results


def result(code: str, kind: str, score: object, grade: str, source: str = "") -> evaluations.Result:
    return evaluations.Result(
        project_code=code, fiscal_year=2025, kind=kind, score=D(str(score)), grade=grade, source=source
    )


def test_opening_results_are_taken_over_and_marked(office):
    office.register("A03")
    rows = [
        result("A03", "self", 98, "优"),
        result("A03", "spot_check", 79, "中"),
        result("A03", "final", 79, "中", "spot_check"),
    ]

    evaluations.import_opening_results(office.connection, TENANT, rows, "importer", NOW)

    found = evaluations.results_of(office.connection, TENANT, "A03", 2025)
    assert (found["final"].score, found["final"].grade, found["final"].source) == (79, "中", "spot_check")
    opening = office.connection.execute(select(evaluation_result.c.is_opening)).scalars()
    assert list(opening) == [True, True, True]


def test_one_unsound_opening_result_keeps_all_out(office):
    office.register("A03")
    rows = [
        result("A03", "self", 98, "优"),
        result("X1", "spot_check", 101, "好"),
        result("A03", "final", 79, "中", "dice"),
    ]

    with pytest.raises(evaluations.UnsoundResults) as refused:
        evaluations.import_opening_results(office.connection, TENANT, rows, "importer", NOW)

    paths = [fault["path"] for fault in refused.value.faults]
    assert paths == ["1/project_code", "1/score", "1/grade", "2/source"]
    assert evaluations.results_of(office.connection, TENANT, "A03", 2025) == {}


# --- rounds, measures, applications


def closed(name: str, cutoff: date, level: str) -> rounds.ClosedRound:
    return rounds.ClosedRound(
        round=name,
        cutoff=cutoff,
        e=D("21.15"),
        floor=D(60),
        g=None,
        g_plan=D("66.67"),
        state_min=D(20),
        level_sys="red",
        level_final=level,
        rules=["R3", "R5"],
    )


def test_the_level_before_is_that_of_the_last_round_with_earlier_data(office):
    key = office.key("A03")
    rounds.keep_round(office.connection, key, closed("R1", date(2026, 4, 30), "yellow"), NOW)
    rounds.keep_round(office.connection, key, closed("R2", date(2026, 7, 31), "red"), NOW)
    rounds.keep_round(office.connection, key, closed("R3", date(2026, 8, 31), "green"), NOW)

    levels = [
        rounds.level_before(office.connection, key, day)
        for day in (date(2026, 4, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 10, 31))
    ]

    assert levels == [None, "yellow", "red", "green"]


def test_a_round_comes_back_with_its_rules_and_the_choice_made(office):
    key, given = office.key("A03"), closed("R2", date(2026, 7, 31), "red")
    rounds.keep_round(office.connection, key, given, NOW)

    rounds.note_choice(office.connection, key, "R2", "continue")

    assert list(rounds.rounds_of(office.connection, key)) == [replace(given, choice="continue")]


def test_measures_of_a_round_are_replaced_and_those_of_others_stay(office):
    key = office.key("A05")
    first, second = measures.Measure(content="加班"), measures.Measure(content="换队", due_on=date(2026, 10, 1))
    measures.keep_measures(office.connection, key, "R2", [first], NOW)
    measures.keep_measures(office.connection, key, "R3", [first], NOW)

    measures.keep_measures(office.connection, key, "R2", [second, first], NOW)

    assert list(measures.measures_of(office.connection, key, "R2")) == [second, first]
    assert list(measures.measures_of(office.connection, key, "R3")) == [first]


def test_a_budget_sees_the_latest_proposal_made_for_it(office):
    def proposal(amount: int) -> applications.Application:
        return applications.Application(
            for_year=2027,
            action="improve",
            base=D(260),
            proposal=D(234),
            finance_advice="cut",
            amount=D(amount),
        )

    applications.keep_application(office.connection, office.key("A03", 2024), proposal(250), NOW - timedelta(days=365))
    applications.keep_application(office.connection, office.key("A03", 2025), proposal(234), NOW)

    found = applications.application_for(office.connection, TENANT, "A03", 2027)
    assert found == proposal(234)
    assert applications.application_for(office.connection, TENANT, "A03", 2028) is None
