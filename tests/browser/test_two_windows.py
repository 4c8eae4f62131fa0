"""The same form in two windows, or on two machines: nothing typed is overwritten unseen."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.visiting import sign_in_again, violations
from tests.web.office import Office

HERE, THERE = "两次招标均无供应商响应，采购失败。", "供应商两次流标，采购没有完成。"


def typed(page: Page, cause: str, saved: str) -> None:
    page.get_by_label("偏差原因").fill(cause)
    expect(page.locator("[data-saved]")).to_contain_text(saved)


def test_the_second_window_is_told_and_both_are_compared(measure: Page):
    other = measure.context.new_page()
    other.goto(measure.url)
    typed(measure, THERE, "草稿已保存")
    typed(other, HERE, "已另存，没有覆盖您在别处填写的草稿。")

    other.locator("[data-saved]").get_by_role("link", name="比较后选择").click()
    expect(other.get_by_role("heading", name="有 1 处不同")).to_be_visible()
    assert violations(other) == []
    other.get_by_role("radio", name="采用：另一份").check()
    other.get_by_role("button", name="按所选内容继续填写").click()

    expect(other.get_by_label("偏差原因")).to_have_value(HERE)
    expect(other.get_by_role("status").filter(has_text="已按您的选择保存为草稿")).to_be_visible()
    typed(measure, THERE + "又写了一句。", "已另存")


def test_what_a_lost_session_left_behind_does_not_overwrite_what_was_saved_elsewhere(office: Office, measure: Page):
    measure.context.clear_cookies()
    typed(measure, HERE, "登录已失效")
    path = measure.url[measure.url.index("/user-tasks/") :]
    office.reader("edu1.proj").post(f"{path}/draft", once="elsewhere", seen="0", cause=THERE)

    measure.get_by_role("link", name="重新登录").click()
    sign_in_again(measure)

    expect(measure.get_by_label("偏差原因")).to_have_value(THERE)
    measure.get_by_role("alert").get_by_role("link", name="比较后选择").click()
    expect(measure.get_by_role("group", name="偏差原因")).to_contain_text("采购失败")
    measure.get_by_role("button", name="全部用另一份").click()
    expect(measure.get_by_label("偏差原因")).to_have_value(HERE)
    measure.get_by_role("link", name="看先前没有采用的内容").click()
    expect(measure.get_by_role("group", name="偏差原因")).to_contain_text("采购没有完成")


def test_submitting_in_an_overtaken_window_asks_first(office: Office, measure: Page):
    path = measure.url[measure.url.index("/user-tasks/") :]
    office.reader("edu1.proj").post(f"{path}/draft", once="elsewhere", seen="0", cause=THERE)
    measure.get_by_label("偏差原因").fill(HERE)
    measure.get_by_role("radio", name="经费保障").check()
    measure.locator('[name="rows/0/text"]').fill("重新招标")
    measure.locator('[name="rows/0/share"]').fill("100")

    measure.get_by_role("button", name="提交").click()

    expect(measure.get_by_text("还没有提交")).to_be_visible()
    measure.get_by_role("button", name="全部用另一份").click()
    expect(measure.get_by_label("偏差原因")).to_have_value(HERE)
    measure.get_by_role("button", name="提交").click()
    expect(measure.get_by_text("已提交：填报纠偏措施")).to_be_visible()


def test_one_window_that_types_and_submits_at_once_is_not_asked(measure: Page):
    typed(measure, "两次招标", "草稿已保存")
    measure.get_by_label("偏差原因").fill(HERE)
    measure.locator("form[data-filling] [type=radio]").first.check()
    measure.locator('[name="rows/0/text"]').fill("重新招标")
    measure.locator('[name="rows/0/share"]').fill("100")

    measure.get_by_role("button", name="提交").click()

    expect(measure.get_by_text("已提交：填报纠偏措施")).to_be_visible()


def test_a_refused_form_that_is_fetched_again_shows_the_last_words_and_knows_of_one_window(measure: Page):
    measure.get_by_label("偏差原因").fill(HERE)
    measure.get_by_role("button", name="提交").click()
    expect(measure.locator("#faults")).to_be_focused()
    measure.reload()
    expect(measure.get_by_label("偏差原因")).to_have_value(HERE)

    measure.get_by_role("button", name="提交").click()
    expect(measure.locator("#faults")).to_be_focused()
    typed(measure, THERE, "草稿已保存")
    measure.reload()

    expect(measure.get_by_label("偏差原因")).to_have_value(THERE)
    expect(measure.locator("[data-apart]")).to_be_hidden()


def test_a_refused_form_that_is_left_keeps_the_last_words(measure: Page):
    address = measure.url
    measure.get_by_label("偏差原因").fill(HERE)
    measure.get_by_role("button", name="提交").click()
    expect(measure.locator("#faults")).to_be_focused()

    measure.goto("/inbox")
    measure.goto(address)

    expect(measure.get_by_label("偏差原因")).to_have_value(HERE)
