"""Pages keep to the same rule as the doors: what is out of sight does not exist, on every route of the URL map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from api.bootstrap import Installation, application, bring_up_to_date, open_installation
from api.identity.organisation import import_organisation
from api.identity.passwords import Passwords
from api.settings import load_settings
from engine import DeployDefinitions, StartProcessInstance
from engine.model.actor import system_actor
from engine.model.clock import FixedClock
from engine.store.database import write_transaction
from tests.api.conftest import CHEAP
from tests.api.district import CATALOGUE, NOW, ORGANISATION, PASSWORD
from tests.api.rest.diagrams import RECTIFICATION

#: Without a form: pages draw those of the library only.
DIAGRAM = RECTIFICATION.replace(b'id="rectification"', b'id="plain_plan"').replace(b'camunda:formKey="plan"', b"")
INSIDERS = ("edu1.proj", "edu.perf", "fin.div1", "fin.perf", "audit.staff")
OUTSIDERS = ("health.proj", "health.head", "disc.recv", "exp.a", "designer", "admin")


@dataclass(frozen=True)
class House:
    """The whole application, with people signed in."""

    installation: Installation
    browsers: dict[str, FlaskClient]
    rules: list[Rule]

    def start(self) -> dict[str, str]:
        """A new instance of 示范一中; values for the places of page addresses."""
        command = StartProcessInstance(
            actor=system_actor("default"), process_definition_key="plain_plan", unit_code="2101"
        )
        moved = self.installation.dispatcher.dispatch(command)
        return {"user_task_id": moved.opened_user_tasks[0], "instance_id": moved.process_instance_id}


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    settings = load_settings({"var_dir": tmp_path_factory.mktemp("pages")}, {})
    installation = open_installation(settings, clock=FixedClock(NOW), passwords=Passwords(CHEAP))
    bring_up_to_date(installation)
    with write_transaction(installation.database) as connection:
        ids = installation.ids
        import_organisation(connection, "default", ORGANISATION, CATALOGUE, lambda: str(ids.make(NOW)), NOW)
    installation.identity.front_desk.give_passwords(dict.fromkeys((*INSIDERS, *OUTSIDERS), PASSWORD))
    installation.dispatcher.dispatch(
        DeployDefinitions(actor=system_actor("default"), files={"plain_plan.bpmn": DIAGRAM})
    )
    app = application(installation)
    browsers: dict[str, FlaskClient] = {}
    for login in (*INSIDERS, *OUTSIDERS):
        browsers[login] = app.test_client()
        signed_in = browsers[login].post("/login", data={"account": login, "password": PASSWORD})
        assert signed_in.status_code == 303
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    yield House(installation, browsers, rules)
    installation.close()


def ask(house: House, browser: FlaskClient, rule: Rule) -> int:
    _, path = rule.build(house.start())
    if "GET" in rule.methods:
        return browser.get(path).status_code
    token = browser.get("/api/v1/session").json["csrf_token"]
    fields = {"csrf_token": token, "element_id": "plan", "comment": "请补充材料"}
    return browser.post(path, data=fields).status_code


def about_objects(house: House) -> list[Rule]:
    return [rule for rule in house.rules if rule.arguments & {"user_task_id", "instance_id"}]


def test_pages_about_objects_are_there_to_be_tested(house):
    assert len(about_objects(house)) >= 6


@pytest.mark.parametrize("login", OUTSIDERS)
def test_a_page_about_an_object_out_of_sight_does_not_exist(house, login):
    statuses = {rule.endpoint: ask(house, house.browsers[login], rule) for rule in about_objects(house)}

    assert statuses == dict.fromkeys(statuses, 404)


@pytest.mark.parametrize("login", INSIDERS)
def test_a_page_about_an_object_in_sight_is_there(house, login):
    statuses = {rule.endpoint: ask(house, house.browsers[login], rule) for rule in about_objects(house)}

    assert not {status for status in statuses.values() if status in (401, 404) or status >= 500}, statuses


def test_a_change_on_a_page_without_its_token_is_refused(house):
    browser = house.browsers["edu1.proj"]
    for rule in about_objects(house):
        if "POST" in rule.methods:
            assert browser.post(rule.build(house.start())[1]).status_code == 403, rule.endpoint
