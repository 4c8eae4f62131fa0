"""Writing about the case on the page of one of its user tasks."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from api.identity.gate import SIGNED_IN, open_to
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail, user_task_detail
from web.comments import write, written
from web.parts import ask
from web.refusal import told
from web.user_task.page import page

#: Within the pages of user tasks.
comment_pages = Blueprint("comment", __name__, url_prefix="/<user_task_id>/comments")


@comment_pages.get("")
@open_to(SIGNED_IN)
def come_back(user_task_id: str) -> Response:
    """After signing in again: the work itself."""
    return redirect(url_for("user_task.show", user_task_id=user_task_id))


@comment_pages.post("")
@open_to(SIGNED_IN)
def add(user_task_id: str) -> Response | tuple[str, int]:
    """Write, and stay on the page of the work."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    try:
        write(detail.user_task.root_id)
    except EngineError as error:
        problem = told(error)
        # the form of the work may have a field of the same name
        faults = tuple({**fault, "path": f"comment/{fault['path']}"} for fault in problem.faults)
        return page(detail, None, replace(problem, faults=faults)), problem.status
    return written(url_for("user_task.show", user_task_id=user_task_id))
