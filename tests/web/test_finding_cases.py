"""Cases are found by what people call them, and lists say where each stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.office import Office

PROJECT = "义务教育薄弱环节改善"


@pytest.mark.parametrize("words", ["薄弱环节", "PRJ:A01", "prj:a01", "填报纠偏"])
def test_the_inbox_finds_work_by_project_name_code_and_step(office: Office, words: str):
    office.start()

    page = office.reader("edu1.proj").get(f"/inbox?list=claimable&text={words}").text

    assert PROJECT in page


@pytest.mark.parametrize("list_path", ["/inbox?list=claimable", "/instances?"])
def test_words_that_name_nothing_find_nothing(office: Office, list_path: str):
    office.start()

    page = office.reader("edu1.proj").get(f"{list_path}&text=排水管网").text

    assert PROJECT not in page
    assert "没有符合条件的" in page


def test_instances_are_found_by_project_name_and_say_which_step_they_are_at(office: Office):
    office.start()

    page = office.reader("edu1.proj").get("/instances?text=薄弱环节").text

    assert PROJECT in page
    assert "填报纠偏措施" in page
    assert "逾期" not in page


def test_a_late_step_is_told_as_late_in_the_list_of_instances(office: Office):
    office.start()
    office.clock.move_to(office.clock.now() + timedelta(days=14))

    assert "逾期" in office.reader("edu1.proj").get("/instances").text


def test_a_name_finds_nothing_out_of_sight(office: Office):
    office.start()

    assert PROJECT not in office.reader("health.proj").get("/instances?text=薄弱环节").text
