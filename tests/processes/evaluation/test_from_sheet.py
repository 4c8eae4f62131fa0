"""The official form in Excel is read by its headings, whatever the province made of it."""

from __future__ import annotations

import io
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from forms.sheet import UnreadableSheet
from processes.budget_performance.evaluation.evaluate import evaluate
from processes.budget_performance.evaluation.filled_form import Source
from processes.budget_performance.evaluation.from_sheet import from_xlsx
from tests.processes.evaluation.official_form import EXAMPLE_A, MONEY, ministry_form, saved, sichuan_form
from tests.processes.rules.district import RULE

D = Decimal
SICHUAN_MONEY = [
    ("总额", 0, 3.36, 3.36, "100.00%", 10, 10, "年中追加，文件见附件"),
    ("其中：财政资金", 0, 3.36, 3.36, "100.00%", "/", "/"),
    ("财政专户管理资金", 0, 0, 0, "0.00%", "/", "/"),
    ("单位资金", 0, 0, 0, "0.00%", "/", "/"),
    ("其他资金", "", "", "", "", "/", "/"),
]
SICHUAN_ROWS = [
    ("产出指标", "数量指标", "采购设备数量", "≥", 13, "台", 13, 40, 40, ""),
    ("产出指标", "时效指标", "支付完成时间", "≤", 12, "月", 12, 20, 20, ""),
    ("效益指标", "社会效益指标", "办公安全性", "定性", "提升", "", "系统已全部替换并运行", 20, 20, ""),
    ("成本指标", "经济成本指标", "成本控制数", "≤", 3.36, "万元", 3.36, 10, 10, ""),
]


def changed(content: bytes, **cells: Any) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        book.active[address] = value
    return saved(book)


def faults(content: bytes, sheet: str = "") -> list[tuple[str, str]]:
    with pytest.raises(UnreadableSheet) as refused:
        from_xlsx(content, sheet)
    return [(fault["code"], fault["path"]) for fault in refused.value.faults]


def test_the_ministrys_form_is_read_whole():
    form = from_xlsx(ministry_form())

    assert (form.project_name, form.department, form.unit, form.fiscal_year) == (
        "义务教育薄弱环节改善", "区教育局", "区第一小学", 2025,
    )  # fmt: skip
    assert form.goal_year == "改造教室24间，新增学位1080个。"
    assert form.goal_done == "教室24间全部交付使用，新增学位1080个。"
    assert [(row.source, row.initial, row.adjusted, row.spent) for row in form.money] == [
        (Source.TOTAL, 800, 800, 736),
        (Source.FISCAL, 700, 700, 640),
        (Source.CARRY_OVER, 100, 100, 96),
        (Source.OTHER, None, None, None),
    ]
    total = form.money_total
    assert total is not None
    assert (total.weight, total.rate, total.score, total.reason) == (10, 92, D("9.2"), None)
    assert (form.total, form.total_weight, form.left_over) == (D("92.82"), 100, ())


def test_merged_levels_reach_down_to_every_indicator_and_every_value_keeps_its_cell():
    indicators = from_xlsx(ministry_form()).indicators

    assert [(each.l1, each.l2) for each in indicators] == [
        ("产出", "数量"), ("产出", "质量"), ("产出", "时效"), ("产出", "成本"),
        ("效益", "社会效益"), ("效益", "可持续影响"), ("满意度", "服务对象满意度"),
    ]  # fmt: skip
    second = indicators[1]
    assert (second.number, second.row, second.l3, second.target, second.actual, second.weight, second.score) == (
        2, 14, "验收合格率", "≥100百分比", "96%", 15, D("14.4"),
    )  # fmt: skip
    assert second.cause == "部分批次材料返工，加强进场检验"
    assert (second.places["target"], second.places["score"], second.places["cause"]) == ("E14", "H14", "I14")
    assert indicators[0].places["cause"] == "I13"


