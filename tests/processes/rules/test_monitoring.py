"""Inputs of R04: execution rate, reference progress, goal rate, lowest state."""

from __future__ import annotations

from decimal import Decimal

import pytest

from processes.budget_performance.monitoring import (
    Accumulation,
    Operator,
    Reading,
    cash_plan_floor,
    completion,
    execution_rate,
    goal_rate,
    lowest_state,
    plan_rate,
    table_floor,
)
from tests.processes.rules.district import PROJECTS, RULE, inputs

D = Decimal


def reading(
    operator: str,
    target: str | None,
    actual: str | None,
    *,
    weight: int = 10,
    kind: str = "cumulative",
    due: bool = True,
) -> Reading:
    return Reading(
        name="指标",
        weight=D(weight),
        operator=Operator(operator),
        accumulation=Accumulation(kind),
        target=None if target is None else D(target),
        actual=None if actual is None else D(actual),
        is_due=due,
    )


@pytest.mark.parametrize("project", PROJECTS, ids=lambda p: p["code"])
def test_august_rates_of_the_district_are_those_of_the_register(project):
    found, expected = inputs(project, 8), project["august"]

    assert str(found.e) == expected["e"]
    assert (None if found.g is None else str(found.g)) == expected["g"]
    assert str(found.state_min) == expected["state_min"]
    assert str(found.g_plan) == "66.67"
    assert found.floor == (D("50.00") if project["code"] == "A10" else D(60))


@pytest.mark.parametrize(
    ("code", "e", "g"),
    [
        ("A03", "18.46", "21.00"),
        ("A05", "40.00", "42.11"),
        ("A07", "56.11", "73.61"),
        ("A08", "29.47", "33.33"),
        ("A09", "50.00", "50.00"),
        ("B01", "42.00", "41.60"),
        ("B02", "54.17", "65.83"),
        ("D02", "27.91", "28.65"),
    ],
)
def test_july_rates_of_the_district(code, e, g):
    project = next(p for p in PROJECTS if p["code"] == code)

    found = inputs(project, 7)

    assert (str(found.e), str(found.g)) == (e, g)


def test_twelve_months_of_reference_progress():
    floors = [table_floor(month, RULE["R04"]["floor_by_month"]) for month in range(1, 13)]

    assert [str(f) for f in floors] == [
        "6.25",
        "12.5",
        "18.75",
        "25",
        "32.5",
        "40",
        "50",
        "60",
        "70",
        "80",
        "87.5",
        "95",
    ]


def test_a_cash_plan_replaces_the_table():
    quarterly = [D(x) for x in (0, 0, 90, 0, 0, 90, 0, 0, 90, 0, 0, 90)]

    assert [cash_plan_floor(month, quarterly) for month in (2, 4, 7, 8, 9, 12)] == [0, 25, 50, 50, 75, 100]


@pytest.mark.parametrize("plan", [[D(0)] * 12, [D(1)] * 11], ids=["empty", "eleven months"])
def test_an_unusable_cash_plan_is_refused(plan):
    with pytest.raises(ValueError, match="12 monthly amounts with a positive sum"):
        cash_plan_floor(7, plan)


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_outside_the_year_is_refused(month):
    with pytest.raises(ValueError, match=f"a month from 1 to 12, but found {month}"):
        plan_rate(month)


def test_an_object_without_budget_has_no_execution_rate():
    assert execution_rate(D(0), D(0)) is None
    with pytest.raises(ValueError, match="-1"):
        execution_rate(D(0), D(-1))


@pytest.mark.parametrize(
    ("operator", "target", "actual", "expected"),
    [
        (">=", "24", "16", "0.6667"),
        (">=", "24", "30", "1"),
        (">=", "24", None, "0"),
        (">=", "0", "0", "1"),
        (">=", "10", "-3", "0"),
        ("<=", "3000", "2900", "1"),
        ("<=", "3000", "3150", "0.9524"),
        ("<=", "0", "4", "0"),
        ("=", "12", "12", "1"),
        ("=", "12", "9", "0.75"),
        ("=", "12", "16", "0.75"),
        ("qualitative", None, "75", "0.75"),
    ],
)
def test_completion_of_one_indicator(operator, target, actual, expected):
    assert round(completion(reading(operator, target, actual)), 4) == D(expected)


def test_only_cumulative_indicators_that_are_due_enter_the_goal_rate():
    readings = [
        reading(">=", "36", "6", weight=15),
        reading(">=", "60", "22", weight=10),
        reading(">=", "100", "100", weight=15, kind="state"),
        reading(">=", "50", "50", weight=40, due=False),
    ]

    assert str(goal_rate(readings)) == "24.67"


def test_without_a_cumulative_indicator_there_is_no_goal_rate():
    assert goal_rate([reading(">=", "90", "91", kind="state")]) is None


def test_the_heaviest_of_equally_low_states_counts():
    readings = [reading(">=", "100", "50", weight=w, kind="state") for w in (5, 20, 10)]

    assert lowest_state(readings) == (D("50.00"), D(20))
    assert lowest_state([reading(">=", "1", "0")]) is None


def test_a_milestone_plan_replaces_the_even_plan():
    assert (str(plan_rate(7)), str(plan_rate(4)), str(plan_rate(7, D(45)))) == ("58.33", "33.33", "45.00")
