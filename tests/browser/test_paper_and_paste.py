"""Forms on paper, and cells from Excel that are not as the form wants them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visiting import paste, sign_in
from tests.web.office import Office

#: As wide as A4 between its margins, at the 96 dots an inch of CSS.
PAPER = {"width": 688, "height": 1000}


def test_days_of_excel_become_days_and_what_is_no_day_is_kept_to_be_mended(measure: Page):
    days = ["2026/9/30", "2026年10月8日", "２０２６．１０．９", "2026-10-12 0:00:00", "下月底", "2026/2/30"]
    measure.locator('[name="rows/0/text"]').focus()
    paste(measure, "\r\n".join(f"措施\t10\t张三\t{day}" for day in days))

    values = [measure.locator(f'[name="rows/{row}/due"]').input_value() for row in range(len(days))]
    assert values == ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-12", "下月底", "2026/2/30"]
    expect(measure.locator('[name="rows/4/due"]')).to_have_attribute("aria-invalid", "true")

    expect(measure.locator("[data-saved]")).to_have_text("草稿已保存")
    measure.reload()

    expect(measure.locator('[name="rows/4/due"]')).to_have_value("下月底")
    measure.get_by_role("button", name="提交").click()
    expect(measure.locator('[name="rows/4/due"]')).to_have_value("下月底")


def test_on_paper_there_is_the_form_and_nothing_to_click(measure: Page):
    measure.locator('[name="rows/0/text"]').fill("重新招标")
    measure.set_viewport_size(PAPER)  # type: ignore[arg-type]
    measure.emulate_media(media="print")

    expect(measure.get_by_label("偏差原因")).to_be_visible()
    for name in ("提交", "增加一行", "English", "打印"):
        expect(measure.get_by_role("button", name=name)).to_be_hidden()
    expect(measure.get_by_role("complementary", name="事项情况")).to_be_hidden()
    table = measure.locator('table[data-rows="rows"]')
    assert table.evaluate("table => getComputedStyle(table.tBodies[0].rows[0]).display") == "table-row"
    assert measure.get_by_label("偏差原因").evaluate("field => getComputedStyle(field).borderTopWidth") == "0px"
    assert measure.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


def test_the_button_prints(measure: Page):
    measure.evaluate("window.print = () => { window.printed = true; }")

    measure.get_by_role("button", name="打印").click()

    assert measure.evaluate("window.printed") is True


def test_a_diagram_is_made_larger_and_fits_again(office: Office, page: Page):
    instance = office.start()
    sign_in(page, "edu.head")
    page.goto(f"/instances/{instance}")
    expect(page.locator('[data-diagram][data-shown="yes"]')).to_be_visible()
    step = page.locator('.djs-element[data-element-id="measure"] .djs-visual')
    before = step.bounding_box()
    assert before is not None

    page.get_by_role("button", name="放大").click()
    larger = step.bounding_box()
    page.get_by_role("button", name="全图").click()
    again = step.bounding_box()

    assert larger is not None and larger["width"] > before["width"] * 1.3
    assert again is not None and again["width"] == pytest.approx(before["width"], rel=0.01)


def test_a_diagram_that_cannot_be_fetched_says_so(office: Office, page: Page):
    instance = office.start()
    sign_in(page, "edu.head")
    page.route("**/diagrams/**", lambda route: route.abort())
    page.goto(f"/instances/{instance}")

    expect(page.locator("[data-diagram]")).to_have_text("流程图没有取到，请检查网络后刷新页面。")
