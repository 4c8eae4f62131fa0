"""Cases and what people call them, both ways."""

from __future__ import annotations

import pytest

from processes.budget_performance.ledger.projects import object_of
from processes.budget_performance.ledger.rectifications import Opening, open_rectification
from processes.budget_performance.ledger.titles import PROJECTS, keys_called, titles
from tests.processes.office import NOW, TENANT, Office, office

__all__ = ["office"]


def test_every_case_of_a_project_is_found_by_a_part_of_its_name(office: Office):
    office.register("A05", project_name="河湖清淤与生态修复")
    office.register("A03", project_name="社区卫生服务能力提升")
    opening = Opening(project_code="A05", fiscal_year=2026, unit_code="2202", source="monitoring")
    number = open_rectification(office.connection, TENANT, opening, NOW)

    keys = keys_called(office.connection, TENANT, "清淤")

    assert {"PRJ:A05:2026", "GOAL-2026-A05", "EXA-2026-A05", "SELF-2026-A05", "APP-2026-A05"} < set(keys)
    assert {f"MON-2026-{month:02}-A05" for month in range(1, 13)} < set(keys)
    assert number in keys
    assert {object_of(key) for key in keys if key != number} == {("A05", 2026)}
    assert set(titles(office.connection, TENANT, keys).values()) == {"河湖清淤与生态修复"}


@pytest.mark.parametrize("words", ["A05", "a05", "Ａ０５", "ａ０５", " A05 "])
def test_every_case_of_a_project_is_found_by_its_code_in_any_case_and_width(office: Office, words: str):
    office.register("A05", project_name="河湖清淤与生态修复")
    office.register("A03", project_name="社区卫生服务能力提升")
    wanted, other = (
        open_rectification(
            office.connection, TENANT, Opening(project_code=code, fiscal_year=2026, unit_code="22", source="self"), NOW
        )
        for code in ("A05", "A03")
    )

    keys = set(keys_called(office.connection, TENANT, words))

    assert {"PRJ:A05:2026", "SELF-2026-A05", "MON-2026-08-A05", wanted} <= keys
    assert other not in keys and not [key for key in keys if "A03" in key]


def test_nothing_is_called_by_blanks(office: Office):
    office.register("A05")

    assert keys_called(office.connection, TENANT, "　") == ()


def test_an_urge_is_called_like_the_case_that_is_late(office: Office):
    office.register("A05", project_name="河湖清淤与生态修复")
    opening = Opening(project_code="A05", fiscal_year=2026, unit_code="2202", source="monitoring")
    late = f"{open_rectification(office.connection, TENANT, opening, NOW)}:plan"
    keys = [late, "MON-2026-08-A05:fill", "PRJ:A05:2026:mid-term-review", "RECT-2026-099:plan"]

    assert titles(office.connection, TENANT, keys) == dict.fromkeys(keys[:3], "河湖清淤与生态修复")


@pytest.mark.parametrize(("language", "title"), [("zh", "2027年预算"), ("en", "Budget 2027")])
def test_the_budget_of_a_year_is_called_so_in_the_language_of_the_reader(office: Office, language: str, title: str):
    office.register("A05", project_name="河湖清淤与生态修复")

    named = titles(office.connection, TENANT, ["BUD:2027", "BUD:2027:rank", "PRJ:A05:2026"], language)

    assert named == {"BUD:2027": title, "BUD:2027:rank": title, "PRJ:A05:2026": "河湖清淤与生态修复"}


def test_signs_of_the_database_are_words_like_others(office: Office):
    office.register("A05", project_name="河湖清淤")

    assert keys_called(office.connection, TENANT, "%") == ()
    assert keys_called(office.connection, TENANT, "河_") == ()


def test_words_that_many_projects_share_find_the_latest_only(office: Office):
    for number in range(PROJECTS + 2):
        office.register(f"X{number:02}", project_name=f"项目{number}")

    found = {object_of(key) for key in keys_called(office.connection, TENANT, "项目")}

    assert len(found) == PROJECTS
