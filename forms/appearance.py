"""How a form looks while somebody fills it in: what was typed stays as typed, what the form gives is filled in.

The checker decides what a document is worth; here is only what the page shows meanwhile, so an unreadable number stays
on the page as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from engine.feel import Expression, FeelBudgetExceeded, FeelEvaluationError
from forms.checker import FormLibrary
from forms.form import Field, Form


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """What stands in a form, and which of its fields are shown and must be filled in."""

    values: Mapping[str, Any]
    #: Path ("kind", "rows/0/share") -> whether it is shown; only where that depends on something. The row "#" is an
    #: empty one that may be added.
    visible: Mapping[str, bool]
    #: Path -> whether it must be filled in; only where that depends on something.
    required: Mapping[str, bool]


def appearance(
    library: FormLibrary,
    form_key: str,
    typed: Mapping[str, Any] | None,
    context: Mapping[str, Any],
    now: datetime | None = None,
) -> Appearance:
    """The form as it stands after something was typed; before that (None) as it begins.

    Args:
        typed: values as the browser sends them, read by field name; rows in their order.
        context: variables the user task sees.
        now: local instant for `now()` and `today()` in expressions.
    """
    form = library.form(form_key)
    if typed is None:
        values: Mapping[str, Any] = library.prefilled(form_key, context)
        document = values
    else:
        document = library.review(form_key, typed, context).document
        values = {field.name: _shown(field, typed.get(field.name), document.get(field.name)) for field in form.fields}
    places = list(_places(form, document, _scope(form, document, context)))
    visible = {path: _holds(field.visible_when, seen, now) for path, field, seen in places if field.visible_when}
    return Appearance(
        values=values,
        # what becomes of it nobody knows while it is filled in
        visible=visible | {field.name: False for field in form.fields if field.later},
        required={path: _holds(field.required_when, seen, now) for path, field, seen in places if field.required_when},
    )


def _scope(form: Form, document: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    return {**context, **{field.name: None for field in form.fields}, **document, "context": context}


def _places(
    form: Form, document: Mapping[str, Any], scope: Mapping[str, Any]
) -> Iterator[tuple[str, Field, Mapping[str, Any]]]:
    """Every field and every cell: its path, and what its expressions see."""
    for field in form.fields:
        yield field.name, field, scope
        if not any(column.visible_when or column.required_when for column in field.columns):
            continue
        rows = cast("list[dict[str, Any]]", document.get(field.name) or [])
        names = {column.name: None for column in field.columns}
        # an empty table shows one row to begin with
        for number, row in [*enumerate(rows or [{}]), ("#", {})]:
            seen = {**scope, **names, **row, "row_number": number + 1 if isinstance(number, int) else len(rows) + 1}
            for column in field.columns:
                yield f"{field.name}/{number}/{column.name}", column, seen


def _holds(condition: Expression | None, scope: Mapping[str, Any], now: datetime | None) -> bool:
    """A condition that fails hides nothing and demands nothing; the checker says what is wrong with it."""
    if condition is None:
        return False
    try:
        return condition.evaluate(scope, now=now) is True
    except (FeelBudgetExceeded, FeelEvaluationError):
        return False


def _shown(field: Field, typed: Any, checked: Any) -> Any:
    if field.is_given:
        return checked
    if not field.columns or not isinstance(typed, list):
        return checked if field.row_key is not None else typed
    return _shown_rows(field, cast("list[Any]", typed), checked)


def _shown_rows(table: Field, typed: list[Any], checked: Any) -> list[dict[str, Any]]:
    """Rows as typed with what the form gives filled in; fixed rows are found by their key, free ones by their place."""
    rows = cast("list[dict[str, Any]]", checked if isinstance(checked, list) else [])
    given = {column.name for column in table.columns if column.is_given}
    if table.row_key is None:
        known = dict(enumerate(rows)) if len(rows) == len(typed) else {}
        return [
            {**each, **{name: known.get(number, {}).get(name) for name in given}}
            for number, each in enumerate(cast("list[dict[str, Any]]", typed))
        ]
    key = table.row_key
    by_key = {str(each.get(key)): each for each in cast("list[dict[str, Any]]", typed)}
    typable = {column.name for column in table.columns} - given - {key}
    return [
        {**row, **{name: value for name, value in by_key.get(str(row.get(key)), {}).items() if name in typable}}
        for row in rows
    ]
