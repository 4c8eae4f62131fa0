"""What is pasted from Excel and Word: every cell where it belongs, nothing torn apart, nothing dropped unseen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.commands import DeployDefinitions
from tests.browser.visiting import paste, press_paste, sign_in, violations
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office

SURVEYS = bpmn(
    "surveys",
    '<startEvent id="start"/>'
    + user_task("survey", groups="project_owner", attributes='camunda:formKey="survey"').replace(
        'name="survey"', 'name="核查指标"'
    )
    + '<endEvent id="end"/>'
    + flows("start survey", "survey end"),
)
PARAGRAPHS = "前期论证不充分。\r\n两次招标无人响应。\r\n人员调整后无人接手。"


@pytest.fixture
def survey(office: Office, page: Page) -> Page:
    """A form with a table of four fixed rows, one that grows, and fields of all kinds, to be filled in."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"surveys.bpmn": SURVEYS}))
    office.start_of("surveys", "PRJ:A01:2026", "2101")
    sign_in(page, "edu1.proj")
    open_survey(page)
    return page


def open_survey(page: Page) -> None:
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="核查指标").click()
    expect(page.locator('form[data-live-ready="yes"]')).to_be_visible()


def cell(page: Page, path: str) -> Locator:
    return page.locator(f'[name="{path}"]')


def column(page: Page, table: str, name: str, rows: int = 4) -> list[str]:
    return [cell(page, f"{table}/{row}/{name}").input_value() for row in range(rows)]


def told(page: Page, table: str) -> Locator:
    return page.locator(f'[data-pasted="{table}"]')


def test_an_empty_cell_of_a_column_stays_empty_and_the_others_stay_in_their_rows(survey: Page):
    cell(survey, "found/2/actual").fill("7")
    cell(survey, "found/0/actual").focus()
    paste(survey, "24\r\n3,150\r\n\r\n87.3\r\n")

    assert column(survey, "found", "actual") == ["24", "3,150", "", "87.3"]
    expect(survey.locator('[data-given="found/3/double"]')).to_have_text("174.6")
    expect(told(survey, "found")).to_have_text("已填入 3 格。 撤销粘贴")
    assert violations(survey) == []


def test_empty_rows_at_the_end_add_none(survey: Page):
    cell(survey, "more/0/name").focus()
    paste(survey, "校舍\t1\r\n\r\n课桌\t2\r\n\t\r\n\t\r\n")

    assert column(survey, "more", "name", 3) == ["校舍", "", "课桌"]
    expect(survey.locator('table[data-rows="more"] tbody tr')).to_have_count(3)
    expect(survey.locator('[data-given="sum"]')).to_have_text("3.00")


def test_paragraphs_from_word_stay_in_their_cell(survey: Page):
    cell(survey, "found/1/cause").fill("第二行原有的内容")
    cell(survey, "found/0/cause").focus()
    press_paste(survey, PARAGRAPHS)

    expect(cell(survey, "found/0/cause")).to_have_value(PARAGRAPHS.replace("\r\n", "\n"))
    assert column(survey, "found", "cause")[1:] == ["第二行原有的内容", "", ""]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (PARAGRAPHS, "<p>前期论证不充分。</p><p>两次招标无人响应。</p><p>人员调整后无人接手。</p>"),
        ("1.\t前期论证不充分。\r\n2.\t无人响应。", "<p>1. 前期论证不充分。</p><p>2. 无人响应。</p>"),
        # a cell of a table in Word, with three paragraphs
        (PARAGRAPHS, "<table><tr><td><p>前期</p><p>两次</p><p>人员</p></td></tr></table>"),
    ],
    ids=["paragraphs", "numbered", "one cell"],
)
def test_what_word_marks_as_no_rows_is_left_to_the_browser(survey: Page, text: str, html: str):
    cell(survey, "found/0/cause").focus()
    survey.evaluate(
        "window.addEventListener('paste', (event) => { window.taken = event.defaultPrevented; }, { once: true })"
    )
    paste(survey, text, html)

    assert survey.evaluate("window.taken") is False
    assert column(survey, "found", "cause") == ["", "", "", ""]


