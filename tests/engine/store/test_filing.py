"""Which requests are the same: an idempotency key may come again with the same one only."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from engine.store.filing import digest_of


@pytest.mark.parametrize(
    "asked",
    [
        {"amount": Decimal("12.50"), "at": datetime(2026, 3, 3, tzinfo=UTC), "files": {"a.bpmn": b"<xml/>"}},
        {"count": 10**30},
        {"half": "\ud83d"},
        {1: "a key that is no text"},
    ],
)
def test_the_same_request_has_the_same_digest(asked: dict[Any, Any]) -> None:
    assert digest_of(("Start", [("variables", asked)])) == digest_of(("Start", [("variables", dict(asked))]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("1.0"), Decimal("1.00")),
        (Decimal("1"), "1"),
        (1, True),
        (1, "1"),
        (None, ""),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        (10**30, 10**30 + 1),
        (MappingProxyType({"a": 1}), MappingProxyType({"a": 2})),
        (datetime(2026, 3, 3, tzinfo=UTC), "2026-03-03T00:00:00+00:00"),
    ],
)
def test_another_request_has_another_digest(one: Any, other: Any) -> None:
    assert digest_of(one) != digest_of(other)
