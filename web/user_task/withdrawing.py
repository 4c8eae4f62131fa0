"""Taking work back on the page of what was handed over."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.problems import Problem
from engine import RequestWithdrawal, WithdrawUserTask
from engine.model.errors import EngineError
from engine.queries import user_task_detail
from web.parts import ask, typed
from web.refusal import told
from web.user_task.going_on import stay
from web.user_task.page import page

#: Within the pages of user tasks.
withdrawal_pages = Blueprint("withdrawal", __name__, url_prefix="/<user_task_id>")


@withdrawal_pages.get("/withdraw")
@withdrawal_pages.get("/withdrawal-request")
@open_to(SIGNED_IN)
def come_back(user_task_id: str) -> Response:
    """After signing in again: the work itself."""
    return redirect(url_for("user_task.show", user_task_id=user_task_id))


@withdrawal_pages.post("/withdraw")
@open_to(SIGNED_IN)
def take_back(user_task_id: str) -> Response | tuple[str, int]:
    """Take it back, and go on with it at once."""
    command = WithdrawUserTask(actor=actor(), user_task_id=user_task_id, reason=typed("reason"))
    try:
        moved = house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        return _refused(user_task_id, told(error))
    (again, *_) = moved.as_plain()["opened_user_tasks"] or [user_task_id]
    return stay("已撤回，请接着办理，办好后重新提交。", again)


@withdrawal_pages.post("/withdrawal-request")
@open_to(SIGNED_IN)
def ask_back(user_task_id: str) -> Response | tuple[str, int]:
    """Ask the reviewer, who has opened it, to give it back."""
    command = RequestWithdrawal(actor=actor(), user_task_id=user_task_id, reason=typed("reason"))
    try:
        house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        return _refused(user_task_id, told(error))
    return stay("已申请撤回，审核人答复前审核照常进行。", user_task_id)


def _refused(user_task_id: str, problem: Problem) -> tuple[str, int]:
    # the form of the work may have a field of the same name: a fault of the request is none of its
    faults = tuple({**fault, "path": f"withdrawal/{fault['path']}"} for fault in problem.faults)
    problem = replace(problem, faults=faults)
    return page(ask(user_task_detail, user_task_id), None, problem), problem.status
