"""Documents as they were filed: on a closed user task, and those of the same case that whoever works on it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.afterwards import form_of_document, later_of
from api.house import actor
from engine.queries import Document, UserTaskDetail
from forms.form import Field, Form
from web.parts import language
from web.user_task.form_view import Filling, FormView, view_form


@dataclass(frozen=True, kw_only=True)
class Filed:
    """One document of the case."""

    view: FormView
    element_id: str
    by: str
    at: datetime
    #: How often it was filed at its step; 1 where several people file apart.
    version: int
    #: Shown at once; the others are opened by hand.
    is_open: bool


def as_filed(form: Form, content: Mapping[str, Any], business_key: str, *, ids: str = "field") -> Filling:
    """The form with a document in it, exactly as it was filed: nothing is calculated or brought along again.

    What was brought along then is in the document; the variables it came from have gone on since, or are gone. Fields
    that say what has become of it are the exception: they are not in the document.
    """
    visible: dict[str, bool] = {}
    later = later_of(form, content, business_key)
    content = {**content, **later}
    for field in form.fields:
        visible |= {field.name: field.name in later} if field.later is not None else {}
        visible |= _unseen(field, field.name, content)
        rows = content.get(field.name) if field.columns else None
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            for column in field.columns:
                visible |= _unseen(column, f"{field.name}/{number}/{column.name}", row)
    return Filling(
        values=content, faults={}, visible=visible, required={}, language=language(), ids=ids, is_locked=True
    )


def _unseen(field: Field, path: str, content: Mapping[str, Any]) -> dict[str, bool]:
    """A field that was hidden was filed without a value; empty and shown, it would look forgotten."""
    return {path: False} if field.visible_when is not None and content.get(field.name) is None else {}


def filed_before(detail: UserTaskDetail) -> list[Filed]:
    """What was filed in the case besides what stands in the form, latest first.

    Opened are those that the step reviews (four eyes), and the latest of somebody else: to be read before anything is
    written, a returned form's comments above all.
    """
    others = [each for each in reversed(detail.documents) if not _stands_in_form(each, detail)]
    latest = next((each for each in others if each.filed_by != actor().user_id), None)
    reviewed = detail.user_task.four_eyes_with
    steps = Counter((each.form_key, each.element_id) for each in detail.documents)
    filed: list[Filed] = []
    for number, each in enumerate(others):
        form = form_of_document(each)
        if form is None:
            continue
        is_read = detail.may_complete and (each is latest or each.element_id in reviewed)
        filed.append(
            Filed(
                view=view_form(form, as_filed(form, each.content, each.business_key, ids=f"filed-{number}")),
                element_id=each.element_id,
                by=each.filed_by,
                at=each.filed_at,
                version=each.version if steps[each.form_key, each.element_id] == 1 else 1,
                is_open=is_read,
            )
        )
    return filed


def _stands_in_form(document: Document, detail: UserTaskDetail) -> bool:
    """Filed here, or taken over into the form for mending."""
    user_task = detail.user_task
    if document.user_task_id == user_task.id:
        return True
    is_mended = document.form_key == user_task.form_key and document.filed_by == actor().user_id
    return is_mended and detail.may_complete
