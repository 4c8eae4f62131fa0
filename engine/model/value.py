"""Values as this house writes them: typed, compared by their fields, never changed.

A completion makes some fifty of them with three hundred and fifty fields. `dataclass(frozen=True)` sets each field by
`object.__setattr__`, which takes ten times as long as an assignment, in order to guard at run time what pyright checks
beforehand in every line of the house (`./bihuan check`). So these are frozen for the reader and the type checker, and
plain dataclasses for the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")

# factories of fields: `dict[str, Any]` takes twenty times as long to call as `dict`
empty_list = cast("Callable[[], list[Any]]", list)
empty_dict = cast("Callable[[], dict[Any, Any]]", dict)
empty_set = cast("Callable[[], set[Any]]", set)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """A dataclass with slots that nobody changes; for those that are made anew in every change."""
    # as a frozen one would be: equal values have the same hash
    return dataclass(slots=True, kw_only=kw_only, unsafe_hash=True)
