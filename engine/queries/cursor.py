"""Opaque marks for going on where a page ended: keyset paging, so that page 1,000 costs as much as page 1."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

import orjson

from engine.model.errors import Fault, Invalid

T = TypeVar("T")

#: Longest page.
MAX_LIMIT = 500
#: Largest number in a column of a database (64 bits).
_LARGEST = 2**63 - 1


class InvalidCursor(Invalid):
    """A mark that no page of this list has given."""

    code = "invalid-cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list, and the mark to go on from; None = these were the last."""

    items: Sequence[T]
    cursor: str | None


def make_cursor(of: str, *keys: Any) -> str:
    """A mark from the name of a list and the sort keys of the last row shown."""
    plain = [of, *(key.astimezone(UTC).isoformat() if isinstance(key, datetime) else key for key in keys)]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def read_cursor(cursor: str, of: str, kinds: Sequence[type]) -> list[Any]:
    """The sort keys of a mark.

    Raises:
        InvalidCursor: it was not made by `make_cursor` for this list with keys of these kinds, or no database
            holds one of them.
    """
    try:
        plain: Any = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list):
            raise ValueError("no list of keys")
        name, *values = cast("list[Any]", plain)
        if name != of:
            raise ValueError("a mark of another list")
        keys = [_key(kind, value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        message = f"Expected a cursor given by this list, but found {cursor!r}."
        raise InvalidCursor(message, (Fault("invalid-cursor", message, "cursor"),)) from error
    return keys


def _key(kind: type, value: Any) -> Any:
    if kind is datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError("an instant without its zone")
        # where the zone carries it out of the calendar, this overflows
        return instant.astimezone(UTC)
    # for Python, true is a number
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError("another kind of key")
    if isinstance(value, int) and not 0 <= value <= _LARGEST:
        raise ValueError("a number that no database holds")
    if isinstance(value, str) and "\0" in value:
        raise ValueError("a text that no database holds")
    return value


def checked_limit(limit: int) -> int:
    """A page length from 1 to MAX_LIMIT."""
    return max(1, min(limit, MAX_LIMIT))


def page_of(rows: Sequence[T], limit: int, of: str, keys: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """A page from up to `limit` + 1 rows of the list called `of`; `keys` gives the sort keys of a row."""
    shown = rows[:limit]
    return Page(items=shown, cursor=make_cursor(of, *keys(shown[-1])) if len(rows) > limit else None)
