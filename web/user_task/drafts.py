"""Drafts: kept while somebody types, and compared where two windows of one person have typed apart."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from engine import DraftKept, SaveDraft
from engine.model.errors import EngineError
from engine.model.user_task import Draft, DraftApart, DraftsChanged
from engine.queries import UserTaskDetail, user_task_detail
from web.parts import ask, language, titles
from web.user_task.differences import Side, decided, differences, typed_alone
from web.user_task.filling import filling_of, form_of
from web.user_task.form_view import view_form
from web.user_task.submission import sent_submission
from web.words import say

#: Within the pages of user tasks.
draft_pages = Blueprint("draft", __name__, url_prefix="/<user_task_id>/draft")

#: Longest name of a window.
_LONGEST_NAME = 64


@draft_pages.post("")
@open_to(SIGNED_IN)
def save(user_task_id: str) -> Response:
    """Keep what is typed, sound or not, and answer what the form makes of it: calculated values, what is shown."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    submission = sent_submission(form_of(detail))
    is_apart = _keep(user_task_id, submission).apart
    said = say("已另存，没有覆盖您在别处填写的草稿。", language()) if is_apart else say("草稿已保存", language())
    return jsonify(saved=said, apart=is_apart, **_made_of(detail, submission))


def decide_first(detail: UserTaskDetail, submission: Mapping[str, Any]) -> Response | None:
    """Keep what is submitted, and let its author decide first, where something else would be lost with it."""
    draft = detail.draft_at_hand
    if draft is None or not detail.may_complete or _seen() is None:
        return None
    is_overtaken = not draft.was_seen(_seen(), _window()) and dict(draft.content) != submission
    others = [each for each in draft.undecided if each.written_in != _window() and dict(each.content) != submission]
    if not is_overtaken and not others:
        return None
    _keep(detail.user_task.id, submission)
    return redirect(url_for("user_task.draft.compare", user_task_id=detail.user_task.id, submitted=""), code=303)


def keep_refused(detail: UserTaskDetail, submission: Mapping[str, Any]) -> UserTaskDetail:
    """Keep what was submitted and refused, so that whoever leaves the page finds it again. Returns the page's detail.

    What cannot be kept any more, because somebody was faster, the page shows apart.
    """
    user_task_id = detail.user_task.id
    if detail.user_task.form_key is not None:
        with suppress(EngineError):
            _keep(user_task_id, submission)
    return ask(user_task_detail, user_task_id)


@draft_pages.get("/versions")
@open_to(SIGNED_IN)
def compare(user_task_id: str) -> str | Response:
    """The draft beside what stands apart from it, field by field."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    form, draft = form_of(detail), detail.draft_at_hand
    other = _other(draft)
    if form is None or draft is None or other is None:
        return _to_form(user_task_id)
    return render_template(
        "drafts.html",
        detail=detail,
        user_task=detail.user_task,
        title=titles([detail.user_task.business_key]).get(detail.user_task.business_key, ""),
        draft=draft,
        other=other,
        differences=differences(form, draft.content, other.content, language()),
        was_submitted="submitted" in request.args,
    )


@draft_pages.post("/versions")
@open_to(SIGNED_IN)
def decide(user_task_id: str) -> Response:
    """Go on with what was chosen; what was not is kept beside it."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    form, draft = form_of(detail), detail.draft_at_hand
    if form is None or draft is None or not draft.apart:
        return _to_form(user_task_id)
    try:
        other = draft.standing_apart(request.form.get("version", ""))
        if other is None:
            raise DraftsChanged("Expected the version that was compared, but found a newer one.")
        result, rest = decided(form, draft.content, other.content, _chosen)
        command = SaveDraft(
            actor=actor(),
            user_task_id=user_task_id,
            content=result,
            builds_on=request.form.get("revision", type=int),
            settles=other.id,
            decided_against=rest,
        )
        house().dispatcher.dispatch(command)
    except DraftsChanged:
        flash(say("比较期间草稿又有改动，请按现在的内容重新比较。", language()))
        return redirect(url_for("user_task.draft.compare", user_task_id=user_task_id), code=303)
    flash(say("已按您的选择保存为草稿，还没有提交；没有采用的内容也已保留。", language()))
    return _to_form(user_task_id)


@draft_pages.post("/left-over")
@open_to(SIGNED_IN)
def left_over(user_task_id: str) -> str:
    """What a window holds that was never saved, as the form shows it; part of a page. Nothing is kept."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    form = form_of(detail)
    view = view_form(form, typed_alone(form, sent_submission(form), language())) if form is not None else None
    return render_template("left_over.html", view=view, user_task=detail.user_task) if view is not None else ""


def _keep(user_task_id: str, submission: Mapping[str, Any]) -> DraftKept:
    command = SaveDraft(
        actor=actor(), user_task_id=user_task_id, content=submission, builds_on=_seen(), written_in=_window()
    )
    return cast("DraftKept", house().dispatcher.dispatch(command))


def _seen() -> int | None:
    """Revision of the draft that the page was opened with; None where it does not say."""
    return request.form.get("seen", type=int)


def _window() -> str:
    return request.form.get("once", "")[:_LONGEST_NAME]


def _other(draft: Draft | None) -> DraftApart | None:
    """What is compared: by its id, else the first that is undecided, else the latest."""
    if draft is None or not draft.apart:
        return None
    if wanted := request.args.get("version"):
        return draft.standing_apart(wanted)
    return draft.undecided[0] if draft.undecided else draft.apart[-1]


def _chosen(path: str) -> Side:
    """The side of a difference that is taken: one for the whole form, or one for each."""
    side = request.form.get("whole") or request.form.get(f"take/{path}")
    return "apart" if side == "apart" else "kept"


def _to_form(user_task_id: str) -> Response:
    return redirect(url_for("user_task.show", user_task_id=user_task_id), code=303)


def _made_of(detail: UserTaskDetail, submission: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the form makes of a submission: fields and cells by path, in words and as an input holds them."""
    form = form_of(detail)
    sections = view_form(form, filling_of(form, detail, submission)).sections if form is not None else ()
    fields = [field for section in sections for field in section.fields]
    return {
        "fields": {
            field.path: {"text": field.text, "visible": field.is_visible, "required": field.is_required}
            for field in fields
            if not field.columns
        },
        "cells": {
            cell.path: {"text": cell.text, "value": cell.value, "visible": cell.is_visible}
            for field in fields
            for row in field.rows
            for cell in row
            if cell.is_given or cell.may_be_hidden
        },
    }
