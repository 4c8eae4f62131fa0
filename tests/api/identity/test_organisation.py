"""Bringing in units, people and posts; duties that must not meet in one person."""

from __future__ import annotations

import copy
from datetime import date

import pytest
from sqlalchemy import func, select

from api.identity.directory import read_directory
from api.identity.organisation import PostEntry, close_account, give_post, import_organisation, read_organisation
from api.identity.refusals import UnsoundOrganisation, UserNotFound
from api.identity.rights import actor_of
from api.identity.roles import DutiesNotSeparated, UnsoundRoleFile, read_role_file
from api.identity.tables import org_unit, post, user_account
from engine.store.database import read_transaction, write_transaction
from tests.api.district import CATALOGUE, CONTENT, NOW, ORGANISATION, TENANT

TODAY = date(2026, 9, 15)


def with_user(**entry):
    content = copy.deepcopy(CONTENT)
    content["users"].append({"title": "某人", "unit": "21", **entry})
    return content


def ids():
    number = 0

    def make() -> str:
        nonlocal number
        number += 1
        return f"post-{number}"

    return make


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("project_owner", "dept_perf"),
        ("finance_perf", "project_owner"),
        ("finance_treasury", "finance_director"),
        ("process_designer", "dept_perf"),
        ("sysadmin", "finance_perf"),
        ("sysadmin", "expert"),
    ],
)
def test_duties_that_control_each_other_are_not_united(one, other):
    posts = [{"role": one, "unit": "21"}, {"role": other, "unit": "22"}]

    with pytest.raises(DutiesNotSeparated, match=f"Expected both.hands not to hold both '{min(one, other)}' and"):
        read_organisation(with_user(username="both.hands", posts=posts), CATALOGUE)


def test_the_fault_of_united_duties_names_titles_and_reason_in_both_languages():
    posts = [{"role": "project_owner", "unit": "21"}, {"role": "dept_perf", "unit": "21"}]

    with pytest.raises(DutiesNotSeparated) as refusal:
        read_organisation(with_user(username="both.hands", posts=posts), CATALOGUE)

    (fault,) = refusal.value.faults
    assert fault["roles"] == ["部门绩效经办", "项目责任人"]
    assert fault["reason"] == "填报项目的人不得审核项目"
    assert fault["reason_en"] == "who files a project may not review it"


def test_the_same_duties_one_after_the_other_are_allowed():
    posts = [
        {"role": "project_owner", "unit": "21", "active_until": "2026-05-31"},
        {"role": "dept_perf", "unit": "21", "active_from": "2026-06-01"},
    ]

    organisation = read_organisation(with_user(username="moved.on", posts=posts), CATALOGUE)

    assert [entry.role for entry in organisation.posts if entry.user_id == "moved.on"] == ["project_owner", "dept_perf"]


def test_designer_and_administrator_may_be_one_person():
    posts = [{"role": "process_designer", "unit": "1002"}, {"role": "sysadmin", "unit": "1002"}]

    read_organisation(with_user(username="tech.one", posts=posts), CATALOGUE)


def test_a_second_post_is_refused_by_what_the_database_holds_already(district):
    entry = PostEntry(user_id="edu1.proj", role="dept_perf", unit="21")

    with pytest.raises(DutiesNotSeparated), write_transaction(district.database) as connection:
        give_post(connection, TENANT, entry, CATALOGUE, ids())

    with read_transaction(district.database) as connection:
        held = read_directory(connection, TENANT, TODAY).people["edu1.proj"].posts
    assert held == (("project_owner", "2101"),)


def test_one_person_may_hold_several_posts_and_sees_by_all_of_them(district):
    with write_transaction(district.database) as connection:
        give_post(connection, TENANT, PostEntry(user_id="edu1.head", role="unit_head", unit="2201"), CATALOGUE, ids())

    with read_transaction(district.database) as connection:
        directory = read_directory(connection, TENANT, TODAY)
    actor = actor_of(directory.people["edu1.head"], directory, CATALOGUE, TENANT)
    assert actor.groups == {"unit_head@2101", "unit_head@2201"}
    assert actor.visible_units == {"2101", "2201"}


