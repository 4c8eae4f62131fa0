"""Names with spaces, signs and other scripts; what an expression reads."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, compile_expression
from tests.engine.feel.saying import said


@pytest.mark.parametrize(
    ("source", "context"),
    [
        ("金额 > 100", {"金额": 150}),
        ("loan amount > 100", {"loan amount": 150}),
        ("loan    amount > 100", {"loan amount": 150}),
        ("date of birth > 100", {"date of birth": 150}),
        ("🐎 > 100", {"🐎": 150}),
        ("_x1 > 100", {"_x1": 150}),
        ("a.first name > 100", {"a": {"first name": 150}}),
        ("a.if > 100", {"a": {"if": 150}}),
    ],
)
def test_words_that_follow_one_another_are_one_name(source: str, context: dict[str, object]) -> None:
    assert said(source, context) == "true"


@pytest.mark.parametrize(
    ("source", "names", "value"),
    [
        ("price-net + 1", ["price-net"], "101"),
        ("price - net", ["price-net", "price", "net"], "6"),
        ("price-net", ["price", "net"], "6"),
        ("applicant's age + 1", ["applicant's age"], "31"),
        ("Loan 2 + 1", ["Loan 2"], "3"),
        ("if applicable + 1", ["if applicable"], "8"),
        ("profit and loss + 1", ["profit and loss"], "10"),
        ("order.price-net + 1", ["order", "price-net"], "51"),
    ],
)
def test_declared_names_may_hold_signs_and_keywords_and_the_longest_wins(
    source: str, names: list[str], value: str
) -> None:
    context = {
        "price-net": 100, "price": 9, "net": 3, "applicant's age": 30, "Loan 2": 2, "if applicable": 7,
        "profit and loss": 9, "order": {"price-net": 50},
    }  # fmt: skip
    assert said(source, context, names=names) == value


def test_two_declared_names_side_by_side_are_a_mistake() -> None:
    with pytest.raises(FeelSyntaxError, match="Expected an operator or the end, but found 'score' at line 1, column 8"):
        compile_expression("amount score", names=["amount", "score"])


def test_a_declared_name_wins_over_a_function_of_that_name() -> None:
    assert said("count + 1", {"count": 5}, names=["count"]) == "6"
    assert said("count(count)", {"count": [1, 2]}, names=["count"]) == "null"
    assert said("count([1, 2])", {}, names=["count"]) == "2"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a.b * 2 + score", {"a", "score"}),
        ("for x in rows return x.n + rate", {"rows", "rate"}),
        ("rows[amount > limit]", {"rows", "amount", "limit"}),
        ("{a: b, c: a}", {"b"}),
        ("function(x) x + y", {"y"}),
        ('sum([1]) + abs(z) + string length("x")', {"z"}),
        ("sort(rows, abs)", {"rows"}),
        ("unknown function(x)", {"unknown function", "x"}),
        ("1", set()),
    ],
)
def test_an_expression_tells_which_variables_it_reads(source: str, names: set[str]) -> None:
    assert compile_expression(source).names == names
