"""The draw of a spot check (R08) is the same for any order of the population."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from processes.budget_performance.sampling import (
    Candidate,
    Reason,
    draw_sample,
    largest_remainder,
    population_hash,
    truth_coefficient,
)
from tests.processes.rules.district import RULE

D = Decimal
SEED = "2026-SC-01"
DEPARTMENTS = ["21"] * 15 + ["22"] * 12 + ["23"] * 10 + ["24"] * 6 + ["25"] * 5 + ["26"] * 2
#: Fifty objects of six departments.
POPULATION = [
    Candidate(code=f"P{n:02d}", department=department, amount=D(20 + n * n % 97 * 10), is_targeted=n in (7, 30))
    for n, department in enumerate(DEPARTMENTS)
]


def test_the_draw_does_not_depend_on_the_order_of_the_population():
    drawn = draw_sample(POPULATION, SEED, RULE)
    shuffled = random.Random(4).sample(POPULATION, len(POPULATION))

    assert draw_sample(reversed(POPULATION), SEED, RULE) == drawn
    assert draw_sample(shuffled, SEED, RULE) == drawn


def test_another_seed_draws_another_sample():
    assert {d.code for d in draw_sample(POPULATION, SEED, RULE).sample} != {
        d.code for d in draw_sample(POPULATION, "2026-SC-02", RULE).sample
    }


def test_a_fifth_of_the_objects_and_thirty_percent_of_the_money_are_reached_and_every_department_is_in():
    draw = draw_sample(POPULATION, SEED, RULE)
    reasons = Counter(d.reason for d in draw.sample)
    departments = {c.department for c in POPULATION if c.code in {d.code for d in draw.sample}}

    assert reasons[Reason.TARGETED] == 2
    assert reasons[Reason.DEPARTMENT_MINIMUM] == 4
    assert reasons[Reason.RANDOM] == 4
    assert sum(reasons.values()) - reasons[Reason.AMOUNT_TOPUP] == 10
    assert departments == {"21", "22", "23", "24", "25", "26"}
    assert draw.amount_share >= 30
    assert len(draw.population_hash) == 64


def test_the_amount_is_topped_up_by_the_largest_first_and_no_further_than_needed():
    small = [Candidate(code=f"S{n}", department="21", amount=D(1)) for n in range(8)]
    large = [Candidate(code="L1", department="21", amount=D(100)), Candidate(code="L2", department="21", amount=D(99))]

    draw = draw_sample(small + large, next(s for s in map(str, range(99)) if _misses_large(small + large, s)), RULE)

    assert [d.code for d in draw.sample if d.reason is Reason.AMOUNT_TOPUP] == ["L1"]


def _misses_large(population: list[Candidate], seed: str) -> bool:
    taken = [d.code for d in draw_sample(population, seed, RULE).sample if d.reason is not Reason.AMOUNT_TOPUP]
    return not any(code.startswith("L") for code in taken)


def test_targeted_objects_are_all_drawn_even_beyond_the_ratio():
    targeted = [Candidate(code=f"T{n}", department="21", amount=D(1), is_targeted=True) for n in range(5)]

    assert {d.reason for d in draw_sample(targeted, SEED, RULE).sample} == {Reason.TARGETED}


def test_a_code_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="every code once"):
        draw_sample([POPULATION[0], POPULATION[0]], SEED, RULE)


def test_an_empty_population_gives_an_empty_sample():
    draw = draw_sample([], SEED, RULE)

    assert (draw.sample, draw.amount_share) == ((), 0)


def test_the_population_hash_tells_every_change():
    changed = [*POPULATION[:-1], Candidate(code="P49", department="26", amount=D("0.5"))]

    assert population_hash(POPULATION) == population_hash(reversed(POPULATION)) != population_hash(changed)


def test_largest_remainders():
    assert largest_remainder(4, {"21": 20, "22": 15, "23": 15}) == {"21": 2, "22": 1, "23": 1}


@pytest.mark.parametrize(("deviations", "expected"), [(("3", "19", "1", "12", "2.5"), "0.925"), ((), "1")])
def test_truth_coefficient_of_a_department(deviations, expected):
    assert truth_coefficient([D(d) for d in deviations]) == D(expected)