def test_a_post_counts_from_its_first_to_its_last_day(district):
    entry = PostEntry(
        user_id="exp.a", role="third_party", unit="22", active_from=date(2026, 9, 1), active_until=date(2026, 9, 15)
    )
    with write_transaction(district.database) as connection:
        give_post(connection, TENANT, entry, CATALOGUE, ids())

    with read_transaction(district.database) as connection:
        days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 15), date(2026, 9, 16)]
        held = [("third_party", "22") in read_directory(connection, TENANT, day).people["exp.a"].posts for day in days]
    assert held == [False, True, True, False]


def test_importing_twice_changes_nothing(district):
    with write_transaction(district.database) as connection:
        import_organisation(connection, TENANT, ORGANISATION, CATALOGUE, ids(), NOW)
        counts = [
            connection.scalar(select(func.count()).select_from(table)) for table in (org_unit, user_account, post)
        ]

    assert counts == [12, 16, 16]


def test_all_faults_of_an_organisation_are_told_at_once():
    content = with_user(username="Not A Login", role="wizard")
    content["units"].append({"code": "77", "name": "甲", "kind": "unit", "parent": "78"})
    content["units"].append({"code": "78", "name": "乙", "kind": "unit", "parent": "77"})
    content["divisions"]["1003"].append("99")

    with pytest.raises(UnsoundOrganisation) as refusal:
        read_organisation(content, CATALOGUE)

    found = [(fault["code"], fault["path"]) for fault in refusal.value.faults]
    assert found == [
        ("unsound-key", "Not A Login"),
        ("unknown-unit", "1003"),
        ("unknown-role", "Not A Login"),
        ("unit-circle", "77"),
        ("unit-circle", "78"),
    ]


@pytest.mark.parametrize("content", [{"units": [{"code": "1"}]}, {"users": [1]}, {"divisions": []}])
def test_a_mapping_of_another_shape_is_refused(content):
    with pytest.raises(UnsoundOrganisation):
        read_organisation(content, CATALOGUE)


def test_an_account_that_is_not_there_cannot_be_closed(district):
    with pytest.raises(UserNotFound), write_transaction(district.database) as connection:
        close_account(connection, TENANT, "nobody.here")


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("gov.lead", None),
        ("fin.perf", None),
        ("audit.staff", None),
        ("fin.div1", {"21", "2101", "2102"}),
        ("edu.perf", {"21", "2101", "2102"}),
        ("edu1.proj", {"2101"}),
        ("exp.a", set()),
        ("disc.recv", set()),
        ("admin", set()),
        ("designer", set()),
    ],
)
def test_the_data_scope_of_each_role(small_district, login, expected):
    with read_transaction(small_district.database) as connection:
        directory = read_directory(connection, TENANT, TODAY)

    assert actor_of(directory.people[login], directory, CATALOGUE, TENANT).visible_units == expected


def test_rights_of_the_technical_roles(small_district):
    with read_transaction(small_district.database) as connection:
        directory = read_directory(connection, TENANT, TODAY)

    rights = {
        login: actor_of(directory.people[login], directory, CATALOGUE, TENANT).permissions
        for login in ("designer", "admin")
    }
    assert rights == {"designer": {"deploy", "start"}, "admin": {"administer", "operate", "oversee", "work"}}


def test_a_role_file_tells_all_its_faults(tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text(
        """
[role.a]
zh = "甲"
en = "A"
sort = "business"
found = "unit"
scope = "all"
permissions = ["fly"]
[role.b]
zh = "乙"
en = "B"
sort = "business"
found = "nowhere"
scope = "all"
permissions = []
[role.c]
zh = "丙"
en = "C"
sort = "business"
found = "district"
scope = "all"
stand_in = "x"
permissions = []
""",
        encoding="utf-8",
    )

    with pytest.raises(UnsoundRoleFile) as refusal:
        read_role_file(path)

    assert [(fault["code"], fault["path"]) for fault in refusal.value.faults] == [
        ("unsound-role", "a"),
        ("unsound-role", "b"),
        ("unknown-role", "x"),
    ]
