"""What a person sees and does in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import open_measure, paste, sign_in, violations
from tests.web.office import Office

A_CAUSE = "两次招标均无供应商响应，采购失败。"


def test_sign_in_find_claim_fill_be_told_mend_finish(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    page.get_by_role("link", name="待认领", exact=False).first.click()
    page.get_by_role("link", name="填报纠偏措施").click()
    page.get_by_role("button", name="认领", exact=True).click()

    page.get_by_label("偏差原因").fill("太短")
    page.get_by_label("经费保障").check()
    page.get_by_role("button", name="提交").click()

    faults = page.locator("#faults")
    expect(faults).to_be_focused()
    expect(faults.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("偏差原因")).to_have_value("太短")

    page.get_by_label("偏差原因").fill(A_CAUSE)
    page.locator('[name="rows/0/text"]').fill("重新招标")
    page.locator('[name="rows/0/share"]').fill("100")
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    page.get_by_role("link", name="已办").click()
    expect(page.get_by_role("link", name="填报纠偏措施")).to_be_visible()


def test_rows_copied_from_excel_are_pasted_and_their_total_is_live(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)

    block = "\r\n".join(f"措施{number}\t{'３．３' if number % 2 else '3.3'}" for number in range(1, 31))
    page.locator('[name="rows/0/text"]').focus()
    paste(page, block)

    expect(page.locator('table[data-rows="rows"] tbody tr')).to_have_count(30)
    expect(page.locator('[data-given="total"]')).to_have_text("99")
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")


def test_what_was_typed_is_there_again_after_the_window_was_closed(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    page.get_by_label("偏差原因").fill("打到一半的字")
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")

    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="填报纠偏措施").click()

    expect(page.get_by_label("偏差原因")).to_have_value("打到一半的字")


def test_a_field_appears_when_the_form_asks_for_it(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)

    expect(page.get_by_label("其他原因说明")).to_be_hidden()
    page.get_by_label("其他", exact=True).check()
    expect(page.get_by_label("其他原因说明")).to_be_visible()


def test_enter_in_a_field_submits_nothing(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)

    page.locator('[name="rows/0/text"]').press("Enter")

    expect(page.locator("#faults")).to_have_count(0)


def test_live_search_waits_for_the_end_of_a_chinese_word(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    page.goto("/inbox?list=claimable")
    field = page.get_by_role("searchbox")
    field.focus()
    page.evaluate(
        """() => { const field = document.activeElement; field.value = "zhengg";
        field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true})); }"""
    )
    page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 600))")
    expect(page.get_by_role("link", name="填报纠偏措施")).to_be_visible()

    field.fill("没有这样的事项")

    expect(page.get_by_text("没有符合条件的事项")).to_be_visible()


def test_the_diagram_shows_the_present_step_and_the_mark_of_its_makers(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)

    expect(page.locator('[data-diagram][data-shown="yes"]')).to_be_visible()
    expect(page.locator(".djs-element.is-here")).to_have_count(1)
    expect(page.locator(".bjs-powered-by")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_pages_have_no_faults_of_access_and_no_sideways_scrolling(
    office: Office, page: Page, size: dict[str, int], tmp_path: Path
):
    instance = office.start()
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/login")
    assert violations(page) == []
    sign_in(page, "edu1.proj")
    page.goto("/inbox?list=claimable")
    path = page.get_by_role("link", name="填报纠偏措施").get_attribute("href")

    for address in ("/inbox", "/inbox?list=claimable", str(path), f"/instances/{instance}", "/instances", "/overdue"):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_page_with_documents_above_its_form_has_no_faults_of_access(office: Office, page: Page, size: dict[str, int]):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    sound = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
    owner.post(f"{owner.first_link('/inbox?list=claimable', '填报纠偏措施')}/complete", **sound)
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, "edu.perf")

    page.goto(check)

    filed = page.locator(".filed")
    expect(filed.get_by_text(A_CAUSE)).to_be_visible()
    amount = filed.locator('[data-given="rows/0/share"]')
    assert amount.evaluate("value => getComputedStyle(value).fontSize") == "14px"
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for detail in filed.locator("summary").all():
        detail.press("Enter")
    expect(filed.get_by_text(A_CAUSE)).to_be_hidden()


def test_english_is_complete(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    page.get_by_role("button", name="English").click()
    page.goto("/inbox?list=claimable")

    expect(page.get_by_role("heading", name="Work to do")).to_be_visible()
    expect(page.get_by_text("5 working days left")).to_be_visible()
