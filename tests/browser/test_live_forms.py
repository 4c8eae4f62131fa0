"""While somebody types: values, fields and checks follow at once by the form's own FEEL, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from engine.commands import DeployDefinitions, StartProcessInstance
from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import paste, sign_in, violations
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office

ESTIMATES = bpmn(
    "estimates",
    '<startEvent id="start"/>'
    + user_task("estimate", groups="project_owner", attributes='camunda:formKey="estimate"').replace(
        'name="estimate"', 'name="填报经费测算"'
    )
    + '<endEvent id="end"/>'
    + flows("start estimate", "estimate end"),
)


@pytest.fixture
def estimate(office: Office, page: Page) -> Iterator[Page]:
    """The page of an estimate with a ceiling of 100, to be filled in."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"estimates.bpmn": ESTIMATES}))
    office.dispatcher.dispatch(
        StartProcessInstance(
            actor=DESIGNER,
            process_definition_key="estimates",
            business_key="PRJ:A01:2026",
            unit_code="2101",
            variables={"ceiling_amount": 100, "budget_note": "不给浏览器的变量"},
        )
    )
    sign_in(page, "edu1.proj")
    yield page


def open_estimate(page: Page, *, waiting_for: str = 'form[data-live-ready="yes"]') -> None:
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="填报经费测算").click()
    expect(page.locator(waiting_for)).to_be_visible()


def without_server(page: Page) -> None:
    """From now on no draft reaches the server: what follows is the browser's own."""
    page.route("**/draft", lambda route: route.abort())


def test_a_cell_without_a_value_keeps_its_place_in_a_sheet(estimate: Page):
    open_estimate(estimate)

    # the last head is that of the button; the amount before it is not worked out yet
    head = estimate.locator('[data-rows="items"] thead th').last.bounding_box()
    button = estimate.locator('[data-rows="items"] [data-remove-row]').first.bounding_box()
    assert head is not None and button is not None
    assert button["x"] >= head["x"]


def given(page: Page, path: str) -> Locator:
    return page.locator(f'[data-given="{path}"]')


def cell(page: Page, path: str) -> Locator:
    return page.locator(f'[name="{path}"]')


def faults(page: Page, path: str) -> Locator:
    return page.locator(f'[data-live-faults="{path}"] p')


def add_row(page: Page) -> None:
    page.get_by_role("button", name="增加一行").click()


def test_amounts_totals_and_rates_follow_what_is_typed_without_the_server(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)

    cell(estimate, "items/0/name").fill("设备")
    cell(estimate, "items/0/quantity").fill("３")
    cell(estimate, "items/0/price").fill("１2.345")

    expect(given(estimate, "items/0/amount")).to_have_text("37.04")
    expect(given(estimate, "total")).to_have_text("37.04")
    expect(given(estimate, "rate")).to_have_text("37.04")
    expect(given(estimate, "exact")).to_have_text("37.035")


def test_a_tenth_and_two_tenths_are_three_tenths(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)

    cell(estimate, "items/0/quantity").fill("1")
    cell(estimate, "items/0/price").fill("0.1")
    add_row(estimate)
    cell(estimate, "items/1/quantity").fill("2")
    cell(estimate, "items/1/price").fill("0.15")
    expect(faults(estimate, "items")).to_have_text("两项合计应为 0.3（当前 0.4）")
    cell(estimate, "items/1/price").fill("0.1")

    expect(given(estimate, "exact")).to_have_text("0.3")
    expect(faults(estimate, "items")).to_have_count(0)


