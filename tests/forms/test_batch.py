"""Which forms may be filed for several user tasks at once, and what such a form may not ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.identity.roles import read_role_file
from forms.checker import FormLibrary
from forms.form import Batch
from forms.schema import UnsoundForm, read_form, read_forms

LIBRARY = {form.key: form for form in read_forms()}
DECISION = {
    "type": "string", "title": "意见", "x-title-en": "Decision", "x-widget": "enum", "enum": ["sign", "return"],
    "x-enum-titles": [["sign", "同意", "Sign"], ["return", "退回", "Return"]],
}  # fmt: skip
BATCH = {"roles": ["unit_head"], "answer": {"decision": "sign"}}


def signature(head: dict[str, Any], **fields: Any) -> bytes:
    names = {"key": "s", "version": 1, "title_zh": "签", "title_en": "Sign", "form_no": ""}
    return json.dumps({"x-form": names | head, "properties": {"decision": DECISION, **fields}}).encode()


def faults(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(UnsoundForm) as refused:
        read_form(content, "s.json")
    return [(fault["path"].partition("#")[2], fault["message"]) for fault in refused.value.faults]


def test_a_form_says_who_may_file_it_for_several_and_with_which_answer() -> None:
    form = read_form(signature({"batch": BATCH}), "s.json")

    assert form.batch == Batch(roles=frozenset({"unit_head"}), answer={"decision": "sign"})
    assert read_form(signature({}), "s.json").batch is None


def test_it_is_for_groups_of_these_roles_and_for_no_other() -> None:
    batch = Batch(roles=frozenset({"unit_head"}), answer={"decision": "sign"})

    assert batch.is_for(["finance_perf", "unit_head@2101"]) and batch.is_for(["unit_head"])
    assert not batch.is_for(["dept_head@21", "unit_head_office@2101"]) and not batch.is_for([])


@pytest.mark.parametrize(
    "said", [True, {}, {"roles": ["unit_head"]}, {**BATCH, "more": 1}], ids=["true", "nothing", "no answer", "more"]
)
def test_a_batch_gives_roles_and_answer(said: Any) -> None:
    assert faults(signature({"batch": said})) == [("x-form/batch", "Expected batch to give roles and answer.")]


@pytest.mark.parametrize("change", [{"roles": []}, {"roles": "unit_head"}, {"answer": {}}, {"answer": "sign"}], ids=str)
def test_a_batch_without_roles_or_without_an_answer_is_none(change: dict[str, Any]) -> None:
    told = "Expected batch to name roles, and to answer at least one field."

    assert faults(signature({"batch": BATCH | change})) == [("x-form/batch", told)]


@pytest.mark.parametrize("answer", [{"decision": "pass"}, {"other": "sign"}, {"decision": ["sign"]}], ids=str)
def test_the_answer_is_a_choice_of_a_field(answer: dict[str, Any]) -> None:
    (name, value), = answer.items()
    told = f"Expected batch to answer {name!r} with one of its choices, but found {value!r}."

    assert faults(signature({"batch": BATCH | {"answer": answer}})) == [("x-form/batch", told)]


PEOPLE = {"type": "string", "title": "人", "x-title-en": "Person", "x-widget": "user"}
BROUGHT = {"type": "number", "title": "数", "x-title-en": "Number", "x-widget": "number", "x-prefill": "amount"}


@pytest.mark.parametrize("field", [PEOPLE, BROUGHT], ids=["people", "brought along"])
def test_what_differs_from_case_to_case_is_not_asked_once_for_all(field: dict[str, Any]) -> None:
    told = "Expected a batch to ask nothing that differs from case to case, but found 'own'."

    assert faults(signature({"batch": BATCH}, own=field)) == [("x-form/batch", told)]
    assert read_form(signature({}, own=field), "s.json").batch is None


def test_what_is_brought_along_to_be_read_only_may_differ() -> None:
    form = read_form(signature({"batch": BATCH}, own=BROUGHT | {"x-readonly": True}), "s.json")

    assert form.batch is not None


def test_a_document_is_told_by_single_fields_of_its_form() -> None:
    rows = {"type": "array", "title": "表", "x-title-en": "Table", "x-widget": "rows", "items": {"properties": {
        "text": {"type": "string", "title": "文", "x-title-en": "Text", "x-widget": "text"}}}}  # fmt: skip

    assert read_form(signature({"gist": ["decision"]}), "s.json").gist == ("decision",)
    for gist in (["rows"], ["none"]):
        told = f"Expected gist to list single fields of the form, but found {gist!r}."
        assert faults(signature({"gist": gist}, rows=rows)) == [("x-form/gist", told)]


def test_a_head_with_an_unknown_key_is_refused() -> None:
    assert faults(signature({"bacth": BATCH})) == [("x-form", "Expected known keys, but found bacth.")]


def test_the_signatures_of_heads_and_no_other_forms_of_the_library_may_be_filed_for_several() -> None:
    found = {key: (sorted(form.batch.roles), form.batch.answer) for key, form in LIBRARY.items() if form.batch}

    assert found == {
        "sign": (["dept_head", "unit_head"], {"decision": "sign"}),
        "F-03-sign": (["dept_head"], {"decision": "agree"}),
        "F-05-report": (["dept_head"], {"signed": True}),
    }
    known = read_role_file(Path("processes/budget_performance/roles.toml")).roles
    assert all(set(roles) <= known.keys() for roles, _ in found.values())


@pytest.mark.parametrize("key", [key for key, form in LIBRARY.items() if form.batch])
def test_the_answer_alone_is_taken_where_nothing_stands_against_it(key: str) -> None:
    case = {
        "fiscal_year": 2026, "project_code": "A01", "project_name": "项目", "project": {"name": "项目"},
        "score": 88, "conclusion": "support", "self_score": 90, "grade": "优",
    }  # fmt: skip
    batch = LIBRARY[key].batch
    assert batch is not None

    assert FormLibrary([LIBRARY[key]]).review(key, batch.answer, case).faults == ()
