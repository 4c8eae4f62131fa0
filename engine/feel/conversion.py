"""From Python values to FEEL values, lazily: contexts are never copied, a leaf is converted when it is read.

A list or context may hold unconverted Python values inside; whoever takes an element out passes it through `leaf`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from uuid import UUID

from engine.feel.budget import DEFAULT_BUDGET
from engine.feel.errors import FeelBudgetExceeded, FeelEvaluationError
from engine.feel.numbers import ARITHMETIC
from engine.feel.values import (
    DaysTimeDuration,
    FunctionValue,
    Range,
    Time,
    WideDate,
    WideDateTime,
    YearsMonthsDuration,
)

#: Types whose values are FEEL values as they are. Containers are, too: their elements are converted when taken out.
READY = frozenset((
    Decimal, str, bool, type(None), dict, list, date, datetime,
    Time, WideDate, WideDateTime, DaysTimeDuration, YearsMonthsDuration, Range,
))  # fmt: skip

_SCALARS = READY - {list, dict}
_TEXT = frozenset({str})
#: The type of plain contexts, under a name that keeps type checkers from guessing what is in them.
DICT: Any = dict

_SMALL = {number: Decimal(number) for number in range(-1000, 10_001)}


def leaf(value: Any) -> Any:
    """The FEEL value of something read from a context or list; its own elements stay as they are.

    Raises:
        FeelEvaluationError: an object that FEEL has no type for.
        FeelBudgetExceeded: an integer of enormous size.
    """
    return value if type(value) in READY else _converted(value)


def _converted(value: Any) -> Any:
    if isinstance(value, int):
        small = _SMALL.get(value)
        if small is not None:
            return small
        if value.bit_length() > DEFAULT_BUDGET.max_digits * 4:
            raise FeelBudgetExceeded("max_digits", DEFAULT_BUDGET.max_digits, "digits in a number")
        return ARITHMETIC.create_decimal(value)
    if isinstance(value, float):
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    if isinstance(value, Enum):
        return leaf(value.value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal | date | FunctionValue | list | Mapping):
        return cast("Any", value)
    if isinstance(value, tuple):
        return list(cast("tuple[Any, ...]", value))
    if isinstance(value, time):
        return Time.of(value.hour, value.minute, value.second, value.microsecond * 1000, value.tzinfo)
    if isinstance(value, timedelta):
        return DaysTimeDuration.of(value)
    if isinstance(value, UUID):
        return str(value)
    raise FeelEvaluationError(
        f"Expected a value that FEEL has a type for, but found a Python {type(value).__name__}.",
        found=type(value).__name__,
    )


def to_feel(value: Any, *, max_size: int = DEFAULT_BUDGET.max_result) -> Any:
    """The FEEL value of a Python value, all the way down.

    int and float become Decimal, tuples lists, mappings dicts, timedelta and datetime.time the FEEL types of `values`,
    enumeration members their value, UUIDs text, infinite floats and NaN null. Containers that need no conversion are
    returned as they are, not copied.

    Raises:
        FeelEvaluationError: an object that FEEL has no type for, or nesting beyond 200 levels.
        FeelBudgetExceeded: more than `max_size` elements, shared ones counted each time.
    """
    if type(value) in _SCALARS:
        return value
    return _deep(value, [max_size], max_size, 200)


def _deep(value: Any, left: list[int], max_size: int, depth: int) -> Any:
    value = leaf(value)
    if type(value) in _SCALARS:
        return value
    if depth == 0:
        raise FeelEvaluationError("Expected a value of at most 200 levels, but it is nested deeper.")
    if isinstance(value, list):
        elements = cast("list[Any]", value)
        _take(left, len(elements), max_size)
        if type(elements) is list and _SCALARS.issuperset(map(type, elements)):
            return elements
        converted = [_deep(element, left, max_size, depth - 1) for element in elements]
        same = type(elements) is list and all(a is b for a, b in zip(elements, converted, strict=True))
        return elements if same else converted
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, Any]", value)
        _take(left, len(entries), max_size)
        # what comes out of JSON is mostly this; looking at the types costs a sixth of converting each
        if (
            type(entries) is DICT
            and _SCALARS.issuperset(map(type, entries.values()))
            and _TEXT.issuperset(map(type, entries))
        ):
            return entries
        contents = {str(key): _deep(entry, left, max_size, depth - 1) for key, entry in entries.items()}
        same = isinstance(value, dict) and len(contents) == len(entries) and all(
            key is other and entries[key] is contents[other] for key, other in zip(entries, contents, strict=True)
        )  # fmt: skip
        return entries if same else contents
    return value


def _take(left: list[int], size: int, max_size: int) -> None:
    left[0] -= size + 1
    if left[0] < 0:
        raise FeelBudgetExceeded("max_result", max_size, "elements in a value")
