"""The product as it is measured: a district's people, calendar, deadlines, ladder and form over one database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from api.identity.directory import DirectoryReader, read_directory
from api.identity.organisation import import_organisation
from api.identity.people import People
from api.identity.rights import actor_of
from engine.commands import Collaborators, DeployDefinitions
from engine.dispatcher import Dispatcher
from engine.model.actor import Actor, system_actor
from engine.model.clock import ShiftedClock
from engine.model.identifiers import Uuid7Source
from engine.store.calendar_rows import bring_calendar_years
from engine.store.database import read_transaction, write_transaction
from engine.store.settings_rows import Setting, put_settings
from engine.store.tables import metadata
from engine.store.time_rules import TimeRules
from forms.checker import FormLibrary
from forms.schema import read_form
from tests.api.district import CATALOGUE, ORGANISATION, TENANT

#: A Tuesday, 10:00 in Shanghai.
NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
#: Whose object every instance is: a unit below a department.
UNIT = "2101"
_FORM = Path(__file__).parent / "opinion.json"
#: The ladder of a user task of five working days (PROCESSES 0.4): key, working days after due, who is told, action.
_RUNGS = (
    ("remind-2", -2, (), "remind"),
    ("due", 0, (), "remind"),
    ("yellow", 1, ("unit_head",), "overdue"),
    ("orange", 3, ("dept_head", "finance_perf"), "supervise"),
    ("red", 5, ("finance_director",), "urge"),
    ("interview", 10, ("district_leader",), "interview"),
)


class Office:
    """A dispatcher with real collaborators over an empty database, and the people who work there."""

    def __init__(self, database: Engine, files: Mapping[str, bytes], *, cache_capacity: int = 2_000) -> None:
        self.database = database
        self.clock = ShiftedClock(NOW)
        metadata.create_all(database)
        ids = Uuid7Source()
        with write_transaction(database) as connection:
            import_organisation(connection, TENANT, ORGANISATION, CATALOGUE, lambda: ids.make(NOW), NOW)
            bring_calendar_years(connection, TENANT, (2026, 2027))
            put_settings(connection, TENANT, [_ladder()])
        rules = TimeRules(TENANT)
        self.collaborators = Collaborators(
            clock=self.clock,
            ids=ids,
            forms=FormLibrary([read_form(_FORM.read_bytes(), _FORM.name)], self.clock),
            people=People(CATALOGUE, DirectoryReader(), self.clock),
            ladder=rules,
            deadlines=rules.deadlines,
        )
        self.dispatcher = Dispatcher(database, self.collaborators, cache_capacity=cache_capacity)
        if files:
            self.dispatcher.dispatch(DeployDefinitions(actor=system_actor(TENANT), files=files))
        with read_transaction(database) as connection:
            directory = read_directory(connection, TENANT, NOW.date())
        #: Login key -> the person with all rights of the day.
        self.actors: Mapping[str, Actor] = {
            key: actor_of(person, directory, CATALOGUE, TENANT) for key, person in directory.people.items()
        }

    @property
    def starter(self) -> Actor:
        return self.actors["fin.perf"]

    def candidate_for(self, user_task_id: str) -> tuple[str, str]:
        """Element id and login key of somebody who may complete a user task."""
        table = metadata.tables["user_task"]
        holders = metadata.tables["candidate"]
        with read_transaction(self.database) as connection:
            element_id = connection.scalar(select(table.c.element_id).where(table.c.id == user_task_id))
            offered = set(connection.scalars(select(holders.c.holder).where(holders.c.user_task_id == user_task_id)))
        for key, actor in self.actors.items():
            if any(f"group:{group}" in offered for group in actor.groups):
                return str(element_id), key
        raise LookupError(f"Expected a candidate for user task {element_id!r}, but found {sorted(offered)}.")


def _ladder() -> Setting:
    rungs: list[dict[str, Any]] = [
        {"key": key, "offset_working_days": days, "recipients": list(recipients), "action": action}
        for key, days, recipients, action in _RUNGS
    ]
    return Setting(key="ladder.standard", value=rungs, valid_from=date(2026, 1, 1), basis="PROCESSES 0.4")
