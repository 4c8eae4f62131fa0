"""Whatever a text asks for ends in a value or a clear refusal, quickly and in little room.

Each attack must end within 50 MB and so many calls as take less than 100 ms; what they do take is measured by
`python -m benchmarks feel --attacks`. A null or a harmless value is an end, too.
"""

from __future__ import annotations

import sys
import tracemalloc
from typing import Any

import pytest

from engine.feel import (
    DEFAULT_BUDGET,
    Account,
    Budget,
    FeelBudgetExceeded,
    FeelEvaluationError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
)
from tests.engine.feel.attacks import ATTACKS, CONTEXT, MAX_BYTES, MAX_CALLS, REACHING_OUT, SHARED
from tests.engine.feel.saying import REGEX, said


def _end_of(source: str) -> Any:
    """The value, or the refusal."""
    try:
        return compile_expression(source, functions=REGEX).evaluate(CONTEXT)
    except (FeelSyntaxError, FeelBudgetExceeded, FeelEvaluationError) as refusal:
        return refusal


def _calls(source: str) -> int:
    """How many functions, of Python and of its libraries, are called until the end: work that no clock disturbs."""
    calls = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        _end_of(source)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("source", ATTACKS, ids=lambda source: source[:60])
def test_every_attack_ends_after_little_work(source: str) -> None:
    assert _calls(source) < MAX_CALLS


@pytest.mark.parametrize("source", ATTACKS, ids=lambda source: source[:60])
def test_every_attack_ends_in_little_room(source: str) -> None:
    tracemalloc.start()
    try:
        _end_of(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < MAX_BYTES


@pytest.mark.parametrize("source", REACHING_OUT, ids=lambda source: source[:60])
def test_nothing_leads_to_a_python_object(source: str) -> None:
    end = _end_of(source)

    assert end in (None, [None]) or isinstance(end, FeelSyntaxError | FeelEvaluationError)
    assert "treasure" not in str(end)


@pytest.mark.parametrize(
    ("source", "limit"),
    [
        ("1" + " " * 4096, "max_source_chars"),
        ("(" * 100 + "1" + ")" * 100, "max_depth"),
        ("1" * 300, "max_digits"),
        ("for i in 1..30000 return i", "max_list"),
        ("some a in 1..1000, b in 1..1000 satisfies false", "max_steps"),
        ("s + s + s", "max_string"),
        ("{f: function(n) f(n), r: f(1)}.r", "max_call_depth"),
        (f"{{{SHARED}}}", "max_result"),
    ],
)
def test_a_refusal_names_the_limit(source: str, limit: str) -> None:
    with pytest.raises(FeelBudgetExceeded) as caught:
        said(source, CONTEXT)

    assert caught.value.code == "feel-budget"
    assert caught.value.facts == {"limit": limit, "allowed": getattr(DEFAULT_BUDGET, limit)}


def test_a_caller_may_give_another_budget() -> None:
    small = Budget(max_steps=100)

    assert said("count(for i in 1..20 return i)", budget=small) == "20"
    with pytest.raises(FeelBudgetExceeded, match="budget of 100 steps"):
        said("count(for i in 1..60 return i)", budget=small)


def test_every_evaluation_has_the_whole_budget() -> None:
    expression = compile_expression("count(for i in 1..60 return i)", budget=Budget(max_steps=300))

    assert {expression.evaluate({}) for _ in range(20)} == {60}


def test_what_is_nested_as_deep_as_allowed_still_runs_from_deep_in_a_program() -> None:
    levels = DEFAULT_BUDGET.max_depth - 2
    source = "(" * levels + "1" + ")" * levels

    def from_depth(frames: int) -> Any:
        return from_depth(frames - 1) if frames else compile_expression(source).evaluate({})

    assert from_depth(400) == 1


def test_where_the_stack_of_the_caller_ends_the_refusal_is_ours() -> None:
    expression = compile_expression("[[[[[[[[[[x]]]]]]]]]]")

    def until_the_end(call: Any) -> None:
        try:
            until_the_end(call)
        except RecursionError:
            call()

    with pytest.raises(FeelBudgetExceeded):
        until_the_end(lambda: expression.evaluate({"x": 1}))
    with pytest.raises(FeelBudgetExceeded):
        until_the_end(lambda: compile_expression("[[[[[[[[[[x]]]]]]]]]]"))


def test_cells_have_the_same_budget() -> None:
    with pytest.raises(FeelBudgetExceeded):
        compile_unary_tests("(" * 200 + "1" + ")" * 200)
    with pytest.raises(FeelBudgetExceeded):
        compile_unary_tests("some a in 1..1000, b in 1..1000 satisfies a = ?").matches(-1, {})


def test_expressions_may_share_an_account() -> None:
    account = Account(1000)
    expression = compile_expression("count(for i in 1..60 return i)")

    first = expression.evaluate({}, account=account)
    left = account.steps_left
    with pytest.raises(FeelBudgetExceeded, match="1000 steps for all expressions together"):
        for _ in range(20):
            expression.evaluate({}, account=account)

    assert first == 60
    assert 0 < left < 1000
    assert account.steps_left == 0


def test_an_empty_account_pays_for_what_needs_no_loop() -> None:
    account = Account(0)

    assert compile_expression("1 + 1").evaluate({}, account=account) == 2
    assert compile_unary_tests("> 1").matches(2, {}, account=account) is True
    with pytest.raises(FeelBudgetExceeded):
        compile_unary_tests("some i in 1..3 satisfies i = ?").matches(2, {}, account=account)
