"""Choosing people by keyboard and by search, on a wide screen and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.commands import DeployDefinitions
from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import sign_in, violations
from tests.web.office import DESIGNER, Office
from tests.web.test_choosing_people import PANEL


def open_choice(office: Office, page: Page) -> None:
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"panel.bpmn": PANEL}))
    office.start_of("panel", "PANEL-1", "2101")
    sign_in(page, "edu.perf")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="choose").click()
    expect(page.locator('form[data-ready="yes"]')).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_people_are_found_chosen_and_sent_with_the_keyboard_alone(office: Office, page: Page, size: dict[str, int]):
    page.set_viewport_size(size)  # type: ignore[arg-type]
    open_choice(office, page)

    page.get_by_label("专家：查找人员").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.get_by_label("联系人：查找人员").focus()
    page.keyboard.type("医院")
    expect(page.locator('[data-people-offered] input[name="contact"]')).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")

    chosen = page.locator("[data-people-chosen] input:checked")
    expect(chosen).to_have_count(2)
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("button", name="提交").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    page.get_by_role("link", name="已办").click()
    page.get_by_role("link", name="choose").click()
    expect(page.locator('[data-given="experts"]')).to_have_text("专家A")
    expect(page.locator('[data-given="contact"]')).to_have_text("医院项目责任人")


def test_what_is_typed_into_the_search_is_no_part_of_the_form(office: Office, page: Page):
    open_choice(office, page)
    page.get_by_label("联系人：查找人员").fill("没有这个人")

    expect(page.get_by_text("没有找到可选的人员")).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("")