def test_fields_and_cells_come_and_go_and_keep_what_was_typed(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)
    other = estimate.get_by_label("其他类别说明")

    expect(other).to_be_hidden()
    estimate.get_by_label("其他", exact=True).check()
    other.fill("社会捐赠")
    estimate.get_by_label("财政拨款").check()
    expect(other).to_be_hidden()
    estimate.get_by_label("其他", exact=True).check()
    expect(other).to_have_value("社会捐赠")
    expect(estimate.locator('[data-field="other"] .must')).to_be_visible()

    cell(estimate, "items/0/quantity").fill("7")
    cell(estimate, "items/0/nature").select_option("lump")
    expect(cell(estimate, "items/0/quantity")).to_be_hidden()
    cell(estimate, "items/0/nature").select_option("counted")
    expect(cell(estimate, "items/0/quantity")).to_have_value("7")
    expect(cell(estimate, "items/0/quantity")).to_have_attribute("aria-required", "true")


def test_a_cell_of_a_record_has_its_star_while_it_must_be_filled_in(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)
    estimate.locator('table[data-rows="items"]').evaluate("table => table.classList.add('records')")
    quantity = estimate.locator("td", has=cell(estimate, "items/0/quantity"))

    cell(estimate, "items/0/name").fill("设备")
    expect(quantity).to_have_attribute("data-label", "数量")
    cell(estimate, "items/0/nature").select_option("counted")
    expect(quantity).to_have_attribute("data-label", "数量 *")
    expect(cell(estimate, "items/0/quantity")).to_have_attribute("aria-required", "true")
    cell(estimate, "items/0/nature").select_option("")
    expect(quantity).to_have_attribute("data-label", "数量")
    expect(cell(estimate, "items/0/quantity")).not_to_have_attribute("aria-required", "true")


def test_a_field_may_be_shown_by_what_is_calculated(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)

    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("100.0001")
    expect(given(estimate, "is_over")).to_have_text("是")
    expect(estimate.get_by_label("超控制数理由")).to_be_visible()
    cell(estimate, "items/0/price").fill("100")

    expect(given(estimate, "is_over")).to_have_text("否")
    expect(estimate.get_by_label("超控制数理由")).to_be_hidden()


def test_checks_are_told_at_their_field_and_go_when_mended(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)
    price = cell(estimate, "items/0/price")

    price.fill("120.50")
    expect(faults(estimate, "items/0/price")).to_have_text("单价 120.5 万元超过 100 万元")
    expect(price).to_have_attribute("aria-invalid", "true")
    price.fill("99.5")
    expect(faults(estimate, "items/0/price")).to_have_count(0)
    expect(price).not_to_have_attribute("aria-invalid", "true")

    cell(estimate, "items/0/nature").select_option("lump")
    expect(faults(estimate, "total")).to_have_text("合计不是整数万元，请在备注中说明（至少 10 个字）")
    expect(faults(estimate, "total")).to_have_class("caution")
    estimate.get_by_label("备注").fill("单价含运费，按合同约定计算。")
    expect(faults(estimate, "total")).to_have_count(0)


def test_a_form_that_nobody_has_touched_is_not_blamed(estimate: Page):
    open_estimate(estimate)

    estimate.get_by_label("备注").fill("先写备注")
    expect(estimate.locator("[data-saved]")).to_have_text("草稿已保存")

    expect(estimate.locator("[data-live-faults] p")).to_have_count(0)


def test_checks_speak_english_to_who_reads_english(estimate: Page):
    estimate.get_by_role("button", name="English").click()
    estimate.goto("/inbox?list=claimable")
    estimate.get_by_role("link", name="填报经费测算").click()
    expect(estimate.locator('form[data-live-ready="yes"]')).to_be_visible()
    without_server(estimate)

    cell(estimate, "items/0/price").fill("120.50")

    expect(faults(estimate, "items/0/price")).to_have_text("A price of 120.5 is above 100")
    expect(given(estimate, "is_over")).to_have_text("no")


def test_empty_rows_above_do_not_shift_the_rows(estimate: Page):
    open_estimate(estimate)
    add_row(estimate)
    cell(estimate, "items/1/quantity").fill("2")
    cell(estimate, "items/1/price").fill("150")

    expect(given(estimate, "items/1/amount")).to_have_text("300.00")
    expect(faults(estimate, "items/1/price")).to_have_count(1)
    expect(estimate.locator("[data-saved]")).to_have_text("草稿已保存")

    expect(given(estimate, "items/0/amount")).to_have_text("")
    expect(given(estimate, "items/1/amount")).to_have_text("300.00")


