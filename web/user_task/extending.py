"""Asking for an extension on the page of the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.problems import Problem
from engine import RequestExtension
from engine.model.errors import EngineError
from engine.queries import user_task_detail
from web.parts import ask, typed
from web.refusal import told
from web.user_task.going_on import stay
from web.user_task.page import page

#: Within the pages of user tasks.
extension_pages = Blueprint("extension", __name__, url_prefix="/<user_task_id>/extension")


@extension_pages.get("")
@open_to(SIGNED_IN)
def come_back(user_task_id: str) -> Response:
    """After signing in again: the work itself."""
    return redirect(url_for("user_task.show", user_task_id=user_task_id))


@extension_pages.post("")
@open_to(SIGNED_IN)
def ask_for(user_task_id: str) -> Response | tuple[str, int]:
    """Ask for an extension; the page stays where the work is."""
    try:
        house().dispatcher.dispatch(_request_sent(user_task_id), request.form.get("once") or None)
    except EngineError as error:
        problem = _beside_the_form(told(error))
        return page(ask(user_task_detail, user_task_id), None, problem), problem.status
    return stay("已申请延期，答复前仍按原期限办理。", user_task_id)


def _beside_the_form(problem: Problem) -> Problem:
    """The form of the work may have fields of the same names: a fault of the request is none of theirs."""
    faults = tuple({**fault, "path": f"extension/{fault['path']}"} for fault in problem.faults)
    return replace(problem, faults=faults)


def _request_sent(user_task_id: str) -> RequestExtension:
    """What the form asks for; a day that is none is told by the engine with everything else."""
    try:
        until = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = None
    return RequestExtension(
        actor=actor(), user_task_id=user_task_id, until=until, reason=typed("reason")
    )
