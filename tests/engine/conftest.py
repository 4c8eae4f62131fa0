"""A house over an empty database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.house import House


@pytest.fixture
def build(database_url: str) -> Iterator[Callable[..., House]]:
    """Makes houses over the test's database; closes them at the end."""
    houses: list[House] = []

    def make(ports: Any = None, **options: Any) -> House:
        house = House.at(database_url, ports, **options)
        houses.append(house)
        return house

    yield make
    for house in houses:
        house.close()


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    """An engine with stand-ins for its collaborators and nothing deployed."""
    return build()
