"""Whom a form may name: by role, and of the unit whose case it is."""

from __future__ import annotations

from datetime import date

import pytest

from api.identity.directory import Directory, read_directory
from api.identity.naming import NamedPeople, people_to_choose
from engine.store.database import read_transaction
from tests.api.conftest import District
from tests.api.district import TENANT
from tests.forms.library import LIBRARY

#: As the receipt of a rectification has them.
RESPONSIBLE = LIBRARY.form("F-10-receipt").field("responsible")


@pytest.fixture
def directory(small_district: District) -> Directory:
    with read_transaction(small_district.database) as connection:
        return read_directory(connection, TENANT, date(2026, 9, 15))


@pytest.fixture
def named(small_district: District) -> NamedPeople:
    return NamedPeople(small_district.database, small_district.directories, small_district.clock, TENANT)


def test_people_of_the_unit_and_of_its_department_answer_for_a_rectification(directory: Directory) -> None:
    assert RESPONSIBLE.own_unit
    offered = people_to_choose(directory, RESPONSIBLE.roles, within="2101")

    assert {each.user_id for each in offered} == {"edu1.proj", "edu1.head", "edu.perf", "edu.head"}


def test_a_department_answers_with_its_own_people(directory: Directory) -> None:
    offered = people_to_choose(directory, RESPONSIBLE.roles, within="22")

    assert {each.user_id for each in offered} == {"health.head"}


def test_without_roles_a_unit_alone_decides(directory: Directory) -> None:
    assert {each.user_id for each in people_to_choose(directory, (), within="2201")} == {"health.head", "health.proj"}


@pytest.mark.parametrize(
    ("user_id", "within", "may"),
    [
        ("edu1.proj", "2101", True),
        ("edu.perf", "2101", True),
        ("health.proj", "2101", False),
        ("gov.lead", "2101", False),
        ("exp.a", "2101", False),
        ("nobody", "2101", False),
        ("health.proj", None, True),
    ],
)
def test_who_is_not_offered_is_refused(named: NamedPeople, user_id: str, within: str | None, may: bool) -> None:
    assert named.may_be_named(user_id, RESPONSIBLE.roles, within) is may
