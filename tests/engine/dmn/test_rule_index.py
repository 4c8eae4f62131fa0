"""The index of constant cells finds the same rules as looking at each cell."""

from __future__ import annotations

from decimal import Decimal
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dmn.rule_index import MAXIMUM_INDEX, ColumnIndex, constant_cell, rules_of
from engine.feel import compile_unary_tests

D = Decimal


def sure(cells, value):
    return list(rules_of(ColumnIndex(cells).match(value)[0]))


def to_evaluate(cells, value):
    return list(rules_of(ColumnIndex(cells).match(value)[1]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("9.99", [0, 3, 7]), ("10", [1, 3, 7]), ("15", [1, 2, 3, 7]), ("20", [3, 5, 7]), ("30", [3, 5, 6, 7])],
)
def test_numbers_are_found_between_limits(value, expected):
    cells = ["< 10", "[10..20)", "15", None, "limit + 1", ">= 20", "30, 40", "not(15, 20, [10..12))"]
    expected_without_negation = [n for n in expected if n != 7] if value in ("15", "20", "10") else expected

    assert sure(cells, D(value)) == expected_without_negation
    assert 4 in to_evaluate(cells, D(value))


def test_texts_and_booleans_are_found_by_equality():
    cells = ['"a"', '"a", "b"', 'not("a")', "-5", "true", None, "false"]

    assert sure(cells, "a") == [0, 1, 5]
    assert sure(cells, "b") == [1, 2, 5]
    assert sure(cells, "z") == [2, 5]
    assert sure(cells, D(-5)) == [3, 5]
    assert sure(cells, True) == [4, 5]
    assert sure(cells, False) == [5, 6]


def test_a_boolean_is_not_the_number_one():
    assert sure(["1", "true"], True) == [1]
    assert sure(["1", "true"], D(1)) == [0]


def test_a_reversed_range_holds_nothing():
    assert [sure(["[5..1]", "< 9"], D(n)) for n in (0, 1, 3, 5, 8)] == [[1]] * 5


def test_null_meets_no_constant_and_leaves_negations_to_feel():
    cells = ['"a"', "< 5", 'not("a")', "null", None]

    assert (sure(cells, None), to_evaluate(cells, None)) == ([4], [2, 3])


def test_other_values_are_left_to_feel():
    cells = ['"a"', None, "count(?) > 1"]

    assert (sure(cells, ["a"]), to_evaluate(cells, ["a"])) == ([1], [0, 2])


@pytest.mark.parametrize(
    "text",
    [
        "limit",
        "> limit",
        '"a", 5',
        'date("2026-01-01")',
        "not([5..1])",
        "? > 5",
        '"a" + "b"',
        r'"\""',
        "not(not(5))",
        '"a',
    ],
)
def test_what_is_not_plainly_constant_is_evaluated(text):
    assert constant_cell(text) is None


def test_too_many_limits_are_evaluated_instead():
    cells = [f"< {n}" for n in range(isqrt(MAXIMUM_INDEX) + 1)]
    index = ColumnIndex(cells)

    assert index.match(D(1)) == (0, (1 << len(cells)) - 1)


numbers = st.integers(-3, 3).map(str)
ranges = st.tuples(st.sampled_from("[]("), st.integers(-3, 0), st.integers(0, 3), st.sampled_from("])[")).map(
    lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"
)
tests = st.one_of(numbers, ranges, st.tuples(st.sampled_from(["<", "<=", ">", ">="]), numbers).map(" ".join))
cells_of_numbers = st.lists(tests, min_size=1, max_size=3).map(", ".join)


def holds(test: str, value: Decimal) -> bool:
    operator = test.split(" ")[0]
    if operator in ("<", "<=", ">", ">="):
        limit = D(test.split(" ")[1])
        return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[operator]
    if ".." not in test:
        return value == D(test)
    low, high = (D(part) for part in test[1:-1].split(".."))
    above = value >= low if test[0] == "[" else value > low
    return above and (value <= high if test[-1] == "]" else value < high)


@given(st.lists(st.tuples(cells_of_numbers, st.booleans()), max_size=6), st.integers(-8, 8).map(lambda n: D(n) / 2))
def test_the_index_agrees_with_each_cell(cells, value):
    texts = [f"not({text})" if negated else text for text, negated in cells]

    found, left = ColumnIndex(texts).match(value)

    for n, (text, negated) in enumerate(cells):
        expected = any(holds(test, value) for test in text.split(", ")) != negated
        assert expected == bool(found >> n & 1)
        assert negated or not left >> n & 1


anything = st.one_of(st.none(), st.booleans(), st.sampled_from(["a", "b", ""]), st.integers(-4, 4).map(D))
literals = st.one_of(st.sampled_from(['"a"', '"b"', "true", "false"]), tests)
cells_of_anything = st.lists(literals, min_size=1, max_size=3).map(", ".join)


@given(cells_of_anything, st.booleans(), anything)
def test_the_index_agrees_with_feel(cell, negated, value):
    text = f"not({cell})" if negated else cell
    holds_for_feel = compile_unary_tests(text).matches(value, {}) is True

    found, left = ColumnIndex([text]).match(value)

    assert holds_for_feel if found else (left or not holds_for_feel)
