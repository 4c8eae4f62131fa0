"""The pages of the small district, with the real engine, real forms and one small process behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.campaigns import CampaignDoor
from api.house import House
from api.identity.gate import Gate
from api.identity.naming import NamedPeople
from api.identity.people import People, day_of
from api.imports import ImportDoors
from api.rest.application import make_application
from api.rest.doors import DOORS
from api.settings import load_settings
from engine.commands import DeployDefinitions, StartProcessInstance
from engine.dispatcher import Dispatcher
from engine.model.actor import Actor
from engine.model.clock import FixedClock
from engine.model.deadline import Deadlines
from engine.model.ports import LadderPort
from engine.store import register_tables
from engine.store.database import open_database
from forms.checker import FormLibrary
from forms.form import Form
from forms.schema import read_forms
from processes.budget_performance.package import SENDERS
from tests.api.conftest import District, make_district
from tests.api.district import CATALOGUE, PASSWORD, TENANT
from tests.api.uploading import make_uploads
from tests.builders_calendar import CALENDAR_2026
from tests.doubles import FixedLadder, collaborators
from tests.house import bpmn, flows, properties, user_task
from web.pages import install_pages
from web.parts import Demonstration, PageParts, Stand

#: Business key → what people call the object.
TITLES = {"PRJ:A01:2026": "义务教育薄弱环节改善"}
#: Form and business key → what has become since of what was filed there.
SINCE = {("estimate", "EST-1"): {"granted": Decimal(75)}}
FORMS = Path(__file__).parent / "forms"
DESIGNER = Actor(tenant_id=TENANT, user_id="designer", visible_units=None, permissions=frozenset({"deploy", "start"}))

#: start -> measure (project_owner, form "measure") -> check (dept_perf, form "check") -> end
MEASURES = bpmn(
    "measures",
    '<startEvent id="start"/>'
    + user_task(
        "measure", groups="project_owner", attributes='camunda:formKey="measure" camunda:dueDate="5WD"'
    ).replace('name="measure"', 'name="填报纠偏措施"')
    + user_task(
        "check",
        groups="dept_perf",
        attributes='camunda:formKey="check" camunda:dueDate="3WD"',
        inside=properties(fourEyesWith="measure", clause="S-32"),
    ).replace('name="check"', 'name="部门审核措施"')
    + '<endEvent id="end"/>'
    + flows("start measure", "measure check", "check end"),
).replace(b'name="measures"', 'name="纠偏措施"'.encode())


def _drawn(xml: bytes, places: dict[str, tuple[int, int, int, int]]) -> bytes:
    """The file with a diagram: shapes by x, y, width and height, and straight edges between neighbours."""
    names = list(places)
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/>'
        "</bpmndi:BPMNShape>"
        for name, (x, y, w, h) in places.items()
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{one}_{two}_di" bpmnElement="{one}_{two}">'
        f'<di:waypoint x="{places[one][0] + places[one][2]}" y="100"/><di:waypoint x="{places[two][0]}" y="100"/>'
        "</bpmndi:BPMNEdge>"
        for one, two in pairwise(names)
    )
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="measures">{shapes}{edges}</bpmndi:BPMNPlane>'
    spaces = (
        b' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        b' xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="definitions">'
    )
    diagram = f'<bpmndi:BPMNDiagram id="diagram">{plane}</bpmndi:BPMNDiagram></definitions>'.encode()
    return xml.replace(b' id="definitions">', spaces).replace(b"</definitions>", diagram)


MEASURES_DRAWN = _drawn(
    MEASURES,
    {
        "start": (100, 82, 36, 36),
        "measure": (190, 60, 100, 80),
        "check": (340, 60, 100, 80),
        "end": (490, 82, 36, 36),
    },
)


def deadlines(_connection: object) -> Deadlines:
    """By the calendar of 2026; of the configured rows there is the one on extensions."""
    return Deadlines(CALENDAR_2026, lambda key, on: {"due.extension.longest": "30D"}.get(key))


@dataclass(frozen=True)
class Office:
    """One application, the district behind it, and a process that runs in it."""

    app: Flask
    district: District
    dispatcher: Dispatcher
    clock: FixedClock

    def start(self, business_key: str = "PRJ:A01:2026", unit_code: str = "2101") -> str:
        """Begin the process; returns its id."""
        return self.start_of("measures", business_key, unit_code)

    def start_of(self, key: str, business_key: str, unit_code: str) -> str:
        """Begin a process; returns its id."""
        started = self.dispatcher.dispatch(
            StartProcessInstance(
                actor=DESIGNER, process_definition_key=key, business_key=business_key, unit_code=unit_code
            )
        )
        return started.process_instance_id

    def reader(self, login: str, *, language: str = "zh") -> Reader:
        """Somebody who has signed in."""
        reader = Reader(self.app.test_client(), {"Accept-Language": language})
        answer = reader.post("/login", account=login, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return reader


@dataclass(frozen=True)
class Reader:
    """Opens pages and sends forms as a browser does, with the token each page carries."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, **fields: str) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]*)"', self.get("/instances").text)
        named = {name.replace("__", "/"): text for name, text in fields.items()}
        return self.client.post(path, data={"csrf_token": token[1] if token else "", **named}, headers=self.headers)

    def first_link(self, page: str, name: str) -> str:
        """Address of the link whose text begins with a name."""
        found = re.search(rf'<a href="([^"]+)">{re.escape(name)}', self.get(page).text)
        assert found, f"no link {name!r} on {page}"
        return found[1]


