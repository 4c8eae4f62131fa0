"""What has become of a filed document since: its fields with `x-later`, shown with it and never part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import FeelEvaluationError
from forms.form import Form


def later_values(form: Form, content: Mapping[str, Any], known: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Values of the fields that are known by now; nothing for forms without such fields.

    Args:
        content: the document as it was filed.
        known: asks what the processes know by now of what was filed; only asked where the form has such fields.
    """
    fields = {field.name: field.later for field in form.fields if field.later is not None}
    if not fields:
        return {}
    seen = {**{field.name: None for field in form.fields}, **content, **known()}
    found: dict[str, Any] = {}
    for name, expression in fields.items():
        try:
            found[name] = expression.evaluate(seen)
        except FeelEvaluationError:
            continue
    return {name: value for name, value in found.items() if value is not None}
