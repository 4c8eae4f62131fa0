"""The reviewed table: for each head of a plan the Python that means the same.

Written from the DMN standard (1.3, 10.3.2), not from our FEEL evaluator, so that two readings of the standard meet.
What is of the wrong type or missing is None, as FEEL's null; `and`, `or` and `not` have three values (table 38).
Standard library only: the child process that runs SpiffWorkflow loads nothing else of the house for its expressions.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

#: The name of the present instant among the variables: no name of FEEL is written like this.
NOW = "now()"
#: Heads that combine two values, and the Python operator. Both sides must be of one comparable kind.
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
}
_DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def run(plan: list[Any], variables: Mapping[str, Any]) -> Any:
    """The value of a plan."""
    return _HEADS[plan[0]](plan, variables)


def decoded(plan: list[Any]) -> Any:
    """The value of a plan that reads no variables."""
    return run(plan, {})


def _operator(plan: list[Any], variables: Mapping[str, Any]) -> Any:
    head, left, right = plan[0], run(plan[1], variables), run(plan[2], variables)
    if head in ("=", "!="):
        same = _equal(left, right)
        return same if head == "=" or same is None else not same
    if head in _ORDER:
        return _ORDER[head](left, right) if _comparable(left, right) else None
    return _calculated(head, left, right)


def _kind(value: Any) -> type[Any] | None:
    """The FEEL type that decides what may be compared: a date and time is no date, a boolean no number."""
    for kind in (bool, Decimal, str, datetime, date, timedelta, list, dict):
        if isinstance(value, kind):
            return kind  # pyright: ignore[reportUnknownVariableType]
    return None


def _equal(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return left is right
    return bool(left == right) if _kind(left) is _kind(right) else None


def _comparable(left: Any, right: Any) -> bool:
    return _kind(left) is _kind(right) and _kind(left) in (Decimal, str, datetime, date, timedelta)


def _calculated(head: str, left: Any, right: Any) -> Any:
    if isinstance(right, timedelta) and isinstance(left, date | timedelta):
        return _ARITHMETIC[head](left, right) if head in ("+", "-") else None
    if isinstance(left, str) and isinstance(right, str):
        return left + right if head == "+" else None
    if not (isinstance(left, Decimal) and isinstance(right, Decimal)) or (head == "/" and right == 0):
        return None
    return _ARITHMETIC[head](left, right)


def _all(plan: list[Any], variables: Mapping[str, Any]) -> bool | None:
    values = [run(each, variables) for each in plan[1]]
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else None


def _any(plan: list[Any], variables: Mapping[str, Any]) -> bool | None:
    values = [run(each, variables) for each in plan[1]]
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else None


def _path(plan: list[Any], variables: Mapping[str, Any]) -> Any:
    base, name = run(plan[1], variables), plan[2]
    if isinstance(base, list):
        return [each.get(name) for each in _contexts(cast("list[Any]", base))]
    if isinstance(base, date) and name in ("year", "month", "day"):
        return Decimal(getattr(base, name))
    return cast("dict[str, Any]", base).get(name) if isinstance(base, dict) else None


def _contexts(values: list[Any]) -> list[dict[str, Any]]:
    return [each for each in values if isinstance(each, dict)]


def _filter(plan: list[Any], variables: Mapping[str, Any]) -> Any:
    """By a place that counts from 1, or from -1 backwards; else by a condition on `item` and its entries."""
    values = _as_list(run(plan[1], variables)) or []
    index = run(plan[2], variables) if plan[2][0] in ("number", "negative", "variable") else None
    if isinstance(index, Decimal):
        known = index != 0 and abs(index) <= len(values)
        return values[int(index) - 1 if index > 0 else int(index)] if known else None
    return [each for each in values if run(plan[2], _inside(each, variables)) is True]


def _inside(element: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    entries = cast("dict[str, Any]", element) if isinstance(element, dict) else {}
    return {**variables, "item": element, **entries}


def _choice(plan: list[Any], variables: Mapping[str, Any]) -> Any:
    for condition, chosen in plan[1]:
        if run(condition, variables) is True:
            return run(chosen, variables)
    return run(plan[2], variables)


def _as_list(value: Any) -> list[Any] | None:
    """A single value where a list is asked for is a list of one (DMN 1.3, 10.3.2.9.4); null stays null."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    return None if value is None else [value]


def _rounds(plan: list[Any], variables: Mapping[str, Any]) -> list[Any] | None:
    values = _as_list(run(plan[2], variables))
    return None if values is None else [run(plan[3], {**variables, plan[1]: value}) for value in values]


def _some(plan: list[Any], variables: Mapping[str, Any]) -> bool | None:
    rounds = _rounds(plan, variables)
    return None if rounds is None else _any(["any", [["value", value] for value in rounds]], {})


def _every(plan: list[Any], variables: Mapping[str, Any]) -> bool | None:
    rounds = _rounds(plan, variables)
    return None if rounds is None else _all(["all", [["value", value] for value in rounds]], {})


