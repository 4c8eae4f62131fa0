"""Arithmetic, comparison and logic, with null where there is no answer."""

from __future__ import annotations

import pytest

from tests.engine.feel.saying import said


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 3 - 2", "5"),
        ("100 / 10 / 2", "5"),
        ("2 ** 3 ** 2", "64"),
        ("-3 ** 2", "9"),
        ("--3", "3"),
        ("2 * -3", "-6"),
        ("4 ** 0.5", "2"),
        ("1 / 0", "null"),
        ("0 ** -1", "null"),
        ("9 ** (9 ** 9)", "null"),
        ('"a" + "b"', "ab"),
        ('"a" + 1', "null"),
        ('"a" - "b"', "null"),
        ("true + 1", "null"),
        ("null + 1", "null"),
        ("[1] + 1", "null"),
    ],
)
def test_arithmetic(source: str, value: str) -> None:
    assert said(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 < 2", "true"),
        ('"a" < "b"', "true"),
        ("1 = 1.0", "true"),
        ('1 = "1"', "null"),
        ('1 < "2"', "null"),
        ("1 = null", "false"),
        ("null = null", "true"),
        ("null != null", "false"),
        ("null < 1", "null"),
        ("true < false", "null"),
        ("[1, [2]] = [1, [2]]", "true"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("{a: 1} = {a: 2}", "false"),
        ("[] = {}", "null"),
        ("2 between 1 and 3", "true"),
        ("2 between 3 and null", "false"),
        ("2 between 1 and null", "null"),
        ("2 between 1 and 3 and true", "true"),
    ],
)
def test_comparison(source: str, value: str) -> None:
    assert said(source) == value


@pytest.mark.parametrize("left", ["true", "false", "null"])
@pytest.mark.parametrize("right", ["true", "false", "null"])
def test_logic_is_three_valued(left: str, right: str) -> None:
    either = "true" if "true" in (left, right) else ("null" if "null" in (left, right) else "false")
    each = "false" if "false" in (left, right) else ("null" if "null" in (left, right) else "true")

    assert said(f"{left} or {right}") == either
    assert said(f"{left} and {right}") == each
    assert said(f"{left} and {right} and true") == each
    assert said(f"{left} or {right} or false") == either


def test_what_is_no_boolean_counts_as_null_in_logic() -> None:
    assert said('false and "x"') == "false"
    assert said('true and "x"') == "null"
    assert said("1 or true") == "true"


@pytest.mark.parametrize(
    ("score", "grade"), [(95, "优"), (90, "优"), (89.99, "良"), (60, "中"), (59, "差"), (None, "差")]
)
def test_a_chain_of_conditions_takes_the_first_that_is_true(score: object, grade: str) -> None:
    source = 'if score >= 90 then "优" else if score >= 80 then "良" else if score >= 60 then "中" else "差"'
    assert said(source, {"score": score}) == grade


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 instance of number", "true"),
        ("null instance of number", "false"),
        ("null instance of Null", "true"),
        ("[1, 2] instance of list<number>", "true"),
        ('[1, "a"] instance of list<number>', "false"),
        ('{a: 1, b: "x"} instance of context<a: number>', "true"),
        ("{b: 1} instance of context<a: number>", "false"),
        ("[1..3] instance of range<number>", "true"),
        ("[1..3] instance of range<string>", "false"),
        ("(function(a: number) a) instance of function<number> -> number", "true"),
        ("(function(a: number, b) a) instance of function<number> -> number", "false"),
        ('@"P1D" instance of days and time duration', "true"),
        ('@"P1Y" instance of days and time duration', "false"),
        ('@"2026-03-01T00:00:00" instance of date and time', "true"),
        ('@"2026-03-01T00:00:00" instance of date', "false"),
        ("1 + 1 instance of number", "null"),
    ],
)
def test_instance_of(source: str, value: str) -> None:
    assert said(source) == value
