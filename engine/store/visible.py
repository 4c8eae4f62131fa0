"""Variables as a resting token sees them, innermost scope first: what forms read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.kernel.state import Part

#: Counters of a loop that expressions and forms see.
_COUNTERS = ("loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")


def variables_at(parts: Mapping[int, Part], part_number: int, token_number: int) -> dict[str, Any]:
    """All variables a token sees; empty when it does not rest any more. Reads only the parts it stands in."""
    part = parts.get(part_number)
    token = part.tokens.get(token_number) if part is not None else None
    if part is None or token is None:
        return {}
    together: dict[str, Any] = {}
    number: int | None = token.inside if token.inside in part.scopes else token.scope
    while number is not None:
        if number not in part.scopes:
            # a branch goes on in the part that owns it
            if part.parent is None:
                break
            part = parts[part.parent[0]]
            continue
        scope = part.scopes[number]
        if scope.counters:
            counters = {name: Decimal(scope.counters[name]) for name in _COUNTERS if name in scope.counters}
            together = {**counters, **together}
        together = {**scope.variables, **together}
        number = scope.parent
    return together
