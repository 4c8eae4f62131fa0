"""A refusal as a page: what it says to a person, and where they can go on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.house import house
from api.identity.refusals import NotSignedIn
from api.naming import step_called
from api.problems import Problem, problem_of
from api.texts import say
from engine.model.errors import EngineError, Invalid
from web.naming import person_name
from web.parts import language
from web.place import path_here
from web.shown import show_instant
from web.vocabulary import end_of_user_task

_log = logging.getLogger("bihuan.pages")

#: Facts that are accounts: a page names the person.
_PEOPLE = ("completed_by", "assignee", "filed_by", "user_id", "asked_by", "opened_by")
#: Facts that are instants, as text.
_INSTANTS = ("completed_at", "opened_at")


def told(error: Exception) -> Problem:
    """The problem in the visitor's language, people by what they are called.

    In English, too, pages say the short sentence: that of the engine names keys and ids, which help a program. Where
    several faults are listed one by one below, the sentence need not repeat the first.
    """
    problem = problem_of(error, language())
    if not isinstance(error, EngineError):
        return problem
    codes = [each.code for each in type(error).__mro__ if issubclass(each, EngineError)]
    # without one of its own, the engine's English says more than a text on errors at large
    known = codes if language() == "zh" or isinstance(error, Invalid) else codes[:-1]
    return replace(problem, detail=say(known, language(), _facts(error.facts)) or problem.detail)


def _facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = dict(facts)
    for name in _PEOPLE:
        if isinstance(shown.get(name), str):
            shown[name] = person_name(shown[name])
    for name in _INSTANTS:
        if isinstance(shown.get(name), str):
            shown[name] = show_instant(datetime.fromisoformat(shown[name]))
    if isinstance(shown.get("cause"), str):
        shown["cause"] = end_of_user_task(shown["cause"], language())
    if {"definition_ref", "element_id", "name"} <= shown.keys():
        shown["name"] = step_called(shown["definition_ref"], shown["element_id"], shown["name"])
    return shown


def refuse(error: Exception) -> ResponseReturnValue:
    """Whatever went wrong, as a page in the visitor's language; programs get theirs from the REST room."""
    # first of all: whose language it is depends on it
    is_known = house().gate.find_out()
    problem = _told_in_any_case(error)
    if problem.status >= 500:
        _log.exception("A page failed.", exc_info=error)
    headers = dict(problem.headers)
    if _is_asked_by_script():
        return jsonify(refused=problem.detail, code=problem.code), problem.status, headers
    is_part = request.headers.get("HX-Request") == "true"
    if isinstance(error, NotSignedIn):
        return _sign_in_first(is_part)
    if is_part:
        return render_template("problem_part.html", problem=problem), problem.status, headers
    return _page(problem, may_sign_in=is_known and g.visitor is None), problem.status, headers


def _told_in_any_case(error: Exception) -> Problem:
    """What was refused with names, or without where nobody can be asked for them."""
    try:
        return told(error)
    except Exception:
        _log.exception("A refusal could not name what it is about.")
        return problem_of(error, language())


def _page(problem: Problem, *, may_sign_in: bool) -> str:
    """Like every other page for whoever is signed in; a bare one where even that cannot be made."""
    came_from = _came_from()
    this = path_here(request.full_path.rstrip("?"), "") if request.method in ("GET", "HEAD") else ""
    try:
        return render_template(
            "problem.html",
            problem=problem,
            came_from=came_from,
            again=this if problem.status >= 500 else "",
            may_sign_in=may_sign_in,
            # where a change of language leads: what was sent is not sent again
            here=this or came_from or url_for("inbox.show"),
        )
    except Exception:
        _log.exception("A refusal could not be shown as the other pages are.")
        return current_app.jinja_env.get_template("problem_bare.html").render(problem=problem, language=language())


def _is_asked_by_script() -> bool:
    """What a script of a page sends (a draft, a file) is answered as it expects: a sign-in page is no answer to it."""
    return request.accept_mimetypes.best == "application/json"


def _sign_in_first(is_part: bool) -> ResponseReturnValue:
    """To the sign-in page and back; for a part of a page, the whole page goes there."""
    here = request.full_path.rstrip("?")
    if not is_part:
        # who sends a form has been signed in, and fears for what was typed
        ended = "" if request.method == "POST" else None
        return redirect(url_for("sign_in.show", next=here, ended=ended), code=303)
    return "", 401, {"HX-Redirect": url_for("sign_in.show", next=here)}


def _came_from() -> str:
    """The page of this house the visitor was on; "" where the browser does not say, or it is this one, or led in."""
    before = urlsplit(request.referrer or "")
    address = before.path + (f"?{before.query}" if before.query else "")
    is_this = before.path == request.path and request.method == "GET"
    is_elsewhere = before.netloc != request.host or before.path == url_for("sign_in.show")
    return "" if is_elsewhere or is_this else path_here(address, "")
