"""How a form is laid out."""

from __future__ import annotations

import pytest

from forms.schema import read_forms
from web.user_task.form_view import SHEET_COLUMNS, FieldView, Filling, Told, view_form

FORMS = {form.key: form for form in read_forms()}
A_READING = {"indicators": [{"l1": "产出", "l2": "数量", "l3": "清淤长度", "target": 18}]}


def test_a_fault_of_a_whole_row_stands_with_its_table_and_is_found_from_the_list_of_faults():
    filling = Filling(
        values={},
        faults={"issues/1": [Told("第 2 项没有里程碑。", "MILESTONE_MISSING")]},
        visible={},
        required={},
        language="zh",
    )

    view = view_form(FORMS["F-10b"], filling)

    assert view.faults == (("field-issues", "第 2 项没有里程碑。"),)
    assert view.other_faults == ()


def test_faults_are_listed_in_the_order_of_the_form_and_those_of_no_field_last():
    told = {
        path: [Told(path, "x")]
        for path in ("elsewhere", "milestones", "issues/1/recover", "issues/1/due", "issues/0/cause")
    }
    rows = [{"no": 1}, {"no": 2}]
    filling = Filling(values={"issues": rows}, faults=told, visible={}, required={}, language="zh")

    view = view_form(FORMS["F-10b"], filling)

    assert [text for _, text in view.faults] == [
        "issues/0/cause",
        "issues/1/due",
        "issues/1/recover",
        "milestones",
        "elsewhere",
    ]


def field(form_key: str, name: str, values: dict[str, object]) -> FieldView:
    filling = Filling(values=values, faults={}, visible={}, required={}, language="zh")
    sections = view_form(FORMS[form_key], filling).sections
    return next(each for section in sections for each in section.fields if each.path == name)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", "执行率低于参考进度、Z9、状态型指标偏低"),
        ("en", "Payments are behind the reference progress, Z9, A state indicator is low"),
    ],
)
def test_reasons_of_a_level_are_words_and_one_that_a_designer_added_stands_as_it_is(language: str, shown: str):
    filling = Filling(values={"reasons": ["Y1", "Z9", "Y4"]}, faults={}, visible={}, required={}, language=language)
    sections = view_form(FORMS["F-04-review"], filling).sections

    assert next(each.text for section in sections for each in section.fields if each.path == "reasons") == shown


def test_a_table_with_more_columns_than_a_sheet_holds_is_shown_as_records():
    indicators = field("F-04", "indicators", A_READING)

    assert len(indicators.columns) > SHEET_COLUMNS
    assert indicators.is_wide


def test_a_table_of_few_columns_is_a_sheet():
    measures = field("F-04", "measures", {})

    assert 0 < len(measures.columns) <= SHEET_COLUMNS
    assert not measures.is_wide


def test_a_record_is_headed_by_what_tells_its_row_from_the_others():
    (row,) = field("F-04", "indicators", A_READING).rows

    assert [(cell.path, cell.text) for cell in row if cell.is_key] == [("indicators/0/l3", "清淤长度")]


@pytest.mark.parametrize(
    ("given", "value", "is_unreadable"),
    [("2026年9月30日", "2026-09-30", False), ("2026-02-30", "2026-02-30", True), ("下月底", "下月底", True)],
)
def test_a_day_is_shown_as_a_day_however_it_was_typed_and_what_is_none_as_it_stands(
    given: str, value: str, is_unreadable: bool
):
    measures = field("F-04", "measures", {"measures": [{"due": given}]})
    due = next(cell for cell in measures.rows[0] if cell.path == "measures/0/due")

    assert (due.value, due.is_unreadable) == (value, is_unreadable)


@pytest.mark.parametrize(
    ("given", "value", "text", "is_unreadable"),
    [("√", "true", "是", False), ("否", "false", "否", False), ("也许", "也许", "也许", True)],
)
def test_yes_and_no_are_shown_however_they_were_typed(given: str, value: str, text: str, is_unreadable: bool):
    rows = field("F-03-A", "financing", {"financing": [{"is_debt": given}]}).rows
    is_debt = next(cell for cell in rows[0] if cell.path == "financing/0/is_debt")

    assert (is_debt.value, is_debt.text, is_debt.is_unreadable) == (value, text, is_unreadable)