def test_a_column_of_texts_from_excel_goes_over_the_rows(survey: Page):
    html = "<table><tr><td>甲</td></tr><tr><td>乙<br>丙</td></tr></table>"
    cell(survey, "found/1/cause").focus()
    paste(survey, '甲\r\n"乙\n""丙"""\r\n', html)

    assert column(survey, "found", "cause") == ["", "甲", '乙\n"丙"', ""]


def test_one_cell_with_line_breaks_comes_without_the_quotes_of_excel(survey: Page):
    cell(survey, "found/0/cause").fill("原因：")
    cell(survey, "found/0/cause").press("End")
    press_paste(survey, '"第一条\n第二条""甲"""\r\n')

    expect(cell(survey, "found/0/cause")).to_have_value('原因：第一条\n第二条"甲"')
    survey.keyboard.press("Control+Z")
    expect(cell(survey, "found/0/cause")).to_have_value("原因：")


def test_words_in_quotes_keep_them(survey: Page):
    cell(survey, "more/0/name").focus()
    paste(survey, '"智慧校园" 平台\t5\r\n"双减"\t6')

    assert column(survey, "more", "name", 2) == ['"智慧校园" 平台', '"双减"']


@pytest.mark.parametrize("way", ["key", "button"])
def test_what_a_paste_has_overwritten_comes_back(survey: Page, way: str):
    cell(survey, "more/0/name").fill("原名称")
    cell(survey, "more/0/due").fill("2026-09-30")
    cell(survey, "more/0/name").focus()
    paste(survey, "甲\t1\t是\t下月底\r\n乙\t2\t否\t2026/10/1")
    assert column(survey, "more", "due", 2) == ["下月底", "2026-10-01"]

    if way == "key":
        survey.keyboard.press("Control+Z")
    else:
        survey.get_by_role("button", name="撤销粘贴").click()

    expect(survey.locator('table[data-rows="more"] tbody tr')).to_have_count(1)
    values = [cell(survey, f"more/0/{name}").input_value() for name in ("name", "amount", "is_done", "due")]
    assert values == ["原名称", "", "", "2026-09-30"]
    expect(survey.locator("[data-paste-fault]")).to_have_count(0)
    expect(told(survey, "more")).to_have_count(0)
    expect(survey.locator('[data-given="sum"]')).not_to_have_text("3.00")


def test_what_was_typed_after_a_paste_is_not_taken_back_with_it(survey: Page):
    cell(survey, "more/0/name").focus()
    paste(survey, "甲\t1\r\n乙\t2")
    cell(survey, "more/1/name").fill("自己改的")
    survey.get_by_role("button", name="撤销粘贴").click()

    assert column(survey, "more", "name", 2) == ["", "自己改的"]


def test_rows_beyond_a_fixed_table_are_told(survey: Page):
    cell(survey, "found/2/actual").focus()
    paste(survey, "1\r\n2\r\n3\r\n4\r\n")

    assert column(survey, "found", "actual") == ["", "", "1", "2"]
    expect(told(survey, "found")).to_have_text(
        "已填入 2 格。 从这一行起最多填 2 行，后面 2 行没有填入：3、4。 撤销粘贴"
    )


def test_a_block_that_is_too_wide_is_told_and_changes_nothing(survey: Page):
    cell(survey, "more/0/due").focus()
    paste(survey, "2026-09-30\t甲\r\n2026-10-01\t乙")

    expect(told(survey, "more")).to_have_text("没有填入：所贴内容有 2 列，从“期限”起只有 1 列可填。")
    expect(survey.locator('table[data-rows="more"] tbody tr')).to_have_count(1)
    expect(cell(survey, "more/0/due")).to_have_value("")


