"""A session that ends while somebody types: nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.visiting import open_measure, sign_in, sign_in_again, violations
from tests.web.office import Office

A_CAUSE = "两次招标均无供应商响应，采购失败。"


@pytest.fixture
def measure(measure: Page) -> Page:
    """The form is open, and the session has ended without the page knowing."""
    measure.context.clear_cookies()
    return measure


def test_what_is_typed_after_the_end_is_there_after_signing_in_again(measure: Page):
    measure.get_by_label("偏差原因").fill(A_CAUSE)
    expect(measure.locator("[data-saved]")).to_contain_text("登录已失效，所填内容暂存在本窗口。")

    measure.get_by_role("link", name="重新登录").click()
    sign_in_again(measure)

    expect(measure.get_by_label("偏差原因")).to_have_value(A_CAUSE)
    expect(measure.locator("[data-saved]")).to_contain_text("草稿保存于")


def test_what_was_submitted_after_the_end_stands_in_the_form_again(measure: Page):
    measure.get_by_label("偏差原因").fill(A_CAUSE)
    measure.locator('[name="rows/0/text"]').fill("重新招标")
    measure.get_by_role("button", name="提交").click()
    sign_in_again(measure)

    expect(measure.get_by_role("heading", name="填报纠偏措施")).to_be_visible()
    expect(measure.get_by_label("偏差原因")).to_have_value(A_CAUSE)
    expect(measure.locator('[name="rows/0/text"]')).to_have_value("重新招标")


def test_it_is_not_shown_to_somebody_else(measure: Page):
    measure.get_by_label("偏差原因").fill(A_CAUSE)
    measure.get_by_role("button", name="提交").click()
    sign_in_again(measure, "edu1.head")

    expect(measure.get_by_role("heading", name="填报纠偏措施")).to_be_visible()
    assert A_CAUSE not in measure.content()


def test_a_new_session_in_another_tab_does_not_cost_what_is_typed(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    other = page.context.new_page()
    page.context.clear_cookies()
    sign_in(other, "edu1.proj")

    page.get_by_label("偏差原因").fill(A_CAUSE)
    page.get_by_role("button", name="提交").click()
    page.get_by_role("link", name="回到刚才的页面").click()

    expect(page.get_by_label("偏差原因")).to_have_value(A_CAUSE)


def test_a_search_after_the_end_leads_to_the_sign_in_page_as_a_whole(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    page.context.clear_cookies()

    page.get_by_role("searchbox").fill("整改")

    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    expect(page.get_by_role("heading", name="待办事项")).to_have_count(0)


def test_somebody_who_was_faster_is_named_while_the_slower_one_types(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    reader = office.reader("edu1.proj")
    path = page.url[page.url.index("/user-tasks/") :]
    sound = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
    assert reader.post(f"{path}/complete", **sound).status_code == 303

    page.get_by_label("偏差原因").fill("另一个同样足够长的原因说明。")

    expect(page.locator("[data-saved]")).to_contain_text("已由 示范一中项目责任人 于")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    left = page.get_by_role("region", name="您在本窗口填写、没有来得及保存的内容")
    expect(left.get_by_text("另一个同样足够长的原因说明。")).to_be_visible()
    expect(left.get_by_text("原因类别")).to_be_hidden()
    assert violations(page) == []
    left.get_by_role("button", name="不再需要").click()
    page.reload()
    expect(page.get_by_text("另一个同样足够长的原因说明。")).to_have_count(0)


def test_the_language_is_switched_on_a_refused_form_and_the_words_stay(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    page.get_by_label("偏差原因").fill("太短")
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#faults")).to_be_focused()

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    expect(page.get_by_label("Cause")).to_have_value("太短")


def test_a_comment_of_a_return_is_there_after_signing_in_again(office: Office, page: Page):
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    sound = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
    assert owner.post(f"{path}/complete", **sound).status_code == 303
    sign_in(page, "edu.perf")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="部门审核措施").click()
    page.get_by_role("button", name="退回…").click()
    page.get_by_label("退回意见").fill("材料不全，请补充验收单。")
    page.context.clear_cookies()
    page.get_by_role("dialog").get_by_role("button", name="退回", exact=True).click()
    sign_in_again(page, "edu.perf")

    expect(page.get_by_role("dialog").get_by_label("退回意见")).to_have_value("材料不全，请补充验收单。")
    page.get_by_role("dialog").get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("已退回：部门审核措施")).to_be_visible()


def test_closing_the_window_after_the_end_is_asked_about(measure: Page):
    measure.get_by_label("偏差原因").press_sequentially(A_CAUSE)
    expect(measure.locator("[data-saved]")).to_contain_text("登录已失效")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    measure.on("dialog", stay)
    measure.close(run_before_unload=True)
    expect(measure.get_by_label("偏差原因")).to_have_value(A_CAUSE)

    assert asked == ["beforeunload"]
