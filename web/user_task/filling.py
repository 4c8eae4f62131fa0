"""What stands in the form of a user task: what was filed there, else what is gone on from, else what it begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from api.house import house
from engine.model.calendar import SHANGHAI
from engine.queries import UserTaskDetail
from forms.appearance import appearance
from forms.form import Form
from web.parts import language
from web.user_task.differences import typed_alone
from web.user_task.filed import as_filed, mended, taken_over
from web.user_task.form_view import Filling, FormView, Told, view_form
from web.user_task.live import left_fields


def form_of(detail: UserTaskDetail) -> Form | None:
    """The form of a user task; None if it has none."""
    key = detail.user_task.form_key
    return house().forms.form(key) if key else None


def filling_of(
    form: Form,
    detail: UserTaskDetail,
    values: Mapping[str, Any] | None,
    faults: Mapping[str, Sequence[Told]] | None = None,
) -> Filling:
    """What stands in the form: the values given, else what was filed here, else a draft, else what it starts with."""
    if values is None:
        values = _begins_with(detail)
        if values is not None and not detail.user_task.is_open:
            return as_filed(form, values, detail.user_task.business_key)
    local = house().clock.now().astimezone(SHANGHAI)
    shown = appearance(house().forms, form.key, values, detail.variables, local)
    return Filling(
        values=shown.values,
        faults=faults or {},
        visible=shown.visible,
        required=shown.required,
        language=language(),
        left=left_fields(form),
        is_locked=not detail.may_complete,
    )


def _begins_with(detail: UserTaskDetail) -> Mapping[str, Any] | None:
    filed_here = [each.content for each in detail.documents if each.user_task_id == detail.user_task.id]
    if filed_here and not shows_own_draft(detail):
        return filed_here[-1]
    draft = detail.draft_at_hand
    if draft is not None:
        return draft.content
    before = mended(detail)
    return taken_over(before, detail) if before is not None else None


def shows_own_draft(detail: UserTaskDetail) -> bool:
    """Whether a closed user task shows what the visitor typed and never submitted, instead of what was filed."""
    filed_here = any(each.user_task_id == detail.user_task.id for each in detail.documents)
    wanted = not filed_here or request.args.get("shown") == "draft"
    return wanted and detail.draft is not None and not detail.user_task.is_open


def left_over(form: Form | None, detail: UserTaskDetail, submission: Mapping[str, Any] | None) -> FormView | None:
    """What was sent and cannot be submitted any more: in the form it would look as if it had been filed."""
    if form is None or submission is None or detail.may_complete:
        return None
    return view_form(form, typed_alone(form, submission, language()))
