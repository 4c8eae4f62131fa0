"""An office for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.office import Office, open_office


@pytest.fixture
def office(sqlite_database_url: str, tmp_path: Path) -> Iterator[Office]:
    """The pages of the small district on SQLite."""
    with open_office(sqlite_database_url, tmp_path) as opened:
        yield opened