def test_rows_that_are_given_are_calculated_with_their_key(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)

    cell(estimate, "plan/1/planned").fill("0.1")
    cell(estimate, "plan/2/planned").fill("0.2")

    expect(given(estimate, "plan/1/so_far")).to_have_text("0.10")
    expect(given(estimate, "plan/2/so_far")).to_have_text("0.30")
    expect(given(estimate, "plan/0/so_far")).to_have_text("0.00")


def test_what_a_browser_cannot_know_is_left_to_the_server_with_all_that_rests_on_it(estimate: Page):
    open_estimate(estimate)
    left = estimate.locator("[data-left-to-server]")
    assert left.evaluate_all("(all) => all.map((each) => each.dataset.field)") == ["waiting"]
    held: list[Route] = []
    gate = {"open": False}
    estimate.route("**/draft", lambda route: route.continue_() if gate["open"] else held.append(route))

    estimate.get_by_label("填报日期").fill("2026-01-05")
    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("1")
    expect(given(estimate, "total")).to_have_text("1.00")
    expect(given(estimate, "waiting")).to_have_text("")
    expect(given(estimate, "is_late")).to_have_text("")
    estimate.wait_for_function("() => document.querySelector('[data-saved]').textContent.includes('正在保存')")
    gate["open"] = True
    for route in held:
        route.continue_()

    expect(given(estimate, "waiting")).not_to_have_text("")
    expect(given(estimate, "is_late")).to_have_text("是")


def test_an_expression_that_fails_in_the_browser_keeps_what_the_server_gave(estimate: Page):
    open_estimate(estimate)
    estimate.get_by_label("财政拨款").check()
    expect(given(estimate, "strange")).to_have_text("money !")
    without_server(estimate)

    estimate.get_by_label("其他", exact=True).check()
    cell(estimate, "items/0/price").fill("1")

    expect(given(estimate, "is_over")).to_have_text("否")
    expect(given(estimate, "strange")).to_have_text("money !")


def test_a_number_too_long_for_a_browser_is_left_to_the_server(estimate: Page):
    open_estimate(estimate)
    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("12345678901234567.8912")

    expect(given(estimate, "exact")).to_have_text("12,345,678,901,234,567.8912")
    expect(estimate.locator("[data-saved]")).to_have_text("草稿已保存")


def test_a_chinese_word_on_its_way_is_not_disturbed(estimate: Page):
    open_estimate(estimate)
    estimate.get_by_label("备注").focus()
    changes = """() => {
        window.changes = [];
        const watch = new MutationObserver((seen) => window.changes.push(...seen.map((each) => each.target.nodeName)));
        watch.observe(document.querySelector("form[data-live]"), {subtree: true, childList: true, attributes: true});
        const field = document.querySelector('[name="items/0/price"]');
        field.focus();
        field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
        field.value = "500";
        field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
    }"""
    estimate.evaluate(changes)
    estimate.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 400))")
    assert estimate.evaluate("window.changes") == []

    estimate.evaluate(
        """() => document.activeElement.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}))"""
    )

    expect(faults(estimate, "items/0/price")).to_have_text("单价 500 万元超过 100 万元")


def test_pinyin_on_its_way_through_the_input_method_stays_as_it_is(estimate: Page):
    open_estimate(estimate)
    note = estimate.get_by_label("备注")
    method = estimate.context.new_cdp_session(estimate)
    note.focus()
    for typed in ("q", "qing", "qingyu"):
        method.send(
            "Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)}
        )
    estimate.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 1200))")

    expect(note).to_have_value("qingyu")
    expect(estimate.locator("[data-saved]")).to_have_text("")
    method.send("Input.insertText", {"text": "清淤"})

    expect(note).to_have_value("清淤")
    expect(estimate.locator("[data-saved]")).to_have_text("草稿已保存")


