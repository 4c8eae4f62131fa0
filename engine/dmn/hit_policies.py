"""From the rules that matched to one answer (DMN 8.2.8 to 8.2.10)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.dmn.elements import Aggregation
from engine.feel.arithmetic import add
from engine.feel.budget import Run
from engine.feel.comparison import equal, ordered


class NotComparable(Exception):
    """Values of a column cannot be added or compared."""


def aggregate(aggregation: Aggregation, values: Sequence[Any]) -> Any:
    """One value of many; of none COUNT gives 0, the others null.

    Raises:
        NotComparable: SUM, MIN or MAX over values that have no sum or no order.
    """
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    if not values:
        return None
    found = values[0]
    for value in values[1:]:
        if aggregation is Aggregation.SUM:
            found = add(found, value)
        else:
            order = ordered(value, found)
            if order is None:
                raise NotComparable
            found = value if order == (1 if aggregation is Aggregation.MAX else -1) else found
    if found is None or ordered(found, found) is None:
        raise NotComparable
    return found


def all_equal(answers: Sequence[Sequence[Any]], run: Run) -> bool:
    """Whether all rules give the same outputs."""
    return all(
        equal(run, mine, theirs) is True
        for answer in answers[1:]
        for mine, theirs in zip(answers[0], answer, strict=True)
    )


def priority(outputs: Sequence[Any], orders: Sequence[Sequence[Any]], run: Run) -> tuple[int, ...]:
    """Place of the outputs in the order of their columns' output values: the lowest comes first (DMN 8.2.8).

    `orders` holds the output values of each column, empty where the column has none. A value that is not listed comes
    last.
    """
    return tuple(
        next((n for n, listed in enumerate(order) if equal(run, value, listed) is True), len(order))
        for value, order in zip(outputs, orders, strict=True)
    )
