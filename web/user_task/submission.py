"""What a browser sends for a form, as the form's checker takes it."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from engine.queries import UserTaskDetail
from forms.form import Field, Form, Widget
from web.user_task.filling import form_of


def sent_submission(form: Form | None) -> dict[str, Any]:
    """What the request being answered holds for a form; nothing for none."""
    return read_submission(form, request.form) if form is not None else {}


def sent_to(detail: UserTaskDetail) -> dict[str, Any]:
    """What the request being answered holds for the form of a user task."""
    return sent_submission(form_of(detail))


def read_submission(form: Form, sent: MultiDict[str, str]) -> dict[str, Any]:
    """Values by field name; only fields of the form are read, and what is empty is left out.

    Numbers stay text: the checker reads them exactly, with full-width digits and thousands separators.
    """
    values: dict[str, Any] = {}
    for field in form.fields:
        value = _value(field, field.name, sent)
        if value is not None:
            values[field.name] = value
    return values


def _value(field: Field, path: str, sent: MultiDict[str, str]) -> Any:
    if field.widget in (Widget.ROWS, Widget.FILES):
        return _rows(field, path, sent)
    if field.is_list:
        return [each for each in sent.getlist(path) if each] or None
    # what no database holds is typed by nobody
    text = sent.get(path, "").replace("\0", "").strip()
    if not text:
        return None
    if field.widget is Widget.BOOLEAN:
        # what else was typed or pasted is read, or refused, by the checker
        return {"true": True, "false": False}.get(text, text)
    return text


def _rows(field: Field, path: str, sent: MultiDict[str, str]) -> list[dict[str, Any]] | None:
    """Rows in the order of their numbers; a row with nothing in it is none.

    All of them: how many there may be is for the form to say, and the size of a request has its own limit.
    """
    number = re.compile(re.escape(path) + r"/(\d{1,9})/")
    numbers = sorted({int(match[1]) for name in sent if (match := number.match(name))})
    rows: list[dict[str, Any]] = []
    for each in numbers:
        row = {
            column.name: value
            for column in field.columns
            if (value := _value(column, f"{path}/{each}/{column.name}", sent)) is not None
        }
        if row:
            rows.append(row)
    return rows or None
