"""Giving work to a colleague, at a desk and on a telephone: the list that is searched, and what a refusal leaves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import sign_in, violations
from tests.web.office import Office
from tests.web.test_transferring import hire

NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八")
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])


@pytest.fixture
def path(office: Office) -> str:
    """Of a piece of work in a school with many people."""
    hire(office, *((f"edu1.p{number}", name, "2101", "project_owner") for number, name in enumerate(NAMES)))
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{path}/claim")
    return path


def open_dialog(page: Page, path: str) -> None:
    sign_in(page, "edu1.head")
    page.goto(path)
    page.get_by_role("button", name="转办…").click()


@SIZES
def test_a_colleague_is_searched_chosen_and_given_the_work(office: Office, page: Page, path: str, size: dict[str, int]):
    page.set_viewport_size(size)  # type: ignore[arg-type]
    open_dialog(page, path)
    expect(page.get_by_role("radio")).to_have_count(9)
    assert violations(page) == []

    page.get_by_role("searchbox").fill("郑")
    # Enter in the search sends nothing
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.get_by_role("radio", name="郑七").check()
    page.get_by_role("searchbox").fill("没有这个人")
    # who is chosen stays in sight
    expect(page.get_by_role("radio", name="郑七")).to_be_visible()
    page.get_by_label("转办原因").fill("病假两周")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("dialog").get_by_role("button", name="转办", exact=True).click()

    expect(page.get_by_text("已转给 郑七 办理。")).to_be_visible()
    # nothing of it is left in the window, and nothing opens by itself
    page.reload()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="转办…").click()
    expect(page.get_by_label("转办原因")).to_have_value("")


def test_after_a_refusal_the_page_is_the_work_and_the_words_are_there(office: Office, page: Page, path: str):
    open_dialog(page, path)
    page.get_by_role("radio", name="孙三").check()
    page.get_by_label("转办原因").fill("假")
    page.evaluate("document.querySelector('#transfer-dialog form').noValidate = true")
    page.get_by_role("dialog").get_by_role("button", name="转办", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("转办原因应有 2 至 500 个字，现有 1 个。")
    expect(dialog.get_by_role("radio", name="孙三")).to_be_checked()
    assert page.url.endswith(path)

    page.reload()

    expect(page.get_by_label("转办原因")).to_have_value("假")
    expect(page.get_by_role("radio", name="孙三")).to_be_checked()