def _context(plan: list[Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Later entries see earlier ones."""
    entries: dict[str, Any] = {}
    for name, value in plan[1]:
        entries[name] = run(value, {**variables, **entries})
    return entries


def _membership(plan: list[Any], variables: Mapping[str, Any]) -> bool | None:
    value, test = run(plan[1], variables), run(plan[2], variables)
    if isinstance(test, list):
        return any(_equal(value, each) is True for each in cast("list[Any]", test))
    return _equal(value, test)


def _negative(plan: list[Any], variables: Mapping[str, Any]) -> Any:
    value = run(plan[1], variables)
    return -value if isinstance(value, Decimal) else None


_HEADS: dict[str, Callable[[list[Any], Mapping[str, Any]], Any]] = {
    "value": lambda plan, _: plan[1],
    "number": lambda plan, _: Decimal(plan[1]),
    "date": lambda plan, _: date.fromisoformat(plan[1]),
    "instant": lambda plan, _: datetime.fromisoformat(plan[1]),
    "span": lambda plan, _: timedelta(microseconds=plan[1]),
    "variable": lambda plan, variables: variables.get(plan[1]),
    "path": _path,
    "filter": _filter,
    "now": lambda _, variables: variables[NOW],
    "today": lambda _, variables: variables[NOW].date(),
    "call": lambda plan, variables: FUNCTIONS[plan[1]](*(run(each, variables) for each in plan[2])),
    "negative": _negative,
    "all": _all,
    "any": _any,
    "in": _membership,
    "if": _choice,
    "for": _rounds,
    "some": _some,
    "every": _every,
    "list": lambda plan, variables: [run(each, variables) for each in plan[1]],
    "context": _context,
    **dict.fromkeys(("=", "!=", *_ORDER, *_ARITHMETIC), _operator),
}


def _elements(values: tuple[Any, ...]) -> list[Any]:
    """The elements of one list, or the arguments themselves."""
    if len(values) == 1 and isinstance(values[0], list):
        return cast("list[Any]", values[0])
    return list(values)


def _numbers(values: tuple[Any, ...]) -> list[Decimal] | None:
    found = _elements(values)
    return found if found and all(isinstance(each, Decimal) for each in found) else None


def _sum(*values: Any) -> Any:
    numbers = _numbers(values)
    return sum(numbers[1:], numbers[0]) if numbers else None


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def extreme(*values: Any) -> Any:
        found = _elements(values)
        ordered = bool(found) and all(_comparable(found[0], each) for each in found)
        return choose(found) if ordered else None

    return extreme


def _text_test(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool | None]:
    def tested(text: Any, part: Any) -> bool | None:
        return test(text, part) if isinstance(text, str) and isinstance(part, str) else None

    return tested


def _string(value: Any) -> str | None:
    """Numbers without exponent and without a superfluous point, as FEEL writes them."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else None


def _length(text: Any) -> timedelta | None:
    """A days and time duration in ISO 8601; None for one of years and months, whose length depends on its start."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None or text in ("P", "PT"):
        return None
    return timedelta(**{unit: int(number) for unit, number in found.groupdict().items() if number})


def _not(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


def _date(*parts: Any) -> date | None:
    """From year, month and day, from text, or the day of an instant."""
    try:
        if len(parts) == 3:
            return date(*(int(part) for part in parts))
        return parts[0].date() if isinstance(parts[0], datetime) else date.fromisoformat(parts[0])
    except (TypeError, ValueError):
        return None


def _context_put(context: Any, key: Any, value: Any) -> dict[str, Any] | None:
    return {**cast("dict[str, Any]", context), key: value} if isinstance(context, dict) else None


def _distinct(values: Any) -> list[Any] | None:
    elements = _as_list(values)
    if elements is None:
        return None
    found: list[Any] = []
    for each in elements:
        if not any(_equal(each, other) is True for other in found):
            found.append(each)
    return found


def _count(values: Any) -> Decimal | None:
    elements = _as_list(values)
    return None if elements is None else Decimal(len(elements))


def _abs(value: Any) -> Decimal | None:
    return abs(value) if isinstance(value, Decimal) else None


def _list_contains(values: Any, value: Any) -> bool | None:
    elements = _as_list(values)
    return None if elements is None else any(_equal(each, value) is True for each in elements)


def _append(values: Any, *more: Any) -> list[Any] | None:
    elements = _as_list(values)
    return None if elements is None else [*elements, *more]


def _concatenate(*lists: Any) -> list[Any]:
    together: list[Any] = []
    for values in lists:
        together.extend(cast("list[Any]", values) if isinstance(values, list) else [values])
    return together


def _on_text(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    def changed(text: Any) -> Any:
        return change(text) if isinstance(text, str) else None

    return changed


#: FEEL built-ins with a Python counterpart.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "date": _date,
    "context put": _context_put,
    "distinct values": _distinct,
    "not": _not,
    "count": _count,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "abs": _abs,
    "duration": _length,
    "list contains": _list_contains,
    "append": _append,
    "concatenate": _concatenate,
    "string": _string,
    "contains": _text_test(operator.contains),
    "starts with": _text_test(str.startswith),
    "ends with": _text_test(str.endswith),
    "upper case": _on_text(str.upper),
    "lower case": _on_text(str.lower),
    "string length": _on_text(lambda text: Decimal(len(text))),
}
