"""The page of one user task and what can be done on it. Nothing typed is lost: every refusal shows it again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.opening import note_opened
from engine import ClaimUserTask, CompleteUserTask, ReleaseUserTask, ReturnUserTask
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail, user_task_detail
from web.parts import ask, typed
from web.refusal import told
from web.user_task.drafts import decide_first, keep_refused
from web.user_task.going_on import go_back, go_on
from web.user_task.page import page
from web.user_task.submission import sent_to

user_task_pages = Blueprint("user_task", __name__, url_prefix="/user-tasks")


@user_task_pages.get("/<user_task_id>")
@open_to(SIGNED_IN)
def show(user_task_id: str) -> str:
    """The page; who may do the work has opened it."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    note_opened(detail)
    return page(detail, None, None)


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
    return go_back("已放回待认领。")


@user_task_pages.post("/<user_task_id>/complete")
@open_to(SIGNED_IN)
def complete(user_task_id: str) -> Response | tuple[str, int]:
    """Submit the form. A refusal shows every fault at its field, with everything that was typed."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    submission = sent_to(detail)
    if (undecided := decide_first(detail, submission)) is not None:
        return undecided
    command = CompleteUserTask(actor=actor(), user_task_id=user_task_id, submission=submission)
    try:
        moved = house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = told(error)
        return page(keep_refused(detail, submission), submission, problem), problem.status
    # the copy that the window keeps is not needed any more
    flash(url_for("user_task.draft.save", user_task_id=user_task_id), "taken")
    gone_on = go_on("已提交：%(name)s。", detail, moved)
    # where it can be looked at once more, and taken back
    flash(url_for("user_task.show", user_task_id=user_task_id), "submitted")
    return gone_on


@user_task_pages.post("/<user_task_id>/return")
@open_to(SIGNED_IN)
def send_back(user_task_id: str) -> Response | tuple[str, int]:
    """Return the work to an earlier step with a comment."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    command = ReturnUserTask(
        actor=actor(),
        user_task_id=user_task_id,
        element_id=request.form.get("element_id", ""),
        comment=typed("comment"),
    )
    try:
        moved = house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = told(error)
        return page(ask(user_task_detail, user_task_id), None, problem, comment=command.comment), problem.status
    return go_on("已退回：%(name)s。", detail, moved)
