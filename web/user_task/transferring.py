"""Giving the work to another person of the unit, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.problems import Problem
from api.texts import say as say_of_code
from engine import TransferUserTask
from engine.model.errors import EngineError
from engine.queries import user_task_detail
from web.naming import person_name
from web.parts import ask, language, typed
from web.refusal import told
from web.user_task.page import page
from web.words import say

#: Within the pages of user tasks.
transfer_pages = Blueprint("transfer", __name__, url_prefix="/<user_task_id>/transfer")


@transfer_pages.get("")
@open_to(SIGNED_IN)
def come_back(user_task_id: str) -> Response:
    """After signing in again: the work itself."""
    return redirect(url_for("user_task.show", user_task_id=user_task_id))


@transfer_pages.post("")
@open_to(SIGNED_IN)
def give(user_task_id: str) -> Response | tuple[str, int]:
    """Give the work to the person who was chosen; the page stays where the work is."""
    to, reason = request.form.get("to", ""), typed("reason")
    command = TransferUserTask(actor=actor(), user_task_id=user_task_id, to=to, reason=reason)
    try:
        house().dispatcher.dispatch(command, request.form.get("once") or None)
    except EngineError as error:
        problem = _beside_the_form(told(error))
        return page(ask(user_task_detail, user_task_id), None, problem), problem.status
    # what the window keeps of the dialog is not needed any more
    flash(f"{request.path} {actor().user_id}", "taken")
    flash(say("已转给 %(name)s 办理。", language(), name=person_name(to)))
    return redirect(url_for("user_task.show", user_task_id=user_task_id), code=303)


def _beside_the_form(problem: Problem) -> Problem:
    """The form of the work may have fields of the same names: a fault of the transfer is none of theirs.

    In English, too, the short sentence: that of the engine is for programs.
    """
    return replace(problem, faults=tuple(_as_a_person_reads_it(fault) for fault in problem.faults))


def _as_a_person_reads_it(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    message = say_of_code([str(fault["code"])], language(), fault) or fault["message"]
    return {**fault, "path": f"transfer/{fault['path']}", "message": message}
