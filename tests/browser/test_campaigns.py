"""The performance section opens a round: the form, what is said before it is done, and the list."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import sign_in, sign_in_again, violations
from tests.web.funded import fund, told
from tests.web.office import Office

NOTICE = "请各项目责任人填报八月监控表，十个工作日内完成。"


def is_sound(page: Page) -> None:
    """Nothing that axe-core finds, and nothing to be scrolled sideways."""
    assert violations(page) == []
    size = page.viewport_size
    assert size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_round_is_opened_after_a_look_at_whom_it_reaches_and_is_listed(
    office: Office, page: Page, size: dict[str, int]
):
    fund(office)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, "fin.perf")
    page.get_by_role("link", name="工作布置").click()
    is_sound(page)
    page.get_by_role("link", name="布置工作").click()

    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#faults").get_by_role("link")).to_have_count(3)
    is_sound(page)

    page.get_by_role("link", name="请填写布置通知").click()
    expect(page.get_by_label("布置通知")).to_be_focused()
    page.keyboard.insert_text(NOTICE)
    page.get_by_label("预算年度").select_option("2026")
    expect(page.get_by_label("监控轮次")).to_be_hidden()
    page.get_by_label("绩效运行监控").check()
    page.get_by_label("监控轮次").select_option(label="R3（数据截至 8 月 31 日）")
    page.get_by_label("区卫生健康局").check()
    page.get_by_role("button", name="下一步：核对").click()

    expect(page.get_by_text("将通知 1 个项目。")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("布置通知")).to_have_value(NOTICE)
    page.get_by_label("区卫生健康局").uncheck()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("将通知 2 个项目。")).to_be_visible()
    assert told(office) == []
    page.get_by_role("button", name="确认布置").click()

    expect(page.get_by_role("status")).to_have_text("已布置，通知了 2 个项目。")
    (row,) = page.get_by_role("table").locator("tbody tr").all()
    for words in ("绩效运行监控", "2026", "R3（数据截至 8 月 31 日）", "全部部门", "绩效科经办", "2026-09-15 10:00"):
        expect(row).to_contain_text(words)
    row.locator("summary").click()
    expect(row.get_by_text(NOTICE)).to_be_visible()
    is_sound(page)
    assert told(office) == ["round.open:MON-2026-08-A01", "round.open:MON-2026-08-A03"]


def test_a_notice_outlives_the_session_and_the_language_and_goes_when_it_is_taken(office: Office, page: Page):
    fund(office)
    sign_in(page, "fin.perf")
    page.goto("/campaigns/new")
    page.get_by_label("绩效运行监控").check()
    page.get_by_label("区卫生健康局").check()
    page.get_by_label("布置通知").fill(NOTICE)
    page.context.clear_cookies()
    page.get_by_role("button", name="下一步：核对").click()
    sign_in_again(page, "fin.perf")

    expect(page.get_by_label("布置通知")).to_have_value(NOTICE)
    expect(page.get_by_label("区卫生健康局")).to_be_checked()
    page.get_by_label("预算年度").select_option("2026")
    page.get_by_label("监控轮次").select_option(label="R3（数据截至 8 月 31 日）")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("将通知 1 个项目。")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#notice")).to_have_value(NOTICE)
    page.get_by_role("button", name="Next: check").click()
    page.get_by_role("button", name="Confirm and open").click()
    expect(page.get_by_role("heading", name="Campaigns")).to_be_visible()
    page.wait_for_load_state()
    page.goto("/campaigns/new")
    expect(page.locator("#notice")).to_have_value("")


def test_a_notice_that_is_too_long_is_told_and_not_cut(office: Office, page: Page):
    fund(office)
    sign_in(page, "fin.perf")
    page.goto("/campaigns/new")
    page.get_by_label("布置通知").fill("通" * 2100)
    page.get_by_role("button", name="下一步：核对").click()

    expect(page.get_by_label("布置通知")).to_have_value("通" * 2100)
    expect(page.locator("#notice-fault")).to_contain_text("2000")
