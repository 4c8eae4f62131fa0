"""The main figures of an item: of the document that is signed, and what the form of the step brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.afterwards import form_of_document
from api.house import actor, house
from engine.model.calendar import SHANGHAI
from engine.queries import Document, UserTaskDetail
from forms.appearance import appearance
from forms.form import Widget
from web.batch.steps import batch_form
from web.parts import language
from web.user_task.filed import as_filed
from web.user_task.form_view import FieldView, Filling, FormView, view_form
from web.words import say_count

#: Words, which repeat what the item is called, or are read on its own page.
_NO_FIGURES = (Widget.TEXT.value, Widget.TEXTAREA.value, Widget.UNIT.value, Widget.USER.value)


@dataclass(frozen=True)
class Signed:
    """The document that is signed: what it is called, who filed it, and what its form tells it by."""

    title: str
    document: Document
    figures: Mapping[str, str]


def signed_in(detail: UserTaskDetail) -> Signed | None:
    """What was filed last by somebody else: that is what a signature is put to."""
    document = next((each for each in reversed(detail.documents) if each.filed_by != actor().user_id), None)
    form = form_of_document(document) if document is not None else None
    if document is None or form is None:
        return None
    view = view_form(form, as_filed(form, document.content, document.business_key))
    return Signed(view.title, document, _figures(view, form.gist))


def brought_along(detail: UserTaskDetail) -> Mapping[str, str]:
    """What the form of the step shows of this case and nobody fills in."""
    form = batch_form(detail.user_task)
    if form is None:
        return {}
    now = house().clock.now().astimezone(SHANGHAI)
    shown = appearance(house().forms, form.key, None, detail.variables, now)
    filling = Filling(
        values=shown.values, faults={}, visible=shown.visible, required={}, language=language(), is_locked=True
    )
    return _figures(view_form(form, filling), [field.name for field in form.fields if field.is_given])


def _figures(view: FormView, names: Sequence[str]) -> dict[str, str]:
    fields = {field.path: field for section in view.sections for field in section.fields}
    listed = [fields[name] for name in names if fields[name].is_visible and fields[name].widget not in _NO_FIGURES]
    return {field.title: text for field in listed if (text := _text(field))}


def _text(field: FieldView) -> str:
    if field.columns:
        return say_count("%(count)s 行", language(), len(field.rows)) if field.rows else ""
    unit = field.unit if field.unit in ("", "%") else f" {field.unit}"
    return f"{field.text}{unit}" if field.text else ""
