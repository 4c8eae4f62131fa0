"""An office with an open book: the model district's ledger on SQLite, and local services called as the engine does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection

from engine.commands.values import as_variables
from engine.model.actor import Actor, system_actor
from engine.model.ports import ServiceCall
from engine.store.calendar_rows import bring_calendar_years
from engine.store.database import open_database, write_transaction
from engine.store.metadata import metadata
from engine.store.settings_rows import Setting, put_settings
from processes.budget_performance.handlers import HANDLERS
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.thresholds import read_thresholds
from tests.processes.model_district import BY_CODE, YEAR, D, bring_to_august, enrol, goal_of, reported
from tests.processes.rows import TENANT, file_document, open_user_task

__all__ = ["BY_CODE", "NOW", "TENANT", "YEAR", "D", "Office", "goal_of", "office", "reported"]

#: 15 September 2026, 10:00 in Shanghai.
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)


@dataclass
class Office:
    """What tests of the ledger and of local services ask for."""

    connection: Connection
    now: datetime = NOW
    #: Who acts; the engine itself unless a test says otherwise.
    actor: Actor = field(default_factory=lambda: system_actor(TENANT))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def key(self, code: str, year: int = YEAR) -> ObjectKey:
        return ObjectKey(tenant_id=TENANT, project_code=code, fiscal_year=year)

    def register(self, code: str, year: int = YEAR, **other: Any) -> ObjectKey:
        """Register a project of the model district, or one of that kind."""
        enrol(self.connection, self.key(code, year), self.now, **other)
        return self.key(code, year)

    def take_over(self, code: str) -> ObjectKey:
        """A project of the model district with its approved budget, goal, and payments from January to August."""
        key = self.register(code)
        bring_to_august(self.connection, key, self.now)
        return key

    def configure(self, **rules: str) -> None:
        """Put deadline rows into the settings: due__rectification__plan="30D"."""
        rows = [
            Setting(key=name.replace("__", "."), value={"rule": rule}, valid_from=date(2024, 1, 1))
            for name, rule in rules.items()
        ]
        put_settings(self.connection, TENANT, rows)

    def call(
        self, service: str, business_key: str, properties: Mapping[str, str] | None = None, /, **variables: Any
    ) -> dict[str, Any]:
        """Call a local service and get its result variables as the engine takes them."""
        call = ServiceCall(
            name=service,
            tenant_id=TENANT,
            root_id="root",
            instance_id="instance",
            element_id="element",
            business_key=business_key,
            actor=self.actor,
            now=self.now,
            variables=as_variables(variables),
            properties=properties or {},
            connection=self.connection,
        )
        return as_variables(HANDLERS[service](call))

    def file(self, business_key: str, form_key: str, content: Mapping[str, Any], element_id: str = "fill") -> None:
        """File a document as a user task would."""
        file_document(
            self.connection,
            next(self._numbers),
            business_key=business_key,
            form_key=form_key,
            element_id=element_id,
            content=content,
            filed_at=self.now,
        )

    def open_user_task(self, business_key: str, element_id: str, due_at: datetime) -> None:
        """A user task that lies open."""
        open_user_task(
            self.connection,
            next(self._numbers),
            business_key=business_key,
            element_id=element_id,
            created_at=self.now,
            due_at=due_at,
        )


@pytest.fixture
def office() -> Iterator[Office]:
    """All tables, the official calendar and the shipped thresholds, in one transaction."""
    database = open_database("sqlite://")
    metadata.create_all(database)
    with write_transaction(database) as connection:
        bring_calendar_years(connection, TENANT, (2026, 2027))
        rows = [Setting(key=row.key, value=row.value, valid_from=row.valid_from) for row in read_thresholds()]
        put_settings(connection, TENANT, rows)
        yield Office(connection)
    database.dispose()
