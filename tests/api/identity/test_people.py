"""Who gets a user task: every way that PROCESSES and ORG name, and what is told about it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from api.identity.directory import Directory, read_directory
from api.identity.organisation import mark_changed
from api.identity.people import People, resolve
from api.identity.tables import user_account
from engine.model.ports import RoutingRequest
from engine.store.database import read_transaction, write_transaction
from tests.api.conftest import District
from tests.api.district import CATALOGUE, TENANT

TODAY = date(2026, 9, 15)


def request(*groups: str, unit: str | None = "2101", assignee: str | None = None, users: tuple[str, ...] = ()):
    return RoutingRequest(
        tenant_id=TENANT, assignee=assignee, candidate_groups=groups, candidate_users=users, unit_code=unit
    )


@pytest.fixture
def directory(small_district: District) -> Directory:
    with read_transaction(small_district.database) as connection:
        return read_directory(connection, TENANT, TODAY)


@pytest.mark.parametrize(
    ("role", "unit", "group"),
    [
        pytest.param("project_owner", "2101", "project_owner@2101", id="in the object's own unit"),
        pytest.param("dept_perf", "2101", "dept_perf@21", id="a role of the department is found above the unit"),
        pytest.param("dept_perf", "21", "dept_perf@21", id="and in the department itself"),
        pytest.param("finance_division", "2101", "finance_division@1003", id="the division that looks after it"),
        pytest.param("finance_perf", "2101", "finance_perf@1002", id="a role of the whole district"),
        pytest.param("finance_perf@1002", None, "finance_perf@1002", id="a group given in full"),
        pytest.param("unit_head", "2201", "dept_head@22", id="vacant head of a unit: the department's head"),
        pytest.param("unit_head", "21", "dept_head@21", id="own project of a department: its head signs"),
        pytest.param("project_owner", "2102", "dept_head@21", id="vacant owner: the nearest head"),
        pytest.param("dept_perf", "2201", "dept_head@22", id="vacant officer: the head of the same department"),
        pytest.param("finance_division", "2201", "finance_director@10", id="vacant division: head of the bureau"),
        pytest.param("finance_budget", "2101", "finance_director@10", id="vacant in the district: its stand-in"),
        pytest.param("supervisor", "2101", "district_leader@00", id="stand-in of the office"),
        pytest.param("dept_perf", None, "dept_perf@21", id="an object without unit: wherever the role is held"),
    ],
)
def test_a_role_finds_its_group(directory, role, unit, group):
    assert resolve(directory, CATALOGUE, request(role, unit=unit)).groups == (group,)


def test_a_vacant_role_of_the_department_is_not_left_to_the_head_of_a_unit_below(small_district):
    with write_transaction(small_district.database) as connection:
        here = (user_account.c.tenant_id == TENANT, user_account.c.user_id == "edu.perf")
        connection.execute(update(user_account).where(*here).values(closed=True))
        directory = read_directory(connection, TENANT, TODAY)

    assert resolve(directory, CATALOGUE, request("dept_perf", unit="2101")).groups == ("dept_head@21",)


@pytest.mark.parametrize(
    ("role", "unit", "reason"),
    [
        ("wizard", "2101", "unknown role"),
        ("dept_perf", "9999", "unknown unit"),
        ("finance_division", "0004", "no division looks after this unit"),
        ("npc_observer", "2101", "vacant"),
        ("project_owner", "0004", "no unit above has a head"),
    ],
)
def test_nobody_found_is_an_answer_with_its_reason(directory, role, unit, reason):
    routing = resolve(directory, CATALOGUE, request(role, unit=unit))

    assert (routing.assignee, routing.groups, routing.users) == (None, (), ())
    assert reason in [step["skipped"] for step in routing.explanation]
    assert routing.explanation[-1]["rule"] == "nobody"


def test_a_person_whom_the_diagram_names_comes_before_the_groups(directory):
    routing = resolve(directory, CATALOGUE, request("dept_perf", assignee="edu1.proj"))

    assert (routing.assignee, routing.groups) == ("edu1.proj", ())


def test_a_named_person_without_an_open_account_is_skipped_and_the_groups_count(directory):
    routing = resolve(directory, CATALOGUE, request("dept_perf", assignee="nobody.here"))

    assert (routing.assignee, routing.groups) == (None, ("dept_perf@21",))
    assert routing.explanation[0]["skipped"] == "no open account: nobody.here"


def test_candidate_users_and_groups_stand_side_by_side(directory):
    routing = resolve(directory, CATALOGUE, request("dept_perf", "finance_perf", users=("exp.a", "exp.z")))

    assert routing.users == ("exp.a",)
    assert routing.groups == ("dept_perf@21", "finance_perf@1002")


def test_the_explanation_tells_every_attempt_in_order(directory):
    routing = resolve(directory, CATALOGUE, request("unit_head", unit="2201"))

    assert routing.explanation == (
        {"rule": "unit", "role": "unit_head", "unit": "2201", "found": [], "skipped": "vacant"},
        {"rule": "head", "role": "dept_head", "unit": "22", "found": ["health.head"], "skipped": ""},
    )


def test_routing_follows_a_change_of_posts_at_once(district):
    people = People(CATALOGUE, district.directories, district.clock)
    with read_transaction(district.database) as connection:
        before = people.route(connection, request("dept_perf"))
    with write_transaction(district.database) as connection:
        here = (user_account.c.tenant_id == TENANT, user_account.c.user_id == "edu.perf")
        connection.execute(update(user_account).where(*here).values(closed=True))
        mark_changed(connection, TENANT)
        after = people.route(connection, request("dept_perf"))

    assert (before.groups, after.groups) == (("dept_perf@21",), ("dept_head@21",))


def test_a_change_that_was_undone_leaves_no_trace_in_the_directory(district):
    people = People(CATALOGUE, district.directories, district.clock)

    def close_and_fail():
        with write_transaction(district.database) as connection:
            here = (user_account.c.tenant_id == TENANT, user_account.c.user_id == "edu.perf")
            connection.execute(update(user_account).where(*here).values(closed=True))
            mark_changed(connection, TENANT)
            people.route(connection, request("dept_perf"))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        close_and_fail()

    with write_transaction(district.database) as connection:
        mark_changed(connection, TENANT)
        assert people.route(connection, request("dept_perf")).groups == ("dept_perf@21",)


def test_an_unchanged_directory_costs_one_statement(district, counted):
    people = People(CATALOGUE, district.directories, district.clock)
    with read_transaction(district.database) as connection:
        people.route(connection, request("dept_perf"))
    with counted(district.database) as statements, read_transaction(district.database) as connection:
        people.route(connection, request("finance_division", "unit_head"))

    assert len(statements) == 1
