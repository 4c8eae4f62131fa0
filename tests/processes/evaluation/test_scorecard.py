"""Whole self-evaluations scored as RULES R06 and R06b work them out, digit for digit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from processes.budget_performance.evaluation.scorecard import Origin
from processes.budget_performance.scoring import Rounding
from tests.processes.evaluation.evaluated import evaluated, one_row
from tests.processes.evaluation.official_form import DOCUMENT, with_indicator

D = Decimal


def points(document, **settings):
    """Points of the only indicator."""
    return str(evaluated(document, **settings).card.rows[0].points)


def test_example_a_comes_to_92_82_from_its_printed_targets():
    found = evaluated(DOCUMENT)

    assert str(found.card.execution.points) == "9.20"
    assert [str(row.points) for row in found.card.rows] == ["15.00", "14.40", "7.50", "9.52", "20.00", "7.50", "9.70"]
    assert (str(found.card.total), found.grade) == ("92.82", "优")
    assert str(found.card.total_exact) == "92.82380952380952380952380952"


def test_only_the_qualitative_row_of_example_a_rests_on_the_printed_score():
    origins = [row.origin for row in evaluated(DOCUMENT).card.rows]

    assert origins == [Origin.COMPUTED] * 5 + [Origin.PRINTED, Origin.COMPUTED]
    rated = with_indicator(6, rating="partly", ratio=75, score=None)
    assert (str(evaluated(rated).card.total), evaluated(rated).card.rows[5].origin) == ("92.82", Origin.RATED)


@pytest.mark.parametrize(
    ("target", "actual", "weight", "expected"),
    [
        pytest.param("≥30个", "48个", 10, "10.00", id="B"),
        pytest.param("≤5%", "8%", 10, "6.25", id="C"),
        pytest.param("=12期", "9期", 8, "6.00", id="D"),
        pytest.param("300公里", "270公里", 10, "9.00", id="no comparator, more is better"),
        pytest.param("≥2.5万人次", "24000人次", 10, "9.60", id="other scale"),
        pytest.param("≥2.5万人次", "2.4", 10, "9.60", id="no unit: that of the target"),
        pytest.param("≥3公里", "2700米", 10, "9.00", id="other unit of the same sort"),
        pytest.param("≥90%", "0.87", 10, "9.67", id="a share is read as percent"),
        pytest.param("5-10个", "4个", 10, "8.00", id="below the range"),
        pytest.param("5-10个", "12.5个", 10, "8.00", id="above the range"),
        pytest.param("5-10个", "7个", 10, "10.00", id="inside the range"),
        pytest.param("12月底前", "2025年12月20日", 10, "10.00", id="in time"),
        pytest.param("≥-5%", "-3%", 10, "10.00", id="a fall that is less than feared"),
        pytest.param("≥5%", "-3%", 10, "0.00", id="a fall instead of growth"),
        pytest.param("≤0起", "2起", 10, "0.00", id="some of none allowed"),
        pytest.param("≥50个", "", 10, "0.00", id="no result"),
    ],
)
def test_a_row_is_scored_from_what_is_printed(target, actual, weight, expected):
    document = {"fiscal_year": 2025, **one_row(target=target, actual=actual, weight=weight)}

    assert points(document) == expected


def test_example_b_with_a_target_that_was_too_low():
    assert points(one_row(target="≥30个", actual="48个", weight=10, target_too_low=True)) == "8.50"


@pytest.mark.parametrize(
    ("spent", "budget", "expected"),
    [(736, 800, "9.20"), ("251.89", "251.89", "10.00"), (120, 100, "10.00")],
    ids=["A", "E", "F"],
)
def test_the_execution_is_scored(spent, budget, expected):
    document = one_row(target="≥1个", actual="1个") | {"budget_adj": budget, "spent": spent}

    assert str(evaluated(document).card.execution.points) == expected


@pytest.mark.parametrize(
    ("name", "actual", "expected"),
    [
        ("投诉次数", "2次", "100.00"),
        ("投诉次数", "6次", "50.00"),
        ("培训次数", "6次", "100.00"),
        ("单位成本", "6次", "50.00"),
    ],
)
def test_without_a_comparator_the_sense_of_the_indicator_decides(name, actual, expected):
    assert points(one_row(l3=name, target="3次", actual=actual, weight=100)) == expected


@pytest.mark.parametrize(
    ("actual", "score", "expected", "origin"),
    [
        ("达成预期指标", 88, "88.00", "printed"),
        ("达成预期指标", None, "90.00", "assumed"),
        ("部分达成预期指标", None, "54.00", "assumed"),
        ("未达成预期指标", None, "0.00", "assumed"),
        ("75%", None, "67.50", "rated"),
        ("出台管护制度", None, "0.00", "nothing"),
    ],
)
def test_a_level_is_judged_by_people_and_read_where_they_did_not(actual, score, expected, origin):
    row = evaluated(one_row(target="效果明显", actual=actual, score=score)).card.rows[0]

    assert (str(row.points), row.origin) == (expected, origin)


def test_the_bands_of_2018_give_half_for_what_was_partly_met():
    assert points(one_row(target="效果明显", actual="部分达成预期指标"), band_set="2018") == "45.00"


# --- R06b: rounding


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding(places=2), ("9.67", "60.03")),
        (Rounding(places=1), ("9.7", "60.0")),
        (Rounding(places=0), ("10", "60")),
        (Rounding(places=2, cut=True), ("9.66", "60.03")),
        (Rounding(places=1, cut=True), ("9.6", "60.0")),
        (Rounding(places=0, cut=True), ("9", "60")),
    ],
)
def test_rounding_is_chosen_and_the_exact_value_kept(rounding, expected):
    card = evaluated(
        one_row(target="≥300个", actual="200.1个", weight=90) | {"budget_adj": 30, "spent": 29}, rounding
    ).card

    assert (str(card.execution.points), str(card.rows[0].points)) == expected
    assert (card.execution.exact, card.rows[0].exact) == (D(290) / 30, D("60.03"))


@pytest.mark.parametrize(("printed", "expected"), [("96.7%", "9.67"), ("97%", "9.70"), ("96%", "9.60"), (None, "9.67")])
def test_the_execution_may_be_reckoned_from_the_printed_rate(printed, expected):
    document = one_row(target="≥1个", actual="1个") | {"budget_adj": 30, "spent": 29, "exec_rate": printed}

    assert str(evaluated(document, Rounding(from_printed_rate=True)).card.execution.points) == expected


def test_cutting_does_not_lose_a_point_to_the_arithmetic():
    """6 × 1/3 is 2, not 1.99."""
    assert points(one_row(target="≥3个", actual="1个", weight=6), rounding=Rounding(cut=True)) == "2.00"


# --- R06b: what a form may do otherwise


def test_a_score_set_by_hand_stands_beside_the_computed_one():
    hand = {"points": 80, "reason": "现场核查发现台账不全缺三份"}
    card = evaluated(one_row(target="≥10个", actual="10个", hand_set=hand)).card

    assert (str(card.rows[0].points), card.rows[0].standing) == ("90.00", 80)
    assert (card.total, card.total_standing) == (100, 90)


def test_what_does_not_apply_is_left_out_and_the_rest_scaled_up():
    document = with_indicator(7, applies=False, actual="不适用", score=None)
    card = evaluated(document).card

    # (92.82 − 9.70) × 100 / 90
    assert (len(card.rows), str(card.total), card.scale) == (6, "92.36", D(100) / 90)


def test_without_a_budget_the_rest_is_scaled_up():
    card = evaluated(one_row(target="≥4个", actual="3个") | {"budget_adj": 0, "spent": 0}).card

    assert (card.execution, str(card.total)) == (None, "75.00")


def test_group_points_are_spread_evenly_over_rows_without_a_weight():
    rows = [{"l1": "产出", "l3": name, "target": "≥10个", "actual": "9个"} for name in ("甲", "乙", "丙")]
    document = one_row() | {"indicators": rows, "group_points": {"产出": 90}}

    card = evaluated(document | {"group_points": {"产出": 20}}).card
    assert [str(row.weight) for row in card.rows] == ["6.67", "6.67", "6.66"]
    assert [str(row.weight) for row in evaluated(document).card.rows] == ["30.00", "30.00", "30.00"]


@pytest.mark.parametrize(
    ("execution", "groups", "scheme"),
    [
        (10, {"产出": 50, "效益": 30, "满意度": 10}, "财预〔2020〕10号"),
        (10, {"产出": 40, "效益": 30, "满意度": 20}, "产出 40"),
        (10, {"产出": 90}, "仅指标"),
        (20, {"产出": 80}, "执行 20"),
        (20, {"产出": 40, "效益": 30, "满意度": 10}, "执行 20, 分组"),
        (None, {"决策": 20, "过程": 20, "产出": 30, "效益": 30}, "决策、过程、产出、效益"),
        (2, {"产出": 13, "效益": 85}, "三组"),
        (5, {"产出": 95}, ""),
    ],
)
def test_a_published_scheme_of_weights_is_taken_as_it_is(execution, groups, scheme):
    rows = [{"l1": l1, "l3": f"{l1}指标甲", "target": "≥1个", "actual": "1个", "weight": w} for l1, w in groups.items()]
    document = one_row() | {"indicators": rows, "exec_weight": execution}

    found = evaluated(document)

    assert (found.scheme, found.card.total, found.findings) == (scheme, 100, ())


@pytest.mark.parametrize(
    ("score", "grade"), [(90, "优"), ("89.99", "良"), (80, "良"), ("79.99", "中"), (60, "中"), (0, "差")]
)
def test_the_grade_follows_from_the_total(score, grade):
    document = one_row(target="符合规定", actual="符合规定要求的全部情形", weight=100, score=score) | {
        "exec_weight": None
    }

    assert evaluated(document).grade == grade
