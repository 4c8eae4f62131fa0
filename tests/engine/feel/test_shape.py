"""Words for values: what they are, and nothing of what they say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import DaysTimeDuration, compile_expression, found_by, shape_of


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (None, "null"),
        (True, "a truth value"),
        (Decimal(5), "a number"),
        ("", "a text of 0 characters"),
        ("x", "a text of 1 character"),
        ("secret", "a text of 6 characters"),
        (["secret", 2, 3], "a list of 3"),
        ({"secret": 1}, "a context"),
        (date(2026, 1, 1), "a date"),
        (DaysTimeDuration.of(timedelta(days=1)), "a days and time duration"),
    ],
)
def test_a_shape_tells_kind_and_size(value: Any, shape: str) -> None:
    assert shape_of(value) == shape


def test_what_an_expression_itself_writes_is_told_as_written() -> None:
    assert found_by(compile_expression('"soon"'), "soon") == "'soon'"
    assert found_by(compile_expression("when"), "soon") == "a text of 4 characters"