def test_what_was_not_taken_is_told_in_english(survey: Page):
    survey.get_by_role("button", name="English").click()
    expect(survey.locator('form[data-live-ready="yes"]')).to_be_visible()
    cell(survey, "found/3/actual").focus()
    paste(survey, "1\t9\r\n2\t9")

    expect(told(survey, "found")).to_have_text(
        "Cells filled in: 1. From this row on there is room for 1 rows; 1 more were not filled in: 2 9. "
        "1 cells are given by the form and stay as they are. Undo the paste"
    )


def test_a_thousand_rows_are_numbered_and_told_once_and_more_than_two_thousand_are_not_taken(survey: Page):
    survey.evaluate(
        """() => {
            const seen = { renamed: 0, changes: 0 }, form = document.querySelector("form[data-filling]");
            window.seen = seen;
            new MutationObserver((found) => (seen.renamed += found.length))
                .observe(form, { subtree: true, attributeFilter: ["name"] });
            form.addEventListener("rows-changed", () => (seen.changes += 1));
        }"""
    )
    cell(survey, "more/0/name").focus()
    paste(survey, "\r\n".join(f"设备{row}\t1.5\t是\t2026-09-30" for row in range(1000)))

    expect(survey.locator('[data-given="sum"]')).to_have_text("1,500.00", timeout=30_000)
    expect(survey.locator("[data-saved]")).to_have_text("草稿已保存", timeout=60_000)
    # rows get their numbers before they come onto the page: those on it keep theirs
    assert survey.evaluate("window.seen") == {"renamed": 0, "changes": 1}
    cell(survey, "more/999/name").focus()
    paste(survey, "\r\n".join(f"补充{row}\t1" for row in range(1003)))
    expect(told(survey, "more")).to_have_text(
        "已填入 2002 格。 从这一行起最多填 1001 行，后面 2 行没有填入：补充1001 1、补充1002 1。 撤销粘贴"
    )
    expect(cell(survey, "more/1999/name")).to_have_value("补充1000")


def ticked(page: Page, path: str) -> list[str]:
    boxes = page.locator(f'[name="{path}"]')
    return [boxes.nth(each).input_value() for each in range(boxes.count()) if boxes.nth(each).is_checked()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人员保障、经费保障", ["staff", "money"]),
        ("经费保障，制度、流程", ["money", "rules"]),
        ("人员保障;经费保障", ["staff", "money"]),
        ("经费保障 人员保障", ["staff", "money"]),
        ("制度、流程", ["rules"]),
    ],
)
@pytest.mark.parametrize("path", ["reasons", "found/1/kinds"])
def test_words_of_choices_tick_their_boxes_and_change_no_value(
    survey: Page, path: str, text: str, expected: list[str]
):
    cell(survey, path).nth(2).check()
    cell(survey, path).first.focus()
    press_paste(survey, text + "\r\n")

    assert ticked(survey, path) == expected
    boxes = cell(survey, path)
    assert [boxes.nth(each).get_attribute("value") for each in range(3)] == ["staff", "money", "rules"]
    expect(survey.locator("[data-paste-fault]")).to_have_count(0)


def test_words_that_are_no_choice_are_told_and_tick_nothing(survey: Page):
    cell(survey, "reasons").nth(1).check()
    cell(survey, "reasons").first.focus()
    press_paste(survey, "天气、疫情")

    fault = survey.locator('[data-field="reasons"] [data-paste-fault]')
    expect(fault).to_have_text("“偏差原因类别”没有“天气、疫情”这一选项。")
    assert ticked(survey, "reasons") == ["money"]
    press_paste(survey, "天气、人员保障")
    expect(fault).to_have_text("“偏差原因类别”没有“天气”这一选项。")
    assert ticked(survey, "reasons") == ["staff"]
    survey.keyboard.press("Control+Z")
    assert ticked(survey, "reasons") == ["money"]
    expect(fault).to_have_count(0)


def test_boxes_within_a_block_are_ticked_too(survey: Page):
    cell(survey, "found/0/measure").focus()
    paste(survey, "加强\t人员保障\r\n补足\t晴天\r\n订立\t经费保障、制度、流程")

    assert [ticked(survey, f"found/{row}/kinds") for row in range(3)] == [["staff"], [], ["money", "rules"]]
    expect(survey.locator("[data-paste-fault]")).to_have_text("“原因类别”没有“晴天”这一选项。")
    expect(told(survey, "found")).to_contain_text("其中 1 格的内容不合要求，已注明，请改正。")


