"""The sign-in page and what stands in the corner of every page."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from api.house import house, visitor
from api.identity.gate import ANYONE, LANGUAGE_KEY, SIGNED_IN, open_to
from api.identity.refusals import SignInFailed, TooManyAttempts
from api.settings import LANGUAGES
from engine.model.errors import Invalid
from web.parts import parts
from web.place import path_here
from web.refusal import told

sign_in_pages = Blueprint("sign_in", __name__)


class UnknownLanguage(Invalid):
    """A language that the pages do not speak."""

    code = "unknown-language"


@sign_in_pages.get("/login")
@open_to(ANYONE)
def show() -> str:
    """The form, and in a demonstration the people one can be; `language` is remembered for whoever signs in here."""
    if request.args.get("language") in LANGUAGES:
        session[LANGUAGE_KEY] = request.args["language"]
    return render_template("sign_in.html", account="", problem=None, next=_next())


@sign_in_pages.post("/login")
@open_to(ANYONE)
def sign_in() -> Response | tuple[str, int]:
    """Log in; the same answer for an unknown account and a wrong password."""
    account = request.form.get("account", "")
    answer = redirect(_next(), code=303)
    try:
        house().gate.sign_in(account, request.form.get("password", ""), answer)
    except (SignInFailed, TooManyAttempts) as error:
        problem = told(error)
        page = render_template("sign_in.html", account=account, problem=problem, next=_next())
        return page, problem.status
    return answer


@sign_in_pages.post("/logout")
@open_to(ANYONE)
def sign_out() -> Response:
    answer = redirect(url_for("sign_in.show"), code=303)
    house().gate.sign_out(answer)
    return answer


@sign_in_pages.post("/language")
@open_to(SIGNED_IN)
def choose_language() -> Response:
    """Remember in which language the visitor reads, and go back."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise UnknownLanguage(f"Expected one of {', '.join(LANGUAGES)}, but found {chosen!r}.")
    house().gate.desk.choose_language(visitor(), chosen)
    return redirect(_next(), code=303)


@sign_in_pages.post("/demonstration/person")
@open_to(ANYONE)
def step_in() -> Response:
    """Be another person of the demonstration. There is no such door outside of one."""
    demonstration = parts().demonstration
    if demonstration is None:
        abort(404)
    user_id = request.form.get("user_id", "")
    if user_id not in {person.user_id for person in demonstration.people}:
        abort(422)
    answer = redirect(url_for("inbox.show"), code=303)
    house().gate.hand_over(demonstration.admit(user_id), answer)
    return answer


def _next() -> str:
    """Where to go on: a path of this house, never another site."""
    return path_here(request.values.get("next", ""), url_for("inbox.show"))
