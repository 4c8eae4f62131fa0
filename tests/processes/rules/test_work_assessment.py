"""The score of a unit's performance work (R13)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from processes.budget_performance.work_assessment import work_assessment_score
from tests.processes.rules.district import RULE

D = Decimal
DIMENSIONS = ("ex_ante", "goal", "monitor", "self_eval", "spot_check", "rectify", "disclose", "organise")


def test_the_worked_example_scores_87_50():
    rates = dict(zip(DIMENSIONS, map(D, ("1", ".95", ".9", "1", ".8", ".6", "1", "1")), strict=True))

    assert str(work_assessment_score(rates, RULE, deducted=D(2))) == "87.50"


def test_dimensions_that_do_not_apply_are_left_out():
    rates = {d: D(1) for d in ("goal", "monitor", "self_eval", "disclose", "organise")} | {"rectify": None}

    assert str(work_assessment_score(rates, RULE)) == "100.00"


def test_the_score_stays_between_0_and_100_and_the_bonus_is_limited():
    half = {"goal": D("0.5")}

    assert work_assessment_score(half, RULE, bonus=D(9)) == 55
    assert work_assessment_score(half, RULE, deducted=D(60)) == 0
    assert work_assessment_score({"goal": D(1)}, RULE, bonus=D(3)) == 100


@pytest.mark.parametrize(("rates", "found"), [({"goal": D(2), "zeal": D(1)}, "goal, zeal"), ({}, "none")])
def test_unknown_dimensions_and_rates_are_refused(rates, found):
    with pytest.raises(ValueError, match=f"but found {found}"):
        work_assessment_score(rates, RULE)
