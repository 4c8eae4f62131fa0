"""Types of FEEL, for `instance of`, for parameters, and for the conversions of DMN 1.3, 10.3.2.9.4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from typing import Any, Protocol, cast

from engine.feel.budget import Run
from engine.feel.conversion import leaf
from engine.feel.temporal import is_date, is_date_time, make_date_time
from engine.feel.values import DaysTimeDuration, FunctionValue, Range, Time, YearsMonthsDuration


class FeelType(Protocol):
    """What a value may be."""

    def accepts(self, value: Any) -> bool:
        """Whether the value is of this type. Null is of every type."""
        ...


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A type with a name and a test."""

    name: str
    test: Callable[[Any], bool] = field(repr=False)

    def accepts(self, value: Any) -> bool:
        return value is None or self.test(value)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<item>`."""

    item: FeelType

    def accepts(self, value: Any) -> bool:
        if value is None or (isinstance(value, list) and self.item is ANY):
            return True
        return isinstance(value, list) and all(self.item.accepts(leaf(element)) for element in cast("list[Any]", value))

    def __str__(self) -> str:
        return "list" if self.item is ANY else f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<name: type, …>`: all of these entries, and any others."""

    entries: Mapping[str, FeelType]

    def accepts(self, value: Any) -> bool:
        if value is None:
            return True
        if not isinstance(value, Mapping):
            return False
        context = cast("Mapping[str, Any]", value)
        return all(name in context and entry.accepts(leaf(context[name])) for name, entry in self.entries.items())

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {entry}' for name, entry in self.entries.items())}>"


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<item>`."""

    item: FeelType

    def accepts(self, value: Any) -> bool:
        if value is None:
            return True
        return isinstance(value, Range) and self.item.accepts(value.start) and self.item.accepts(value.end)

    def __str__(self) -> str:
        return "range" if self.item is ANY else f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<type, …> -> type`: a function of that many parameters, its types wide and its result narrow enough."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def accepts(self, value: Any) -> bool:
        if value is None:
            return True
        if not isinstance(value, FunctionValue):
            return False
        declared: tuple[FeelType, ...] = tuple(parameter.type for parameter in getattr(value, "signature", ()))
        return len(declared) == len(self.parameters) and all(
            conforms(needed, given) for needed, given in zip(self.parameters, declared, strict=True)
        ) and self._gives(getattr(value, "result", ANY))  # fmt: skip

    def _gives(self, declared: FeelType) -> bool:
        """Whether a declared result is narrow enough; one that is not declared may be the right one."""
        return declared is ANY or conforms(declared, self.result)

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


ANY = SimpleType("Any", lambda value: True)
NULL = SimpleType("Null", lambda value: value is None)
NUMBER = SimpleType("number", lambda value: isinstance(value, Decimal))
STRING = SimpleType("string", lambda value: isinstance(value, str))
BOOLEAN = SimpleType("boolean", lambda value: isinstance(value, bool))
DATE = SimpleType("date", is_date)
TIME = SimpleType("time", lambda value: isinstance(value, Time))
DATE_TIME = SimpleType("date and time", is_date_time)
DAYS_TIME = SimpleType("days and time duration", lambda value: isinstance(value, DaysTimeDuration))
YEARS_MONTHS = SimpleType("years and months duration", lambda value: isinstance(value, YearsMonthsDuration))
LIST = ListType(ANY)
CONTEXT = SimpleType("context", lambda value: isinstance(value, Mapping))
RANGE = RangeType(ANY)
FUNCTION = SimpleType("function", lambda value: isinstance(value, FunctionValue))

NAMED_TYPES: Mapping[str, FeelType] = {
    "Any": ANY, "Null": NULL, "number": NUMBER, "string": STRING, "boolean": BOOLEAN, "date": DATE, "time": TIME,
    "date and time": DATE_TIME, "days and time duration": DAYS_TIME, "dayTimeDuration": DAYS_TIME,
    "years and months duration": YEARS_MONTHS, "yearMonthDuration": YEARS_MONTHS, "list": LIST, "context": CONTEXT,
    "range": RANGE, "function": FUNCTION, "dateTime": DATE_TIME,
}  # fmt: skip

_NAMES_BY_CLASS: Mapping[type, str] = {
    type(None): "null", Decimal: "number", str: "string", bool: "boolean", list: "list", dict: "context",
    Range: "range", Time: "time",
    DaysTimeDuration: "days and time duration", YearsMonthsDuration: "years and months duration",
}  # fmt: skip
_BY_TEST = (NUMBER, STRING, DATE, DATE_TIME, CONTEXT, FUNCTION)


def type_name(value: Any) -> str:
    """The FEEL type of a value, for messages; "null" for None."""
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    known = _NAMES_BY_CLASS.get(kind)
    return known or next((simple.name for simple in _BY_TEST if simple.test(value)), type(value).__name__)


def account_for(run: Run, value: Any, depth: int = 25) -> None:
    """Charge for looking at the elements of a value as a nested type does."""
    if isinstance(value, list):
        inner = cast("list[Any]", value)
    elif isinstance(value, Mapping):
        inner = list(cast("Mapping[str, Any]", value).values())
    else:
        return
    run.charge(2 + 2 * len(inner))
    if depth:
        for element in inner:
            account_for(run, element, depth - 1)


def conforms(narrow: FeelType, wide: FeelType) -> bool:
    """Whether every value of one type is a value of the other (DMN 1.3, 10.3.2.9.2)."""
    if wide is ANY or narrow is NULL or narrow == wide:
        return True
    if isinstance(narrow, ListType) and isinstance(wide, ListType):
        return conforms(narrow.item, wide.item)
    if isinstance(narrow, RangeType) and isinstance(wide, RangeType):
        return conforms(narrow.item, wide.item)
    if isinstance(narrow, ContextType):
        return wide is CONTEXT or (
            isinstance(wide, ContextType)
            and all(name in narrow.entries and conforms(narrow.entries[name], t) for name, t in wide.entries.items())
        )
    if isinstance(narrow, FunctionType):
        return wide is FUNCTION or (
            isinstance(wide, FunctionType)
            and len(narrow.parameters) == len(wide.parameters)
            and all(conforms(theirs, ours) for ours, theirs in zip(narrow.parameters, wide.parameters, strict=True))
            and conforms(narrow.result, wide.result)
        )
    return False


def coerced(wanted: FeelType, value: Any) -> Any:
    """The value as one of the wanted type, or None if it cannot be: a list of one gives its element, a value a list of
    one, a date its midnight in UTC."""
    if wanted.accepts(value):
        return value
    if isinstance(value, list) and len(cast("list[Any]", value)) == 1:
        element = leaf(cast("list[Any]", value)[0])
        if element is not None and wanted.accepts(element):
            return element
    if isinstance(wanted, ListType) and not isinstance(value, list) and wanted.accepts([value]):
        return [value]
    if wanted is DATE_TIME and is_date(value):
        return make_date_time(value, Time(0, UTC))
    return None
