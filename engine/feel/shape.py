"""What a value is, without what it says: failures are read by people who operate the engine, and who must not see what
others wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from engine.feel.expression import Expression
from engine.feel.types import type_name


def shape_of(value: Any) -> str:
    """The kind and size of a value in words.

    >>> shape_of("A01"), shape_of([1, 2]), shape_of(None)
    ('a text of 3 characters', 'a list of 2', 'null')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, str):
        return f"a text of {len(value)} character{'' if len(value) == 1 else 's'}"
    if isinstance(value, Mapping):
        return "a context"
    if isinstance(value, list | tuple):
        return f"a list of {len(cast('Sequence[Any]', value))}"
    name = type_name(value)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def found_by(rule: Expression, value: Any) -> str:
    """What an expression gave: the text where it says so itself, else its shape."""
    return repr(value) if isinstance(value, str) and not rule.names else shape_of(value)