def test_the_form_of_sichuan_has_its_own_columns():
    form = from_xlsx(sichuan_form(SICHUAN_ROWS, SICHUAN_MONEY, 100))

    assert (form.fiscal_year, form.project_name, form.unit) == (2023, "安可替代补助资金项目", "司法局")
    assert (form.goal_year, form.goal_done) == ("采购并完成支付。", "采购13台并完成支付。")
    assert [row.source for row in form.money] == [
        Source.TOTAL, Source.FISCAL, Source.SPECIAL_ACCOUNT, Source.OWN, Source.OTHER,
    ]  # fmt: skip
    assert form.money[0].reason == "年中追加，文件见附件"
    first = form.indicators[0]
    assert (first.nature, first.target, first.unit, first.actual) == ("≥", "13", "台", "13")
    assert [each.l1 for each in form.indicators] == ["产出", "产出", "效益", "成本"]
    assert (form.total, form.total_weight) == (100, 100)


def test_a_small_form_needs_no_more_than_its_headings():
    book = Workbook()
    for row in (
        ["三级指标", "指标值", "完成值", "得分"],
        ["培训人次", "≥50人次", "60人次", 10],
        ["满意度", "≥90%", "95%", 20],
    ):
        book.active.append(row)

    form = from_xlsx(saved(book))

    assert (form.money, form.total, form.fiscal_year) == ((), None, None)
    assert [(each.l3, each.target, each.score, each.weight) for each in form.indicators] == [
        ("培训人次", "≥50人次", 10, None), ("满意度", "≥90%", 20, None),
    ]  # fmt: skip


def test_columns_may_stand_in_any_order_and_in_full_width_text():
    book = Workbook()
    book.active.append(
        ["得　分", "分 值（分）", "全年\n完成值", "年度指标值（Ａ）", "三级指标", "一级指标：", "二级指标"]
    )
    book.active.append(["８．５", "１０", "９５％", "＞＝９０％", "合格率", "产出指标（１０分）", "质量指标"])

    (row,) = from_xlsx(saved(book)).indicators

    assert (row.l1, row.l2, row.l3, row.target, row.actual) == ("产出", "质量", "合格率", "＞＝９０％", "９５％")
    assert (row.weight, row.score) == (10, D("8.5"))


def test_money_may_stand_in_another_order_and_in_yuan():
    content = changed(
        ministry_form(money=[MONEY[1], MONEY[0]]),
        A5="项目资金（元）",
        C6="其中：财政拨款",
        C7="资金总额",
        D6=8_000_000,
        E6=8_000_000,
    )

    form = from_xlsx(content)

    assert [(row.source, row.adjusted) for row in form.money] == [(Source.FISCAL, 800), (Source.TOTAL, D("0.08"))]


def test_points_behind_a_first_level_are_for_rows_without_a_weight():
    rows = [("产出指标（90分）", "数量指标", f"工程{name}", "≥1个", "1个", "", 30, "") for name in "甲乙丙"]

    form = from_xlsx(ministry_form(rows, total=99.2))

    assert form.group_points == {"产出": 90}
    assert [each.weight for each in form.indicators] == [None, None, None]


def test_headings_may_stand_in_two_rows():
    book = Workbook()
    for row in (
        ["绩效指标", "", "", "指标值", "实际完成值", "分值", "得分"],
        ["一级指标", "二级指标", "三级指标", "", "", "", ""],
        ["产出指标", "数量指标", "培训人次", "≥50人次", "60人次", 90, 90],
    ):
        book.active.append([value or None for value in row])
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("D1:D2")

    (row,) = from_xlsx(saved(book)).indicators

    assert (row.l1, row.l3, row.target, row.actual, row.weight, row.score) == (
        "产出", "培训人次", "≥50人次", "60人次", 90, 90,
    )  # fmt: skip


