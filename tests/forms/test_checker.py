"""A submission is accepted whole or refused with every fault, in words an official understands."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forms.checker import FormLibrary, InvalidSubmission, NoSuchForm
from forms.schema import read_form


def library(checks: list[dict[str, Any]] | None = None, version: int = 1, **properties: dict[str, Any]) -> FormLibrary:
    """A library of one form `f` with these fields."""
    required = [name for name, field in properties.items() if field.pop("required", False)]
    form = {
        "x-form": {"key": "f", "version": version, "title_zh": "表", "title_en": "Form", "form_no": ""},
        "type": "object",
        "properties": properties,
        "required": required,
        "x-checks": checks or [],
    }
    return FormLibrary([read_form(json.dumps(form).encode(), "f.json")])


def field(zh: str, widget: str = "text", **more: Any) -> dict[str, Any]:
    """A field with a title and a widget."""
    kinds = {"money": "number", "percent": "number", "number": "number", "integer": "integer", "boolean": "boolean"}
    kind = kinds.get(widget, "array" if widget in ("rows", "files") else "string")
    return {"type": kind, "title": zh, "x-title-en": "x", "x-widget": widget, **more}


def rows(zh: str, **columns: dict[str, Any]) -> dict[str, Any]:
    required = [name for name, column in columns.items() if column.pop("required", False)]
    return field(zh, "rows") | {"items": {"type": "object", "properties": columns, "required": required}}


def refused(forms: FormLibrary, submission: dict[str, Any], **context: Any) -> dict[str, str]:
    """Path -> Chinese text of each fault."""
    with pytest.raises(InvalidSubmission) as error:
        forms.check("f", submission, context)
    return {fault["path"]: fault["message_zh"] for fault in error.value.faults}


def accepted(forms: FormLibrary, submission: dict[str, Any], **context: Any) -> dict[str, Any]:
    return dict(forms.check("f", submission, context).document)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        (" 800 ", "800"),
        ("＋3", "3"),
        (0.1, "0.1"),
        (7, "7"),
        (Decimal("12.3400"), "12.34"),
    ],
)
def test_numbers_become_decimals_however_they_are_typed(given: Any, value: str) -> None:
    assert accepted(library(amount=field("金额", "money")), {"amount": given}) == {"amount": Decimal(value)}


@pytest.mark.parametrize(
    "given",
    ["12万", "1e5", "NaN", "1.2.3", "1,2", "１，２", "1234,567", "1,2345", "60%", "", True, float("inf"), "9" * 50],
)
def test_what_is_no_number_is_refused_or_blank(given: Any) -> None:
    forms = library(amount=field("金额", "money", required=True))

    assert refused(forms, {"amount": given}) == {
        "amount": "“金额”必须填写。" if given == "" else f"“金额”必须是数字（当前“{given}”）。"
    }


def test_each_kind_of_field_says_what_it_wants() -> None:
    forms = library(
        amount=field("金额", "money", minimum=0),
        count=field("数量", "integer", maximum=12),
        rate=field("比例", "percent", exclusiveMinimum=0),
        day=field("日期", "date", format="date"),
        done=field("完成", "boolean"),
        name=field("名称", minLength=2, maxLength=3),
        sort=field("类别", "enum", enum=["a", "b"], **{"x-enum-titles": [["a", "甲", "A"], ["b", "乙", "B"]]}),
        lines=field("明细", "rows", items={"type": "object", "properties": {"x": field("数", "number")}}, minItems=2),
    )
    submission = {
        "amount": "-1.23456",
        "count": "12.5",
        "rate": "0%",
        "day": "2026-02-30",
        "done": "maybe",
        "name": "一",
        "sort": "c",
        "lines": [{"x": 1}],
        "more": 1,
    }

    assert refused(forms, submission) == {
        "amount": "“金额”最多保留 4 位小数（当前 -1.23456）。",
        "count": "“数量”必须是整数（当前 12.5）。",
        "rate": "“比例”必须大于 0（当前 0）。",
        "day": "“日期”必须是日期，如 2026-03-01（当前“2026-02-30”）。",
        "done": "“完成”必须填“是”或“否”。",
        "name": "“名称”至少 2 个字（当前 1 个）。",
        "sort": "“类别”应为 甲、乙 之一（当前“c”）。",
        "lines": "“明细”至少 2 项（当前 1 项）。",
        "more": "表中没有“more”这一项。",
    }
    assert refused(forms, {"amount": -1, "count": 13, "name": "一二三四"}) == {
        "amount": "“金额”不得小于 0（当前 -1）。",
        "count": "“数量”不得大于 12（当前 13）。",
        "name": "“名称”最多 3 个字（当前 4 个）。",
    }


def test_days_and_truths_are_read_as_people_write_them() -> None:
    forms = library(day=field("日期", "date"), done=field("完成", "boolean"))

    assert accepted(forms, {"day": "2026年3月1日", "done": "是"}) == {"day": date(2026, 3, 1), "done": True}


def test_no_check_says_something_about_a_value_that_could_not_be_read() -> None:
    known = {"code": "K", "each": "items", "unless": "list contains([1, 2], no)", "path": "no"}
    forms = library(
        [known | {"message_zh": "没有第 {no} 项。", "message_en": "No item {no}."}],
        items=rows("事项", no=field("序号", "integer"), text=field("内容")),
    )

    found = refused(forms, {"items": [{"no": "一", "text": "甲"}, {"no": "３", "text": "乙"}]})

    assert found == {"items/0/no": "“事项”第 1 行“序号”必须是数字（当前“一”）。", "items/1/no": "没有第 3 项。"}


def test_an_unreadable_value_is_not_also_missing() -> None:
    forms = library(amount=field("金额", "money", required=True))

    assert list(refused(forms, {"amount": "many"})) == ["amount"]


def test_a_row_names_itself_in_its_faults() -> None:
    forms = library(lines=rows("测算明细", item=field("内容", required=True), price=field("单价", "money", minimum=0)))

    assert refused(forms, {"lines": [{"item": "教室", "price": 1}, {"price": -1}]}) == {
        "lines/1/price": "“测算明细”第 2 行“单价”不得小于 0（当前 -1）。",
        "lines/1/item": "“测算明细”第 2 行“内容”必须填写。",
    }


def test_calculated_fields_are_the_forms_own() -> None:
    forms = library(
        lines=rows("明细", qty=field("量", "number"), price=field("价", "money"),
                   amount=field("金额", "money", **{"x-calculated": "qty * price"})),
        sum=field("合计", "money", **{"x-calculated": "total(lines.amount)"}),
    )  # fmt: skip

    document = accepted(forms, {"lines": [{"qty": 2, "price": "1.5", "amount": 99}, {"qty": 4}], "sum": 1000})

    assert document["sum"] == Decimal("3.0")
    assert document["lines"] == [
        {"qty": Decimal(2), "price": Decimal("1.5"), "amount": Decimal("3.0")},
        {"qty": Decimal(4)},
    ]


def test_a_field_may_be_required_by_what_stands_elsewhere() -> None:
    forms = library(
        decision=field("结论"),
        comment=field("意见", minLength=5, **{"x-required-when": 'decision = "return"'}),
    )

    assert accepted(forms, {"decision": "pass"}) == {"decision": "pass"}
    assert refused(forms, {"decision": "return"}) == {"comment": "“意见”必须填写。"}
    assert refused(forms, {"decision": "return", "comment": "不行"}) == {"comment": "“意见”至少 5 个字（当前 2 个）。"}


def test_an_old_variable_never_stands_in_for_a_blank_field() -> None:
    forms = library(
        decision=field("结论"), comment=field("意见", **{"x-required-when": 'decision = "return"'})
    )

    assert accepted(forms, {}, decision="return") == {}


def test_what_is_hidden_is_neither_asked_nor_kept() -> None:
    forms = library(
        kind=field("类别"),
        bond=field("债券编号", required=True, **{"x-visible-when": 'kind = "bond"'}),
    )

    assert accepted(forms, {"kind": "other", "bond": "B-1"}) == {"kind": "other"}
    assert refused(forms, {"kind": "bond"}) == {"bond": "“债券编号”必须填写。"}


def test_what_is_shown_may_hang_on_what_is_calculated_above() -> None:
    forms = library(
        amount=field("金额", "money"),
        above=field("超出", "boolean", **{"x-calculated": "amount > 100"}),
        reason=field("理由", required=True, **{"x-visible-when": "above = true"}),
    )

    assert accepted(forms, {"amount": 101, "reason": "急需"})["reason"] == "急需"
    assert "reason" not in accepted(forms, {"amount": 100, "reason": "急需"})
    assert refused(forms, {"amount": 101}) == {"reason": "“理由”必须填写。"}


def test_a_read_only_field_holds_what_the_process_says() -> None:
    forms = library(spent=field("执行数", "money", **{"x-prefill": "paid", "x-readonly": True}))

    assert accepted(forms, {"spent": 1}, paid=Decimal(55)) == {"spent": Decimal(55)}
    assert forms.prefilled("f", {"paid": 55}) == {"spent": Decimal(55)}


def test_a_prefilled_field_stands_empty_while_its_variable_is_missing_whatever_else_its_name_means() -> None:
    # `floor` is a built-in function of FEEL, too
    forms = library(progress=field("参考进度", "percent", **{"x-prefill": "floor", "x-readonly": True}))

    assert forms.prefilled("f", {}) == {}
    assert forms.prefilled("f", {"floor": Decimal(55)}) == {"progress": Decimal(55)}


def test_prefilled_rows_keep_to_the_columns_of_the_form() -> None:
    column = {"x-prefill": "issues", "x-row-key": "no"}
    plan = rows("事项", no=field("序号", "integer"), measure=field("措施")) | column
    shown = rows("情况", no=field("序号", "integer")) | {"x-prefill": "issues", "x-readonly": True}
    issues = [{"no": Decimal(1), "measure": None, "verified": "closed"}]

    assert library(issues=plan).prefilled("f", {"issues": issues}) == {"issues": [{"no": Decimal(1)}]}
    assert library(issues=shown).prefilled("f", {"issues": issues}) == {"issues": [{"no": Decimal(1)}]}
    assert accepted(library(issues=shown), {}, issues=issues) == {"issues": [{"no": Decimal(1)}]}


def test_given_rows_can_be_filled_in_but_not_changed() -> None:
    fixed = {"x-readonly": True}
    table = rows(
        "指标", l3=field("指标", **fixed), target=field("目标", "number", **fixed), actual=field("完成", "number")
    )
    forms = library(lines=table | {"x-prefill": "given", "x-row-key": "l3"})
    given = [{"l3": "改造教室", "target": 24, "note": "x"}, {"l3": "合格率", "target": 100}]

    document = accepted(forms, {"lines": [{"l3": "合格率", "target": 1, "actual": 96}]}, given=given)

    assert document["lines"] == [
        {"l3": "改造教室", "target": Decimal(24)},
        {"l3": "合格率", "target": Decimal(100), "actual": Decimal(96)},
    ]
    assert refused(forms, {"lines": [{"l3": "新指标"}]}, given=given) == {
        "lines": "“指标”没有“新指标”这一行，不能增加。"
    }


def test_a_check_fills_its_message_from_the_form() -> None:
    check = {
        "code": "WEIGHTS", "unless": "total(lines.w) = 100", "path": "lines",
        "message_zh": "权重合计必须等于 100（当前 {total(lines.w)}）。",
        "message_en": "The weights must sum to 100, not {total(lines.w)}.",
    }  # fmt: skip
    forms = library([check], lines=rows("指标", w=field("权重", "number")))

    with pytest.raises(InvalidSubmission) as error:
        forms.check("f", {"lines": [{"w": "89.50"}, {"w": "0.5"}]}, {})

    (fault,) = error.value.faults
    assert (fault["code"], fault["path"]) == ("WEIGHTS", "lines")
    assert fault["message_zh"] == "权重合计必须等于 100（当前 90）。"
    assert fault["message"] == "The weights must sum to 100, not 90."


def test_a_warning_needs_a_reason_and_then_stays_a_warning() -> None:
    check = {
        "code": "L10", "each": "lines", "path": "w", "when": "w > 30", "severity": "warning", "reason": "why",
        "message_zh": "第 {row_number} 行分值 {w} 超过 30。", "message_en": "Row {row_number} has {w} points.",
    }  # fmt: skip
    forms = library([check], lines=rows("指标", w=field("权重", "number")), why=field("理由"))

    assert refused(forms, {"lines": [{"w": 31}]}) == {"lines/0/w": "第 1 行分值 31 超过 30。"}
    review = forms.review("f", {"lines": [{"w": 31}], "why": "核心指标，经专家论证确定"}, {})
    assert review.faults == ()
    assert [fault["code"] for fault in review.warnings] == ["L10"]


def test_only_declared_fields_become_variables() -> None:
    forms = library(
        decision=field("结论", **{"x-variable": "decision"}),
        level=field("等级", **{"x-variable": "raised_level"}),
        comment=field("意见"),
    )

    checked = forms.check("f", {"decision": "pass", "comment": "同意"}, {})

    assert checked.variables == {"decision": "pass", "raised_level": None}
    assert checked.form_ref == "f:1"


def test_the_newest_version_is_filled_in_and_the_old_one_stays_readable() -> None:
    old, new = library(amount=field("金额", "money")), library(version=2, amount=field("金额", "money"))
    forms = FormLibrary([*old, *new])

    assert forms.form("f").version == 2
    assert forms.form("f:1").version == 1
    with pytest.raises(NoSuchForm, match="Expected a form 'g', but found none"):
        forms.form("g")


@pytest.mark.parametrize(("unit", "is_taken"), [("%", True), (" ％ ", True), ("个", False), (None, False)])
def test_a_percent_sign_is_taken_where_the_row_names_percent_as_its_unit(unit: str | None, is_taken: bool) -> None:
    actual = {**field("完成值", "number"), "x-unit-in": "unit"}
    forms = library(rows=rows("指标", actual=actual, unit=field("单位")))
    submission = {"rows": [{"actual": "60%", "unit": unit}]}

    if is_taken:
        assert accepted(forms, submission)["rows"][0]["actual"] == Decimal(60)
    else:
        assert refused(forms, submission) == {"rows/0/actual": "“指标”第 1 行“完成值”必须是数字（当前“60%”）。"}
