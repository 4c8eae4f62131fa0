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


class InvalidCursor(Invalid):
    """A mark that no page of this list has given."""

    code = "invalid-cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list, and the mark to go on from; None = these were the last."""

    items: Sequence[T]
    cursor: str | None


def make_cursor(*keys: Any) -> str:
    """A mark from the sort keys of the last row shown."""
    plain = [key.astimezone(UTC).isoformat() if isinstance(key, datetime) else key for key in keys]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def read_cursor(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The sort keys of a mark.

    Raises:
        InvalidCursor: it was not made by `make_cursor` with keys of these kinds.
    """
    try:
        plain: Any = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list):
            raise ValueError("no list of keys")
        keys: list[Any] = [
            datetime.fromisoformat(value) if kind is datetime else value
            for kind, value in zip(kinds, cast("list[Any]", plain), strict=True)
        ]
        if not all(isinstance(key, kind) for kind, key in zip(kinds, keys, strict=True)):
            raise ValueError("other kinds of keys")
    except (ValueError, TypeError, binascii.Error) as error:
        message = f"Expected a cursor given by this list, but found {cursor!r}."
        raise InvalidCursor(message, (Fault("invalid-cursor", message, "cursor"),)) from error
    return keys


def checked_limit(limit: int) -> int:
    """A page length from 1 to MAX_LIMIT."""
    return max(1, min(limit, MAX_LIMIT))


def page_of(rows: Sequence[T], limit: int, keys: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """A page from up to `limit` + 1 rows; `keys` gives the sort keys of a row."""
    shown = rows[:limit]
    return Page(items=shown, cursor=make_cursor(*keys(shown[-1])) if len(rows) > limit else None)