def test_points_may_stand_in_titles_alone():
    """As in Hubei: 预算数, 执行数, and every weight in brackets."""
    book = Workbook()
    for row in (
        ["预算执行情况（万元）（20分）", "", "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分×执行率）"],
        ["", "年度财政资金总额", 100, 90, "90%", 18],
        ["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"],
        ["产出指标（40分）", "数量指标（30分）", "改造教室", "24间", "24间", 15],
        ["", "", "改造操场", "2个", "2个", 15],
        ["", "质量指标", "合格率", "100%", "100%", 10],
        ["效益指标（40分）", "社会效益指标", "新增学位", "≥1000个", "1080个", 40],
        ["总分", "", "", "", "", 98],
    ):
        book.active.append([value if value != "" else None for value in row])

    form = from_xlsx(saved(book))
    card = evaluate(form, RULE).card

    assert form.money_total is not None
    assert (form.money_total.weight, form.money_total.adjusted, form.money_total.spent) == (20, 100, 90)
    assert [row.weight for row in card.rows] == [15, 15, 10, 40]
    assert (card.total, form.total, evaluate(form, RULE).scheme) == (98, 98, "")


def test_rows_of_the_template_are_told_and_not_scored():
    rows = [*EXAMPLE_A[:4], ("产出指标", "成本指标", "指标2：", "", "", "", "", ""), *EXAMPLE_A[4:]]

    form = from_xlsx(ministry_form(rows))

    assert form.left_over == (17,)
    assert [each.number for each in form.indicators] == [1, 2, 3, 4, 5, 6, 7]


def test_the_number_before_an_indicator_is_no_part_of_its_name():
    rows = [("产出指标", "数量指标", "指标1：改造教室", "≥24间", "24间", 90, 90, "")]

    assert from_xlsx(ministry_form(rows)).indicators[0].l3 == "改造教室"


def test_what_does_not_apply_is_marked():
    rows = [*EXAMPLE_A[:6], ("满意度指标", "服务对象满意度指标", "家长满意度", "≥90%", "不适用", 10, "", "")]

    assert [each.applies for each in from_xlsx(ministry_form(rows)).indicators] == [True] * 6 + [False]


def test_headings_that_are_repeated_on_a_second_page_are_no_indicator():
    rows = [
        *EXAMPLE_A[:4],
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", ""),
        *EXAMPLE_A[4:],
    ]

    assert [each.l3 for each in from_xlsx(ministry_form(rows)).indicators] == [row[2] for row in EXAMPLE_A]


def test_percents_that_excel_keeps_as_shares_are_read_as_shown():
    book = load_workbook(io.BytesIO(ministry_form()))
    for address in ("H6", "F14"):
        book.active[address].value = 0.92
        book.active[address].number_format = "0.00%"

    form = from_xlsx(saved(book))

    assert form.money_total is not None
    assert (form.money_total.rate, form.indicators[1].actual) == (92, "92%")


def test_all_texts_where_numbers_are_expected_come_at_once_with_their_cells():
    content = ministry_form(changes={"G13": "十五", "H14": "优", "F6": "约736"})

    assert faults(content) == [("not-a-number", "F6"), ("not-a-number", "G13"), ("not-a-number", "H14")]


def test_a_workbook_without_the_form_names_what_it_looked_for():
    book = Workbook()
    book.active["A1"] = "收支总表"

    assert faults(saved(book)) == [("no-form", "")]


def test_of_several_forms_in_a_workbook_one_is_to_be_named():
    book = load_workbook(io.BytesIO(ministry_form()))
    second = book.copy_worksheet(book.active)
    second.title = "项目二"
    second["C3"] = "教师培训"

    content = saved(book)

    assert faults(content) == [("several-forms", "")]
    assert from_xlsx(content, "项目二").project_name == "教师培训"
    assert faults(content, "项目三") == [("no-form", "")]


ADDRESSES = st.builds(lambda column, row: f"{column}{row}", st.sampled_from("ABCDEFGHIJ"), st.integers(2, 22))
VALUES = st.sampled_from(
    [
        "一级指标",
        "三级指标",
        "总分",
        "年度资金总额",
        "≥50个",
        "-5",
        "10",
        "效果明显",
        "指标2",
        "……",
        "全年执行数",
        "0",
        "12月底前",
    ]
) | st.text(max_size=8).filter(lambda text: text.isprintable() and not text.startswith("="))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(ADDRESSES, VALUES, max_size=8))
def test_whatever_stands_in_the_cells_it_is_evaluated_or_refused(changes):
    with suppress(UnreadableSheet):
        evaluate(from_xlsx(ministry_form(changes=changes)), RULE)