def test_yes_and_no_in_all_their_spellings_are_kept(survey: Page):
    cell(survey, "more/0/name").focus()
    paste(survey, "\r\n".join(f"甲\t1\t{said}" for said in ("√", "是", "1", "TRUE", "×", "０", "也许")))

    expected = ["true", "true", "true", "true", "false", "false", "也许"]
    assert column(survey, "more", "is_done", 7) == expected
    expect(cell(survey, "more/6/is_done")).to_have_attribute("aria-invalid", "true")
    cell(survey, "agreed").first.focus()
    press_paste(survey, "√\r\n")
    expect(cell(survey, "agreed").first).to_be_checked()
    expect(survey.locator("[data-saved]")).to_have_text("草稿已保存")

    survey.reload()

    assert column(survey, "more", "is_done", 7) == expected
    cell(survey, "more/6/is_done").select_option("false")
    expect(cell(survey, "more/6/is_done")).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("text", ["2026/9/30", "2026年9月30日", "2026-09-30", "２０２６．９．３０"])
@pytest.mark.parametrize("path", ["checked_on", "more/0/due"])
def test_one_day_from_excel_is_a_day(survey: Page, path: str, text: str):
    cell(survey, path).focus()
    press_paste(survey, text + "\r\n")

    expect(cell(survey, path)).to_have_value("2026-09-30")
    expect(survey.locator("[data-saved]")).to_have_text("草稿已保存")
    survey.reload()
    expect(cell(survey, path)).to_have_value("2026-09-30")


def test_what_is_no_day_says_so_until_a_day_is_typed(survey: Page):
    due = cell(survey, "more/0/due")
    due.focus()
    press_paste(survey, "下月底")

    expect(due).to_have_value("下月底")
    expect(due).to_have_attribute("aria-invalid", "true")
    expect(survey.locator("[data-paste-fault]")).to_have_text("“下月底”不是日期，请改为如 2026-09-30 的日期。")
    due.fill("2026/10/8")
    expect(due).not_to_have_attribute("aria-invalid", "true")
    expect(survey.locator("[data-paste-fault]")).to_have_count(0)
    due.press("Tab")
    expect(due).to_have_attribute("type", "date")
    expect(due).to_have_value("2026-10-08")


def test_what_was_no_day_when_the_form_was_opened_again_is_mended_by_typing_or_pasting(survey: Page):
    for path in ("checked_on", "more/0/due"):
        cell(survey, path).focus()
        press_paste(survey, "下月底")
    expect(survey.locator("[data-saved]")).to_have_text("草稿已保存")
    survey.reload()
    expect(cell(survey, "more/0/due")).to_have_value("下月底")

    cell(survey, "more/0/due").fill("2026年10月8日")
    cell(survey, "checked_on").focus()
    press_paste(survey, "2026-10-9")

    assert [cell(survey, path).input_value() for path in ("more/0/due", "checked_on")] == ["2026-10-08", "2026-10-09"]
    assert [cell(survey, path).get_attribute("type") for path in ("more/0/due", "checked_on")] == ["date", "date"]


def test_a_percent_sign_is_taken_where_the_unit_of_the_row_is_percent(survey: Page):
    cell(survey, "found/2/actual").fill("60%")
    cell(survey, "found/3/actual").fill("60%")

    expect(survey.locator('[data-given="found/3/double"]')).to_have_text("120")
    expect(survey.locator('[data-given="found/2/double"]')).to_have_text("")
    expect(survey.locator("[data-saved]")).to_have_text("草稿已保存")
    expect(survey.locator('[data-given="found/3/double"]')).to_have_text("120")
    survey.get_by_role("button", name="提交").click()
    expect(survey.locator("#faults li")).to_have_text("“指标”第 3 行“实际完成值”必须是数字（当前“60%”）。")
