"""What was submitted is taken back, and asked for, by two people in two browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.commands import DeployDefinitions
from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import open_measure, sign_in, violations
from tests.web.office import DESIGNER, Office
from tests.withdrawing import answering

CAUSE = "供应商两次流标，采购没有完成。"


@pytest.fixture
def reviewer(browser: Browser, address: str) -> Iterator[Page]:
    """The window of the department's reviewer."""
    context = browser.new_context(viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=address)
    window = context.new_page()
    sign_in(window, "edu.perf")
    yield window
    context.close()


def submit(page: Page) -> None:
    page.get_by_label("偏差原因").fill(CAUSE)
    page.get_by_label("经费保障").check()
    page.get_by_label("措施内容").first.fill("重新招标")
    page.get_by_label("分值", exact=True).first.fill("100")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交：填报纠偏措施。")).to_be_visible()


def looks_sound(page: Page, size: dict[str, int]) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_it_is_taken_back_from_the_list_and_gone_on_with(office: Office, page: Page, size: dict[str, int]) -> None:
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    submit(page)
    page.get_by_role("link", name="看提交的内容").click()
    page.get_by_role("button", name="撤回…", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("审核人还没有打开")).to_be_visible()
    looks_sound(page, size)
    dialog.get_by_label("撤回原因").fill("数字还要核对")
    dialog.get_by_role("button", name="撤回", exact=True).click()

    expect(page.get_by_text("已撤回，请接着办理")).to_be_visible()
    expect(page.get_by_label("偏差原因")).to_have_value(CAUSE)
    looks_sound(page, size)
    page.get_by_label("偏差原因").fill(f"{CAUSE}六月重新招标。")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交：填报纠偏措施。")).to_be_visible()


def test_opened_meanwhile_it_is_asked_for_answered_and_gone_on_with(
    office: Office, page: Page, reviewer: Page
) -> None:
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"withdrawal.bpmn": answering()}))
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    submit(page)
    page.get_by_role("link", name="看提交的内容").click()
    page.get_by_role("button", name="撤回…", exact=True).click()
    # while the submitter thinks of a reason, the reviewer opens the review
    reviewer.goto("/inbox?list=claimable")
    reviewer.get_by_role("link", name="部门审核措施").click()
    expect(reviewer.get_by_role("heading", name="部门审核措施")).to_be_visible()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("撤回原因").fill("附件传错，需要更换")
    dialog.get_by_role("button", name="撤回", exact=True).click()

    # the dialog stands open with what was typed, and asks now
    expect(dialog.get_by_text("教育局绩效经办已于")).to_be_visible()
    expect(dialog.get_by_label("申请理由")).to_have_value("附件传错，需要更换")
    looks_sound(page, WIDE)
    dialog.get_by_role("button", name="申请撤回", exact=True).click()
    expect(page.get_by_text("申请撤回，等待审核人答复")).to_be_visible()

    reviewer.reload()
    expect(reviewer.locator(".said")).to_have_text("附件传错，需要更换")
    looks_sound(reviewer, WIDE)
    reviewer.get_by_role("link", name="去答复").click()
    expect(reviewer.get_by_text("申请撤回的环节：填报纠偏措施")).to_be_visible()
