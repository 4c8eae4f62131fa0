"""Instants as rules of a diagram tell them: due dates and timers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.feel import Expression, shape_of
from engine.kernel.failure import Failure
from engine.model.deadline import is_deadline_key
from engine.model.errors import EngineError

#: Years of due dates and timers. Near the ends of the calendar no ladder, zone or count of working days fits any more.
FIRST_YEAR, LAST_YEAR = 1900, 2999
_BEYOND = f"Expected an instant of the years {FIRST_YEAR} to {LAST_YEAR}, but found another."


def instant_told(
    rule: Expression, value: Any, tell: Callable[[Any, datetime], datetime], start: datetime
) -> datetime:
    """The instant of a value that a rule of the diagram was evaluated to, counted from `start`.

    Raises:
        Failure: it is no rule of time, or beyond the years. A value that comes from variables is told by its shape; the
            key of a deadline is none that people have written.
    """
    try:
        instant = tell(value, start)
    except OverflowError as error:
        raise Failure("expression", _BEYOND) from error
    except (EngineError, ValueError) as error:
        is_written = isinstance(value, str) and (not rule.names or is_deadline_key(value))
        wanted = "Expected a deadline like 5WD, 30D, P5D, a day, an instant or a due.* key"
        told = str(error) if is_written else f"{wanted}, but found {shape_of(value)}."
        raise Failure("expression", told) from error
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise Failure("expression", _BEYOND)
    return instant
