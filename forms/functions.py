"""FEEL functions that forms may use besides the built-in ones."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel import FeelFunction


def _total(values: list[Any] | None) -> Decimal:
    return sum((value for value in values or () if isinstance(value, Decimal)), Decimal(0))


#: total(list): the sum of the numbers in it; blanks count nothing, and of nothing it is 0. FEEL's own sum() gives null
#: as soon as one row of a table is not filled in yet.
TOTAL = FeelFunction(name="total", parameters=("values: list?",), implementation=_total)

FUNCTIONS: Mapping[str, FeelFunction] = {TOTAL.name: TOTAL}
