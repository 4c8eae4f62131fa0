"""Everything a form says, it says in Chinese and in English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from forms.form import Field, Form
from forms.schema import UnsoundForm, read_form, read_forms

HAN = re.compile("[\u4e00-\u9fff]")
LIBRARY = {form.key: form for form in read_forms()}


def texts(form: Form) -> Iterator[tuple[str, str, str]]:
    """Where it stands, in Chinese, in English."""
    yield "x-form", form.zh, form.en
    for field in form.fields:
        yield from _of_field(field, field.name)
    for check in form.checks:
        yield f"x-checks/{check.code}", check.text.zh, check.text.en


def _of_field(field: Field, place: str) -> Iterator[tuple[str, str, str]]:
    yield place, field.zh, field.en
    for language_pair in ((field.group, field.group_en), (field.unit, field.unit_en)):
        if any(language_pair):
            yield (place, *language_pair)
    for choice in field.choices:
        yield f"{place}={choice.value}", choice.zh, choice.en
    for column in field.columns:
        yield from _of_field(column, f"{place}/{column.name}")


@pytest.mark.parametrize("key", LIBRARY)
def test_every_title_section_unit_choice_and_message_is_there_in_both_languages(key: str) -> None:
    for place, zh, en in texts(LIBRARY[key]):
        assert zh and en, place
        # what stands in braces is FEEL, and quoted Chinese is a value of the form
        said = re.sub(r"\{[^{}]*\}|[\"“][^\"”]*[\"”]", "", en)
        assert not HAN.search(said), (place, en)


@pytest.mark.parametrize("key", LIBRARY)
def test_both_languages_of_a_message_tell_the_same_facts(key: str) -> None:
    holes = re.compile(r"\{([^{}]+)\}")
    for check in LIBRARY[key].checks:
        assert sorted(holes.findall(check.text.zh)) == sorted(holes.findall(check.text.en)), check.code


def form(**field: object) -> bytes:
    amount = {"type": "number", "title": "金额", "x-title-en": "Amount", "x-widget": "money", **field}
    head = {"key": "T", "version": 1, "title_zh": "表", "title_en": "Table"}
    groups = [["资金", "Money"]] if field.get("x-group") == "资金" else []
    whole = {"x-form": head, "x-groups": groups, "type": "object", "properties": {"amount": amount}}
    return json.dumps(whole, ensure_ascii=False).encode()


def test_a_section_or_unit_without_english_is_refused() -> None:
    with pytest.raises(UnsoundForm, match="Expected the section '措施' with its English title in x-groups"):
        read_form(form(**{"x-group": "措施"}), "t.json")
    with pytest.raises(UnsoundForm, match="Expected x-unit-en for the unit '万元'"):
        read_form(form(**{"x-unit": "万元"}), "t.json")

    sound = read_form(form(**{"x-group": "资金", "x-unit": "万元", "x-unit-en": "10,000 yuan"}), "t.json")
    field = sound.field("amount")
    assert (field.section("en"), field.section("zh")) == ("Money", "资金")
    assert (field.unit_title("en"), field.unit_title("zh")) == ("10,000 yuan", "万元")


def test_a_unit_that_is_the_same_everywhere_needs_no_english() -> None:
    assert read_form(form(**{"x-unit": "%"}), "t.json").field("amount").unit_title("en") == "%"
