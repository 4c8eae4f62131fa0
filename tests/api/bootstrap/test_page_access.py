"""Pages keep to the same rule as the doors: every page of the URL map × every role × an object of the own and of
another unit. What is out of sight does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.bootstrap import Installation, application, bring_up_to_date, open_installation
from api.identity.gate import Who, rule_of
from api.identity.organisation import import_organisation
from api.identity.passwords import Passwords
from api.settings import load_settings
from engine import CorrelateMessage, DeployDefinitions, StartProcessInstance
from engine.model.actor import system_actor
from engine.model.clock import FixedClock
from engine.queries import incidents
from engine.store.database import write_transaction
from tests.api.conftest import CHEAP
from tests.api.district import CATALOGUE, NOW, ORGANISATION, PASSWORD
from tests.api.every_role import OTHER, OWN, PEOPLE, bring_in, who_may, who_sees
from tests.api.rest.diagrams import RECTIFICATION, WAITING
from tests.api.rest.test_access import ROUTES

#: Without a form: pages draw those of the library only.
DIAGRAM = RECTIFICATION.replace(b'id="rectification"', b'id="plain_plan"').replace(b'camunda:formKey="plan"', b"")
SYSTEM = system_actor("default")


class About(Enum):
    """What a page shows or changes."""

    #: Nobody's in particular; lists that are scoped line by line.
    NOTHING = auto()
    USER_TASK = auto()
    #: How an instance runs: also seen by who oversees.
    RUN = auto()


@dataclass(frozen=True)
class Page:
    """How a page is asked."""

    method: str
    #: With places for the ids of a case.
    path: str
    about: About = About.NOTHING
    #: Permissions of which the visitor holds one, or is refused.
    permissions: tuple[str, ...] = ()


#: Endpoint → how it is asked. A page of the URL map that is missing here fails.
PAGES = {
    "pages.asset": Page("GET", "/static/build/none.js"),
    "sign_in.show": Page("GET", "/login"),
    "sign_in.sign_in": Page("POST", "/login"),
    "sign_in.step_in": Page("POST", "/demonstration/person"),
    "sign_in.sign_out": Page("POST", "/logout"),
    "sign_in.choose_language": Page("POST", "/language"),
    "inbox.home": Page("GET", "/"),
    "inbox.show": Page("GET", "/inbox"),
    # the step of the matrix is not answered in batches: who may see it is told so
    "inbox.batch.show": Page("GET", "/batch?item={user_task}", About.USER_TASK),
    "inbox.batch.sign": Page("POST", "/batch?item={user_task}", About.USER_TASK),
    "supervision.overdue": Page("GET", "/overdue"),
    "campaign.listed": Page("GET", "/campaigns", permissions=("campaign",)),
    "campaign.new": Page("GET", "/campaigns/new", permissions=("campaign",)),
    "campaign.check": Page("POST", "/campaigns/check", permissions=("campaign",)),
    "campaign.come_back": Page("GET", "/campaigns/check", permissions=("campaign",)),
    "campaign.open_one": Page("POST", "/campaigns", permissions=("campaign",)),
    "absence.listed": Page("GET", "/absences"),
    "absence.new": Page("GET", "/absences/new"),
    "absence.set_one": Page("POST", "/absences/new"),
    "absence.people": Page("GET", "/absences/people"),
    # a way to the list, whoever asks
    "absence.come_back": Page("GET", "/absences/none/end"),
    "absence.end": Page("POST", "/absences/none/end"),
    "instance.listed": Page("GET", "/instances"),
    "instance.show": Page("GET", "/instances/{instance}", About.RUN),
    "instance.comment.come_back": Page("GET", "/instances/{instance}/comments"),
    # who sees only how it runs is refused
    "instance.comment.add": Page("POST", "/instances/{instance}/comments", About.RUN),
    "instance.diagram": Page("GET", "/diagrams/plain_plan:1"),
    "operation.listed": Page("GET", "/incidents", permissions=("operate", "audit")),
    "operation.retry": Page("POST", "/incidents/{incident}/retry", About.RUN, permissions=("operate",)),
    "user_task.show": Page("GET", "/user-tasks/{user_task}", About.USER_TASK),
    # the cases of the matrix have no form: who may see the user task is refused, too
    "user_task.people.found": Page("GET", "/user-tasks/{user_task}/people?field=x", About.USER_TASK),
    "user_task.file.attach": Page("POST", "/user-tasks/{user_task}/uploads", About.USER_TASK),
    "user_task.file.fetch": Page("GET", "/user-tasks/{user_task}/uploads/none", About.USER_TASK),
    # a way to the page, whoever asks; the page itself says who may see it
    "user_task.come_back": Page("GET", "/user-tasks/{user_task}/complete"),
    "user_task.claim": Page("POST", "/user-tasks/{user_task}/claim", About.USER_TASK),
    "user_task.release": Page("POST", "/user-tasks/{user_task}/release", About.USER_TASK),
    "user_task.complete": Page("POST", "/user-tasks/{user_task}/complete", About.USER_TASK),
    "user_task.send_back": Page("POST", "/user-tasks/{user_task}/return", About.USER_TASK),
    "user_task.extension.come_back": Page("GET", "/user-tasks/{user_task}/extension"),
    "user_task.extension.ask_for": Page("POST", "/user-tasks/{user_task}/extension", About.USER_TASK),
    "user_task.withdrawal.come_back": Page("GET", "/user-tasks/{user_task}/withdraw"),
    "user_task.withdrawal.take_back": Page("POST", "/user-tasks/{user_task}/withdraw", About.USER_TASK),
    "user_task.withdrawal.ask_back": Page("POST", "/user-tasks/{user_task}/withdrawal-request", About.USER_TASK),
    "user_task.transfer.come_back": Page("GET", "/user-tasks/{user_task}/transfer"),
    "user_task.transfer.give": Page("POST", "/user-tasks/{user_task}/transfer", About.USER_TASK),
    "user_task.opinion.come_back": Page("GET", "/user-tasks/{user_task}/opinions"),
    "user_task.opinion.request_opinions": Page("POST", "/user-tasks/{user_task}/opinions", About.USER_TASK),
    "user_task.opinion.people": Page("GET", "/user-tasks/{user_task}/opinions/people", About.USER_TASK),
    "user_task.comment.come_back": Page("GET", "/user-tasks/{user_task}/comments"),
    "user_task.comment.add": Page("POST", "/user-tasks/{user_task}/comments", About.USER_TASK),
    "user_task.draft.save": Page("POST", "/user-tasks/{user_task}/draft", About.USER_TASK),
    "user_task.draft.compare": Page("GET", "/user-tasks/{user_task}/draft/versions", About.USER_TASK),
    "user_task.draft.decide": Page("POST", "/user-tasks/{user_task}/draft/versions", About.USER_TASK),
    "user_task.draft.left_over": Page("POST", "/user-tasks/{user_task}/draft/left-over", About.USER_TASK),
}
#: Answered with 404 whoever asks; the tests of these pages ask for what is there.
ASKS_FOR_WHAT_IS_NOT_THERE = ("pages.asset", "user_task.file.fetch", "absence.end")
#: Asked last or not at all: they end the visitor's session.
ENDS_THE_SESSION = ("sign_in.sign_in", "sign_in.step_in", "sign_in.sign_out")


@dataclass(frozen=True)
class House:
    """The whole application, with somebody of every role signed in."""

    installation: Installation
    app: Flask
    browsers: dict[str, FlaskClient]
    tokens: dict[str, str]

    def case(self, unit_code: str) -> dict[str, str]:
        """Objects of a unit that nobody has touched: an open user task, its instance, an incident."""
        dispatcher = self.installation.dispatcher
        started = dispatcher.dispatch(
            StartProcessInstance(actor=SYSTEM, process_definition_key="plain_plan", unit_code=unit_code)
        )
        failing = dispatcher.dispatch(
            StartProcessInstance(
                actor=SYSTEM, process_definition_key="waiting", unit_code=unit_code, variables={"amount": 0}
            )
        ).process_instance_id
        dispatcher.dispatch(CorrelateMessage(actor=SYSTEM, name="go", correlation_key=""))
        (incident,) = dispatcher.query(incidents, SYSTEM, process_instance_id=failing).items
        return {
            "user_task": started.opened_user_tasks[0],
            "instance": started.process_instance_id,
            "incident": incident.id,
        }

    def ask(self, login: str, page: Page, case: dict[str, str]) -> int:
        browser, path = self.browsers[login], page.path.format(**case)
        if page.method == "GET":
            return browser.get(path).status_code
        fields = {"csrf_token": self.tokens[login], "element_id": "plan", "comment": "请补充材料"}
        return browser.post(path, data=fields).status_code


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    settings = load_settings({"var_dir": tmp_path_factory.mktemp("pages"), "second_opinion": False}, {})
    installation = open_installation(settings, clock=FixedClock(NOW), passwords=Passwords(CHEAP))
    bring_up_to_date(installation)
    with write_transaction(installation.database) as connection:
        ids = installation.ids
        import_organisation(connection, "default", ORGANISATION, CATALOGUE, lambda: ids.make(NOW), NOW)
    bring_in(installation.database)
    files = {"plain_plan.bpmn": DIAGRAM, "waiting.bpmn": WAITING}
    installation.dispatcher.dispatch(DeployDefinitions(actor=SYSTEM, files=files))
    app = application(installation)
    browsers: dict[str, FlaskClient] = {}
    tokens: dict[str, str] = {}
    for login in PEOPLE:
        browsers[login] = app.test_client()
        signed_in = browsers[login].post("/login", data={"account": login, "password": PASSWORD})
        assert signed_in.status_code == 303
        tokens[login] = browsers[login].get("/api/v1/session").json["csrf_token"]
    yield House(installation, app, browsers, tokens)
    installation.close()


def expected(page: Page, unit_code: str) -> dict[str, int]:
    """Login → the refusal by status; 0 where there is none for reasons of sight or permission."""
    visible = set(PEOPLE) if page.about is About.NOTHING else who_sees(unit_code)
    if page.about is About.RUN:
        visible |= who_may("oversee")
    allowed = set().union(*(who_may(each) for each in page.permissions)) if page.permissions else set(PEOPLE)
    return {login: 403 if login not in allowed else 404 if login not in visible else 0 for login in PEOPLE}


def test_the_matrix_knows_every_page(house):
    there = {
        (rule.endpoint, method)
        for rule in house.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    at_the_doors = {(endpoint, route.method) for endpoint, route in ROUTES.items()}
    assert there - at_the_doors == {(endpoint, page.method) for endpoint, page in PAGES.items()}


def test_every_page_says_whom_it_lets_in(house):
    assert [endpoint for endpoint in PAGES if rule_of(house.app, endpoint) is None] == []


@pytest.mark.parametrize("endpoint", PAGES)
def test_who_is_not_signed_in_gets_to_no_page_but_that_of_signing_in(house, endpoint):
    page, rule = PAGES[endpoint], rule_of(house.app, endpoint)
    path = page.path.format(user_task="none", instance="none", incident="none")
    answer = house.app.test_client().open(path, method=page.method)

    if rule.who is Who.ANYONE:
        assert endpoint.startswith(("sign_in.", "pages.asset"))
    else:
        assert answer.status_code == 303 and answer.location.startswith("/login")


@pytest.mark.parametrize("unit_code", [OWN, OTHER])
@pytest.mark.parametrize("endpoint", [each for each in PAGES if each not in ENDS_THE_SESSION])
def test_a_page_is_there_for_those_who_may_see_it_and_for_nobody_else(house, endpoint, unit_code):
    page = PAGES[endpoint]
    if page.about is About.NOTHING and unit_code == OTHER:
        unit_code = OWN  # of no unit
    case = house.case(unit_code)
    statuses: dict[str, int] = {}
    for login in PEOPLE:
        statuses[login] = house.ask(login, page, case)
        if page.method != "GET":
            case = house.case(unit_code)

    for login, refusal in expected(page, unit_code).items():
        if refusal:
            assert statuses[login] == refusal, login
        else:
            # 403 and 409 are answers of the object itself: it is somebody else's to do, or not in that state
            assert statuses[login] < 500 and statuses[login] != 401, login
            assert statuses[login] != 404 or endpoint in ASKS_FOR_WHAT_IS_NOT_THERE, login


def test_a_change_on_a_page_without_its_token_is_refused(house):
    case = house.case(OWN)
    for endpoint, page in PAGES.items():
        if page.method == "POST" and not endpoint.startswith("sign_in."):
            answer = house.browsers["any.finance.perf.lead"].post(page.path.format(**case))
            assert answer.status_code == 403, endpoint