@contextmanager
def open_office(
    database_url: str, var_dir: Path, more_forms: Sequence[Form] = (), *, ladder: LadderPort | None = None
) -> Iterator[Office]:
    """The pages over a new database, with the small process deployed and forms of the library if wanted."""
    database = open_database(database_url)
    register_tables.metadata.create_all(database)
    district = make_district(database)
    named = NamedPeople(database, district.directories, district.clock, TENANT)
    uploads = make_uploads(district, var_dir)
    forms = FormLibrary([*read_forms(FORMS), *more_forms], district.clock, named, uploads)
    ports = collaborators(
        district.clock,
        forms=forms,
        people=People(CATALOGUE, district.directories, district.clock),
        ladder=ladder or FixedLadder({}),
        deadlines=deadlines,
    )
    dispatcher = Dispatcher(database, ports)
    house = House(
        settings=load_settings({"var_dir": var_dir}, {}),
        dispatcher=dispatcher,
        gate=Gate(district.front_desk, https=False, language="zh"),
        clock=district.clock,
        forms=forms,
        readiness=lambda: (),
        imports=ImportDoors(database, district.directories, district.clock),
        campaigns=CampaignDoor(database, district.directories, district.clock, dispatcher, SENDERS),
        uploads=uploads,
        absences=district.absences,
        deadlines=deadlines,
        since_filed=lambda connection, tenant_id, form_key, business_key: SINCE.get((form_key, business_key), {}),
    )
    pages = PageParts(
        calendar=lambda connection: CALENDAR_2026,
        directory=lambda connection: district.directories.read(connection, TENANT, day_of(district.clock.now())),
        titles=lambda connection, tenant_id, keys, language: {key: TITLES[key] for key in keys if key in TITLES},
        keys_called=lambda connection, tenant_id, words: tuple(key for key, title in TITLES.items() if words in title),
        demonstration=Demonstration(
            as_of=district.clock.now(),
            people=[
                Stand("edu1.proj", "示范一中项目责任人", "示范一中"),
                Stand("edu.perf", "教育局绩效经办", "区教育局"),
            ],
            admit=lambda user_id: district.front_desk.sign_in(user_id, PASSWORD, "192.0.2.7"),
        ),
    )
    app = make_application(house, DOORS, version="0.0.0", install_pages=lambda app: install_pages(app, pages))
    dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"measures.bpmn": MEASURES_DRAWN}))
    yield Office(app, district, dispatcher, district.clock)
    database.dispose()
