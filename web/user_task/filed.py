"""Documents as they were filed: on a closed user task, and those of the same case that whoever works on it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.afterwards import form_of_document, later_of
from api.house import actor, house
from engine.queries import Document, Filing, UserTaskDetail
from forms.form import Field, Form, Widget
from web.parts import language
from web.user_task.form_view import Filling, FormView, view_form

#: Fields by which a form says what it is about; amounts and texts of many lines may have changed since.
_NAMING = (Widget.TEXT, Widget.INTEGER, Widget.UNIT)


@dataclass(frozen=True, kw_only=True)
class Filed:
    """One document of the case."""

    view: FormView
    element_id: str
    #: Where it was filed.
    user_task_id: str
    by: str
    #: Whom that one stood in for; None = nobody.
    by_for: str | None
    at: datetime
    #: How often the same work was filed; 1 where that is not known.
    times: int
    #: Shown at once; the others are opened by hand.
    is_open: bool
    #: What was filed at the same step before and was done again since, latest first.
    earlier: Sequence[Filing]


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
    in_form = mended(detail)
    # what the form does not show of it, because it is to be concluded anew, is read here
    if in_form is not None and len(taken_over(in_form, detail)) < len(in_form.content):
        in_form = None
    others = [
        each
        for each in reversed(detail.documents)
        if each.user_task_id != detail.user_task.id and (in_form is None or each.id != in_form.id)
    ]
    latest = next((each for each in others if actor().user_id not in each.filers), None)
    reviewed = detail.user_task.four_eyes_with
    earlier: dict[tuple[str, str], list[Filing]] = {}
    for filing in detail.earlier_filings:
        earlier.setdefault((filing.form_key, filing.element_id), []).append(filing)
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
                user_task_id=each.user_task_id,
                by=each.filed_by,
                by_for=each.filed_for,
                at=each.filed_at,
                times=detail.filings[each.id].times,
                is_open=is_read,
                # told once for a step, with its latest
                earlier=earlier.pop((each.form_key, each.element_id), ()),
            )
        )
    return filed


def mended(detail: UserTaskDetail) -> Document | None:
    """What was filed last of it by the visitor, by who is stood in for, or by whom it was taken from: it is mended.

    None: there is nothing of the kind, and the work is typed anew.
    """
    user_task = detail.user_task
    if not detail.may_complete or user_task.form_key is None:
        return None
    authors = {detail.on_behalf_of or actor().user_id}
    if user_task.assignee in authors:
        authors |= {each.from_user for each in detail.transfers if each.from_user is not None}
    mine = [
        each
        for each in detail.documents
        if each.form_key == user_task.form_key
        and not authors.isdisjoint(each.filers)
        and not _is_sibling(each, detail)
    ]
    of_step = [each for each in detail.documents if each.element_id == user_task.element_id]
    if len(of_step) > 1:
        mine = [each for each in mine if each.element_id != user_task.element_id or _is_about_the_same(each, detail)]
    return mine[-1] if mine and _holds_work(mine[-1], detail) else None


def taken_over(document: Document, detail: UserTaskDetail) -> dict[str, Any]:
    """What a form begins with of what its author filed before: everything but the conclusions."""
    form = house().forms.form(document.form_key)
    anew = {each.name for each in form.fields if each.is_afresh}
    brought = house().forms.prefilled(form.key, detail.variables) if anew else {}
    kept = {name: each for name, each in document.content.items() if name not in anew}
    return kept | {name: brought[name] for name in sorted(anew) if brought.get(name) is not None}


def _holds_work(document: Document, detail: UserTaskDetail) -> bool:
    """Whether anything is taken over that its author had filled in."""
    form = house().forms.form(document.form_key)
    kept = taken_over(document, detail)
    return any(not each.is_given and not each.is_afresh and kept.get(each.name) is not None for each in form.fields)


def _is_sibling(document: Document, detail: UserTaskDetail) -> bool:
    """Filed of another item of the same multi-instance step."""
    user_task = detail.user_task
    filing = detail.filings[document.id]
    return document.element_id == user_task.element_id and filing.is_of_round(user_task.id, user_task.created_at)


def _is_about_the_same(document: Document, detail: UserTaskDetail) -> bool:
    """Of a step with several items: whether the form names the same one, in the fields that it brings along."""
    form = house().forms.form(document.form_key)
    brought = house().forms.prefilled(form.key, detail.variables)
    names = [each.name for each in form.fields if each.readonly and each.widget in _NAMING]
    return all(document.content.get(name) == brought.get(name) for name in names)
