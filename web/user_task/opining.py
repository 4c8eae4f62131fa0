"""Asking colleagues for an opinion on the page of the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.problems import Problem
from engine import RequestOpinion
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail, user_task_detail
from web.opinions import WHOM, askable_at, by_name, kept_as, offers_for, opinions_of, state_words
from web.parts import ask, typed
from web.refusal import told
from web.user_task.going_on import stay
from web.user_task.page import page

#: Within the pages of user tasks.
opinion_pages = Blueprint("opinion", __name__, url_prefix="/<user_task_id>/opinions")
opinion_pages.add_app_template_global(askable_at)
opinion_pages.add_app_template_global(opinions_of)
opinion_pages.add_app_template_global(state_words, "opinion_state_words")
opinion_pages.add_app_template_global(kept_as, "opinion_kept_as")


@opinion_pages.get("")
@open_to(SIGNED_IN)
def come_back(user_task_id: str) -> Response:
    """After signing in again: the work itself."""
    return redirect(url_for("user_task.show", user_task_id=user_task_id))


@opinion_pages.post("")
@open_to(SIGNED_IN)
def request_opinions(user_task_id: str) -> Response | tuple[str, int]:
    """Ask whoever is ticked; the page stays where the work is."""
    try:
        house().dispatcher.dispatch(_request_sent(user_task_id), request.form.get("once") or None)
    except EngineError as error:
        problem = _beside_the_form(told(error))
        return page(ask(user_task_detail, user_task_id), None, problem), problem.status
    flash(kept_as(user_task_id), "taken")
    return stay("已征求意见。事项仍由您办理，到期日不变；可以不等意见先办结。", user_task_id)


@opinion_pages.get("/people")
@open_to(SIGNED_IN)
def people(user_task_id: str) -> str:
    """People for what is typed; for who has the work."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    detail.user_task.must_be_open("ask for opinions on")
    detail.user_task.must_be_for(actor(), "ask for opinions on")
    offers = offers_for(detail.user_task, tuple(request.args.getlist("chosen")), request.args.get("text", ""))
    return render_template("people_offered.html", field=WHOM, offers=offers)


def _beside_the_form(problem: Problem) -> Problem:
    """The form of the work may have fields of the same names: a fault of the request is none of theirs."""
    faults = tuple({**by_name(fault), "path": f"opinion/{fault['path']}"} for fault in problem.faults)
    return replace(problem, faults=faults)


def _request_sent(user_task_id: str) -> RequestOpinion:
    """What the dialog asks for; a day that is none is told by the engine with everything else."""
    day = request.form.get("until", "").strip()
    try:
        until = date.fromisoformat(day) if day else None
    except ValueError:
        until = date.min
    return RequestOpinion(
        actor=actor(),
        user_task_id=user_task_id,
        of=tuple(request.form.getlist("of")),
        question=typed("question"),
        until=until,
    )
