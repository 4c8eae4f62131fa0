"""The doors of the small district, with the real engine behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.house import House, ReadinessCheck
from api.identity.gate import Gate
from api.identity.people import People
from api.imports import ImportDoors
from api.rest.application import make_application
from api.rest.doors import DOORS
from api.settings import load_settings
from engine.dispatcher import Dispatcher
from engine.store import register_tables
from engine.store.database import open_database
from tests.api.conftest import make_district
from tests.api.district import CATALOGUE
from tests.api.rest.visiting import Doors
from tests.doubles import ListedForms, collaborators

#: Forms of the test diagrams, with the fields each requires.
FORMS = ListedForms({"plan": ("measure",)})


def make_doors(database_url: str, var_dir: Path, readiness: tuple[ReadinessCheck, ...] = ()) -> Doors:
    database = open_database(database_url)
    register_tables.metadata.create_all(database)
    district = make_district(database)
    people = People(CATALOGUE, district.directories, district.clock)
    dispatcher = Dispatcher(database, collaborators(district.clock, forms=FORMS, people=people))
    house = House(
        settings=load_settings({"var_dir": var_dir}, {}),
        dispatcher=dispatcher,
        gate=Gate(district.front_desk, https=False, language="zh"),
        clock=district.clock,
        forms=FORMS,
        readiness=lambda: readiness,
        imports=ImportDoors(database, district.directories, district.clock),
    )
    return Doors(make_application(house, DOORS, version="0.0.0"), district, dispatcher)


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
