"""Finds the rules of a table whose constant cells match, without evaluating them.

A set of rules is an int: bit n stands for rule n. Each column answers two sets for a value: the rules whose cell surely
matches, and those whose cell must be evaluated. Cells that are constants are indexed: texts and booleans by equality,
numbers by the interval between two neighbouring limits, so that a table of a thousand rules costs a few look-ups.

    cells of a column        0: < 10    1: [10..20)    2: 15    3: -    4: > limit
    limits                   10, 15, 20
    value 12 → interval 10..15 → sure {1, 3}, open {4}
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

#: Limits of a column times its rules: the index takes a quarter byte each. Beyond it number cells are evaluated.
MAXIMUM_INDEX = 64_000_000

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_TEXT = re.compile(r'"[^"\\]*"')
_COMPARISON = re.compile(r"(<=|>=|<|>|=)?\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[\](])(.+?)\.\.(.+)([\])\[])", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_ITEM = re.compile(r'\s*((?:"[^"\\]*"|[^",])+?)\s*(?:,|$)')

#: What a constant in a cell can be.
Constant: TypeAlias = Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two limits; None = without bound."""

    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool

    @property
    def is_reversed(self) -> bool:
        """Whether no number can lie in it because its ends are exchanged."""
        return self.low is not None and self.high is not None and self.low > self.high


@dataclass(frozen=True, slots=True)
class ConstantCell:
    """A cell whose tests are all constants of one type."""

    values: frozenset[str | bool] = frozenset()
    intervals: tuple[Interval, ...] = ()
    negated: bool = False


