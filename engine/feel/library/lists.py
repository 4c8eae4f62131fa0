"""Built-in functions on lists (DMN 1.3, table 77, and `sort`, 10.3.4.6)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any, cast

from engine.feel.budget import Run
from engine.feel.comparison import equal, ordered
from engine.feel.conversion import leaf
from engine.feel.errors import NullResult
from engine.feel.functions import FeelFunction
from engine.feel.library.registration import function, with_run
from engine.feel.numbers import whole
from engine.feel.types import type_name


def _count(values: list[Any]) -> Decimal:
    return Decimal(len(values))


def _contains(run: Run, values: list[Any], element: Any) -> bool:
    return any(equal(run, value, element) for value in values)


def _sublist(values: list[Any], start: Decimal, length: Decimal | None) -> list[Any]:
    begin = whole(start)
    if not begin or begin < -len(values):
        raise NullResult(f"expected a start from 1 on, or from -{len(values)} to -1, but found {start}")
    count = len(values) if length is None else whole(length)
    if count is None or count < 0:
        raise NullResult(f"expected a length of at least 0, but found {length}")
    begin = begin - 1 if begin > 0 else len(values) + begin
    return values[begin : begin + count]


def _append(values: list[Any], items: list[Any]) -> list[Any]:
    return values + items


def _concatenate(run: Run, lists: list[Any]) -> list[Any]:
    result: list[Any] = []
    for values in lists:
        result += _elements(run, values)
    return result


def _insert_before(values: list[Any], position: Decimal, new: Any) -> list[Any]:
    index = _index(values, position)
    return [*values[:index], new, *values[index:]]


def _remove(values: list[Any], position: Decimal) -> list[Any]:
    index = _index(values, position)
    return values[:index] + values[index + 1 :]


def _replace_at(values: list[Any], position: Decimal, new: Any) -> list[Any]:
    index = _index(values, position)
    return [*values[:index], new, *values[index + 1 :]]


def _replace_where(run: Run, values: list[Any], match: FeelFunction, new: Any) -> list[Any]:
    if match.arity != 2:
        raise NullResult(f"expected a function of two parameters, but found {match}")
    result: list[Any] = []
    for value in values:
        replaced = match.call(run, run.at, (value, new))
        if not isinstance(replaced, bool):
            raise NullResult(f"expected a function that gives a boolean, but it gave a {type_name(replaced)}")
        result.append(new if replaced else value)
    return result


def _reverse(values: list[Any]) -> list[Any]:
    return values[::-1]


def _index_of(run: Run, values: list[Any], match: Any) -> list[Any]:
    return [Decimal(number) for number, value in enumerate(values, 1) if equal(run, value, match)]


def _distinct(run: Run, values: list[Any]) -> list[Any]:
    """The first of each group of equal values, in order; plain values are found by hash, others one by one."""
    seen: set[tuple[type, Any]] = set()
    others: list[Any] = []
    result: list[Any] = []
    for value in values:
        if isinstance(value, Decimal | str | bool):
            key = (type(value), value)
            if key in seen:
                continue
            seen.add(key)
        else:
            run.charge(len(others))
            if any(equal(run, value, other) for other in others):
                continue
            others.append(value)
        result.append(value)
    return result


def _union(run: Run, lists: list[Any]) -> list[Any]:
    return _distinct(run, _concatenate(run, lists))


def _flatten(run: Run, values: list[Any]) -> list[Any]:
    result: list[Any] = []
    waiting: list[Any] = [iter(values)]
    while waiting:
        value = next(waiting[-1], waiting)
        if value is waiting:
            waiting.pop()
            continue
        run.charge(2)
        value = leaf(value)
        if isinstance(value, list):
            waiting.append(iter(cast("list[Any]", value)))
        else:
            result.append(value)
    return result


def _sort(run: Run, values: list[Any], precedes: FeelFunction | None) -> list[Any]:
    """By a function that says whether its first argument comes before its second, else ascending; keeps equal ones."""
    if precedes is None:
        run.charge(4 * len(values) * len(values).bit_length() if _is_mixed(values) else len(values))
        return sorted(values, key=cmp_to_key(_natural) if _is_mixed(values) else None)

    def compare(first: Any, second: Any) -> int:
        if precedes.call(run, run.at, (first, second)) is True:
            return -1
        return int(precedes.call(run, run.at, (second, first)) is True)

    return sorted(values, key=cmp_to_key(compare))


def _is_mixed(values: list[Any]) -> bool:
    """Whether Python's own order will not do."""
    return not (all(type(value) is Decimal for value in values) or all(type(value) is str for value in values))


def _natural(first: Any, second: Any) -> int:
    order = ordered(first, second)
    if order is None:
        raise NullResult(f"expected values with an order, but found {type_name(first)} and {type_name(second)}")
    return order


def _index(values: list[Any], position: Decimal) -> int:
    """The index from 0 of a position that counts from 1, or from the end with -1."""
    number = whole(position)
    if not number or abs(number) > len(values):
        raise NullResult(f"expected a position from 1 to {len(values)} or -{len(values)} to -1, but found {position}")
    return number - 1 if number > 0 else len(values) + number


def _elements(run: Run, values: Any) -> list[Any]:
    if not isinstance(values, list):
        return [values]
    elements = cast("list[Any]", values)
    run.charge_list(len(elements))
    return [leaf(element) for element in elements]


def _variadic(name: str, *parameters: str, result: Any, run: bool = False) -> FeelFunction:
    return FeelFunction(name=name, parameters=parameters, implementation=result, with_run=run, variadic=True)


FUNCTIONS = (
    with_run("list contains", "list: list", "element", result=_contains),
    function("count", "list: list", result=_count),
    function("sublist", "list: list", "start position: number", "length: number?", result=_sublist),
    _variadic("append", "list: list", "item", result=_append),
    _variadic("concatenate", "list", result=_concatenate, run=True),
    function("insert before", "list: list", "position: number", "newItem", result=_insert_before),
    function("remove", "list: list", "position: number", result=_remove),
    function("reverse", "list: list", result=_reverse),
    function(
        "list replace", "list: list", "position: number", "newItem", result=_replace_at,
        others=(with_run("list replace", "list: list", "match: function", "newItem", result=_replace_where),),
    ),
    with_run("index of", "list: list", "match", result=_index_of),
    _variadic("union", "list", result=_union, run=True),
    with_run("distinct values", "list: list", result=_distinct),
    with_run("flatten", "list: list", result=_flatten),
    with_run("sort", "list: list", "precedes: function?", result=_sort),
)  # fmt: skip
