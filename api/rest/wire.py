"""JSON as it comes in and goes out: numbers are exact decimals both ways, and nothing reaches the house that it cannot
keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
from flask import Request, Response
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import UnsupportedMediaType

from engine.feel import (
    DaysTimeDuration,
    FeelFunction,
    Range,
    Time,
    WideDate,
    WideDateTime,
    YearsMonthsDuration,
    format_value,
)
from engine.model.errors import Fault, Invalid

#: Digits of a number that FEEL can hold (IEEE 754 decimal128) and the largest exponent that is written out in full.
DIGITS = 34
LARGEST_EXPONENT = 300
#: Values that only FEEL has; they are written as FEEL writes them.
_FEEL_VALUES = (DaysTimeDuration, YearsMonthsDuration, Time, Range, WideDate, WideDateTime, FeelFunction)
#: Levels of lists and objects within each other.
DEPTH = 60


class UnsoundJson(Invalid):
    """The body is no JSON, or holds what the house cannot keep."""

    code = "unsound-json"

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message, (Fault("unsound-json", message, path),))


def read_json(content: bytes) -> Any:
    """Values of a JSON text; every number is a Decimal.

    Raises:
        UnsoundJson: not UTF-8, no JSON, a number out of range, a name that occurs twice, a character that no database
            can hold, or nested too deeply.
    """
    try:
        value = json.loads(
            content.decode("utf-8"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise UnsoundJson("Expected a body in UTF-8, but found other bytes.") from None
    except json.JSONDecodeError as error:
        raise UnsoundJson(
            f"Expected JSON, but found at line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except RecursionError:
        raise UnsoundJson(f"Expected at most {DEPTH} levels of lists and objects, but found more.") from None
    _must_be_keepable(value, None, 0)
    return value


def write_json(value: Any) -> bytes:
    """UTF-8 JSON; decimals keep every digit, instants and days are ISO 8601, other values are text."""
    return orjson.dumps(
        value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    )


class WireRequest(Request):
    """A request whose JSON is read exactly, and only where the sender calls it JSON."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The object in the body. Raises UnsupportedMediaType (415) or UnsoundJson."""
        if not self.is_json:
            raise UnsupportedMediaType("Expected Content-Type: application/json.")
        value = read_json(self.get_data(cache=cache))
        if not isinstance(value, dict):
            raise UnsoundJson("Expected a JSON object, but found another value.")
        return value


class WireJsonProvider(DefaultJSONProvider):
    """What Flask itself turns into JSON is written the same way."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return write_json(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return read_json(s if isinstance(s, bytes) else s.encode())


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    response = Response(write_json(value), status, mimetype="application/json")
    response.headers.update(headers or {})
    return response


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except ArithmeticError:
        # an exponent that not even Decimal can hold
        number = None
    if number is None or len(number.as_tuple().digits) > DIGITS or abs(number.adjusted()) > LARGEST_EXPONENT:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise UnsoundJson(
            f"Expected numbers of at most {DIGITS} digits and exponents up to {LARGEST_EXPONENT}, but found {shown}."
        )
    return number


def _constant(text: str) -> Any:
    raise UnsoundJson(f"Expected JSON, but found {text}.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = _first_repeated(name for name, _ in pairs)
        _must_be_text(twice, None)
        shown = twice if len(twice) <= 40 else f"{twice[:40]}…"
        raise UnsoundJson(f"Expected each name of an object once, but found {shown!r} twice.", twice)
    return found


def _first_repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    raise ValueError("Expected a name that occurs twice, but found none.")


#: The way to a value, the last step first; None = the body itself. A text is made of it only for a refusal: made for
#: every entry, a long name would be copied once for each thing that lies under it.
_Path = tuple["_Path", "str | int"] | None


def _written(path: _Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(f"/{step}")
    return "".join(reversed(steps))


def _must_be_keepable(value: Any, path: _Path, depth: int) -> None:
    if depth > DEPTH:
        found = f"Expected at most {DEPTH} levels of lists and objects, but found more."
        raise UnsoundJson(found, _written(path))
    if isinstance(value, str):
        _must_be_text(value, path)
    elif isinstance(value, dict):
        for name, entry in value.items():
            _must_be_text(name, path)
            _must_be_keepable(entry, (path, name), depth + 1)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            _must_be_keepable(entry, (path, index), depth + 1)


def _must_be_text(text: str, path: _Path) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise UnsoundJson("Expected text, but found a null character or half of a surrogate pair.", _written(path))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > LARGEST_EXPONENT:
            return str(value)
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta | UUID):
        return str(value)
    if isinstance(value, _FEEL_VALUES):
        return format_value(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | set | frozenset):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return str(value)
