"""Values that arrive from outside, as FEEL values: checked once, at the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import to_feel
from engine.model.errors import EngineError, Fault, Invalid


class NotFeel(Invalid):
    """A value that FEEL has no type for."""

    code = "not-a-feel-value"


def as_variables(values: Mapping[str, Any]) -> dict[str, Any]:
    """Variables as FEEL values: numbers become Decimal, whatever they came as.

    Raises:
        NotFeel: holds a fault for every value that cannot be one.
    """
    faults: list[Fault] = []
    converted: dict[str, Any] = {}
    for name, value in values.items():
        try:
            converted[name] = to_feel(value)
        except EngineError as error:
            faults.append(Fault("not-a-feel-value", error.message, name))
    if faults:
        raise NotFeel(" ".join(fault["message"] for fault in faults), faults)
    return converted
