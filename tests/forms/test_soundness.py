"""The quick yes never says more than the JSON Schema allows, and is there for everything usual."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.form import Form
from forms.schema import read_forms
from forms.soundness import never_sure, soundness_of
from forms.structure import validator_of

FORMS = read_forms()
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
    | st.integers(-3, 3).map(Decimal)
    | st.text(max_size=40)
    | st.dates(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


def schemas(form: Form) -> list[tuple[str, Any]]:
    return list(form.schema["properties"].items())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.ref)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_is_called_sound_has_no_fault_by_the_schema(form: Form, data: st.DataObject) -> None:
    name, schema = data.draw(st.sampled_from(schemas(form)))
    usual = st.sampled_from([*schema.get("enum", ()), "", "x" * int(schema.get("minLength", 1))])
    columns: dict[str, Any] = schema.get("items", {}).get("properties", {})
    rows = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(columns, VALUES)), max_size=2)
    value = data.draw(rows | VALUES if columns else usual | VALUES)
    document = {name: value}

    if soundness_of(form.schema)(document):
        faults = [error for error in validator_of(form).iter_errors(document) if error.validator != "required"]
        assert not faults, document


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "boolean"}, True),
        ({"type": "number", "minimum": Decimal(0), "maximum": Decimal(100)}, Decimal("12.5")),
        ({"type": "integer", "exclusiveMinimum": Decimal(0)}, Decimal(3)),
        ({"type": "string", "maxLength": Decimal(5)}, "四个汉字"),
        ({"type": "string", "enum": ["a", "b"]}, "b"),
        ({"type": "string", "format": "date"}, date(2026, 3, 1)),
        ({"type": "array", "items": {"type": "object", "properties": {"a": {"type": "number"}}}}, [{"a": Decimal(1)}]),
        ({"type": "array", "minItems": Decimal(1), "items": {"type": "string"}}, ["a"]),
    ],
)
def test_what_is_usual_needs_no_validator(schema: dict[str, Any], value: Any) -> None:
    assert soundness_of(schema)(value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "number"}, True),
        ({"type": "number", "maximum": Decimal(100)}, Decimal(101)),
        ({"type": "integer"}, Decimal("1.5")),
        ({"type": "string", "minLength": Decimal(2)}, "一"),
        ({"type": "string", "maxLength": Decimal(20)}, date(2026, 3, 1)),
        ({"type": "string", "enum": ["a"]}, "b"),
        ({"type": "array", "maxItems": Decimal(1), "items": {"type": "string"}}, ["a", "b"]),
        ({"type": "object", "properties": {"a": {"type": "boolean"}}}, {"b": True}),
    ],
)
def test_whoever_is_not_sure_asks_the_validator(schema: dict[str, Any], value: Any) -> None:
    assert not soundness_of(schema)(value)


def test_an_unknown_keyword_is_never_sure() -> None:
    assert soundness_of({"type": "array", "uniqueItems": True, "items": {"type": "string"}}) is never_sure
    assert soundness_of({"type": "string", "enum": ["a"], "maxLength": Decimal(3)}) is never_sure
    assert soundness_of({}) is never_sure
