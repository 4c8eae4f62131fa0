"""Unary tests: the cells of decision tables, and the operator `in`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, compile_unary_tests
from tests.engine.feel.saying import passes, said


@pytest.mark.parametrize(
    ("cell", "value", "passed"),
    [
        ("-", None, True),
        (" - ", 5, True),
        ("5", 5, True),
        ('"A"', "A", True),
        ('"A"', "B", False),
        ('"A", "B"', "B", True),
        ("< 5", 4, True),
        (">= 5", 4, False),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("[60..80)", 60, True),
        ("[60..80)", 80, False),
        ("]60..80]", 60, False),
        ("[60..80[", 80, False),
        ("(60..80), > 90", 95, True),
        ("-5", -5, True),
        ("not(5)", 6, True),
        ('not("A", "B")', "B", False),
        ("not(< 5, > 10)", 7, True),
        ("not(null)", 5, True),
        ("not(null)", None, False),
        ("null", None, True),
        ("null", 5, False),
        ("true", True, True),
        ("false", True, False),
        ("[1, 2, 3]", 2, True),
        ("limit", 100, True),
        ("> limit", 101, True),
        ("[limit..limit * 2]", 150, True),
        ("grades", "良", True),
        ("? > 3 and ? < 9", 5, True),
        ("? > 3 and ? < 9", 10, False),
        ("not(? > 3)", 5, False),
        ("not(? > 3) and not(? = 1)", 2, True),
        ('starts with(?, "A")', "A01", True),
        ("count(?) = 2", [1, 2], True),
        ("some g in grades satisfies g = ?", "差", False),
        ("limit > 50", "anything", True),
        ("limit > 50", True, True),
        ('@"2026-03-01"', date(2026, 3, 1), True),
        ('>= @"2026-03-01"', date(2026, 2, 28), False),
        ("< 5", "x", None),
        ("[1..5]", None, None),
        ("< missing", 5, None),
        ("5", "5", None),
        ('5, "5"', "5", True),
    ],
)
def test_cells(cell: str, value: Any, passed: bool | None) -> None:
    context = {"limit": 100, "grades": ["优", "良"]}

    assert passes(cell, value, context) is passed


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 in 1", "true"),
        ("1 in [1, 2]", "true"),
        ("1 in [[2..4], [1..3]]", "true"),
        ("1 in (< 5)", "true"),
        ("10 in (1, < 5, >= 10)", "true"),
        ("5 in (1..5)", "false"),
        ("5 in (1..5] and true", "true"),
        ("1 in <= 10", "true"),
        ("[1, 2] in [[1, 2], [3]]", "true"),
        ("null in [1..3]", "null"),
        ("5 in [1..null]", "null"),
        ("x in (x + 1) - 1", "true"),
        ("{a: 1} in {a: 1}", "true"),
    ],
)
def test_in(source: str, value: str) -> None:
    assert said(source, {"x": 3}) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[1..5].start", "1"),
        ("(1..5[.end included", "false"),
        ("(> 10).start", "10"),
        ("(> 10).end", "null"),
        ("string([1..5))", "[1..5)"),
        ("string((<= 10))", "(<= 10)"),
        ("[1..5] = [1..5]", "true"),
        ("(= 10) = [10..10]", "false"),
        ("[5..1]", "null"),
        ('[1.."a"]', "null"),
        ("[[1..2[ , ]3..4]]", "[[1..2), (3..4]]"),
    ],
)
def test_ranges_are_values(source: str, value: str) -> None:
    assert said(source) == value


def test_a_cell_tells_which_variables_it_reads() -> None:
    assert compile_unary_tests("? > limit, [low..9]").names == {"limit", "low"}


def test_a_question_mark_stands_only_in_cells() -> None:
    with pytest.raises(FeelSyntaxError, match="stands only in unary tests"):
        said("? > 5")


def test_tests_stay_readable_for_an_analysis() -> None:
    tests = compile_unary_tests('"A", > 5')

    assert [type(test).__name__ for test in tests.tests] == ["Literal", "UnaryComparison"]
    assert tests.matches(Decimal(6), {}) is True
