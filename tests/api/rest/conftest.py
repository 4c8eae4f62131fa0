"""The doors of the small district, with the real engine behind them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
from tests.api.conftest import District, make_district
from tests.api.district import CATALOGUE, PASSWORD
from tests.doubles import ListedForms, collaborators

#: Forms of the test diagrams, with the fields each requires.
FORMS = ListedForms({"plan": ("measure",)})


@dataclass(frozen=True)
class Doors:
    """One application and the district behind it."""

    app: Flask
    district: District
    dispatcher: Dispatcher

    def visitor(self, login: str) -> Visitor:
        """A program that acts for a person."""
        text, _ = self.district.front_desk.issue_token(
            login, PASSWORD, "192.0.2.1", "test", self.district.front_desk.rules.token_lifetime
        )
        return Visitor(self.app.test_client(use_cookies=False), {"Authorization": f"Bearer {text}"})


@dataclass(frozen=True)
class Visitor:
    """Speaks JSON with the doors."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str, **named: Any) -> TestResponse:
        return self._ask("GET", path, **named)

    def post(self, path: str, json: Any = None, **named: Any) -> TestResponse:
        return self._ask("POST", path, json=json, **named)

    def put(self, path: str, json: Any = None, **named: Any) -> TestResponse:
        return self._ask("PUT", path, json=json, **named)

    def delete(self, path: str, **named: Any) -> TestResponse:
        return self._ask("DELETE", path, **named)

    def upload(self, **files: bytes) -> TestResponse:
        """Deploy files; `name_bpmn=…` becomes name.bpmn."""
        data = {name: (io.BytesIO(content), ".".join(name.rsplit("_", 1))) for name, content in files.items()}
        return self._ask("POST", "/api/v1/deployments", data=data, content_type="multipart/form-data")

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, **named: Any) -> TestResponse:
        if named.get("json", ...) is None:
            del named["json"]
        return self.client.open(path, method=method, headers={**self.headers, **(headers or {})}, **named)


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
