"""A condition column cut into the pieces that no rule tells apart, so that a table becomes a finite thing to look at.

    cells of a column        < 10        [10..20)       >= 20
    pieces                   below 10, 10, between 10 and 20, 20, above 20        examples 9, 10, 15, 20, 21

A set of pieces is an int: bit n stands for piece n.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn.rule_index import Constant, ConstantCell, constant_cell

#: Stands for every text that no cell names.
OTHER_TEXT = "…"
#: Column without any constant: one piece, any value.
ANY_VALUE = None


@dataclass(frozen=True, slots=True)
class Column:
    """The pieces of one column and which of them each rule takes."""

    label: str
    #: One value out of each piece.
    examples: tuple[Any, ...]
    #: For each rule the pieces its cell takes; None where that is only known at evaluation.
    cells: tuple[int | None, ...]

    @property
    def all(self) -> int:
        """Every piece."""
        return (1 << len(self.examples)) - 1


def partition(
    label: str,
    type_ref: str,
    allowed: str,
    cells: Sequence[str | None],
    value_of: Callable[[str], Constant | None],
) -> Column:
    """Cut a column by the constants of its cells and of its allowed values; None = any value."""
    constants = [None if text is None else constant_cell(text, value_of) for text in cells]
    limits = constant_cell(allowed, value_of) if allowed else None
    known = [cell for cell in [*constants, limits] if cell is not None]
    examples = _examples(known, type_ref)
    if limits is not None:
        examples = [example for example in examples if _takes(limits, example)]
    taken: list[int | None] = []
    for text, cell in zip(cells, constants, strict=True):
        if text is None:
            taken.append((1 << len(examples)) - 1)
        elif cell is None:
            taken.append(None)
        else:
            taken.append(sum(1 << n for n, example in enumerate(examples) if _takes(cell, example)))
    return Column(label=label, examples=tuple(examples), cells=tuple(taken))


def _examples(cells: Sequence[ConstantCell], type_ref: str) -> list[Any]:
    kinds = {type(value) for cell in cells for value in cell.values} | {Decimal for cell in cells if cell.intervals}
    if type_ref == "boolean" or kinds == {bool}:
        return [True, False]
    found: list[Any] = []
    if Decimal in kinds:
        found += _numbers(cells)
    if str in kinds:
        found += [*sorted({value for cell in cells for value in cell.values if isinstance(value, str)}), OTHER_TEXT]
    return found or [ANY_VALUE]


def _numbers(cells: Sequence[ConstantCell]) -> list[Decimal]:
    limits = sorted({limit for cell in cells for i in cell.intervals for limit in (i.low, i.high) if limit is not None})
    found = [limits[0] - 1]
    for n, limit in enumerate(limits):
        after = (limit + limits[n + 1]) / 2 if n + 1 < len(limits) else limit + 1
        found += [limit, after]
    return found


def _takes(cell: ConstantCell, example: Any) -> bool:
    if cell.intervals:
        inside = isinstance(example, Decimal) and any(
            (i.low is None or i.low < example or (i.low_included and i.low == example))
            and (i.high is None or example < i.high or (i.high_included and i.high == example))
            for i in cell.intervals
        )
    else:
        inside = any(type(value) is type(example) and value == example for value in cell.values)
    return inside != cell.negated
