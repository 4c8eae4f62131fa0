"""The page of one user task and what can be done on it. Nothing typed is lost: every refusal shows it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.identity.gate import SIGNED_IN, open_to
from api.problems import Problem, problem_of
from engine import ClaimUserTask, CompleteUserTask, ReleaseUserTask, ReturnUserTask, SaveDraft
from engine.model.calendar import SHANGHAI
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail, instance_history, user_task_detail
from forms.appearance import appearance
from forms.form import Form
from web.house import actor, ask, calendar, graph, house, language, titles
from web.shown import show_due
from web.user_task.form_view import Filling, FormView, view_form
from web.user_task.returning import earlier_user_tasks
from web.user_task.submission import read_submission
from web.words import say

user_task_pages = Blueprint("user_task", __name__, url_prefix="/user-tasks")

#: What people did, for the margin of the page.
DEEDS = ("UserTaskCompleted", "UserTaskReturned", "UserTaskClaimed", "UserTaskReleased")


class Filled(NamedTuple):
    """A form with what stands in it."""

    form: Form | None
    view: FormView | None


@user_task_pages.get("/<user_task_id>")
@open_to(SIGNED_IN)
def show(user_task_id: str) -> str:
    """The page."""
    return _page(ask(user_task_detail, user_task_id), None, None)


@user_task_pages.post("/<user_task_id>/claim")
@open_to(SIGNED_IN)
def claim(user_task_id: str) -> Response:
    house().dispatcher.dispatch(ClaimUserTask(actor=actor(), user_task_id=user_task_id))
    return redirect(url_for("user_task.show", user_task_id=user_task_id), code=303)


@user_task_pages.post("/<user_task_id>/release")
@open_to(SIGNED_IN)
def release(user_task_id: str) -> Response:
    house().dispatcher.dispatch(ReleaseUserTask(actor=actor(), user_task_id=user_task_id))
    flash(say("已放回待认领。", language()))
    return redirect(url_for("inbox.show"), code=303)


@user_task_pages.post("/<user_task_id>/complete")
@open_to(SIGNED_IN)
def complete(user_task_id: str) -> Response | tuple[str, int]:
    """Submit the form. A refusal shows every fault at its field, with everything that was typed."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    submission = _sent(detail)
    command = CompleteUserTask(actor=actor(), user_task_id=user_task_id, submission=submission)
    try:
        house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = problem_of(error, language())
        return _page(ask(user_task_detail, user_task_id), submission, problem), problem.status
    flash(say("已提交：%(name)s", language(), name=detail.user_task.name))
    return redirect(url_for("inbox.show"), code=303)


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
        house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = problem_of(error, language())
        return _page(ask(user_task_detail, user_task_id), None, problem, comment=command.comment), problem.status
    flash(say("已退回：%(name)s", language(), name=detail.user_task.name))
    return redirect(url_for("inbox.show"), code=303)


@user_task_pages.post("/<user_task_id>/draft")
@open_to(SIGNED_IN)
def save_draft(user_task_id: str) -> Response:
    """Keep what is typed, sound or not, and answer what the form makes of it: calculated values, what is shown."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    submission = _sent(detail)
    house().dispatcher.dispatch(SaveDraft(actor=actor(), user_task_id=user_task_id, content=submission))
    form = _form_of(detail)
    given = _view(form, detail, submission, {}) if form is not None else None
    return jsonify(
        saved=say("草稿已保存", language()),
        fields={
            field.path: {"text": field.text, "visible": field.is_visible, "required": field.is_required}
            for section in (given.sections if given else ())
            for field in section.fields
            if not field.columns
        },
        cells={
            cell.path: cell.text
            for section in (given.sections if given else ())
            for field in section.fields
            for row in field.rows
            for cell in row
            if cell.is_given
        },
    )


def _sent(detail: UserTaskDetail) -> dict[str, Any]:
    form = _form_of(detail)
    return read_submission(form, request.form) if form is not None else {}


def _form_of(detail: UserTaskDetail) -> Form | None:
    key = detail.user_task.form_key
    return house().forms.form(key) if key else None


def _view(form: Form, detail: UserTaskDetail, values: Mapping[str, Any] | None, faults: Mapping[str, Any]) -> FormView:
    """The form with the values given, else the draft, else what it starts with."""
    if values is None and detail.draft is not None:
        values = detail.draft.content
    local = house().clock.now().astimezone(SHANGHAI)
    shown = appearance(house().forms, form.key, values, detail.variables, local)
    filling = Filling(
        values=shown.values, faults=faults, visible=shown.visible, required=shown.required, language=language()
    )
    return view_form(form, filling)


def _page(
    detail: UserTaskDetail, submission: Mapping[str, Any] | None, problem: Problem | None, *, comment: str = ""
) -> str:
    user_task, now = detail.user_task, house().clock.now()
    form = _form_of(detail)
    faults: dict[str, list[str]] = {}
    for fault in problem.faults if problem else ():
        faults.setdefault(str(fault.get("path", "")), []).append(str(fault["message"]))
    process = graph(user_task.definition_ref)
    history = ask(instance_history, user_task.root_id, kinds=DEEDS, latest_first=True, limit=30)
    return render_template(
        "user_task.html",
        detail=detail,
        user_task=user_task,
        title=titles([user_task.business_key]).get(user_task.business_key, ""),
        due=show_due(user_task.due_at, now, calendar(), language()) if user_task.is_open else None,
        form=form,
        view=_view(form, detail, submission, faults) if form is not None else None,
        problem=problem,
        comment=comment,
        once=str(uuid4()),
        history=history.items,
        node_names={node.id: node.name or node.id for node in process.nodes},
        returnable=ask(earlier_user_tasks, user_task, process) if detail.may_complete else [],
    )