def test_a_search_that_keeps_its_words_to_itself_does_not_stop_the_form(estimate: Page):
    open_estimate(estimate)
    without_server(estimate)
    estimate.evaluate(
        """() => {
            const field = document.querySelector('[name="note"]');
            field.addEventListener("compositionend", (event) => event.stopPropagation());
            field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
            field.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}));
        }"""
    )

    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("7")

    expect(given(estimate, "total")).to_have_text("7.00")


def test_an_old_answer_does_not_overwrite_what_was_typed_since(estimate: Page):
    open_estimate(estimate)
    drafts: list[Route] = []
    estimate.route("**/draft", lambda route: drafts.append(route))
    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("1")
    expect(estimate.locator("[data-saved]")).to_have_text("正在保存…")

    cell(estimate, "items/0/price").fill("2")
    with estimate.expect_response("**/draft"):
        drafts[0].continue_()

    expect(given(estimate, "total")).to_have_text("2.00")
    expect(cell(estimate, "items/0/price")).to_have_value("2")


def test_the_server_decides_on_submission_and_old_words_of_it_give_way(estimate: Page):
    open_estimate(estimate)
    estimate.get_by_label("财政拨款").check()
    cell(estimate, "items/0/name").fill("设备")
    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("200")
    estimate.get_by_role("button", name="提交").click()
    expect(estimate.locator("#faults")).to_contain_text("单价 200 万元超过 100 万元")
    expect(estimate.get_by_label("超控制数理由")).to_be_visible()
    expect(estimate.locator('form[data-live-ready="yes"]')).to_be_visible()

    cell(estimate, "items/0/price").fill("150")
    expect(estimate.locator('td [data-code="DEAR"]:visible')).to_have_text("单价 150 万元超过 100 万元")
    cell(estimate, "items/0/price").fill("50")
    expect(estimate.locator('td [data-code="DEAR"]:visible')).to_have_count(0)
    estimate.get_by_role("button", name="提交").click()

    expect(estimate.get_by_role("heading", name="待办事项")).to_be_visible()


def test_variables_that_no_expression_reads_stay_with_the_server(estimate: Page):
    open_estimate(estimate)

    assert "不给浏览器的变量" not in estimate.content()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_form_with_live_faults_has_no_faults_of_access(estimate: Page, size: dict[str, int]):
    estimate.set_viewport_size(size)  # type: ignore[arg-type]
    open_estimate(estimate)
    without_server(estimate)
    cell(estimate, "items/0/price").fill("120")
    cell(estimate, "items/0/nature").select_option("lump")
    cell(estimate, "items/0/price").fill("120.5")

    expect(faults(estimate, "items/0/price")).to_be_visible()
    expect(faults(estimate, "total")).to_be_visible()
    expect(estimate.get_by_label("超控制数理由")).to_be_visible()
    assert violations(estimate) == []
    assert estimate.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_thousand_rows_are_worked_out_without_searching_the_form_for_each(estimate: Page):
    open_estimate(estimate)
    estimate.evaluate(
        """() => {
            const search = Element.prototype.querySelector;
            window.searched = 0;
            Element.prototype.querySelector = function (what) {
                if (this.matches("form[data-filling]")) window.searched += 1;
                return search.call(this, what);
            };
        }"""
    )
    cell(estimate, "items/0/name").focus()

    paste(estimate, "\r\n".join(f"设备{row}\t按量\t2\t1.5" for row in range(1000)))

    expect(given(estimate, "total")).to_have_text("3,000.00", timeout=30_000)
    expect(given(estimate, "items/999/amount")).to_have_text("3.00")
    expect(estimate.locator("[data-saved]")).to_have_text("草稿已保存", timeout=60_000)
    # such a search takes as long as the form is: one for each cell took nine to eighteen seconds
    assert estimate.evaluate("window.searched") < 50
