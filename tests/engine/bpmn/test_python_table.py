"""The reviewed table of Python counterparts gives what FEEL gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.opinion import python_table
from engine.bpmn.opinion.plan import NoCounterpart, constant, plan_of, to_text
from engine.bpmn.opinion.python_table import FUNCTIONS
from engine.feel import DaysTimeDuration, compile_expression
from engine.model.calendar import SHANGHAI

VARIABLES: dict[str, Any] = {
    "n": Decimal(7),
    "half": Decimal("0.5"),
    "zero": Decimal(0),
    "name": "绩效",
    "yes": True,
    "no": False,
    "nothing": None,
    "values": [Decimal(3), Decimal(1), Decimal(2)],
    "names": ["a", "b"],
    "project": {"code": "B01", "unit": {"code": "21"}},
    "rows": [{"x": Decimal(1)}, {"x": Decimal(5)}],
    "day": date(2026, 3, 1),
    "moment": datetime(2026, 3, 1, 9, tzinfo=UTC),
}
NOW = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
EXPRESSIONS = [
    "n + 1", "n - 1 - 2", "n * half", "n / 2", "n / zero", "n ** 2", "-n", "name + \"!\"", "name + n", "1 + nothing",
    "n = 7", "n != 7", "n = \"7\"", "n = nothing", "nothing = null", "name = \"绩效\"", "yes = true", "yes = 1",
    "n > 3", "n >= 7", "n < 3", "n <= 7", "name < \"a\"", "n > name", "nothing > 1", "yes > no",
    "yes and no", "yes and nothing", "no and nothing", "yes or nothing", "no or nothing", "no or no", "yes and n",
    "not(yes)", "not(nothing)", "not(n)",
    "n between 1 and 7", "n between 8 and 9", "n in [1..7]", "n in [1..7)", "n in (7..9]", "n in (> 5)", "n in (1, 7)",
    "n in values", "name in (\"绩效\", \"x\")",
    "if n > 3 then \"big\" else \"small\"", "if nothing then 1 else 2", "if no then 1 else if yes then 2 else 3",
    "project.code", "project.unit.code", "project.none", "missing", "missing.path", "rows.x", "n.x",
    "values[1]", "values[-1]", "values[9]", "values[0]", "name[1]",
    "count(values)", "count([])", "sum(values)", "sum([])", "min(values)", "max(values)", "max(1, 2)", "min(names)",
    "count(name)", "count(nothing)", "append(name, 1)", "concatenate(name, names)", "concatenate(nothing, names)",
    "for x in nothing return x", "abs(-n)", "list contains(values, 2)", "list contains(values, 9)",
    "list contains(name, 1)", "append(values, 9)",
    "concatenate(values, names)", "string(n)", "string(half)", "string(yes)", "string(name)", "string(1000000)",
    "contains(name, \"效\")", "starts with(name, \"绩\")", "ends with(name, \"绩\")", "contains(n, \"a\")",
    "upper case(\"abC\")", "lower case(\"ABc\")", "string length(name)", "string length(n)",
    "date(2026, 3, 1)", "date(\"2026-03-01\")", "date(moment)", "date(\"x\")", "date(2026, 13, 1)",
    "day.year", "day.month",
    "context put(project, \"code\", n)", "distinct values([1, 2, 1, nothing, nothing])", "today()", "now()",
    "values[item > 1]", "rows[x > 1]", "rows[x > 1].x", "nothing[item > 1]", "values[n]", "values[item = n]",
    "[1, name, nothing]", "{a: n, b: a + 1}", "{a: {b: 1}}.a.b",
    "some x in values satisfies x > 2", "every x in values satisfies x > 2", "every x in [] satisfies x",
    "for x in values return x * 2", "some x in nothing satisfies x",
    "day = day", "moment > moment", "day = moment", "n = 7.0",
]  # fmt: skip


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_a_plan_gives_what_feel_gives(source: str) -> None:
    ours = compile_expression(source).evaluate(VARIABLES, now=NOW)

    theirs = python_table.run(plan_of(source), {**VARIABLES, python_table.NOW: NOW})

    assert (theirs, type(theirs)) == (ours, type(ours))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("date and time(name)", "the function date and time"),
        ("substring(name, 1)", "the function substring"),
        ("n instance of number", "InstanceOf"),
        ("(function(x) x)(1)", "the function (computed)"),
        ("for a in values, b in names return a", "several iterators"),
        ("for a in 1..3 return a", "several iterators"),
        ("string length(string: name)", "the function string length"),
        ('@"2026-01-01T10:00:00@Asia/Shanghai"', ""),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(source: str, reason: str) -> None:
    try:
        plan_of(source)
    except NoCounterpart as refusal:
        assert str(refusal) == reason
    else:
        assert reason == ""


def test_every_function_of_the_table_is_tested_here() -> None:
    tested = {name for name in FUNCTIONS if any(f"{name}(" in source for source in EXPRESSIONS)}

    assert FUNCTIONS.keys() - tested == {"duration"}


def test_a_duration_is_a_length_of_time() -> None:
    span = python_table.run(plan_of('duration("P1DT2H")'), {})

    expected = compile_expression('duration("P1DT2H")').evaluate({})
    assert isinstance(expected, DaysTimeDuration) and span == expected.as_timedelta()
    assert python_table.run(plan_of('moment + duration("P1D")'), VARIABLES) == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert python_table.run(plan_of('duration("P1M")'), {}) is None


def test_values_survive_the_way_into_the_child_process() -> None:
    values = {key: value for key, value in VARIABLES.items()}

    assert python_table.run(constant(values), {}) == values
    with pytest.raises(NoCounterpart):
        constant({"x": object()})


def test_nothing_in_a_plan_is_ever_run_as_python() -> None:
    attack = "__import__('os').system('id')"

    assert to_text(constant(attack)) == "[\"value\", \"__import__('os').system('id')\"]"
    assert python_table.run(["variable", attack], {}) is None
    with pytest.raises(KeyError):
        python_table.run(["__import__", "os"], {})
    assert python_table.run(plan_of("name.__class__"), VARIABLES) is None
