"""What a caller gives as JSON, as the values that the file declares: JSON has no dates, times and durations.

input data `due` of type date       "2026-06-30"    →  the day
input data `name` of type string    "2026-06-30"    →  the text
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.dmn.item_types import RestrictedType, plain_type
from engine.feel import Expression, compile_expression
from engine.feel.types import (
    DATE,
    DATE_TIME,
    DAYS_TIME,
    TIME,
    YEARS_MONTHS,
    ContextType,
    FeelType,
    ListType,
)

_DURATION = compile_expression("duration(text)")
_READERS: tuple[tuple[FeelType, Expression], ...] = (
    (DATE, compile_expression("date(text)")),
    (TIME, compile_expression("time(text)")),
    (DATE_TIME, compile_expression("date and time(text)")),
    (DAYS_TIME, _DURATION),
    (YEARS_MONTHS, _DURATION),
)


def read_given(declared: FeelType, value: Any) -> Any:
    """The value with its texts read as the declared type wants them.

    A text that cannot be read stays a text, so that it is refused with what was expected.
    """
    wanted = plain_type(declared)
    while isinstance(wanted, RestrictedType):
        wanted = plain_type(wanted.base)
    if isinstance(value, str):
        reader = next((reader for kind, reader in _READERS if kind is wanted), None)
        read = reader.evaluate({"text": value}) if reader is not None else None
        return value if read is None or not wanted.accepts(read) else read
    if isinstance(value, list) and isinstance(wanted, ListType):
        return [read_given(wanted.item, item) for item in cast("list[Any]", value)]
    if isinstance(value, Mapping) and isinstance(wanted, ContextType):
        given = cast("Mapping[str, Any]", value)
        return {
            name: read_given(wanted.entries[name], entry) if name in wanted.entries else entry
            for name, entry in given.items()
        }
    return cast("Any", value)
