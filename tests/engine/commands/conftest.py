"""Every rule of the commands holds on states kept in memory and on states read anew for each change."""

from __future__ import annotations

import pytest

from tests.house import House


@pytest.fixture(params=[100, 0], ids=["live", "thawed"])
def cache_capacity(request: pytest.FixtureRequest) -> int:
    """How many states an engine keeps in memory."""
    return request.param


@pytest.fixture(autouse=True)
def _capacity_of_houses(monkeypatch: pytest.MonkeyPatch, cache_capacity: int) -> None:
    monkeypatch.setattr(House, "CACHE_CAPACITY", cache_capacity)
