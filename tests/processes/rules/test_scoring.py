"""Scores of a self-evaluation and re-check, digit for digit as RULES R06 and R06b work them out."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from processes.budget_performance.monitoring import Operator
from processes.budget_performance.scoring import (
    Finding,
    IndicatorResult,
    Rounding,
    execution_score,
    hand_set_score,
    indicator_score,
    qualitative_points,
    range_points,
    scoring_rules,
    spread_evenly,
    total_score,
)
from tests.processes.rules.district import RULE

D = Decimal
RULES = scoring_rules(RULE)


def row(operator: str, target: object, actual: object, weight: int, **more: object) -> IndicatorResult:
    return IndicatorResult(
        name="指标",
        weight=D(weight),
        operator=Operator(operator),
        target=None if target is None else D(str(target)),
        actual=None if actual is None else D(str(actual)),
        **more,  # type: ignore[arg-type]
    )


EXAMPLE_A = [
    row(">=", 24, 24, 15),
    row(">=", 100, 96, 15),
    row(">=", 100, 75, 10),
    row("<=", 3000, 3150, 10),
    row(">=", 1080, 1080, 20),
    row("qualitative", None, None, 10, rating="partly", ratio=D(75)),
    row(">=", 90, "87.3", 10),
]


def test_example_a_scores_92_82():
    total = total_score(execution_weight=D(10), spent=D(736), adjusted_budget=D(800), results=EXAMPLE_A, rules=RULES)

    assert str(total.execution.points) == "9.20"
    assert [str(s.points) for s in total.indicators] == ["15.00", "14.40", "7.50", "9.52", "20.00", "7.50", "9.70"]
    assert str(total.points) == "92.82"
    assert str(total.exact) == "92.82380952380952380952380952"


def test_example_b_over_achievement_is_explained_not_deducted_unless_the_target_was_too_low():
    plain = indicator_score(row(">=", 30, 48, 10), RULES)
    too_low = indicator_score(row(">=", 30, 48, 10, target_too_low=True), RULES)

    assert (str(plain.points), plain.findings) == ("10.00", (Finding.EXPLANATION_NEEDED,))
    assert (str(too_low.points), too_low.findings) == ("8.50", (Finding.EXPLANATION_NEEDED, Finding.CAUSE_NEEDED))


@pytest.mark.parametrize(("actual", "points"), [("39", "10.00"), ("39.3", "9.95"), ("63", "6.00"), ("90", "6.00")])
def test_a_target_too_low_costs_half_of_the_excess_and_at_most_forty_percent(actual, points):
    assert str(indicator_score(row(">=", 30, actual, 10, target_too_low=True), RULES).points) == points


@pytest.mark.parametrize(
    ("result", "points"),
    [
        pytest.param(row("<=", 5, 8, 10), "6.25", id="C"),
        pytest.param(row("=", 12, 9, 8), "6.00", id="D"),
        pytest.param(row("=", 9, 12, 8), "6.00", id="more than asked"),
        pytest.param(row("=", 0, 0, 8), "8.00", id="nothing of nothing"),
        pytest.param(row("<=", 0, 3, 8), "0.00", id="some of none allowed"),
        pytest.param(row(">=", 10, None, 8), "0.00", id="no value"),
        pytest.param(row(">=", 100, -5, 8), "0.00", id="less than nothing where more is better"),
        pytest.param(row(">=", 0, "-0.1", 8), "0.00", id="risen where it was not to rise"),
        pytest.param(row(">=", -5, -4, 8), "8.00", id="fallen by less than was allowed"),
        pytest.param(row(">=", -5, -6, 8), "0.00", id="fallen by more than was allowed"),
        pytest.param(row("<=", 5, -1, 8), "8.00", id="below a ceiling"),
        pytest.param(row("<=", -5, 3, 8), "0.00", id="above a ceiling below nothing"),
        pytest.param(row("=", 12, -9, 8), "0.00", id="the other way"),
        pytest.param(row("qualitative", None, None, 8), "0.00", id="not rated"),
    ],
)
def test_points_of_one_indicator(result, points):
    assert str(indicator_score(result, RULES).points) == points


@pytest.mark.parametrize(
    ("spent", "budget", "points", "findings"),
    [
        ("251.89", "251.89", "10.00", ()),
        ("120", "100", "10.00", (Finding.OVERSPENT,)),
        ("90", "100", "9.00", ()),
        ("89.99", "100", "9.00", (Finding.EXECUTION_REASON_NEEDED,)),
    ],
    ids=["E", "F", "at 90 %", "below 90 %"],
)
def test_execution_score(spent, budget, points, findings):
    score = execution_score(D(10), D(spent), D(budget), RULES)

    assert (str(score.points), score.findings) == (points, findings)


@pytest.mark.parametrize(
    ("actual", "points"), [("5", "10"), ("8", "10"), ("10", "10"), ("4", "8"), ("12.5", "8"), ("0", "0")]
)
def test_a_range_costs_what_its_missed_end_costs(actual, points):
    assert range_points(D(10), D(5), D(10), D(actual)) == D(points)


def test_below_a_range_and_below_nothing_earns_nothing():
    assert range_points(D(10), D(5), D(10), D(-1)) == 0


def test_a_value_below_nothing_takes_no_points_from_the_other_rows():
    results = [row(">=", 24, 24, 40), row(">=", 100, -5, 50)]

    total = total_score(execution_weight=D(10), spent=D(8), adjusted_budget=D(10), results=results, rules=RULES)

    assert ([str(s.points) for s in total.indicators], str(total.points)) == (["40.00", "0.00"], "48.00")


def test_without_a_budget_the_rest_is_scaled_to_a_hundred():
    total = total_score(
        execution_weight=D(10), spent=D(0), adjusted_budget=D(0), results=[row(">=", 4, 3, 90)], rules=RULES
    )

    assert (total.execution, str(total.points)) == (None, "75.00")


def test_a_total_never_exceeds_a_hundred():
    total = total_score(
        execution_weight=D(10), spent=D(1), adjusted_budget=D(1), results=[row(">=", 1, 1, 95)], rules=RULES
    )

    assert (total.points, total.exact) == (100, 100)


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("NO_EVIDENCE", "0.00"),
        ("SURVEY_MISSING", "0.00"),
        ("UNRELATED", "0.00"),
        ("MISMATCH", "0.00"),
        ("PAYMENT_AS_QUANTITY", "0.00"),
        ("DUPLICATE", "0.00"),
        ("NOT_ASSESSABLE_S", "0.00"),
        ("NOT_ASSESSABLE_M", "4.00"),
        ("NOT_ASSESSABLE_L", "7.00"),
        ("PARTIAL", "7.00"),
        ("VALUE_WRONG", "10.00"),
    ],
)
def test_evidence_rules_of_a_re_check(code, points):
    assert str(indicator_score(row(">=", 5, 5, 10, deductions=(code,)), RULES).points) == points


def test_the_severest_deduction_counts_once():
    score = indicator_score(row(">=", 5, 4, 10, deductions=("PARTIAL", "NOT_ASSESSABLE_M")), RULES)

    assert str(score.points) == "3.20"


def test_an_unknown_deduction_code_is_refused():
    with pytest.raises(ValueError, match="deduction codes of F-06 for '指标', but found NO_REASON"):
        indicator_score(row(">=", 5, 4, 10, deductions=("NO_REASON",)), RULES)


@pytest.mark.parametrize(
    ("band_set", "rating", "ratio", "points"),
    [
        ("2020", "met", "100", "10"),
        ("2020", "met", "80", "8"),
        ("2020", "partly", "75", "7.5"),
        ("2020", "partly", "60", "6"),
        ("2020", "not", "59.9", "5.99"),
        ("2018", "partly", "50", "5"),
        ("2018", "not", "0", "0"),
    ],
)
def test_qualitative_bands(band_set, rating, ratio, points):
    assert qualitative_points(D(10), rating, D(ratio), RULES.bands[band_set]) == D(points)


@pytest.mark.parametrize(
    ("band_set", "rating", "ratio"),
    [
        ("2020", "partly", "80"),
        ("2020", "not", "60"),
        ("2018", "not", "55"),
        ("2020", "met", "101"),
        ("2020", "met", "79"),
    ],
)
def test_a_ratio_outside_its_band_is_refused(band_set, rating, ratio):
    with pytest.raises(ValueError, match=f"but found {ratio} %"):
        qualitative_points(D(10), rating, D(ratio), RULES.bands[band_set])


@pytest.mark.parametrize(
    ("rounding", "points"),
    [
        (Rounding(), "9.67"),
        (Rounding(places=0), "10"),
        (Rounding(places=0, cut=True), "9"),
        (Rounding(places=2, cut=True), "9.66"),
        (Rounding(places=1), "9.7"),
    ],
)
def test_rounding_is_a_setting_and_the_exact_value_is_kept(rounding, points):
    rules = dataclasses.replace(RULES, rounding=rounding)

    score = execution_score(D(10), D("29"), D("30"), rules)

    assert str(score.points) == points
    assert score.exact == D(290) / 30


def test_an_office_may_compute_from_the_printed_rate():
    printed = dataclasses.replace(RULES, rounding=Rounding(from_printed_rate=True))

    exactly = execution_score(D(20), D("966.69"), D("1000.14"), RULES)
    from_print = execution_score(D(20), D("966.69"), D("1000.14"), printed)

    # without a printed rate, 96.6555 % stands for 96.66 %
    assert (str(exactly.points), str(from_print.points)) == ("19.33", "19.33")
    assert from_print.exact == D("19.332")
    assert execution_score(D(20), D("966.69"), D("1000.14"), printed, D(97)).exact == D("19.4")


def test_a_hand_set_score_stays_inside_the_weight_and_gives_a_reason():
    assert hand_set_score(D(10), D(8), "现场核查发现台账不全缺三份").points == 8
    assert hand_set_score(D(10), D(12), "市级表彰按办法第九条加分", bonus=True).points == 12
    with pytest.raises(ValueError, match="from 0 to 10, but found 12"):
        hand_set_score(D(10), D(12), "市级表彰按办法第九条加分")
    with pytest.raises(ValueError, match="at least 10 characters, but found 2"):
        hand_set_score(D(10), D(8), "偏高")


def test_group_points_are_spread_evenly_and_add_up():
    assert spread_evenly(D(20), 3) == (D("6.67"), D("6.67"), D("6.66"))
    with pytest.raises(ValueError, match="at least one row"):
        spread_evenly(D(20), 0)


def test_every_weight_set_adds_up_to_a_hundred():
    sets = {name: weights for name, weights in RULE["R06"].items() if name.startswith("weights_")}

    assert {name: sum(weights.values()) for name, weights in sets.items()} == dict.fromkeys(sets, 100)
    assert len(sets) == 4
