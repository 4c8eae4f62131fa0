"""Paths, filters, loops, functions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.feel import compile_expression
from tests.engine.feel.saying import said

ROWS: dict[str, Any] = {
    "rows": [
        {"code": "A01", "amount": 500, "tags": ["x"]},
        {"code": "B02", "amount": 80, "tags": []},
        {"code": "C03", "tags": ["y", "z"]},
    ],
    "amount": 100,
    "limit": 100,
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("rows.code", '["A01", "B02", "C03"]'),
        ("rows.amount", "[500, 80, null]"),
        ("rows[1].code", "A01"),
        ("rows[-1].code", "C03"),
        ("rows[0]", "null"),
        ("rows[4]", "null"),
        ("rows[amount > limit].code", '["A01"]'),
        ("rows[item.amount > limit].code", '["A01"]'),
        ('rows[code = "C03"].tags[1]', '["y", "z"]'),
        ('rows[code = "C03"][1].tags[1]', "y"),
        ("rows[false]", "[]"),
        ("[1, 2, 3, 4][item > 2]", "[3, 4]"),
        ("[1, 2, 3][limit - 98]", "2"),
        ("[{item: 1}, {item: 2}][item >= 2]", "[{item: 2}]"),
        ("5[1]", "5"),
        ("5[true]", "[5]"),
        ("null[1]", "null"),
        ("null[item > 1]", "[]"),
        ("[][1]", "null"),
        ("rows[[1, 2][item = 1][1]].code", "A01"),
        ("missing.entry", "null"),
        ("rows.tags[1]", '["x"]'),
    ],
)
def test_paths_and_filters(source: str, value: str) -> None:
    assert said(source, ROWS) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1..3] return i", "[1, 2, 3]"),
        ("for i in (1..3] return i", "[2, 3]"),
        ("for i in [] return i", "[]"),
        ("for i in 5 return i", "[5]"),
        ("for i in null return i", "null"),
        ('for i in "a".."c" return i', "null"),
        ('for d in @"2026-02-27"..@"2026-03-01" return d.day', "[27, 28, 1]"),
        ("for x in [1, 2], y in [x, 10] return x * y", "[1, 10, 4, 20]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
        ("for row in rows return row.amount", "[500, 80, null]"),
        ("(for i in 1..3 return function(x) x + i)[2](10)", "12"),
        ("some r in rows satisfies r.amount > 400", "true"),
        ("every r in rows satisfies r.amount > 10", "null"),
        ("every r in rows satisfies r.amount > 100", "false"),
        ("some r in [] satisfies r > 1", "false"),
        ("every r in [] satisfies r > 1", "true"),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
        ("every i in 1..3 satisfies i > 0", "true"),
    ],
)
def test_loops(source: str, value: str) -> None:
    assert said(source, ROWS) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{f: function(a, b) a - b, r: f(5, 3)}.r", "2"),
        ("{f: function(a, b) a - b, r: f(b: 5, a: 3)}.r", "-2"),
        ("{f: function(start position) start position + 1, r: f(start position: 1)}.r", "2"),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(10)}.r", "3628800"),
        ("(function(x) function(y) x + y)(1)(2)", "3"),
        ("{f: function(a: number) a, r: f([5])}.r", "5"),
        ('{f: function(a: number) a, r: f("x")}.r', "null"),
        ("{f: function(a: list<number>) count(a), r: f(5)}.r", "1"),
        ("{f: function(a, b) a, r: f(1)}.r", "null"),
        ("{f: function(a, b) a, r: f(a: 1, c: 2)}.r", "null"),
        ("{f: function(a) a, r: f(a: 1, a: 2)}.r", "null"),
        ("limit(5)", "null"),
        ("nobody(5)", "null"),
        ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
        ("{double: function(x) x * 2, r: for i in 1..2 return double(i)}.r", "[2, 4]"),
        ("string(function(a, b: number) a)", "function function(a, b: number)"),
    ],
)
def test_functions(source: str, value: str) -> None:
    assert said(source, ROWS) == value


def test_a_function_value_may_leave_the_expression_and_be_called_by_another() -> None:
    rate = 3
    triple = compile_expression("function(x) x * rate").evaluate({"rate": rate})

    assert compile_expression("triple(14)").evaluate({"triple": triple}) == Decimal(42)


def test_a_context_is_read_and_never_changed() -> None:
    context: dict[str, Any] = {"a": [1, 2.5, {"b": 3}], "m": {"x": 1}}
    expression = compile_expression('append(a, 4).b + context put(m, "x", 2).x + sort(a)[1]')

    expression.evaluate(context)

    assert context == {"a": [1, 2.5, {"b": 3}], "m": {"x": 1}}
    assert type(context["a"][0]) is int