def literal(text: str) -> Constant | None:
    """The value of a number, text or boolean literal; None for anything else."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _TEXT.fullmatch(text):
        return text[1:-1]
    return {"true": True, "false": False}.get(text)


def constant_cell(text: str, value_of: Callable[[str], Constant | None] = literal) -> ConstantCell | None:
    """The cell as constants; None where it must be evaluated.

    `value_of` gives the value of an operand, or None where it is not known before the evaluation.

    >>> constant_cell('"a", "b"').values == {"a", "b"}
    True
    """
    negation = _NOT.fullmatch(text.strip())
    tests = [_test(item, value_of) for item in _items(negation.group(1) if negation else text)]
    negated = negation is not None
    intervals = tuple(test for test in tests if isinstance(test, Interval))
    values = frozenset(test for test in tests if isinstance(test, str | bool))
    if not tests or len({type(test) for test in tests}) != 1 or len(intervals) + len(values) == 0:
        return None
    if negated and any(interval.is_reversed for interval in intervals):
        return None  # null for FEEL, and so is its negation
    return ConstantCell(values=values, intervals=intervals, negated=negated)


class ColumnIndex:
    """The cells of one column."""

    __slots__ = ("_any", "_booleans", "_limits", "_negated", "_numbers", "_open", "_others", "_texts")

    def __init__(self, cells: Sequence[str | None]) -> None:
        """`cells` are the texts in the order of the rules; None = any value."""
        constants = [None if text is None else constant_cell(text) for text in cells]
        self._any = _set_of(n for n, text in enumerate(cells) if text is None)
        self._open = _set_of(n for n, text in enumerate(cells) if text is not None and constants[n] is None)
        self._negated = _set_of(n for n, cell in enumerate(constants) if cell is not None and cell.negated)
        self._others = _set_of(n for n, text in enumerate(cells) if text is not None)
        indexed = {n: cell for n, cell in enumerate(constants) if cell is not None}
        self._limits, self._numbers, too_many = _number_index(indexed)
        self._open |= too_many
        self._texts = _Equality(indexed, str)
        self._booleans = _Equality(indexed, bool)

    def match(self, value: Any) -> tuple[int, int]:
        """Rules that surely match, and rules whose cell must be evaluated."""
        if isinstance(value, str):
            sure = self._texts.match(value)
        elif isinstance(value, bool):
            sure = self._booleans.match(value)
        elif isinstance(value, Decimal) and value.is_finite():
            limits = self._limits
            place = bisect_left(limits, value)
            exact = place < len(limits) and limits[place] == value
            sure = self._numbers[2 * place + exact]
        elif value is None:
            # no constant equals null; whether not(...) takes it is left to FEEL
            return self._any, self._open | self._negated
        else:
            return self._any, self._others
        # a negated cell of another type is left to FEEL
        return self._any | sure, self._open | (self._negated & ~sure)


def rules_of(found: int) -> Iterator[int]:
    """Numbers of the rules in a set, in table order."""
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest


def _set_of(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def _items(text: str) -> list[str]:
    items: list[str] = []
    offset = 0
    text = text.strip()
    while offset < len(text):
        found = _ITEM.match(text, offset)
        if found is None:
            return []
        items.append(found.group(1))
        offset = found.end()
    return items


def _test(item: str, value_of: Callable[[str], Constant | None]) -> Interval | str | bool | None:
    between = _RANGE.fullmatch(item)
    if between:
        opening, low, high, closing = (part.strip() for part in between.groups())
        return _between(value_of(low), opening == "[", value_of(high), closing == "]")
    comparison = _COMPARISON.fullmatch(item)
    if comparison is None:
        return None
    operator, operand = comparison.group(1) or "=", value_of(comparison.group(2))
    if operator == "=" and isinstance(operand, str | bool):
        return operand
    if not isinstance(operand, Decimal):
        return None
    if operator == "=":
        return Interval(operand, True, operand, True)
    if operator[0] == "<":
        return Interval(None, False, operand, operator == "<=")
    return Interval(operand, operator == ">=", None, False)


def _between(low: Constant | None, low_in: bool, high: Constant | None, high_in: bool) -> Interval | None:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return Interval(low, low_in, high, high_in)
    return None


class _Equality:
    """Rules by the text or boolean they name, as their numbers: a thousand values would make a thousand sets."""

    __slots__ = ("_named", "_otherwise")

    def __init__(self, indexed: Mapping[int, ConstantCell], kind: type) -> None:
        cells = {n: cell for n, cell in indexed.items() if any(type(value) is kind for value in cell.values)}
        #: Rules whose cell is negated: they take every value they do not name.
        self._otherwise = _set_of(n for n, cell in cells.items() if cell.negated)
        self._named: dict[str | bool, list[int]] = {}
        for n, cell in cells.items():
            for value in cell.values:
                self._named.setdefault(value, []).append(n)

    def match(self, value: str | bool) -> int:
        """Rules that take the value: those that name it, unless negated, and the negated that do not."""
        named = self._named.get(value)
        return self._otherwise if named is None else self._otherwise ^ _set_of(named)


def _number_index(indexed: dict[int, ConstantCell]) -> tuple[list[Decimal], list[int], int]:
    """Limits in order, the rules that match in each place (2n = between limits n−1 and n, 2n+1 = at limit n), and the
    rules left out because there are too many limits."""
    cells = {n: cell for n, cell in indexed.items() if cell.intervals}
    limits = sorted(
        {limit for cell in cells.values() for i in cell.intervals for limit in (i.low, i.high) if limit is not None}
    )
    if len(limits) * (max(cells, default=0) + 1) > MAXIMUM_INDEX:
        return [], [0], _set_of(cells)
    place = {limit: 2 * n + 1 for n, limit in enumerate(limits)}
    last = 2 * len(limits)
    changes = [0] * (last + 2)
    for n, cell in cells.items():
        taken = [False] * (last + 1) if cell.negated or len(cell.intervals) > 1 else None
        for first, final in (_span(interval, place, last) for interval in cell.intervals):
            if taken is None:
                changes[first] ^= 1 << n
                changes[final + 1] ^= 1 << n
            else:
                taken[first : final + 1] = [True] * (final + 1 - first)
        if taken is not None:
            _mark(changes, n, [present != cell.negated for present in taken])
    numbers: list[int] = []
    present = 0
    for change in changes[:-1]:
        present ^= change
        numbers.append(present)
    return limits, numbers, 0


def _span(interval: Interval, place: dict[Decimal, int], last: int) -> tuple[int, int]:
    """First and final place of an interval; the final one lies before the first where it is empty."""
    first = 0 if interval.low is None else place[interval.low] + (not interval.low_included)
    final = last if interval.high is None else place[interval.high] - (not interval.high_included)
    return first, max(final, first - 1)


def _mark(changes: list[int], n: int, taken: list[bool]) -> None:
    before = False
    for place, present in enumerate([*taken, False]):
        if present != before:
            changes[place] ^= 1 << n
        before = present
