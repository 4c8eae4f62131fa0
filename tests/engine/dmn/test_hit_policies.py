"""What a table answers when none, one or several of its rules match (DMN 8.2.8 to 8.2.11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import Answer, DecisionFailed, InvalidDecisions, read_decisions
from tests.engine.dmn.tables import decision, definitions, input_data, table

D = Decimal
OVERLAPPING = '< 10 => "a"\n< 20 => "b"\n< 30 => "c"'


def decide(x: Any, *arguments: str, lenient: bool = False, **more: str) -> Answer:
    text = definitions(input_data("x"), decision("A", table(*arguments, **more), needs=["x"]))
    return read_decisions(text).decisions["A"].evaluate({"x": x}, lenient=lenient)


def numbers(answer: Answer) -> list[int]:
    return [rule.number for rule in answer.matched_rules]


def test_unique_gives_the_one_matching_rule():
    answer = decide(25, "UNIQUE", "x", "y", OVERLAPPING)

    assert (answer.value, numbers(answer)) == ("c", [3])


def test_unique_refuses_several_and_names_them():
    with pytest.raises(DecisionFailed) as refusal:
        decide(15, "UNIQUE", "x", "y", OVERLAPPING)

    assert refusal.value.message == "Expected one matching rule in 'table', but rules 2 (r2), 3 (r3) match."
    assert refusal.value.facts == {
        "decision": "A",
        "reason": "not-unique",
        "path": "table",
        "rules": [
            {"number": 2, "id": "r2", "annotation": "第2条"},
            {"number": 3, "id": "r3", "annotation": "第3条"},
        ],
    }


def test_a_lenient_evaluation_answers_null_and_lists_the_problem():
    answer = decide(15, "UNIQUE", "x", "y", OVERLAPPING, lenient=True)

    assert answer.value is None
    assert [(p["decision"], p["reason"]) for p in answer.explanation["problems"]] == [("A", "not-unique")]


def test_first_gives_the_first_of_several():
    answer = decide(5, "FIRST", "x", "y", OVERLAPPING)

    assert (answer.value, numbers(answer)) == ("a", [1])


def test_any_takes_equal_answers_and_refuses_different_ones():
    assert decide(5, "ANY", "x", "y", "< 10 => 1\n< 20 => 1.0").value == 1
    with pytest.raises(
        DecisionFailed, match=r"equal answers of all matching rules in 'table', but rules 1 \(r1\), 2 \(r2\)"
    ):
        decide(5, "ANY", "x", "y", "< 10 => 1\n< 20 => 2")


@pytest.mark.parametrize(("x", "value", "rule"), [(5, "c", 3), (25, "c", 3)])
def test_priority_gives_the_answer_that_stands_first_in_the_output_values(x, value, rule):
    answer = decide(x, "PRIORITY", "x", "y", OVERLAPPING, order='"c", "a", "b"')

    assert (answer.value, numbers(answer)) == (value, [rule])


def test_output_order_gives_all_answers_in_the_order_of_the_output_values():
    answer = decide(5, "OUTPUT ORDER", "x", "y", OVERLAPPING, order='"c", "a", "b"')

    assert (answer.value, numbers(answer)) == (["c", "a", "b"], [3, 1, 2])


def test_rule_order_gives_all_answers_in_the_order_of_the_rules():
    assert decide(15, "RULE ORDER", "x", "y", OVERLAPPING).value == ["b", "c"]


def test_several_outputs_make_a_context():
    rows = '< 10 => "a" | 1\n< 20 => "b" | 2'

    assert decide(15, "FIRST", "x", "y, z", rows).value == {"y": "b", "z": 2}
    assert decide(5, "COLLECT", "x", "y, z", rows).value == [{"y": "a", "z": 1}, {"y": "b", "z": 2}]


@pytest.mark.parametrize(
    ("aggregation", "some", "none"), [("SUM", 6, None), ("MIN", 1, None), ("MAX", 3, None), ("COUNT", 3, 0)]
)
def test_collect_makes_one_value_of_many(aggregation, some, none):
    rows = "< 10 => 3\n< 20 => 1\n< 30 => 2"

    assert decide(5, f"COLLECT {aggregation}", "x", "y", rows).value == some
    assert decide(99, f"COLLECT {aggregation}", "x", "y", rows).value == none


@pytest.mark.parametrize("aggregation", ["SUM", "MAX"])
def test_values_that_cannot_be_taken_together_are_refused(aggregation):
    with pytest.raises(DecisionFailed, match=f"Expected answers of 'table' that {aggregation} can take together"):
        decide(5, f"COLLECT {aggregation}", "x", "y", '< 10 => 3\n< 20 => "a"')


@pytest.mark.parametrize(("policy", "value"), [("UNIQUE", None), ("FIRST", None), ("COLLECT", []), ("RULE ORDER", [])])
def test_without_a_matching_rule(policy, value):
    answer = decide(99, policy, "x", "y", OVERLAPPING)

    assert (answer.value, answer.matched_rules) == (value, ())


@pytest.mark.parametrize("policy", ["UNIQUE", "COLLECT", "COLLECT MAX"])
def test_the_default_answers_where_no_rule_matches(policy):
    assert decide(99, policy, "x", "y", "< 10 => 1", default="0").value == 0


def test_orders_need_output_values():
    for policy in ("PRIORITY", "OUTPUT ORDER"):
        with pytest.raises(InvalidDecisions, match=f"Expected {policy} to have output values"):
            decide(1, policy, "x", "y", OVERLAPPING)


def test_an_aggregation_of_several_outputs_is_refused():
    with pytest.raises(InvalidDecisions, match="Expected one output to build SUM of"):
        decide(1, "COLLECT SUM", "x", "y, z", "- => 1 | 2")


def test_values_outside_the_allowed_ones_are_refused():
    with pytest.raises(DecisionFailed, match=r"Expected \[0\.\.100\] in column 'x', but found number '101'"):
        decide(101, "FIRST", "x", "y", "- => 1", allowed="[0..100]")
    with pytest.raises(DecisionFailed, match="""Expected "a", "b" as 'y' of rule 'r1', but found string 'c'"""):
        decide(1, "FIRST", "x", "y", '- => "c"', order='"a", "b"')
    assert decide(None, "FIRST", "x", "y", "- => 1", allowed="[0..100]").value == 1


def test_values_of_the_wrong_type_are_refused():
    with pytest.raises(DecisionFailed, match="Expected a number in column 'x', but found string 'five'"):
        decide("five", "FIRST", "x:number", "y", "- => 1")
    with pytest.raises(DecisionFailed, match="Expected a string as 'y' of rule 'r1', but found number '1'"):
        decide(5, "FIRST", "x", "y:string", "- => 1")


@pytest.mark.parametrize(
    ("cell", "x", "matches"),
    [
        ("-", None, True),
        ("", 5, True),
        ("5", D("5.0"), True),
        ('"5"', 5, False),
        ('not("a")', "b", True),
        ('not("a")', None, True),
        ("null", None, True),
        ("? > 3 and ? < 9", 5, True),
        ("count(?) = 2", [1, 2], True),
        ('"a"', ["a", "b"], False),
        ("[1, 2]", 2, True),
        ('date("2026-01-31")', None, False),
        ("< x + 1", 5, True),
        ("< 10, > 20", 25, True),
        ("not([1..3])", 2, False),
        ("true", 1, False),
    ],
)
def test_cells(cell, x, matches):
    assert bool(decide(x, "FIRST", "x", "y", f"{cell} => 1").matched_rules) is matches
