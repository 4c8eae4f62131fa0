"""Form files are read whole or refused with every fault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forms.checker import FormLibrary
from forms.form import Form
from forms.schema import UnsoundForm, read_form, read_forms
from forms.structure import validator_of
from tests.forms.library import LIBRARY


def small_form(**changes: Any) -> bytes:
    """A sound form with one amount, and what a test changes in it."""
    form: dict[str, Any] = {
        "x-form": {"key": "small", "version": 2, "title_zh": "小表", "title_en": "Small", "form_no": ""},
        "type": "object",
        "properties": {
            "amount": {"type": "number", "title": "金额", "x-title-en": "Amount", "x-widget": "money", "minimum": 0}
        },
        "required": ["amount"],
    }
    return json.dumps({**form, **changes}, ensure_ascii=False).encode()


def faults(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(UnsoundForm) as refused:
        read_form(content, "small.json")
    return [(fault["path"], fault["message"]) for fault in refused.value.faults]


def test_a_form_says_its_key_and_version() -> None:
    form = read_form(small_form(), "small.json")

    assert form.ref == "small:2"
    assert form.field("amount").title("en") == "Amount"


def test_every_shipped_form_is_sound_and_titled_in_both_languages() -> None:
    titles = {form.key: (form.zh, form.en) for form in LIBRARY}

    assert titles["F-04"] == ("绩效运行监控表", "Monitoring form")
    assert all(zh and en for zh, en in titles.values())


def test_text_that_is_no_json_is_refused() -> None:
    (fault,) = faults(b"{")[:1]

    assert fault[1].startswith("Expected JSON, but:")


def test_all_faults_of_a_file_come_at_once() -> None:
    properties = {
        "amount": {"type": "string", "title": "金额", "x-title-en": "Amount", "x-widget": "money"},
        "sort": {"type": "string", "title": "类别", "x-title-en": "Sort", "x-widget": "enum", "enum": ["a"]},
        "Wrong": {"type": "string", "title": "错", "x-title-en": "", "x-widget": "slider"},
        "rate": {"type": "number", "title": "率", "x-title-en": "Rate", "x-widget": "percent", "x-calculated": "1 +"},
        "near": {"type": "boolean", "title": "近", "x-title-en": "Near", "x-widget": "boolean", "x-own-unit": True},
        "more": {"type": "boolean", "title": "更多", "x-title-en": "More", "x-widget": "boolean", "x-more": 1},
    }

    found = faults(small_form(properties=properties, required=["missing"]))

    assert [path for path, _ in found] == [
        "small.json#",
        "small.json#amount",
        "small.json#sort",
        "small.json#Wrong",
        "small.json#Wrong",
        "small.json#Wrong",
        "small.json#rate/x-calculated",
        "small.json#near",
        "small.json#more",
    ]
    assert found[-2][1] == "Expected x-own-unit at a field for people only, but found it at boolean."
    assert found[1][1] == "Expected type number for money, but found 'string'."
    assert found[-1][1] == "Expected known keys, but found x-more."


def test_only_a_field_that_is_shown_may_have_titles_without_values() -> None:
    sort = {"type": "string", "title": "类别", "x-title-en": "Sort", "x-widget": "enum"}
    titled = {**sort, "x-enum-titles": [["a", "甲", "A"]]}

    assert [path for path, _ in faults(small_form(properties={"sort": titled}, required=[]))] == ["small.json#sort"]
    shown = read_form(small_form(properties={"sort": {**titled, "x-readonly": True}}, required=[]), "small.json")
    assert [choice.zh for choice in shown.field("sort").choices] == ["甲"]


def test_a_check_needs_one_condition_and_a_field_that_exists() -> None:
    checks = [
        {"code": "A", "message_zh": "甲", "message_en": "a"},
        {"code": "B", "message_zh": "乙", "message_en": "b", "when": "true", "path": "nowhere"},
        {"code": "C", "message_zh": "丙", "message_en": "c", "when": "true", "each": "amount", "severity": "loud"},
    ]

    found = faults(small_form(**{"x-checks": checks}))

    assert [path for path, _ in found] == [
        "small.json#x-checks/0",
        "small.json#x-checks/1",
        "small.json#x-checks/2",
        "small.json#x-checks/2",
    ]


LATER = {"type": "number", "title": "批复", "x-title-en": "Approved", "x-widget": "money", "x-later": "approved"}
AMOUNT = {"type": "number", "title": "金额", "x-title-en": "Amount", "x-widget": "money"}


def test_what_becomes_known_later_is_given_by_nobody_who_fills_in() -> None:
    form = read_form(small_form(properties={"amount": AMOUNT, "approved": LATER}), "small.json")

    assert form.field("approved").is_given
    checked = FormLibrary([form]).check("small", {"amount": 1, "approved": 2}, {"approved": 3})
    assert checked.document == {"amount": 1}


@pytest.mark.parametrize("other", ["x-prefill", "x-calculated", "x-variable", "x-required-when", "x-visible-when"])
def test_what_becomes_known_later_has_no_value_of_another_kind(other: str) -> None:
    found = faults(small_form(properties={"amount": AMOUNT, "approved": LATER | {other: "amount"}}))

    assert found == [
        ("small.json#approved", "Expected x-later at a field of the form that has no value of another kind.")
    ]


@pytest.mark.parametrize("more", [{"x-calculated": "1"}, {"x-readonly": True}])
def test_a_default_is_for_what_somebody_may_fill_in(more: dict[str, Any]) -> None:
    found = faults(small_form(properties={"amount": AMOUNT | {"x-default": "7"} | more}))

    assert found == [("small.json#amount", "Expected x-default at a single field that somebody may fill in.")]


def test_a_unit_is_named_by_a_column_beside_the_number() -> None:
    column = AMOUNT | {"x-unit-in": "unit"}
    table = {"type": "array", "title": "指标", "x-title-en": "Rows", "x-widget": "rows"}
    items = {"items": {"type": "object", "properties": {"amount": column}}}
    expected = "Expected x-unit-in at a number in a row, naming a column; unknown: {}."

    found = faults(small_form(properties={"amount": AMOUNT, "rows": table | items}))
    assert found == [("small.json#rows", expected.format("['unit']"))]
    assert faults(small_form(properties={"amount": column})) == [("small.json#amount", expected.format("[]"))]


@pytest.mark.parametrize("more", [{"x-calculated": "1"}, {"x-readonly": True}])
def test_only_what_somebody_fills_in_is_concluded_anew(more: dict[str, Any]) -> None:
    found = faults(small_form(properties={"amount": AMOUNT | {"x-afresh": True} | more}))

    assert found == [("small.json#amount", "Expected x-afresh at a field of the form that somebody may fill in.")]


def test_what_is_left_empty_is_its_default_and_what_is_filled_in_stays() -> None:
    properties = {"amount": AMOUNT, "half": AMOUNT | {"x-default": "amount / 2"}}
    library = FormLibrary([read_form(small_form(properties=properties), "small.json")])

    assert library.check("small", {"amount": 8}, {}).document == {"amount": 8, "half": 4}
    assert library.check("small", {"amount": 8, "half": 0}, {}).document == {"amount": 8, "half": 0}
    assert library.prefilled("small", {}) == {}


def test_columns_do_not_become_known_later() -> None:
    rows = {
        "type": "array", "title": "明细", "x-title-en": "Rows", "x-widget": "rows",
        "items": {"type": "object", "properties": {"approved": LATER}},
    }  # fmt: skip

    assert [path for path, _ in faults(small_form(properties={"amount": AMOUNT, "rows": rows}))] == [
        "small.json#rows/approved"
    ]


def test_a_hole_in_a_message_is_feel() -> None:
    checks = [{"code": "A", "when": "true", "message_zh": "金额 {amount +}", "message_en": "amount"}]

    assert faults(small_form(**{"x-checks": checks}))[0][0] == "small.json#x-checks/0/message"


@pytest.mark.parametrize("form", read_forms(), ids=lambda form: form.key)
def test_every_form_of_the_library_is_a_json_schema(form: Form) -> None:
    """Looked at here, so that no start of the house has to."""
    assert validator_of(form).schema == form.schema
