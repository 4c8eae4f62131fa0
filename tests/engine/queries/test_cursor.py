"""Marks of pages: what a page has given comes back, everything else is refused."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine.queries.cursor import InvalidCursor, make_cursor, read_cursor

AT = datetime(2026, 9, 1, 8, 30, 0, 123, tzinfo=UTC)


def mark(*plain: Any) -> str:
    """A mark as somebody may write it who knows how they are made."""
    return urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def test_keys_come_back_as_they_went_in() -> None:
    assert read_cursor(make_cursor("mine", AT, "id"), "mine", (datetime, str)) == [AT, "id"]
    assert read_cursor(make_cursor("history", 2**63 - 1), "history", (int,)) == [2**63 - 1]


def test_a_mark_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidCursor, match="Expected a cursor given by this list, but found"):
        read_cursor(make_cursor("done", AT, "id"), "mine", (datetime, str))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        mark(),
        mark("history"),
        mark("history", 1, 2),
        mark("history", "1"),
        mark("history", 1.5),
        mark("history", -1),
        mark("history", True),
        mark("history", None),
        mark("history", 2**63),
        mark(["history"], 1),
    ],
)
def test_what_is_no_number_that_a_database_holds_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(cursor, "history", (int,))


@pytest.mark.parametrize(
    "keys",
    [
        ("0001-01-01T00:00:00+14:00", "id"),
        ("9999-12-31T23:59:59-12:00", "id"),
        ("2026-09-01T08:30:00", "id"),
        ("soon", "id"),
        (1, "id"),
        (AT.isoformat(), 7),
        (AT.isoformat(), "a\0b"),
    ],
)
def test_what_is_no_instant_of_the_calendar_with_a_plain_text_is_refused(keys: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(mark("mine", *keys), "mine", (datetime, str))
