"""Scores of experts (R02) and of the goal review (R02b)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from processes.budget_performance.review_scores import assessment_score, goal_review_score, panel_score
from tests.processes.rules.district import RULE

D = Decimal
REVIEW = {"c1": 9, "c2": 9, "r1": 14, "r2": 13, "a1": 14, "a2": 13, "f1": 9, "f2": 9}


@pytest.mark.parametrize(
    ("scores", "mean"),
    [
        ((84, 86, 88), "86.00"),
        ((80, 82, 84), "82.00"),
        ((81, 83, 85), "83.00"),
        ((70, 71, 71), "70.67"),
        ((85,), "85.00"),
    ],
)
def test_a_small_panel_gives_the_mean_of_all(scores, mean):
    panel = panel_score([D(s) for s in scores], RULE)

    assert (str(panel.score), panel.dropped, panel.needs_discussion) == (mean, (), False)


def test_from_five_experts_the_highest_and_lowest_do_not_count():
    panel = panel_score([D(s) for s in (100, 80, 60, 82, 84)], RULE)

    assert (str(panel.score), panel.dropped, panel.spread) == ("82.00", (60, 100), 40)
    assert panel.needs_discussion


def test_a_spread_of_exactly_twenty_needs_no_discussion():
    assert not panel_score([D(70), D(90)], RULE).needs_discussion
    assert panel_score([D(70), D("90.01")], RULE).needs_discussion


def test_no_expert_is_no_panel():
    with pytest.raises(ValueError, match="at least one expert"):
        panel_score([], RULE)


@pytest.mark.parametrize(
    ("ratings", "points"), [(["优"] * 20, "100.00"), (["良"] * 20, "80.00"), (["中"] * 10 + ["差"] * 10, "45.00")]
)
def test_twenty_ratings_give_a_score(ratings, points):
    assert str(assessment_score(ratings, RULE)) == points


def test_an_unknown_rating_is_refused():
    with pytest.raises(ValueError, match="but found 好"):
        assessment_score(["优", "好"], RULE)


def test_the_goal_review_adds_eight_criteria():
    assert goal_review_score({key: D(value) for key, value in REVIEW.items()}) == 90


def test_a_criterion_above_its_points_or_missing_is_refused_with_all_names():
    points = {key: D(value) for key, value in REVIEW.items() if key != "f2"} | {"r1": D(16)}

    with pytest.raises(ValueError, match="but f2, r1 is not"):
        goal_review_score(points)
