"""An explanation tells the parts that were asked, each with its text and value."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel import FeelSyntaxError, Part, explain, format_value
from engine.feel.explaining import MOST_PARTS

CONTEXT = {"amount": 150, "budget": 200, "grade": "优", "loan amount": 500, "rows": [{"w": 1}, {"w": 2}]}


def outline(part: Part) -> Any:
    """The parts below as {"text → value": parts below}."""
    return {f"{each.text} → {format_value(each.value)}": outline(each) for each in part.parts}


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        (
            'amount > budget and grade = "优"',
            {
                "amount > budget → false": {"amount → 150": {}, "budget → 200": {}},
                'grade = "优" → true': {"grade → 优": {}},
            },
        ),
        ("(amount + 1) * 2", {"(amount + 1) → 151": {"amount → 150": {}}}),
        ("loan amount / 2", {"loan amount → 500": {}}),
        ("sum(rows[w > 1].w)", {"rows[w > 1].w → [2]": {"rows[w > 1] → [{w: 2}]": {"rows → [{w: 1}, {w: 2}]": {}}}}),
        ("for r in rows return r.w * 2", {"rows → [{w: 1}, {w: 2}]": {}}),
        ("amount in (< 50, [100..budget))", {"amount → 150": {}, "[100..budget) → [100..200)": {"budget → 200": {}}}),
        ("1 + 2", {}),
        ("max(amount, 1 + 1)", {"amount → 150": {}, "1 + 1 → 2": {}}),
    ],
)  # fmt: skip
def test_parts_are_told_with_their_values(source: str, parts: Any):
    assert outline(explain(source, CONTEXT).whole) == parts


def test_of_a_choice_only_what_was_taken_is_told():
    explained = explain('if amount > budget then "over" else if amount = 150 then budget else rows', CONTEXT)

    assert list(outline(explained.whole)) == ["amount > budget → false", "amount = 150 → true", "budget → 200"]


def test_reasons_of_nulls_come_along():
    explained = explain("amount + projekt", CONTEXT)

    assert explained.whole.value is None
    assert [str(reason) for reason in explained.reasons] == [
        "Expected a variable 'projekt', but there is none (line 1, column 10)",
        "Expected operands that '+' is defined for, but found number and null (line 1, column 8)",
    ]


def test_an_explanation_of_a_long_expression_ends():
    explained = explain(" + ".join(["amount"] * 300), CONTEXT)

    assert explained.whole.value == 45000
    assert len(explained.whole.parts) == MOST_PARTS


def test_what_is_no_expression_is_refused():
    with pytest.raises(FeelSyntaxError):
        explain("amount >", CONTEXT)
