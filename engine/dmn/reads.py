"""Which entries of contexts a piece of logic reads, found in its texts: `rule.R00.amount` reads the input `rule`.

The explanation of a decision lists them with their values, so that a threshold that was applied stands beside the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

from engine.dmn.elements import DecisionTable, InputClause, Literal, OutputClause

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PATH = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)+")


def texts_of(expression: Any) -> Iterator[str]:
    """Every FEEL text of an expression, nested ones included."""
    if isinstance(expression, Literal):
        yield expression.text
    elif isinstance(expression, tuple):
        for part in cast("tuple[Any, ...]", expression):
            yield from texts_of(part)
    elif is_dataclass(expression):
        if isinstance(expression, InputClause | OutputClause):
            yield expression.allowed
        for part in fields(expression):
            yield from texts_of(getattr(expression, part.name))


def tables_of(expression: Any) -> Iterator[DecisionTable]:
    """Every decision table of an expression: itself, or one within contexts, invocations, lists and functions."""
    if isinstance(expression, DecisionTable):
        yield expression
    elif isinstance(expression, tuple):
        for part in cast("tuple[Any, ...]", expression):
            yield from tables_of(part)
    elif is_dataclass(expression):
        for part in fields(expression):
            yield from tables_of(getattr(expression, part.name))


def paths_read(expression: Any, inputs: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Paths that begin with one of these names, sorted, each once."""
    names = set(inputs)
    found: set[tuple[str, ...]] = set()
    for text in texts_of(expression):
        for path in _PATH.findall(_STRING.sub('""', text)):
            parts = tuple(part.strip() for part in path.split("."))
            if parts[0] in names:
                found.add(parts)
    return tuple(sorted(found))


def entry_at(context: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """The entry of nested contexts; None if there is none."""
    value: Any = context
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(name)
    return value
