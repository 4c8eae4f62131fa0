"""Arranging a stand-in in a browser, at two widths: found, refused without loss, in force, and ended early."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import sign_in, sign_in_again, violations
from tests.web.office import Office

OWNER, HEAD = "示范一中项目责任人", "示范一中校长"


def is_sound(page: Page) -> None:
    """Nothing that axe-core finds, and nothing to be scrolled sideways."""
    assert violations(page) == []
    size = page.viewport_size
    assert size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def open_form(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link", name=OWNER).click()
    is_sound(page)
    page.get_by_role("link", name="安排我的代办").click()
    expect(page.locator('form[data-ready="yes"]')).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_stand_in_is_arranged_does_the_work_and_is_ended_early(office: Office, page: Page, size: dict[str, int]):
    office.start()
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, "edu1.proj")
    open_form(page)
    page.get_by_label("第一天").fill("2026-09-15")
    page.get_by_role("searchbox", name="代办人").fill("校长")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.get_by_role("radio", name=HEAD).check()
    page.get_by_role("button", name="安排代办").click()

    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#faults").get_by_role("link")).to_have_count(2)
    is_sound(page)
    expect(page.get_by_label("第一天")).to_have_value("2026-09-15")
    expect(page.get_by_role("radio", name=HEAD)).to_be_checked()
    page.get_by_label("最后一天（含）").fill("2026-09-18")
    page.get_by_label("原因").fill("外出培训")
    page.get_by_role("button", name="安排代办").click()

    expect(page.get_by_role("status")).to_have_text(f"已安排：{OWNER} 2026-09-15 至 2026-09-18 由{HEAD}代办。")
    is_sound(page)

    page.get_by_role("button", name="退出").click()
    sign_in_again(page, "edu1.head")
    expect(page.get_by_text(f"您代{OWNER}办理，至 2026-09-18。")).to_be_visible()
    page.goto("/inbox?list=claimable")
    expect(page.get_by_text(f"代 {OWNER}", exact=True)).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="填报纠偏措施").click()
    page.get_by_role("button", name="认领").click()
    expect(page.get_by_text(f"这是{OWNER}的事项，由您代办至 2026-09-18。")).to_be_visible()
    expect(page.get_by_text(f"{HEAD}（代 {OWNER}）")).to_be_visible()
    is_sound(page)

    page.get_by_role("button", name="退出").click()
    sign_in_again(page, "edu1.proj")
    page.goto("/absences")
    page.get_by_role("button", name="提前结束").click()
    expect(page.get_by_role("status")).to_have_text(f"已提前结束：{HEAD}不再代{OWNER}办理。")
    expect(page.get_by_role("heading", name="已经结束")).to_be_visible()
    is_sound(page)


def test_what_was_typed_outlives_the_session_and_goes_when_it_is_taken(office: Office, page: Page):
    sign_in(page, "edu1.proj")
    open_form(page)
    page.get_by_label("第一天").fill("2026-09-20")
    page.get_by_label("最后一天（含）").fill("2026-09-22")
    page.get_by_label("原因").fill("外出培训")
    page.get_by_role("radio", name=HEAD).check()
    page.context.clear_cookies()
    page.get_by_role("button", name="安排代办").click()
    sign_in_again(page, "edu1.proj")

    expect(page.get_by_label("原因")).to_have_value("外出培训")
    expect(page.get_by_label("最后一天（含）")).to_have_value("2026-09-22")
    expect(page.get_by_role("radio", name=HEAD)).to_be_checked()
    page.get_by_role("button", name="安排代办").click()
    expect(page.get_by_role("heading", name="即将开始")).to_be_visible()
    page.goto("/absences/new")
    expect(page.get_by_label("原因")).to_have_value("")


def test_a_head_arranges_for_somebody_of_his_units_in_english(office: Office, page: Page):
    sign_in(page, "edu.head")
    page.get_by_role("button", name="English").click()
    page.goto("/absences")
    page.get_by_label("Who is away").select_option("edu1.proj")
    page.get_by_role("button", name="Arrange a stand-in").click()
    expect(page.get_by_text(OWNER)).to_be_visible()
    page.get_by_label("First day").fill("2026-09-15")
    page.get_by_label("Last day (included)").fill("2026-09-16")
    page.get_by_role("radio", name=HEAD).check()
    page.get_by_label("Reason").fill("Training")
    is_sound(page)
    page.get_by_role("button", name="Arrange a stand-in").click()
    expect(page.get_by_role("heading", name="Now")).to_be_visible()
    is_sound(page)
