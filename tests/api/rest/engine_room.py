"""The engine behind the doors: real, with stand-ins for forms and ladder."""

from __future__ import annotations

from dataclasses import replace

from api.identity.people import People
from engine.bpmn import KnownNames
from engine.dispatcher import Dispatcher
from engine.model.calendar import WorkingCalendar
from engine.model.deadline import Deadlines
from engine.store.database import open_database
from migrations.everything import metadata
from tests.api.conftest import District, make_district
from tests.api.district import CATALOGUE
from tests.doubles import ListedForms, collaborators

#: Forms of the test diagrams, with the fields each requires.
FORMS = ListedForms({"plan": ("measure",)})
#: What deployments know beside what is deployed.
NAMES = KnownNames(forms=frozenset(FORMS.required), roles=frozenset(CATALOGUE.roles), clauses=frozenset())


def deadlines(_connection: object) -> Deadlines:
    """By a calendar without holidays; of the configured rows there is the one on extensions."""
    return Deadlines(WorkingCalendar.of(()), lambda key, on: {"due.extension.longest": "30D"}.get(key))


def open_engine(database_url: str) -> tuple[District, Dispatcher]:
    """The small district in an empty database, and an engine that routes by it."""
    database = open_database(database_url)
    metadata.create_all(database)
    district = make_district(database)
    people = People(CATALOGUE, district.directories, district.clock)
    ports = replace(collaborators(district.clock, forms=FORMS, people=people, deadlines=deadlines), names=NAMES)
    return district, Dispatcher(database, ports)
