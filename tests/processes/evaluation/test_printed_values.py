"""Printed targets and results are read in every form that published tables contain."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.budget_performance.evaluation.printed_numbers import SCALES, chinese_number, printed_number
from processes.budget_performance.evaluation.printed_values import (
    Achievement,
    Blank,
    Comparator,
    Day,
    Doubt,
    Level,
    Quantity,
    Range,
)
from processes.budget_performance.evaluation.reading_values import LONGEST, read_value

D = Decimal
QUANTITIES = {
    # RULES R06c
    "≥50个": (">=", "50", 1, "个"),
    "≥100百分比": (">=", "100", 1, "百分比"),
    "＞＝90%": (">=", "90", 1, "%"),
    "不低于95%": (">=", "95", 1, "%"),
    "不超过5天": ("<=", "5", 1, "天"),
    "≤3000元/㎡": ("<=", "3000", 1, "元/㎡"),
    "=100%": ("=", "100", 1, "%"),
    "300公里": (None, "300", 1, "公里"),
    "≥１，２３４．５０万元": (">=", "1234.50", 10_000, "元"),
    "2亿元": (None, "2", 100_000_000, "元"),
    # what else stands in published tables
    "≥ 2.5 万人次": (">=", "2.5", 10_000, "人次"),
    "100%": (None, "100", 1, "%"),
    "大于等于90%": (">=", "90", 1, "%"),
    "大于或等于 90 %": (">=", "90", 1, "%"),
    "不少于３次": (">=", "3", 1, "次"),
    "≥85分": (">=", "85", 1, "分"),
    "每季度1次": (None, "1", 1, "次/季度"),
    "每月不少于2次": (">=", "2", 1, "次/月"),
    "0起": (None, "0", 1, "起"),
    "＜1%": ("<", "1", 1, "%"),
    "＞0": (">", "0", 1, ""),
    "90%以上": (">=", "90", 1, "%"),
    "控制在5%以内": ("<=", "5", 1, "%"),
    "5个工作日内": ("<=", "5", 1, "个工作日"),
    "24小时内": ("<=", "24", 1, "小时"),
    "达到90%": (">=", "90", 1, "%"),
    "至少12期": (">=", "12", 1, "期"),
    "≥3,500㎡": (">=", "3500", 1, "㎡"),
    "≤1500元/m2": ("<=", "1500", 1, "元/m2"),
    "≥-2.5%": (">=", "-2.5", 1, "%"),
    "百分之九十五": (None, "95", 1, "%"),
    "百分之95.5": (None, "95.5", 1, "%"),
    "三个月": (None, "3", 1, "个月"),
    "不超过两次": ("<=", "2", 1, "次"),
    "12个月": (None, "12", 1, "个月"),
    "20人/天": (None, "20", 1, "人/天"),
    "＝１００％": ("=", "100", 1, "%"),
    "0.96": (None, "0.96", 1, ""),
    "10万": (None, "10", 10_000, ""),
    "五十万元": (None, "50", 10_000, "元"),
    "零投诉": (None, "0", 1, ""),
    "≥95%以上": (">=", "95", 1, "%"),
}


@pytest.mark.parametrize(("text", "parts"), QUANTITIES.items(), ids=QUANTITIES)
def test_a_quantity_is_comparator_value_scale_and_unit(text, parts):
    found = read_value(text)

    assert isinstance(found, Quantity)
    assert (found.comparator, found.value, found.scale, found.unit) == (parts[0], D(parts[1]), parts[2], parts[3])
    assert (found.text, found.doubts) == (text, ())


@pytest.mark.parametrize(
    ("text", "value", "unit", "doubt"),
    [
        ("约50人", "50", "人", Doubt.APPROXIMATE),
        ("95%左右", "95", "%", Doubt.APPROXIMATE),
        ("完成培训50人次", "50", "人次", Doubt.WORDS_AROUND),
        ("出台管护制度3项，落实管护人员", "3", "项", Doubt.WORDS_AROUND),
        ("2023年培训3次", "3", "次", Doubt.WORDS_AROUND),
        ("100%完成", "100", "%", Doubt.WORDS_AROUND),
        ("≥80%（含）", "80", "%", Doubt.WORDS_AROUND),
        ("300公里道路", "300", "公里", Doubt.WORDS_AROUND),
        ("≥≤5", "5", "", Doubt.TWO_COMPARATORS),
        ("10余项", "10", "项", Doubt.APPROXIMATE),
        ("24间（100%）", "24", "间", Doubt.WORDS_AROUND),
        ("≥98%（含98%）", "98", "%", Doubt.WORDS_AROUND),
    ],
)
def test_what_is_doubtful_about_a_quantity_is_told(text, value, unit, doubt):
    found = read_value(text)

    assert isinstance(found, Quantity)
    assert (found.value, found.unit, found.doubts) == (D(value), unit, (doubt,))


@pytest.mark.parametrize(
    ("text", "normalised", "unit"),
    [
        ("2.5万人次", "25000.0", "人次"),
        ("300公里", "300000", "米"),
        ("90万元", "900000", "元"),
        ("3000元/㎡", "3000", "元/平方米"),
        ("5‰", "0.5", "%"),
        ("≥100百分比", "100", "%"),
        ("3公顷", "30000", "平方米"),
        ("30分钟", "0.5", "小时"),
        ("12间", "12", "间"),
    ],
)
def test_a_quantity_is_counted_in_a_unit_that_others_share(text, normalised, unit):
    found = read_value(text)

    assert isinstance(found, Quantity)
    assert (found.normalised.quantize(D("0.0001")), found.unit_counted) == (D(normalised).quantize(D("0.0001")), unit)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("5-10个", 5, 10, "个"),
        ("5～10个", 5, 10, "个"),
        ("5至10个", 5, 10, "个"),
        ("90%-95%", 90, 95, "%"),
        ("100-200万元", 100, 200, "元"),
        ("±5%", -5, 5, "%"),
        ("≥90%且≤100%", 90, 100, "%"),
        ("≥50%≤80%", 50, 80, "%"),
    ],
)
def test_a_range_has_two_ends(text, low, high, unit):
    found = read_value(text)

    assert isinstance(found, Range)
    assert (found.low, found.high, found.unit, found.doubts) == (low, high, unit, ())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12月底前", "2025-12-31"),
        ("2023年6月30日前", "2023-06-30"),
        ("第四季度", "2025-12-31"),
        ("2024年二季度末", "2024-06-30"),
        ("2023-06-30", "2023-06-30"),
        ("2023.12.31前", "2023-12-31"),
        ("2023/6/5", "2023-06-05"),
        ("年底前", "2025-12-31"),
        ("上半年", "2025-06-30"),
        ("次年3月底前", "2026-03-31"),
        ("3月31日前完成验收", "2025-03-31"),
        ("≤2023年12月31日", "2023-12-31"),
        ("２０２５年１１月", "2025-11-30"),
        ("11月中旬", "2025-11-20"),
        ("2024年1-12月", "2024-12-31"),
        ("12月31日24时前", "2025-12-31"),
    ],
)
def test_a_day_is_that_of_the_budget_year_where_it_prints_none(text, day):
    found = read_value(text)

    assert isinstance(found, Day)
    assert (found.in_budget_year(2025), found.doubts) == (date.fromisoformat(day), ())


@pytest.mark.parametrize(("text", "doubt"), [("2023年", Doubt.VAGUE_DAY), ("2月30日", Doubt.NO_SUCH_DAY)])
def test_a_day_that_is_vague_or_does_not_exist_says_so(text, doubt):
    assert read_value(text).doubts == (doubt,)


@pytest.mark.parametrize(
    ("text", "achievement"),
    [
        ("效果明显", Achievement.MET),
        ("达成预期指标", Achievement.MET),
        ("优", Achievement.MET),
        ("逐步提升", Achievement.MET),
        ("全部完成", Achievement.MET),
        ("部分达成预期指标并具有一定效果", Achievement.PARTLY),
        ("基本完成", Achievement.PARTLY),
        ("未达成预期指标且效果较差", Achievement.NOT),
        ("未完成", Achievement.NOT),
        ("严格执行相关制度规定", None),
        ("在项目计划完成时间内完成", None),
        ("一流", None),
        ("一年两次", None),
    ],
)
def test_words_say_whether_they_praise(text, achievement):
    found = read_value(text)

    assert isinstance(found, Level)
    assert (found.achievement, found.doubts) == (achievement, ())


@pytest.mark.parametrize("text", ["7×24小时", "1:5", "完成教室12间、实验室8间", "1 2 3", "1亿2千万"])
def test_several_numbers_are_words(text):
    found = read_value(text)

    assert isinstance(found, Level)
    assert found.doubts == (Doubt.SEVERAL_NUMBERS,)


@pytest.mark.parametrize("text", ["", " ", "/", "—", "——", "……", "　"])
def test_dashes_and_dots_are_blank(text):
    assert isinstance(read_value(text), Blank)


def test_columns_of_their_own_give_comparator_and_unit():
    found = read_value("30", unit="万元", comparator="≤")

    assert isinstance(found, Quantity)
    assert (found.comparator, found.normalised, found.unit_counted) == (Comparator.AT_MOST, 300_000, "元")
    assert read_value("≥30个", comparator="≤").doubts == (Doubt.COMPARATOR_DIFFERS,)


@pytest.mark.parametrize(
    ("text", "number"), [("九十五", 95), ("十", 10), ("一百零二", 102), ("二〇二三", 2023), ("", None)]
)
def test_chinese_numerals(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("１，２３４．５０", "1234.50"), ("2.5万", "25000"), ("10分", None), ("", None)]
)
def test_a_cell_of_numbers_holds_a_number_or_not(text, number):
    assert printed_number(text) == (None if number is None else D(number))


# --- properties

NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2) | st.integers(0, 10**9).map(Decimal)
UNITS = st.sampled_from(
    ["", "个", "%", "元", "元/㎡", "人次", "公里", "个工作日", "次/季度", "项", "百分点", "‰", "个月"]
)
SCALE = st.sampled_from([D(1), *SCALES.values()])
QUANTITY = st.builds(
    Quantity,
    text=st.just(""),
    comparator=st.none() | st.sampled_from(Comparator),
    value=NUMBERS,
    scale=SCALE,
    unit=UNITS,
)
RANGES = st.builds(
    lambda low, more, scale, unit: Range(text="", low=low, high=low + more, scale=scale, unit=unit),
    *(NUMBERS, NUMBERS, SCALE, UNITS),
)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(
    lambda day: Day(text="", year=day.year, month=day.month, day=day.day)
) | st.builds(Day, text=st.just(""), year=st.none(), month=st.integers(1, 12), day=st.none() | st.integers(1, 28))


@settings(max_examples=300, deadline=None)
@given(QUANTITY | RANGES | DAYS)
def test_a_value_that_is_printed_is_read_as_the_same_value(value):
    printed = value.rendered()

    assert read_value(printed) == replace(value, text=printed)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.text(alphabet="0123456789.,-~至≥≤=><%万亿年月日号前个次每季度约内以上第零五余(（)）且", max_size=40)
)
def test_any_text_is_read_as_something_that_keeps_it(text):
    found = read_value(text)

    assert found.text == text
    assert isinstance(found.rendered(), str)


@pytest.mark.parametrize(
    "text", ["均已", "全部", "已经", "5-", "1月-", "(1", "≥5", "每", "零", "百分之", "逐步提升", "个5"]
)
def test_no_text_takes_long(text):
    begin = time.process_time()
    for tail in ("", "x", "5", "）"):
        read_value(text * (LONGEST // len(text) - 1) + tail)

    assert time.process_time() - begin < 0.5


def test_a_text_longer_than_a_value_is_words():
    assert read_value("1" * (LONGEST + 1)).doubts == (Doubt.TOO_LONG,)
