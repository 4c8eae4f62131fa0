"""Colleagues are asked for opinions, and a case is talked about, by two people in two browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.commands import DeployDefinitions
from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import open_measure, sign_in, sign_in_again, violations
from tests.opining import opining
from tests.web.office import DESIGNER, Office

QUESTION = "流标原因是否属实？"


@pytest.fixture
def head(browser: Browser, address: str) -> Iterator[Page]:
    """The window of the head of the school."""
    context = browser.new_context(viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=address)
    window = context.new_page()
    sign_in(window, "edu1.head")
    yield window
    context.close()


def looks_sound(page: Page, size: dict[str, int]) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def begin(office: Office, page: Page) -> None:
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"opinion.bpmn": opining()}))
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_people_are_found_asked_and_shown_beside_the_work(
    office: Office, page: Page, head: Page, size: dict[str, int]
) -> None:
    begin(office, page)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.get_by_label("偏差原因").fill("供应商两次流标")
    page.get_by_role("button", name="征求意见…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="示范一中校长").check()
    dialog.get_by_role("searchbox").fill("fin.dir")
    dialog.get_by_role("checkbox", name="财政局局长").check()
    expect(dialog.get_by_role("list", name="已选").get_by_role("checkbox")).to_have_count(2)
    dialog.get_by_label("问题").fill(QUESTION)
    looks_sound(page, size)
    dialog.get_by_role("button", name="征求意见", exact=True).click()

    expect(page.get_by_text("已征求意见。事项仍由您办理")).to_be_visible()
    expect(page.get_by_text("待提出")).to_have_count(2)
    # what was typed into the work meanwhile is still there
    expect(page.get_by_label("偏差原因")).to_have_value("供应商两次流标")
    looks_sound(page, size)

    head.goto("/inbox")
    head.set_viewport_size(size)  # type: ignore[arg-type]
    head.get_by_role("link", name="give").click()
    expect(head.get_by_role("link", name="填报纠偏措施")).to_be_visible()
    looks_sound(head, size)


def test_nothing_typed_is_lost_when_the_session_ends(office: Office, page: Page) -> None:
    begin(office, page)
    page.get_by_role("button", name="征求意见…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("fin.dir")
    dialog.get_by_role("checkbox", name="财政局局长").check()
    dialog.get_by_role("searchbox").fill("nobody at all")
    dialog.get_by_label("问题").fill(QUESTION)
    page.context.clear_cookies()
    dialog.get_by_role("button", name="征求意见", exact=True).click()
    sign_in_again(page)

    # it was sent and did not arrive: the dialog stands open with the people who were searched for, too
    expect(dialog.get_by_label("问题")).to_have_value(QUESTION)
    expect(dialog.get_by_role("checkbox", name="财政局局长")).to_be_checked()
    dialog.get_by_role("button", name="征求意见", exact=True).click()
    expect(page.get_by_text("待提出")).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="征求意见…").click()
    expect(dialog.get_by_label("问题")).to_have_value("")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_case_is_talked_about_on_both_its_pages(
    office: Office, page: Page, head: Page, size: dict[str, int]
) -> None:
    begin(office, page)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.get_by_label("说一句").fill("合同附件在哪里？")
    # the window keeps it, whatever happens
    page.reload()
    expect(page.get_by_label("说一句")).to_have_value("合同附件在哪里？")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("已发出。")).to_be_visible()
    expect(page.get_by_label("说一句")).to_have_value("")
    expect(page.locator("#comments .said")).to_have_text("合同附件在哪里？")
    looks_sound(page, size)

    head.set_viewport_size(size)  # type: ignore[arg-type]
    head.goto("/instances")
    head.get_by_role("link", name="义务教育薄弱环节改善").first.click()
    head.get_by_label("说一句").fill("见附件二。\n\n第三页有清单。")
    head.get_by_role("button", name="发出").click()
    expect(head.locator("#comments .said")).to_have_count(2)
    looks_sound(head, size)
    page.reload()
    expect(page.locator("#comments .said").last).to_have_text("见附件二。\n\n第三页有清单。")


def test_what_was_typed_into_the_work_just_before_is_not_lost(office: Office, page: Page) -> None:
    begin(office, page)
    page.get_by_label("说一句").fill("合同附件在哪里？")
    # no pause, in which the draft would be kept by itself
    page.get_by_label("偏差原因").fill("供应商两次流标")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("已发出。")).to_be_visible()
    expect(page.get_by_label("偏差原因")).to_have_value("供应商两次流标")
