"""R04: worked examples, and the three rounds of the model district as its register lists them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from processes.budget_performance.monitoring import plan_rate, table_floor
from tests.processes.rules.decisions import ask
from tests.processes.rules.district import PROJECTS, RULE, inputs

D = Decimal


def level(month: int, **given: Any) -> tuple[str | None, list[str]]:
    """Level and deciding reasons for rates given as numbers; what is not given is in order."""
    usual = {
        "m": month,
        "floor": table_floor(month, RULE["R04"]["floor_by_month"]),
        "g_plan": plan_rate(month),
        "state_min": D(100),
        "state_min_weight": D(10),
        "possibility": "certain",
        "violation": False,
        "prev_level": "green",
        "rect_overdue": False,
    }
    exact = {key: D(str(value)) if isinstance(value, float) else value for key, value in given.items()}
    value = ask("R04", **usual | exact).value
    return value["level"], value["rules"]


@pytest.mark.parametrize(
    ("month", "given", "expected"),
    [
        (7, {"e": 52, "g": 55, "g_plan": 58}, ("green", [])),
        (7, {"e": 44, "g": 51}, ("yellow", ["Y1"])),
        (7, {"e": 55, "g": 40, "possibility": "possible"}, ("yellow", ["Y2", "Y3", "Y5"])),
        (7, {"e": 24, "g": 30}, ("red", ["R3"])),
        (7, {"e": 60, "g": 60, "possibility": "impossible"}, ("red", ["R2"])),
        (8, {"e": 59.99, "g": 60}, ("yellow", ["Y1"])),
        (8, {"e": 60, "g": 60}, ("green", [])),
        (8, {"e": 70, "g": 60}, ("green", [])),
        (8, {"e": 70.01, "g": 60}, ("yellow", ["Y2"])),
        (9, {"e": 72, "g": 75, "prev_level": "yellow", "rect_overdue": True}, ("red", ["R6"])),
        (8, {"e": 65, "g": 65, "state_min": 20, "state_min_weight": 10}, ("red", ["R5"])),
        (8, {"e": 65, "g": 65, "state_min": 85, "state_min_weight": 10}, ("yellow", ["Y4"])),
        (8, {"e": 65, "g": 65, "state_min": 20, "state_min_weight": 9}, ("yellow", ["Y4"])),
        (6, {"e": 5, "g": 5}, ("yellow", ["Y1", "Y3"])),
        (8, {"e": 65, "g": 65, "violation": True}, ("red", ["R1"])),
        (8, {"e": 65, "g": None}, ("green", [])),
        (8, {"e": 65, "g": None, "state_min": None, "state_min_weight": None}, ("green", [])),
        (8, {"e": None, "g": 60}, (None, [])),
    ],
)
def test_worked_examples(month, given, expected):
    assert level(month, **given) == expected


@pytest.mark.parametrize(("e", "g", "direction"), [(75, 60, "money_ahead"), (60, 75, "goal_ahead"), (60, 60, None)])
def test_the_direction_of_a_mismatch_is_told(e, g, direction):
    context = {"m": 8, "e": e, "g": g, "g_plan": 60, "floor": 50, "possibility": "certain", "violation": False}

    assert ask("R04", **context).value["direction"] == direction


def test_all_reasons_are_kept_beside_those_that_decide():
    value = ask("R04", m=8, e=10, g=10, g_plan=D("66.67"), floor=60, possibility="possible", violation=False).value

    assert value["rules"] == ["R3", "R4"]
    assert value["reasons"] == ["R3", "R4", "Y1", "Y3", "Y5"]


def round_of(month: int, previous: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Values of R04 for all projects: earlier rounds are reported as certain and without the violation found later."""
    found: dict[str, dict[str, Any]] = {}
    for project in PROJECTS:
        is_last = month == 8
        found[project["code"]] = ask(
            "R04",
            **inputs(project, month).as_context(),
            form=project["form"],
            possibility=project["possibility"] if is_last else "certain",
            violation=project["violation"] if is_last else False,
            prev_level=previous.get(project["code"]),
            rect_overdue=False,
        ).value
    return found


def levels(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {code: value["level"] for code, value in found.items()}


def in_level(found: dict[str, dict[str, Any]], wanted: str) -> str:
    return " ".join(code for code, value in found.items() if value["level"] == wanted)


def test_three_rounds_of_the_district():
    april = round_of(4, {})
    july = round_of(7, levels(april))
    august = round_of(8, levels(july))

    assert in_level(april, "red") == ""
    assert in_level(april, "yellow") == "A01 A03 A04 A05 A08 A09 B01 D02"
    assert in_level(july, "red") == "A03"
    assert in_level(july, "yellow") == "A05 A07 A08 A09 B01 B02 D02"
    assert in_level(july, "green") == "A01 A02 A04 A06 A10 C01 D01"
    assert Counter(levels(august).values()) == {"green": 8, "yellow": 5, "red": 2}
    for project in PROJECTS:
        value = august[project["code"]]
        assert (value["level"], value["rules"]) == (project["august"]["level"], project["august"]["rules"])


def test_comparing_money_with_all_indicators_would_alarm_almost_everybody():
    """The finding behind the attribute cumulative | state: without it 12 yellow, 2 red, 1 green."""
    found: Counter[str] = Counter()
    for project in PROJECTS:
        all_cumulative = {**project, "indicators": [[*i[:6], "cumulative", i[7]] for i in project["indicators"]]}
        mixed, right = inputs(all_cumulative, 8), inputs(project, 8)
        context = right.as_context() | {"g": mixed.g}
        found[
            ask("R04", **context, possibility=project["possibility"], violation=project["violation"]).value["level"]
        ] += 1

    assert found == {"yellow": 12, "red": 2, "green": 1}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"form": "special_bond", "bond_coverage": D("0.99")}, ["B1"]),
        ({"form": "special_bond", "bond_coverage": D("1.0"), "bond_unused_months": 7}, ["B2"]),
        ({"form": "ppp", "paid_before_assessment": True}, ["B3"]),
        ({"form": "investment_fund", "fund_idle_months": 13}, ["B4"]),
        ({"form": "purchase_service", "paid_before_acceptance": True}, ["B5"]),
        ({"form": "benefit", "payable_months": 2}, ["B6"]),
        ({"form": "benefit", "payable_months": 3}, ["B7"]),
        ({"form": "benefit", "payable_months": 6}, []),
        # social insurance is a budget, whatever the form of its funding; F-04 asks there for the months
        ({"form": "subsidy", "payable_months": 2}, ["B6"]),
        ({"debt_over_limit": True}, ["B8"]),
        ({"form": "appropriation", "bond_coverage": D("0.1")}, []),
    ],
)
def test_extra_checks_by_funding_form(given, expected):
    assert [finding["code"] for finding in ask("R04b_reasons", **given).value] == expected


def test_an_extra_check_raises_the_level():
    value = ask(
        "R04", m=8, e=70, g=70, g_plan=60, floor=60, possibility="certain", violation=False,
        form="ppp", paid_before_assessment=True,
    ).value  # fmt: skip

    assert (value["level"], value["rules"]) == ("red", ["B3"])
