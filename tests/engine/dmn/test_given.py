"""Texts of JSON become the dates and times that a file declares, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.dmn import DecisionFailed, read_decisions
from engine.feel import format_value
from tests.engine.dmn.tables import decision, definitions, input_data, literal

TYPES = (
    '<itemDefinition name="tYear"><typeRef>date</typeRef>'
    '<allowedValues><text>&gt; date("2020-01-01")</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tYears" isCollection="true"><typeRef>tYear</typeRef></itemDefinition>'
    '<itemDefinition name="tProject"><itemComponent name="due"><typeRef>date</typeRef></itemComponent>'
    '<itemComponent name="name"><typeRef>string</typeRef></itemComponent></itemDefinition>'
)


def answered(type_ref: str, value: Any) -> str:
    text = definitions(TYPES, input_data("x", types=type_ref), decision("A", literal("x"), needs=["x"]))
    asked = read_decisions(text).decisions["A"]
    return format_value(asked.evaluate(asked.read_given({"x": value})).value)


@pytest.mark.parametrize(
    ("type_ref", "value", "read"),
    [
        ("date", "2026-06-30", "2026-06-30"),
        ("time", "18:00:00", "18:00:00"),
        ("dateTime", "2026-06-30T18:00:00+08:00", "2026-06-30T18:00:00+08:00"),
        ("dayTimeDuration", "P2DT3H", "P2DT3H"),
        ("yearMonthDuration", "P14M", "P1Y2M"),
        ("string", "2026-06-30", "2026-06-30"),
        ("Any", "2026-06-30", "2026-06-30"),
        ("tYear", "2026-06-30", "2026-06-30"),
        ("tYears", ["2026-06-30", "2027-06-30"], "[2026-06-30, 2027-06-30]"),
        ("tProject", {"due": "2026-06-30", "name": "2026-06-30"}, '{due: 2026-06-30, name: "2026-06-30"}'),
    ],
)
def test_texts_are_read_as_declared(type_ref: str, value: Any, read: str):
    assert answered(type_ref, value) == read


@pytest.mark.parametrize(("type_ref", "value"), [("date", "soon"), ("dayTimeDuration", "P1M")])
def test_a_text_that_cannot_be_read_is_refused_as_a_text(type_ref: str, value: str):
    with pytest.raises(DecisionFailed, match=f"but found string '{value}'"):
        answered(type_ref, value)


def test_a_day_that_is_not_allowed_is_refused_as_a_day():
    with pytest.raises(DecisionFailed, match="Expected a tYear as 'x', but found date '2019-06-30'"):
        answered("tYear", "2019-06-30")


def test_a_value_that_is_a_date_already_is_left_alone():
    assert answered("date", date(2026, 6, 30)) == "2026-06-30"
