"""Every worked example of the rules that are tables, digit for digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import DecisionFailed
from tests.processes.rules.decisions import ask

D = Decimal


def cases(**named: tuple[dict[str, Any], Any]) -> Any:
    return pytest.mark.parametrize(("inputs", "expected"), named.values(), ids=named)


# --- R00 ---

ORDINARY = {
    "annual_amount": 100,
    "total_amount": 100,
    "form": "appropriation",
    "livelihood": False,
    "marked_by_leader": False,
}


@cases(
    ordinary=({}, False),
    annual_500=({"annual_amount": 500}, True),
    annual_499=({"annual_amount": D("499.9999")}, False),
    total_1000=({"total_amount": 1000}, True),
    infrastructure_300=({"form": "infrastructure", "annual_amount": 300}, True),
    infrastructure_299=({"form": "infrastructure", "annual_amount": 299}, False),
    special_bond=({"form": "special_bond"}, True),
    ppp=({"form": "ppp"}, True),
    investment_fund=({"form": "investment_fund"}, True),
    livelihood_200=({"livelihood": True, "annual_amount": 200}, True),
    livelihood_199=({"livelihood": True, "annual_amount": 199}, False),
    marked=({"marked_by_leader": True}, True),
)
def test_r00_major(inputs, expected):
    assert ask("R00", **ORDINARY | inputs).value is expected


# --- R01 ---

NEW_PROJECT = {
    "budget_line": "project",
    "is_new": True,
    "emergency": False,
    "superior_funded_100": False,
    "form": "appropriation",
    "kind": "project",
    "annual_amount": 800,
    "total_amount": 800,
    "scope_increase_pct": 0,
}


@cases(
    new_project_800=({}, ("full", False, True)),
    new_project_95=({"annual_amount": 95, "total_amount": 95}, ("simple", False, False)),
    new_infrastructure_650=({"form": "infrastructure", "annual_amount": 650}, ("full", True, True)),
    continuing_260=({"is_new": False, "annual_amount": 260}, ("none", False, False)),
    continuing_2400_plus_35=({"is_new": False, "annual_amount": 2400, "scope_increase_pct": 35}, ("full", False, True)),
    policy_renewal_320=({"kind": "policy", "annual_amount": 320, "total_amount": 320}, ("full", False, True)),
    basic=({"budget_line": "basic"}, ("none", False, False)),
    emergency=({"emergency": True, "form": "infrastructure"}, ("simple", True, True)),
    superior_funded=({"superior_funded_100": True}, ("simple", False, False)),
    long_project=({"annual_amount": 400, "total_amount": 1000}, ("full", False, True)),
    exa_2027_003=({"form": "infrastructure", "annual_amount": 620, "total_amount": 1100}, ("full", True, True)),
    goal_2027_021=(
        {"form": "purchase_service", "annual_amount": 90, "total_amount": 90},
        ("simple", False, False),
    ),
)
def test_r01_depth_of_the_assessment(inputs, expected):
    value = ask("R01", **NEW_PROJECT | inputs).value

    assert (value["depth"], value["investment_opinion"], value["finance_stage"]) == expected


def test_r01_names_the_clause_that_asks_for_it():
    rule = ask("R01", **NEW_PROJECT | {"form": "infrastructure"}).matched_rules[0]

    assert (rule.number, rule.basis) == (4, "S-23")


# --- R02 ---


@cases(
    s80=({"score": D("80.00")}, "support"),
    s79_99=({"score": D("79.99")}, "support_after_adjustment"),
    s60=({"score": 60}, "support_after_adjustment"),
    s59_99=({"score": D("59.99")}, "not_support"),
    s95_with_veto=({"score": 95, "vetoes": ["V2"]}, "not_support"),
    no_list_of_vetoes=({"score": 80, "vetoes": None}, "support"),
)
def test_r02_conclusion(inputs, expected):
    assert ask("R02", **{"vetoes": []} | inputs).value == expected


def test_a_score_beyond_a_hundred_is_no_score():
    with pytest.raises(DecisionFailed, match=r"Expected \[0\.\.100\] in column '得分'"):
        ask("R02", vetoes=[], score=D("100.01"))


# --- R02b ---


@cases(
    fault=({"formal_fault": True, "score": 95}, (None, "return")),
    s90=({"score": 90}, ("优", "confirm")),
    s89_99=({"score": D("89.99")}, ("良", "amend")),
    s80=({"score": 80}, ("良", "amend")),
    s79_99=({"score": D("79.99")}, ("中", "revise")),
    s60=({"score": 60}, ("中", "revise")),
    s59_99=({"score": D("59.99")}, ("差", "refuse")),
    fin_review_2026=({"score": 90}, ("优", "confirm")),
    a07=({"score": 85}, ("良", "amend")),
    goal_2027_021=({"score": 72}, ("中", "revise")),
)
def test_r02b_goal_review(inputs, expected):
    value = ask("R02b", **{"formal_fault": False} | inputs).value

    assert (value["grade"], value["action"]) == expected


# --- R03 ---


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
        ("100", "优"),
    ],
)
def test_r03_grade(score, grade):
    assert ask("R03", score=D(score)).value == grade


def test_r03_gives_no_grade_without_a_score():
    assert ask("R03", score=None).value is None


def test_example_a_of_r06_is_excellent():
    assert ask("R03", score=D("92.82")).value == "优"


# --- R05 ---

QUIET = {
    "is_benefit": False,
    "violation": False,
    "can_continue": True,
    "rect_state": "none",
    "level": "green",
    "red_count": 0,
    "choice": "continue",
}


@cases(
    benefit_red=({"is_benefit": True, "level": "red", "red_count": 1}, ("alert_only", ["P09"])),
    benefit_violation=({"is_benefit": True, "violation": True}, ("alert_only", ["P15"])),
    violation=({"violation": True}, ("stop", ["P15"])),
    cannot_continue=({"can_continue": False}, ("reclaim", [])),
    failed_twice=({"rect_state": "failed_twice"}, ("reclaim", [])),
    overdue=({"rect_state": "overdue"}, ("stop", [])),
    first_red=({"level": "red", "red_count": 1}, ("suspend", ["P09"])),
    second_red=({"level": "red", "red_count": 2}, ("stop", [])),
    yellow_no_answer=({"level": "yellow", "choice": "none"}, ("suspend", [])),
    yellow_cancel=({"level": "yellow", "choice": "cancel"}, ("reclaim", [])),
    yellow_adjust=({"level": "yellow", "choice": "adjust"}, ("start_adjustment", ["P05"])),
    yellow_continue=({"level": "yellow"}, ("none", [])),
    passed=({"rect_state": "passed"}, ("release", [])),
    passed_but_red=({"rect_state": "passed", "level": "red", "red_count": 1}, ("suspend", ["P09"])),
    passed_but_violation_open=({"rect_state": "passed", "violation": True}, ("stop", ["P15"])),
    green=({}, ("none", [])),
)
def test_r05_fund_control(inputs, expected):
    value = ask("R05", **QUIET | inputs).value

    assert (value["action"], value["starts"]) == expected


@pytest.mark.parametrize(("budget", "paid", "committed", "amount"), [(260, 55, 20, 185), (100, 90, 20, 0)])
def test_r05_reclaim_amount(budget, paid, committed, amount):
    assert ask("R05_reclaim_amount", adjusted_budget=budget, paid=paid, committed=committed).value == amount


# --- R06 ---


@cases(
    standard=((False, True, False), ("standard", (10, None, 50, 30, 10))),
    with_cost=((True, True, False), ("with_cost", (10, 20, 40, 20, 10))),
    no_satisfaction=((False, False, False), ("no_satisfaction", (10, None, 50, 40, None))),
    operating=((False, False, True), ("operating", (10, None, 60, 30, None))),
)
def test_r06_weight_sets(inputs, expected):
    costs, satisfaction, operating = inputs
    value = ask("R06_weights", has_cost_indicators=costs, has_satisfaction=satisfaction, operating=operating).value

    weights = tuple(value["weights"].get(k) for k in ("execution", "cost", "output", "benefit", "satisfaction"))
    assert (value["weight_set"], weights) == expected


# --- R07 ---


@cases(
    falsified=((True, False, 0), ("untrue", "recheck", ["P09", "P18"], True)),
    a03=((False, True, 19), ("untrue", "recheck", ["P09"], False)),
    a07=((False, True, 12), ("untrue", "recheck", ["P09"], False)),
    just_above_ten=((False, False, D("10.01")), ("untrue", "recheck", ["P09"], False)),
    grade_changed=((False, True, 3), ("deviating", "recheck", ["P09"], False)),
    ten=((False, False, 10), ("deviating", "recheck", [], False)),
    five=((False, False, 5), ("reliable", "self", [], False)),
    a02=((False, False, 3), ("reliable", "self", [], False)),
)
def test_r07_spot_check_result(inputs, expected):
    falsified, grade_changed, d = inputs
    value = ask("R07", falsified=falsified, grade_changed=grade_changed, d=d).value

    assert (value["result"], value["binding"], value["starts"], value["veto"]) == expected


# --- R09 ---

PLAIN = {"amount": 100, "livelihood": False, "social_impact": "low", "economy": False, "red_in_year": False}


@cases(
    first=(
        {
            "amount": 2400,
            "livelihood": True,
            "social_impact": "high",
            "economy": True,
            "last_grade": None,
            "red_in_year": True,
            "years_since_last": 5,
        },
        94,
    ),
    second=({"amount": 120, "social_impact": "middle", "last_grade": "良", "years_since_last": 1}, 13),
    long_ago=({"last_grade": "优", "years_since_last": 9}, 5),
    five_hundred=({"amount": 500, "last_grade": "差", "years_since_last": 0}, 30),
    two_hundred=({"amount": 200, "last_grade": "中", "years_since_last": 0}, 16),
)
def test_r09_priority(inputs, expected):
    assert ask("R09", **PLAIN | inputs).value == expected


# --- R10 ---

USUAL = {"ineffective": False, "duplicate": False, "open_rectification_overdue": False, "base": 800}


@cases(
    excellent=({"grade": "优"}, ("priority", D(800), 0, True)),
    good=({"grade": "良"}, ("maintain", D(800), 0, False)),
    medium=({"grade": "中"}, ("improve", D("720.00"), 0, False)),
    poor=({"grade": "差"}, ("cut_or_cancel", D("400.00"), 0, False)),
    medium_overdue=({"grade": "中", "open_rectification_overdue": True}, ("improve_and_cut", D(640), 0, False)),
    good_overdue=(
        {"grade": "良", "open_rectification_overdue": True},
        ("maintain_release_after_closure", D(800), D(160), False),
    ),
    ineffective=({"grade": "优", "ineffective": True}, ("cancel", 0, 0, False)),
    duplicate=({"grade": "优", "duplicate": True}, ("merge_or_adjust", D(800), 0, False)),
    a02=({"grade": "优", "base": 320}, ("priority", D(320), 0, True)),
    a03=({"grade": "中", "base": 260}, ("improve", D("234.00"), 0, False)),
    a04=({"grade": "良", "base": 2400}, ("maintain", D(2400), 0, False)),
    a06=({"grade": "优", "base": 120}, ("priority", D(120), 0, True)),
    a07=({"grade": "良", "base": 180}, ("maintain", D(180), 0, False)),
    a09=({"grade": "差", "base": 1500}, ("cut_or_cancel", D("750.00"), 0, False)),
    b02=({"grade": "良", "base": 1200}, ("maintain", D(1200), 0, False)),
    c01=({"grade": "优", "base": 210}, ("priority", D(210), 0, True)),
)
def test_r10_result_into_budget(inputs, expected):
    value = ask("R10", **USUAL | inputs).value

    assert (value["action"], value["proposal"], value["held"], value["priority"]) == expected


def test_r10_rounds_money_half_up_to_four_places():
    assert ask("R10", **USUAL | {"grade": "中", "base": D("0.0005")}).value["proposal"] == D("0.0005")


@pytest.mark.parametrize(
    ("project", "score", "grade"),
    [
        ("A02", "95.0", "优"),
        ("A03", "79.0", "中"),
        ("A04", "88.2", "良"),
        ("A06", "91.0", "优"),
        ("A07", "88.0", "良"),
        ("A09", "58.5", "差"),
        ("B02", "81.0", "良"),
        ("C01", "96.0", "优"),
    ],
)
def test_grades_of_the_results_of_2025(project, score, grade):
    assert ask("R03", score=D(score)).value == grade


# --- R11 to R16 ---


@pytest.mark.parametrize(("grade", "amount"), [("优", "1000"), ("良", "1000"), ("中", "970"), ("差", "950")])
def test_r11_coefficient_of_a_department(grade, amount):
    assert ask("R11_amount", grade=grade, controllable=1000).value == D(amount)


IDLE = {"unspent": 10, "as_of": date(2026, 12, 31), "can_continue": True, "accepted_plan": False}


@cases(
    surplus=({"source": "carry_over", "budget_year": 2025}, ("reclaim_surplus", [])),
    carried_not_long=(
        {"source": "carry_over", "budget_year": 2025, "as_of": date(2026, 12, 30)},
        ("watch", []),
    ),
    spent=({"source": "carry_over", "budget_year": 2025, "unspent": 0}, ("watch", [])),
    cannot_go_on=({"source": "current_year", "can_continue": False}, ("reclaim", [])),
    slow=({"source": "current_year", "as_of": date(2026, 9, 30), "e": D("34.99"), "floor": 70}, ("reclaim", [])),
    half=({"source": "current_year", "as_of": date(2026, 9, 30), "e": 35, "floor": 70}, ("watch", [])),
    slow_in_august=({"source": "current_year", "as_of": date(2026, 8, 31), "e": 5, "floor": 60}, ("watch", [])),
    slow_with_plan=(
        {"source": "current_year", "as_of": date(2026, 9, 30), "e": 5, "floor": 70, "accepted_plan": True},
        ("watch", []),
    ),
    account=({"source": "unit_account", "age_months": 25}, ("reclaim", [])),
    account_24=({"source": "unit_account", "age_months": 24}, ("watch", [])),
    fund_13=({"source": "investment_fund", "age_months": 13}, ("warn_yellow", [])),
    fund_25=({"source": "investment_fund", "age_months": 25}, ("reduce_next_payment", [])),
    bond_7=({"source": "special_bond", "age_months": 7}, ("warn_yellow", [])),
    bond_13=({"source": "special_bond", "age_months": 13}, ("change_use", ["P05"])),
)
def test_r12_idle_funds(inputs, expected):
    value = ask("R12", **IDLE | inputs).value

    assert (value["action"], value["starts"]) == expected


@cases(
    excellent=(("90", False, False), ("优秀", ["commend"])),
    good=(("87.50", False, False), ("良好", [])),
    qualified=(("60", False, False), ("合格", [])),
    excellent_with_veto=(("95", True, False), ("合格", [])),
    low=(("59.99", False, False), ("不合格", ["interview", "rectify"])),
    low_with_veto=(("59", True, False), ("不合格", ["interview", "rectify"])),
    low_twice=(("40", False, True), ("不合格", ["interview", "rectify", "report_to_government"])),
)
def test_r13_band(inputs, expected):
    score, veto, low_last_year = inputs
    value = ask("R13", score=D(score), veto=veto, low_last_year=low_last_year).value

    assert (value["band"], value["actions"]) == expected


SOUND = {
    "days_to_expiry": 400,
    "grade": "良",
    "consecutive_medium": 0,
    "basis_valid": True,
    "purpose_done": False,
    "duplicate": False,
    "violation_serious": False,
}


@cases(
    sound=({}, "keep"),
    basis_gone=({"basis_valid": False, "purpose_done": True}, "cancel"),
    done=({"purpose_done": True}, "cancel"),
    violation=({"violation_serious": True}, "cancel_or_adjust"),
    poor=({"grade": "差", "duplicate": True}, "cancel_or_adjust"),
    medium_twice=({"grade": "中", "consecutive_medium": 2}, "adjust_or_merge"),
    duplicate=({"duplicate": True}, "merge"),
    expiring_good=({"days_to_expiry": 90}, "continue_with_assessment"),
    expiring_medium=({"days_to_expiry": 90, "grade": "中", "consecutive_medium": 1}, "end_at_expiry"),
    not_yet_evaluated=({"grade": None}, "keep"),
)
def test_r14_end_of_a_policy(inputs, expected):
    assert ask("R14", **SOUND | inputs).value == expected


@cases(
    objective=(("objective", 900, True), ("no_fault", 0)),
    intent=(("intent", 0, False), ("serious", 0)),
    loss_50=(("negligence", 50, False), ("serious", 0)),
    loss_49=(("negligence", D("49.99"), False), ("ordinary", 5)),
    loss_10=(("negligence", 10, False), ("ordinary", 5)),
    small_repeated=(("negligence", D("9.99"), True), ("ordinary", 5)),
    small=(("negligence", D("9.99"), False), ("light", 2)),
)
def test_r16_severity(inputs, expected):
    intent, loss, repeated = inputs
    value = ask("R16", intent=intent, loss=loss, repeated=repeated).value

    assert (value["severity"], value["deduction"]) == expected
