"""Equality and order of FEEL values (DMN 1.3, 10.3.2.12 and tables 53 to 55).

Both answer None where the values cannot be compared: FEEL's null. Dates with time and times are compared by instant, to
whole seconds where equality is asked for, as the standard does.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from engine.feel.budget import Run
from engine.feel.conversion import leaf
from engine.feel.temporal import (
    instant,
    instant_of_time,
    is_date,
    is_date_time,
    number_of_day,
    zone_of,
)
from engine.feel.values import SECOND, DaysTimeDuration, FunctionValue, Range, Time, YearsMonthsDuration

_PLAIN = (Decimal, str, bool)


def equal(run: Run, left: Any, right: Any) -> bool | None:
    """Whether two values are equal; None if they are of different types. Null equals only null."""
    if left is None or right is None:
        return left is right
    kind: type[Any] = type(left)  # pyright: ignore[reportUnknownVariableType]
    if kind is type(right) and kind in _PLAIN:
        return bool(left == right)
    if isinstance(left, list):
        return _equal_lists(run, left, right) if isinstance(right, list) else None  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(left, Mapping):
        return _equal_contexts(run, left, right) if isinstance(right, Mapping) else None  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(left, Range):
        return _equal_ranges(run, left, right) if isinstance(right, Range) else None
    if isinstance(left, FunctionValue):
        return left is right if isinstance(right, FunctionValue) else None
    keys = _order_keys(left, right)
    if keys is None:
        return None
    if isinstance(left, Time) or is_date_time(left):
        return keys[0] // SECOND == keys[1] // SECOND
    return bool(keys[0] == keys[1])


def ordered(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as left is less than, equal to or greater than right; None if there is no order between them."""
    kind: type[Any] = type(left)  # pyright: ignore[reportUnknownVariableType]
    if kind is type(right) and (kind is Decimal or kind is str):
        first, second = left, right
    else:
        keys = _order_keys(left, right)
        if keys is None:
            return None
        first, second = keys
    return -1 if first < second else int(first > second)


def is_member(run: Run, value: Any, test: Any) -> bool | None:
    """FEEL's `value in test` for one test: a range holds it, a list has it or a range that holds it, else equality."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return in_range(run, value, test)
    if isinstance(test, list):
        elements = cast("list[Any]", test)
        run.charge(1 + len(elements))
        if isinstance(value, list) and equal(run, value, elements):
            return True
        return any(
            in_range(run, value, element) if isinstance(element, Range) else equal(run, value, element)
            for element in map(leaf, elements)
        )
    return equal(run, value, test)


def in_range(run: Run, value: Any, test: Range) -> bool | None:
    """Whether a range holds a value; None if the value cannot be compared with its ends."""
    if test.operator:
        same = equal(run, value, test.start)
        return same if same is None or test.operator == "=" else not same
    if test.start is not None:
        order = ordered(test.start, value)
        if order is None:
            return None
        if order > 0 or (order == 0 and not test.start_included):
            return False
    if test.end is not None:
        order = ordered(value, test.end)
        if order is None:
            return None
        if order > 0 or (order == 0 and not test.end_included):
            return False
    return True


def _order_keys(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Two Python numbers that stand in the order of the values; None if there is none."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left, right
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if is_date(left) and is_date(right):
        return number_of_day(left), number_of_day(right)
    if is_date_time(left) and is_date_time(right):
        comparable = (zone_of(left) is None) == (zone_of(right) is None)
        return (instant(left), instant(right)) if comparable else None
    if isinstance(left, Time) and isinstance(right, Time):
        comparable = (left.zone is None) == (right.zone is None)
        return (instant_of_time(left), instant_of_time(right)) if comparable else None
    if isinstance(left, DaysTimeDuration) and isinstance(right, DaysTimeDuration):
        return left.nanoseconds, right.nanoseconds
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return left.months, right.months
    return None


def _equal_lists(run: Run, left: list[Any], right: list[Any]) -> bool | None:
    if len(left) != len(right):
        return False
    run.charge(3 + 3 * len(left))
    answers = [equal(run, leaf(a), leaf(b)) for a, b in zip(left, right, strict=True)]
    return False if False in answers else (None if None in answers else True)


def _equal_contexts(run: Run, left: Mapping[str, Any], right: Mapping[str, Any]) -> bool | None:
    if left.keys() != right.keys():
        return False
    run.charge(3 + 3 * len(left))
    answers = [equal(run, leaf(left[name]), leaf(right[name])) for name in left]
    return False if False in answers else (None if None in answers else True)


def _equal_ranges(run: Run, left: Range, right: Range) -> bool | None:
    if (left.start_included, left.end_included, left.operator) != (
        right.start_included,
        right.end_included,
        right.operator,
    ):
        return False
    answers = (equal(run, left.start, right.start), equal(run, left.end, right.end))
    return False if False in answers else (None if None in answers else True)
