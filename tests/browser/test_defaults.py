"""What a field is that nobody fills in (`x-default`): shown where it stands, and never put over what a person chose.

Form F-01: whether an indicator accumulates or is a state follows from its unit, unless the declaration says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.commands import DeployDefinitions
from forms.schema import read_forms
from tests.browser.visiting import sign_in, violations
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office, open_office

GOALS = bpmn(
    "goals",
    '<startEvent id="start"/>'
    + user_task("fill", groups="project_owner", attributes='camunda:formKey="F-01"').replace(
        'name="fill"', 'name="填报绩效目标"'
    )
    + '<endEvent id="end"/>'
    + flows("start fill", "fill end"),
)


@pytest.fixture
def office(sqlite_database_url: str, tmp_path: Path) -> Iterator[Office]:
    forms = [form for form in read_forms() if form.key == "F-01"]
    with open_office(sqlite_database_url, tmp_path, forms) as opened:
        yield opened


@pytest.fixture
def goals(office: Office, page: Page) -> Page:
    """The declaration of goals, to be filled in."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"goals.bpmn": GOALS}))
    office.start_of("goals", "GOAL-2026-A01", "2101")
    sign_in(page, "edu1.proj")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="填报绩效目标").click()
    ready(page)
    return page


def ready(page: Page) -> None:
    expect(page.locator('form[data-live-ready="yes"]')).to_be_visible()


def reopen(page: Page) -> None:
    """As somebody does who comes back to what the server has kept."""
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="填报绩效目标").click()
    ready(page)


def cell(page: Page, column: str, row: int = 0) -> Locator:
    return page.locator(f'[name="indicators/{row}/{column}"]')


def kind(page: Page, row: int = 0) -> Locator:
    """What a person reads in the field whether the indicator accumulates."""
    return cell(page, "accumulation", row).locator("option:checked")


def test_the_default_stands_in_the_field_and_follows_what_is_typed(goals: Page):
    expect(kind(goals)).to_have_text("")

    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("间")
    expect(kind(goals)).to_have_text("默认：累计型")
    cell(goals, "unit_name").fill("%")
    expect(kind(goals)).to_have_text("默认：状态型")
    cell(goals, "unit_name").fill("")
    expect(kind(goals)).to_have_text("")
    cell(goals, "nature").select_option("qualitative")

    expect(kind(goals)).to_have_text("默认：状态型")
    expect(cell(goals, "accumulation")).to_have_value("")
    assert violations(goals) == []


def test_a_default_that_nobody_chose_is_still_one_after_reopening(goals: Page):
    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("间")
    reopen(goals)

    expect(kind(goals)).to_have_text("默认：累计型")
    expect(cell(goals, "accumulation")).to_have_value("")
    cell(goals, "unit_name").fill("%")
    expect(kind(goals)).to_have_text("默认：状态型")


def test_what_a_person_chose_is_not_overwritten_by_the_default(goals: Page):
    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("%")
    expect(kind(goals)).to_have_text("默认：状态型")
    cell(goals, "accumulation").select_option("cumulative")
    cell(goals, "unit_name").fill("分")
    expect(kind(goals)).to_have_text("累计型")
    reopen(goals)

    expect(cell(goals, "unit_name")).to_have_value("分")
    expect(kind(goals)).to_have_text("累计型")
    cell(goals, "unit_name").fill("级")
    expect(goals.locator("[data-saved]")).to_have_text("草稿已保存")
    expect(kind(goals)).to_have_text("累计型")
    expect(cell(goals, "accumulation")).to_have_value("cumulative")


def test_whoever_empties_the_field_has_the_default_again(goals: Page):
    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("间")
    cell(goals, "accumulation").select_option("state")
    expect(kind(goals)).to_have_text("状态型")
    reopen(goals)

    cell(goals, "accumulation").select_option("")
    expect(kind(goals)).to_have_text("默认：累计型")
    reopen(goals)
    expect(kind(goals)).to_have_text("默认：累计型")


def test_each_row_has_its_own_and_what_was_chosen_stays_with_its_row(goals: Page):
    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("间")
    cell(goals, "accumulation").select_option("state")
    goals.locator('[data-add-row="indicators"]').click()
    cell(goals, "nature", 1).select_option("<=")
    cell(goals, "unit_name", 1).fill("元/米")
    expect(kind(goals, 1)).to_have_text("默认：状态型")
    cell(goals, "unit_name", 1).fill("公里")
    reopen(goals)

    expect(kind(goals)).to_have_text("状态型")
    expect(kind(goals, 1)).to_have_text("默认：累计型")


def test_a_field_with_a_default_is_not_missed_on_submission(goals: Page):
    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("间")
    goals.get_by_role("button", name="提交").click()

    expect(goals.locator("#faults")).to_be_visible()
    ready(goals)
    expect(cell(goals, "target")).to_have_attribute("aria-invalid", "true")
    expect(cell(goals, "accumulation")).not_to_have_attribute("aria-invalid", "true")
    expect(kind(goals)).to_have_text("默认：累计型")


def test_the_default_speaks_english_to_who_reads_english(goals: Page):
    goals.get_by_role("button", name="English").click()
    ready(goals)
    cell(goals, "nature").select_option(">=")
    cell(goals, "unit_name").fill("间")

    expect(kind(goals)).to_have_text("By default: Cumulative")
