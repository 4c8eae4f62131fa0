"""A head of a school signs in one act what waits at one step: ticked on the list, looked at, sent, told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import sign_in, sign_in_again, violations
from tests.web.office import Office
from tests.web.signing import HEAD, signing_office, waiting

COMMENT = "同意按申请办理。"


@pytest.fixture
def office(sqlite_database_url: str, tmp_path: Path) -> Iterator[Office]:
    with signing_office(sqlite_database_url, tmp_path) as opened:
        yield opened


def is_sound(page: Page) -> None:
    """Nothing that axe-core finds, and nothing to be scrolled sideways."""
    assert violations(page) == []
    size = page.viewport_size
    assert size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_what_is_ticked_is_signed_and_what_is_refused_stays(office: Office, page: Page, size: dict[str, int]):
    waiting(office, 10, 500, 20)
    waiting(office, 30, 40, process="letters")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, HEAD)
    page.goto("/inbox?list=claimable")
    told, go = page.locator("[data-picked]"), page.get_by_role("button", name="一并签批…")
    expect(told).to_have_text("已选 0 项")
    expect(go).to_be_disabled()

    page.get_by_role("button", name="全选“函件签发”（2 项）").click()
    expect(told).to_have_text("已选 2 项")
    page.get_by_label("选择：单位签批，visas-1").focus()
    page.keyboard.press("Space")
    expect(told).to_contain_text("分属不同环节")
    expect(go).to_be_disabled()
    # of a list that comes anew what was ticked stays ticked, as far as it is still there
    page.get_by_label("查找").fill("visas")
    expect(page.get_by_role("link", name="函件签发")).to_have_count(0)
    expect(told).to_have_text("已选 1 项")
    # leaving the field sends the search once more
    with page.expect_response("**/inbox?*"):
        page.get_by_role("button", name="全选“单位签批”（3 项）").click()
    page.wait_for_load_state("networkidle")
    expect(told).to_have_text("已选 3 项")
    is_sound(page)
    go.click()

    expect(page.get_by_role("heading", name="一并签批 · 单位签批")).to_be_visible()
    send = page.locator("[data-count]")
    expect(send).to_have_text("签批所选 3 项")
    page.get_by_role("button", name="全不选").click()
    expect(send).to_be_disabled()
    page.get_by_role("button", name="全选", exact=True).click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="visas-2").click()
    expect(opened.value.get_by_role("heading", name="单位签批", level=1)).to_be_visible()
    opened.value.close()
    is_sound(page)
    send.click()

    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#faults")).to_contain_text("已签批 2 项。以下各项没有签批")
    expect(page.get_by_text("金额 500 万元，须说明理由。")).to_be_visible()
    expect(send).to_have_text("签批所选 1 项")
    is_sound(page)
    page.get_by_label("说明").fill(COMMENT)
    send.click()

    expect(page.get_by_role("status").first).to_have_text("已签批 1 项：单位签批。")
    expect(page.get_by_text("没有符合条件的事项")).to_be_visible()


def test_ticks_and_words_outlive_the_session_and_are_forgotten_when_all_is_signed(office: Office, page: Page):
    waiting(office, 10, 20)
    sign_in(page, HEAD)
    page.goto("/inbox?list=claimable")
    page.get_by_role("button", name="全选“单位签批”（2 项）").click()
    page.get_by_role("button", name="一并签批…").click()
    page.get_by_label("说明").fill(COMMENT)
    page.get_by_label("签批：visas-2").uncheck()
    page.context.clear_cookies()
    page.locator("[data-count]").click()
    sign_in_again(page, HEAD)

    expect(page.get_by_label("说明")).to_have_value(COMMENT)
    expect(page.get_by_label("签批：visas-2")).not_to_be_checked()
    expect(page.locator("[data-count]")).to_have_text("签批所选 1 项")
    page.locator("[data-count]").click()

    expect(page.get_by_role("status").first).to_have_text("已签批 1 项：单位签批。")
    assert page.evaluate("Object.keys(sessionStorage).filter(each => each.includes('/batch/'))") == []


def test_without_scripts_the_same_is_a_plain_form(office: Office, page: Page, browser: Browser, address: str):
    waiting(office, 10, 20)
    waiting(office, 30, 40, process="letters")
    sign_in(page, HEAD)
    context = browser.new_context(base_url=address, locale="zh-CN", java_script_enabled=False)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto("/inbox?list=claimable")
    expect(plain.get_by_role("button", name="全选“单位签批”（2 项）")).to_be_hidden()
    for box in plain.get_by_role("checkbox").all():
        box.check()
    plain.get_by_role("button", name="一并签批…").click()

    expect(plain.get_by_role("heading", name="所选事项分属不同环节")).to_be_visible()
    plain.get_by_role("link", name="单位签批（2 项）").click()
    plain.get_by_role("button", name="签批所选各项").click()

    expect(plain.get_by_role("status").first).to_have_text("已签批 2 项：单位签批。")
    context.close()
