"""A whole installation, as it runs: tables, packages, doors, pages, ticker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from api.bootstrap import Installation, application, bring_up_to_date, new_ticker, open_installation
from api.identity.gate import Who, rule_of
from api.identity.organisation import import_organisation
from api.identity.passwords import Passwords
from api.identity.roles import DataScope, Role, RoleCatalogue, UnsoundRoleFile, merged
from api.settings import load_settings
from engine.model.actor import system_actor
from engine.model.clock import FixedClock
from engine.queries import definition_detail, definitions
from engine.store.database import read_transaction, write_transaction
from tests.api.conftest import CHEAP
from tests.api.district import CATALOGUE, NOW, ORGANISATION, PASSWORD


@pytest.fixture
def installation(database_url: str, tmp_path) -> Iterator[Installation]:
    settings = load_settings({"var_dir": tmp_path, "database_url": database_url, "second_opinion": False}, {})
    made = open_installation(settings, clock=FixedClock(NOW), passwords=Passwords(CHEAP))
    yield made
    made.close()


def test_a_new_database_is_brought_up_to_date_once(installation):
    steps: list[list[str]] = [[], []]
    for told in steps:
        bring_up_to_date(installation, told.append)

    assert steps == [["tables", "calendar", "budget_performance"], ["tables", "calendar"]]


def test_the_packages_are_deployed_as_their_first_version(installation):
    bring_up_to_date(installation)
    found = installation.dispatcher.query(definitions, system_actor("default"))

    assert {"rectification", "dual_monitoring"} <= {item.key for item in found}
    assert {item.version for item in found} == {1}


def test_the_calendar_knows_the_years_around_today(installation):
    bring_up_to_date(installation)

    with read_transaction(installation.database) as connection:
        calendar = installation.rules.calendar(connection)
    # a make-up Sunday of 2026
    assert calendar.is_working(date(2026, 9, 20))
    assert calendar.version.split()[0] == "2024"


def test_every_route_of_the_whole_application_says_whom_it_lets_in(installation):
    bring_up_to_date(installation)
    app = application(installation)

    without = {rule.endpoint for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) is None}
    assert without == set()


def test_no_page_lets_in_who_is_unknown(installation):
    """Every GET route of the pages, with ids that do not exist: to the sign-in page, or not found."""
    bring_up_to_date(installation)
    app = application(installation)
    client = app.test_client(use_cookies=False)
    open_pages = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/api/", "/livez", "/readyz")):
            continue
        path = app.url_map.bind("localhost").build(
            rule.endpoint, dict.fromkeys(rule.arguments, "none"), force_external=False
        )
        answer = client.get(path)
        if rule_of(app, rule.endpoint).who is Who.ANYONE:
            open_pages.append(rule.endpoint)
        else:
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/login"), rule.endpoint
    assert set(open_pages) <= {"sign_in.show", "pages.asset"}


def test_programs_and_people_get_their_own_refusals(installation):
    bring_up_to_date(installation)
    client = application(installation).test_client()

    kinds = {path: client.get(path).mimetype for path in ("/api/v1/nowhere", "/api/v1/user-tasks", "/nowhere")}

    assert kinds == {
        "/api/v1/nowhere": "application/problem+json",
        "/api/v1/user-tasks": "application/problem+json",
        "/nowhere": "text/html",
    }


def test_a_person_signs_in_on_the_page_and_out_again(installation):
    bring_up_to_date(installation)
    with write_transaction(installation.database) as connection:
        make_id = lambda: installation.ids.make(NOW)  # noqa: E731
        import_organisation(connection, "default", ORGANISATION, CATALOGUE, make_id, NOW)
    installation.identity.front_desk.set_password("edu.perf", PASSWORD)
    client = application(installation).test_client()

    signed_in = client.post("/login", data={"account": "edu.perf", "password": PASSWORD})
    inbox = client.get(signed_in.headers["Location"])

    assert (signed_in.status_code, inbox.status_code) == (303, 200)
    assert "教育局绩效经办" in inbox.text


def test_readiness_counts_the_ticker_of_this_process(installation):
    bring_up_to_date(installation)
    ticker = new_ticker(installation)
    client = application(installation, ticker=ticker).test_client()

    before = client.get("/readyz")
    ticker._knock()
    after = client.get("/readyz")

    assert (before.status_code, before.json["checks"]["ticker"]) == (503, False)
    assert after.json == {
        "status": "ok",
        "checks": {"database": True, "disk": True, "migrations": True, "ticker": True},
    }


def test_a_database_of_another_version_is_not_ready(installation):
    client = application(installation).test_client()

    assert client.get("/readyz").json["checks"]["migrations"] is False


def test_packages_must_agree_on_a_role():
    changed = {**CATALOGUE.roles, "expert": _with_scope(CATALOGUE.roles["expert"], DataScope.ALL)}

    assert merged([CATALOGUE, CATALOGUE]) == CATALOGUE
    with pytest.raises(UnsoundRoleFile, match="Expected packages to agree on role 'expert'"):
        merged([CATALOGUE, RoleCatalogue(roles=changed)])


def _with_scope(role: Role, scope: DataScope) -> Role:
    return Role(**{**{name: getattr(role, name) for name in role.__dataclass_fields__}, "scope": scope})


def test_the_diagrams_of_the_packages_name_only_what_the_house_knows(installation):
    bring_up_to_date(installation)
    told = [
        (entry["severity"], entry["code"], item.key, entry["element_id"])
        for item in installation.dispatcher.query(definitions, system_actor("default"))
        for entry in installation.dispatcher.query(definition_detail, system_actor("default"), item.key).report
        if entry["severity"] != "info"
    ]

    assert told == [("warning", "lint-no-default", "result_application", "uses")]
