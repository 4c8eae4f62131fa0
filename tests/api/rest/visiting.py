"""Programs that speak with the doors for a person."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.dispatcher import Dispatcher
from tests.api.conftest import District
from tests.api.district import PASSWORD


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
