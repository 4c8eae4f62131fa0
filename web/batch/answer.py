"""The one form of a batch: what it asks once for all, what it says by itself, and what is wrong with it everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import request

from api.house import house
from api.problems import Problem
from engine.model.calendar import SHANGHAI
from engine.queries import UserTaskDetail
from forms.appearance import appearance
from forms.checker import InvalidSubmission
from forms.form import Form
from web.parts import language
from web.refusal import told
from web.user_task.form_view import FieldView, Filling, FormView, Section, Told, view_form
from web.user_task.submission import read_submission


def answer_of(form: Form) -> Mapping[str, Any]:
    """What is not asked, because it is what is signed."""
    return form.batch.answer if form.batch is not None else {}


def sent_answer(form: Form) -> dict[str, Any]:
    """What the request being answered holds for all items: what was typed, and what nobody is asked."""
    typed = read_submission(form, request.form)
    asked = {field.name for field in form.fields if not field.is_given}
    return {name: value for name, value in typed.items() if name in asked} | dict(answer_of(form))


def view_answer(form: Form, values: Mapping[str, Any], problem: Problem | None) -> FormView:
    """The form without what it brings along of each case: that stands with the items."""
    faults: dict[str, list[Told]] = {}
    for fault in problem.faults if problem else ():
        told_at = faults.setdefault(str(fault.get("path", "")), [])
        told_at.append(Told(str(fault["message"]), str(fault.get("code", ""))))
    # nothing of one case counts for all
    now = house().clock.now().astimezone(SHANGHAI)
    shown = appearance(house().forms, form.key, {**values, **answer_of(form)}, {}, now)
    filling = Filling(
        values=shown.values, faults=faults, visible=shown.visible, required=shown.required, language=language()
    )
    view = view_form(form, filling)
    given = {field.name for field in form.fields if field.is_given}
    sections = tuple(Section(each.title, _asked(each.fields, given, answer_of(form))) for each in view.sections)
    ids = {field.id for section in sections for field in section.fields}
    return replace(
        view,
        sections=tuple(each for each in sections if each.fields),
        faults=tuple((field_id if field_id in ids else "", text) for field_id, text in view.faults),
    )


def _asked(fields: Sequence[FieldView], given: set[str], answer: Mapping[str, Any]) -> tuple[FieldView, ...]:
    kept = [field for field in fields if field.is_visible and field.path not in given]
    return tuple(
        replace(field, is_given=True, is_required=False) if field.path in answer else field for field in kept
    )


def wrong_everywhere(form: Form, values: Mapping[str, Any], details: Iterable[UserTaskDetail]) -> Problem | None:
    """What every one of the items would be refused for; None where at least one takes it.

    What is wrong with one item alone is told with that when it is tried.
    """
    reviews = [house().forms.review(form.key, values, each.variables).faults for each in details]
    common = [fault for fault in reviews[0] if all(fault in each for each in reviews)] if reviews else []
    if not common:
        return None
    message = f"Expected a sound {form.ref}, but found {len(common)} faults everywhere."
    return told(InvalidSubmission(message, common, form=form.ref, count=len(common)))
