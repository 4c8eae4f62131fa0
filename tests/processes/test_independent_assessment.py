"""From what on finance has an object assessed independently: F-03-finance by the figures of the district (P01.15)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.processes.drawn import FORMS
from tests.processes.rules.district import RULE
from tests.processes.test_ex_ante_assessment import FULL


@pytest.mark.parametrize(("own_score", "annual", "needed"), [(86, 800, False), (74, 800, True), (86, 1000, True)])
def test_an_independent_assessment_is_called_for(own_score: int, annual: int, needed: bool) -> None:
    context = {**FULL, "score": Decimal(85), "annual_amount": Decimal(annual), "total_amount": Decimal(900)}
    filled = {
        "own_score": own_score,
        "veto_doubt": False,
        "leader_request": False,
        "opinion": "测算合理，建议支持安排。",
    }
    if annual == 1000:
        context["total_amount"] = Decimal(1000)
    assert FORMS.check("F-03-finance", filled, context).variables["needs_commission"] is needed


def test_a_district_may_have_less_assessed_independently() -> None:
    filled = {"own_score": 80, "veto_doubt": False, "leader_request": False, "opinion": "测算合理，建议支持安排。"}
    context = {**FULL, "score": Decimal(85), "annual_amount": Decimal(1500), "total_amount": Decimal(1500)}
    strict = {"annual_amount": Decimal(2000), "total_amount": Decimal(3000), "score_gap": Decimal(4)}

    def needs_commission(**limits: Decimal) -> bool:
        checked = FORMS.check("F-03-finance", filled, {**context, "commission": {**strict, **limits}})
        return checked.variables["needs_commission"]

    assert needs_commission() is True
    assert needs_commission(score_gap=Decimal(5)) is False
    assert needs_commission(score_gap=Decimal(5), total_amount=Decimal(1500)) is True


def test_a_case_that_was_scored_before_goes_by_the_delivered_limits() -> None:
    """What the form says where nobody brings them is what thresholds.toml says."""
    formula = next(each for each in FORMS.form("F-03-finance").fields if each.name == "needs_commission").calculated
    assert formula is not None
    fallbacks = re.findall(r"commission = null then (\d+) else commission\.(\w+)", formula.source)

    assert {name: Decimal(number) for number, name in fallbacks} == {
        name: RULE["P01"][f"commission_{name}"] for name in ("annual_amount", "total_amount", "score_gap")
    }
