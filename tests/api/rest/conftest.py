"""The doors of the small district, with the real engine behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.rest.building import make_doors
from tests.api.rest.visiting import Doors


@pytest.fixture
def doors(database_url: str, tmp_path: Path) -> Iterator[Doors]:
    """The doors, once on each database."""
    made = make_doors(database_url, tmp_path)
    yield made
    made.district.database.dispose()


@pytest.fixture
def some_doors(sqlite_database_url: str, tmp_path: Path) -> Iterator[Doors]:
    """The doors on SQLite, for rules that no database can change."""
    made = make_doors(sqlite_database_url, tmp_path)
    yield made
    made.district.database.dispose()
