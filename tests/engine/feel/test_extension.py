"""Functions and types that packages bring, and the conversion of Python values."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest

from engine.feel import (
    ContextType,
    DaysTimeDuration,
    FeelBudgetExceeded,
    FeelEvaluationError,
    FeelFunction,
    ListType,
    NullResult,
    Time,
    compile_expression,
    format_value,
    to_feel,
)
from engine.feel.types import NUMBER, STRING
from tests.engine.feel.saying import said


def _quarter(day: date) -> Decimal:
    return Decimal((day.month - 1) // 3 + 1)


def _share(part: Decimal, whole: Decimal, digits: Decimal | None) -> Decimal:
    if not whole:
        raise NullResult("the whole is nothing")
    return round(part / whole, int(digits or 2))


FUNCTIONS = {
    "quarter": FeelFunction(name="quarter", parameters=("date: date",), implementation=_quarter),
    "share of": FeelFunction(
        name="share of", parameters=("part: number", "whole: number", "digits: number?"), implementation=_share
    ),
    "labels": FeelFunction(name="labels", parameters=("text",), variadic=True, implementation=lambda texts: texts),
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('quarter(@"2026-08-01")', "3"),
        ('quarter("2026-08-01")', "null"),
        ("share of(1, 3)", "0.33"),
        ("share of(whole: 3, part: 1, digits: 3)", "0.333"),
        ("share of(1, 0)", "null"),
        ("share of(1)", "null"),
        ('labels("a", "b")', '["a", "b"]'),
        ('for d in [@"2026-01-01"] return quarter(d)', "[1]"),
        ('sort([@"2026-08-01"], quarter)', "[2026-08-01]"),
    ],
)
def test_a_package_registers_functions_with_types(source: str, value: str) -> None:
    assert said(source, functions=FUNCTIONS) == value


def test_the_reason_of_a_registered_function_is_told() -> None:
    explained = compile_expression("share of(1, 0)", functions=FUNCTIONS).evaluate_explained({})

    assert [warning.message for warning in explained.warnings] == ["share of(): the whole is nothing"]


def test_declared_types_are_known_to_instance_of_and_parameters() -> None:
    project = ContextType({"code": STRING, "amount": NUMBER})
    types = {"tProject": project, "model.tProjects": ListType(project)}

    assert said('{code: "A01", amount: 5} instance of tProject', types=types) == "true"
    assert said('[{code: "A01"}] instance of model.tProjects', types=types) == "false"
    assert said("{f: function(p: tProject) p.code, r: f(5)}.r", types=types) == "null"


class Level(Enum):
    GREEN = "绿"


@pytest.mark.parametrize(
    ("value", "feel"),
    [
        (1, Decimal(1)),
        (1.1, Decimal("1.1")),
        (True, True),
        (float("inf"), None),
        ((1, 2), [Decimal(1), Decimal(2)]),
        ({"a": [1]}, {"a": [Decimal(1)]}),
        (MappingProxyType({"a": 1}), {"a": Decimal(1)}),
        (timedelta(hours=1), DaysTimeDuration.of(timedelta(hours=1))),
        (time(18, 30), Time.of(18, 30)),
        (Level.GREEN, "绿"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime(2026, 3, 1), datetime(2026, 3, 1)),
    ],
)
def test_python_values_become_feel_values(value: Any, feel: Any) -> None:
    assert to_feel(value) == feel
    assert compile_expression("x").evaluate({"x": value}) == feel


def test_what_needs_no_conversion_is_not_copied() -> None:
    value = {"a": [Decimal(1), "x"], "b": {"c": None}}

    assert to_feel(value) is value


def test_objects_and_enormous_values_are_no_feel_values() -> None:
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(FeelEvaluationError, match="found a Python object"):
        to_feel([object()])
    with pytest.raises(FeelBudgetExceeded):
        to_feel(10**1000)
    with pytest.raises(FeelEvaluationError, match="at most 200 levels"):
        to_feel(endless)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (Decimal("-12.500"), "-12.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-50"), "1E-50"),
        ("优", "优"),
        ([1, "a\n"], '[1, "a\\n"]'),
        ({"a b": 1, "c-d": date(2026, 3, 1)}, '{a b: 1, "c-d": 2026-03-01}'),
    ],
)
def test_values_are_written_as_feel_writes_them(value: Any, text: str) -> None:
    assert format_value(value) == text
