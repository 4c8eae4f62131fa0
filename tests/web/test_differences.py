"""Two versions of a form: which fields differ, and what comes of a choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forms.checker import FormLibrary
from forms.form import Form
from forms.schema import read_forms
from web.user_task.differences import Piece, decided, differences

FORMS = Path(__file__).parent / "forms"
KEPT = {
    "kind": "money",
    "reason": "设备价格上涨，预算不足。",
    "items": [{"name": "设备", "price": "60", "amount": "60"}],
    "note": "同",
}
APART = {
    "kind": "money",
    "reason": "设备价格大幅上涨，预算不足。",
    "items": [{"name": "设备", "price": "60", "amount": "61"}],
    "submitted_on": "2026-09-15",
    "note": "同",
}


@pytest.fixture(scope="module")
def form() -> Form:
    return FormLibrary(read_forms(FORMS)).form("estimate")


def test_only_fields_that_people_fill_in_are_compared(form: Form):
    found = differences(form, KEPT | {"total": "1"}, APART | {"total": "2"}, "zh")

    assert [each.title for each in found] == ["超控制数理由", "填报日期"]


def test_what_a_text_has_beyond_the_other_is_marked(form: Form):
    (reason, _) = differences(form, KEPT, APART, "zh")

    assert reason.kept.pieces == (Piece("设备价格", False), Piece("上涨，预算不足。", False))
    assert reason.apart.pieces == (Piece("设备价格", False), Piece("大幅", True), Piece("上涨，预算不足。", False))


def test_the_side_with_something_in_it_is_offered_first(form: Form):
    (reason, day) = differences(form, KEPT, APART, "zh")

    assert (reason.offered, day.offered) == ("kept", "apart")
    assert day.kept.is_empty and day.apart.view.text == "2026-09-15"


@pytest.mark.parametrize("nothing", [None, "", []], ids=repr)
def test_nothing_does_not_differ_from_nothing(form: Form, nothing: Any):
    assert differences(form, KEPT, KEPT | {"submitted_on": nothing}, "zh") == []


def test_tables_of_as_many_rows_differ_cell_by_cell(form: Form):
    (price,) = differences(form, KEPT, KEPT | {"items": [{"name": "设备", "price": "70", "amount": "70"}]}, "en")

    assert (price.path, price.title, price.is_table) == ("items/0/price", "Items 1 · Price", False)
    assert (price.kept.view.text, price.apart.view.text) == ("60", "70")


def test_tables_of_other_rows_differ_as_a_whole(form: Form):
    more = KEPT["items"] + [{"name": "培训", "price": "5"}]
    (items,) = differences(form, KEPT, KEPT | {"items": more}, "zh")

    assert items.is_table and items.title == "测算明细"
    assert [row[0].text for row in items.apart.view.rows] == ["设备", "培训"]


def test_a_row_is_called_by_what_identifies_it(form: Form):
    plan = [{"month": "3", "planned": "1"}]
    (planned,) = differences(form, {"plan": plan}, {"plan": [{"month": "3", "planned": "2"}]}, "zh")

    assert planned.title == "用款计划 3 · 计划金额"


def test_a_choice_and_the_rest_hold_everything_together(form: Form):
    result, rest = decided(form, KEPT, APART, lambda path: "apart" if path == "reason" else "kept")

    assert result == KEPT | {"reason": APART["reason"]}
    assert rest["reason"] == KEPT["reason"] and rest["submitted_on"] == "2026-09-15"
    assert "submitted_on" not in result


def test_cells_are_chosen_one_by_one_and_nothing_that_was_given_is_changed(form: Form):
    here = {"items": [{"name": "甲", "price": "1"}, {"name": "乙", "price": "2"}]}
    there = {"items": [{"name": "甲", "price": "7"}, {"name": "丙"}]}

    result, rest = decided(form, here, there, lambda path: "apart" if path.endswith("name") else "kept")

    assert result == {"items": [{"name": "甲", "price": "1"}, {"name": "丙", "price": "2"}]}
    assert rest == {"items": [{"name": "甲", "price": "7"}, {"name": "乙"}]}
    assert here["items"][0] == {"name": "甲", "price": "1"}


def test_very_long_texts_are_compared_without_marks(form: Form):
    (reason,) = differences(form, {"reason": "一" * 5000}, {"reason": "二" * 5000}, "zh")

    assert reason.kept.pieces == () and reason.apart.pieces == ()
