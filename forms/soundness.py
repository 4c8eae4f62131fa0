"""A quick yes to what the JSON Schema of a form allows; whoever is not sure asks the validator, which tells why.

Nearly every submission is sound. Saying so by closures over the few keywords that forms may use spares a submission of
two fields 25 of 60 µs, and one with a table of rows far more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

#: True = the value is sound for sure; False = ask the validator.
IsSound = Callable[[Any], bool]

#: What says nothing about a value, or is looked at elsewhere (`forms/structure.py: missing`).
_SILENT = frozenset({"title", "required", "format", "$schema"})


def never_sure(_value: Any) -> bool:
    """For schemas with a keyword that is not known here."""
    return False


def soundness_of(schema: Mapping[str, Any]) -> IsSound:
    """The quick test of a schema over FEEL values: numbers are Decimal, days are dates."""
    given = {key: each for key, each in schema.items() if not key.startswith("x-") and key not in _SILENT}
    make = _MAKERS.get(given.pop("type", ""))
    found = make(given) if make is not None else None
    # what was not taken off is not known here
    return found if found is not None and not given else never_sure


def _text(given: dict[str, Any]) -> IsSound:
    choices = given.pop("enum", None)
    if choices is not None:
        allowed = frozenset(cast("list[Any]", choices))
        return lambda value: type(value) is str and value in allowed
    shortest, longest = given.pop("minLength", None), given.pop("maxLength", None)
    if shortest is None and longest is None:
        return lambda value: type(value) is str or type(value) is date
    low, high = shortest or 0, longest if longest is not None else float("inf")
    return lambda value: type(value) is str and low <= len(value) <= high


def _number(given: dict[str, Any]) -> IsSound:
    low, high = given.pop("minimum", None), given.pop("maximum", None)
    above = given.pop("exclusiveMinimum", None)

    def is_sound(value: Any) -> bool:
        return (
            type(value) is Decimal
            and (low is None or value >= low)
            and (high is None or value <= high)
            and (above is None or value > above)
        )

    return is_sound


def _whole(given: dict[str, Any]) -> IsSound:
    is_number = _number(given)
    return lambda value: is_number(value) and value == value.to_integral_value()


def _truth(_given: dict[str, Any]) -> IsSound:
    return lambda value: type(value) is bool


def _list(given: dict[str, Any]) -> IsSound:
    low, high = given.pop("minItems", None) or 0, given.pop("maxItems", None)
    each = soundness_of(given.pop("items", {}))

    def is_sound(value: Any) -> bool:
        return (
            type(value) is list
            and low <= len(cast("list[Any]", value))
            and (high is None or len(cast("list[Any]", value)) <= high)
            and all(map(each, cast("list[Any]", value)))
        )

    return is_sound


def _object(given: dict[str, Any]) -> IsSound:
    fields = {name: soundness_of(each) for name, each in given.pop("properties", {}).items()}

    def is_sound(value: Any) -> bool:
        return type(value) is dict and all(
            fields.get(name, never_sure)(entry) for name, entry in cast("dict[str, Any]", value).items()
        )

    return is_sound


_MAKERS: Mapping[str, Callable[[dict[str, Any]], IsSound]] = {
    "string": _text,
    "number": _number,
    "integer": _whole,
    "boolean": _truth,
    "array": _list,
    "object": _object,
}
