"""What `for`, `some` and `every` run over: lists, ranges of whole numbers and ranges of dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias, cast

from engine.feel.budget import Run
from engine.feel.conversion import leaf
from engine.feel.numbers import ARITHMETIC, whole
from engine.feel.temporal import date_of_number, is_date, number_of_day
from engine.feel.types import type_name
from engine.feel.values import Range

Steps: TypeAlias = Iterable[Any]

_ONE = Decimal(1)


def steps_of(run: Run, at: int, value: Any) -> Steps | None:
    """The elements of a list or of a closed range; any other value once; None, with a reason, for null."""
    if isinstance(value, list):
        elements = cast("list[Any]", value)
        run.charge_list(len(elements))
        return map(leaf, elements)
    if isinstance(value, Range):
        steps = steps_between(run, at, value.start, value.end)
        return None if steps is None else _without_open_ends(value, steps)
    if value is None:
        run.fault(at, "Expected a list to run over, but found null")
        return None
    return (value,)


def steps_between(run: Run, at: int, start: Any, end: Any) -> Steps | None:
    """Whole numbers or days from start to end, both included, upwards or downwards; None, with a reason, for others."""
    if isinstance(start, Decimal) and isinstance(end, Decimal) and start.is_finite() and end.is_finite():
        count = whole(ARITHMETIC.subtract(end, start).copy_abs())
        if count is not None and whole(start) is not None:
            run.charge_list(count + 1)
            return _numbers(start, end, count)
        run.charge_list(run.budget.max_list + 1)
    if is_date(start) and is_date(end):
        first, last = number_of_day(start), number_of_day(end)
        run.charge_list(abs(last - first) + 1)
        return map(date_of_number, range(first, last + 1) if first <= last else range(first, last - 1, -1))
    found = f"{type_name(start)} and {type_name(end)}"
    run.fault(at, f"Expected two numbers or two dates to run between, but found {found}")
    return None


def _numbers(start: Decimal, end: Decimal, count: int) -> Iterator[Decimal]:
    step = _ONE if start <= end else -_ONE
    for _ in range(count + 1):
        yield start
        start = ARITHMETIC.add(start, step)


def _without_open_ends(value: Range, steps: Steps) -> Iterator[Any]:
    for step in steps:
        if (step == value.start and not value.start_included) or (step == value.end and not value.end_included):
            continue
        yield step
