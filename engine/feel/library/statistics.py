"""Built-in functions that make one value of a list (DMN 1.3, table 77)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from engine.feel.budget import Run
from engine.feel.comparison import ordered
from engine.feel.errors import NullResult
from engine.feel.library.registration import over_list
from engine.feel.numbers import ARITHMETIC
from engine.feel.types import type_name


def _smallest(run: Run, values: list[Any]) -> Any:
    return min(_not_empty(values), key=cmp_to_key(_order))


def _largest(run: Run, values: list[Any]) -> Any:
    return max(_not_empty(values), key=cmp_to_key(_order))


def _sum(run: Run, values: list[Any]) -> Decimal:
    return reduce(ARITHMETIC.add, _numbers(_not_empty(values)))


def _product(run: Run, values: list[Any]) -> Decimal:
    return reduce(ARITHMETIC.multiply, _numbers(_not_empty(values)))


def _mean(run: Run, values: list[Any]) -> Decimal:
    return ARITHMETIC.divide(_sum(run, values), Decimal(len(values)))


def _median(run: Run, values: list[Any]) -> Decimal:
    numbers = sorted(_numbers(_not_empty(values)))
    middle, odd = divmod(len(numbers), 2)
    if odd:
        return numbers[middle]
    return ARITHMETIC.divide(ARITHMETIC.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _deviation(run: Run, values: list[Any]) -> Decimal:
    """The standard deviation of a sample: the square root of the sum of squares over n - 1."""
    numbers = _numbers(values)
    if len(numbers) < 2:
        raise NullResult("expected at least two numbers")
    mean = _mean(run, values)
    run.charge(3 * len(numbers))
    differences = [ARITHMETIC.subtract(number, mean) for number in numbers]
    squares = reduce(ARITHMETIC.add, (ARITHMETIC.multiply(difference, difference) for difference in differences))
    return ARITHMETIC.sqrt(ARITHMETIC.divide(squares, Decimal(len(numbers) - 1)))


def _mode(run: Run, values: list[Any]) -> list[Decimal]:
    """The most frequent numbers, ascending."""
    counts: dict[Decimal, int] = {}
    for number in _numbers(values):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _order(first: Any, second: Any) -> int:
    order = ordered(first, second)
    if order is None:
        raise NullResult(f"expected values with an order, but found {type_name(first)} and {type_name(second)}")
    return order


def _not_empty(values: list[Any]) -> list[Any]:
    if not values:
        raise NullResult("expected at least one element, but the list is empty")
    return values


def _numbers(values: list[Any]) -> list[Decimal]:
    for value in values:
        if not isinstance(value, Decimal):
            raise NullResult(f"expected numbers, but found a {type_name(value)}")
    return values


FUNCTIONS = (
    over_list("min", "list: list", result=_smallest),
    over_list("max", "list: list", result=_largest),
    over_list("sum", "list: list", result=_sum),
    over_list("product", "list: list", result=_product),
    over_list("mean", "list: list", result=_mean),
    over_list("median", "list: list", result=_median),
    over_list("stddev", "list: list", result=_deviation),
    over_list("mode", "list: list", result=_mode),
)
