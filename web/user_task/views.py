"""The page of one user task and what can be done on it. Nothing typed is lost: every refusal shows it again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from engine import ClaimUserTask, CompleteUserTask, ReleaseUserTask, ReturnUserTask, SaveDraft
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail, user_task_detail
from web.parts import ask, language
from web.refusal import told
from web.user_task.form_view import view_form
from web.user_task.going_on import go_back, go_on
from web.user_task.page import filling_of, form_of, page
from web.user_task.submission import read_submission
from web.words import say

user_task_pages = Blueprint("user_task", __name__, url_prefix="/user-tasks")


@user_task_pages.get("/<user_task_id>")
@open_to(SIGNED_IN)
def show(user_task_id: str) -> str:
    """The page."""
    return page(ask(user_task_detail, user_task_id), None, None)


@user_task_pages.get("/<user_task_id>/claim")
@user_task_pages.get("/<user_task_id>/release")
@user_task_pages.get("/<user_task_id>/complete")
@user_task_pages.get("/<user_task_id>/return")
@open_to(SIGNED_IN)
def come_back(user_task_id: str) -> Response:
    """After signing in again, or in the other language, on the page that a form was sent to: the page itself."""
    return redirect(url_for("user_task.show", user_task_id=user_task_id))


@user_task_pages.post("/<user_task_id>/claim")
@open_to(SIGNED_IN)
def claim(user_task_id: str) -> Response:
    house().dispatcher.dispatch(ClaimUserTask(actor=actor(), user_task_id=user_task_id))
    return redirect(url_for("user_task.show", user_task_id=user_task_id), code=303)


@user_task_pages.post("/<user_task_id>/release")
@open_to(SIGNED_IN)
def release(user_task_id: str) -> Response:
    house().dispatcher.dispatch(ReleaseUserTask(actor=actor(), user_task_id=user_task_id))
    return go_back(say("已放回待认领。", language()))


@user_task_pages.post("/<user_task_id>/complete")
@open_to(SIGNED_IN)
def complete(user_task_id: str) -> Response | tuple[str, int]:
    """Submit the form. A refusal shows every fault at its field, with everything that was typed."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    submission = _sent(detail)
    command = CompleteUserTask(actor=actor(), user_task_id=user_task_id, submission=submission)
    try:
        moved = house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = told(error)
        return page(ask(user_task_detail, user_task_id), submission, problem), problem.status
    return go_on("已提交：%(name)s。", detail, moved)


@user_task_pages.post("/<user_task_id>/return")
@open_to(SIGNED_IN)
def send_back(user_task_id: str) -> Response | tuple[str, int]:
    """Return the work to an earlier step with a comment."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    command = ReturnUserTask(
        actor=actor(),
        user_task_id=user_task_id,
        element_id=request.form.get("element_id", ""),
        comment=request.form.get("comment", ""),
    )
    try:
        moved = house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = told(error)
        return page(ask(user_task_detail, user_task_id), None, problem, comment=command.comment), problem.status
    return go_on("已退回：%(name)s。", detail, moved)


@user_task_pages.post("/<user_task_id>/draft")
@open_to(SIGNED_IN)
def save_draft(user_task_id: str) -> Response:
    """Keep what is typed, sound or not, and answer what the form makes of it: calculated values, what is shown."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    submission = _sent(detail)
    house().dispatcher.dispatch(SaveDraft(actor=actor(), user_task_id=user_task_id, content=submission))
    return jsonify(saved=say("草稿已保存", language()), **_made_of(detail, submission))


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


def _sent(detail: UserTaskDetail) -> dict[str, Any]:
    form = form_of(detail)
    return read_submission(form, request.form) if form is not None else {}
