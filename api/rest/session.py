"""The session of a person in a browser; programs use tokens instead."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from api.house import house, visitor
from api.identity.front_desk import Visitor
from api.identity.gate import ANYONE, SIGNED_IN, open_to
from api.rest.models import Credentials, LanguageChoice, SessionView
from api.rest.wire import answer

session = APIBlueprint("session", __name__, url_prefix="/api/v1/session", tag="Access")


@session.post("")
@session.input(Credentials)
@session.doc(responses={204: "Signed in; the cookie is set."})
@open_to(ANYONE)
def sign_in(json_data: Credentials) -> Response:
    """Sign in with username and password

    Sets the session cookie; a session that was there before ends. Failed tries are counted: the sixth within a quarter
    of an hour is answered with 429.
    """
    response = Response(status=204)
    house().gate.sign_in(json_data.username, json_data.password, response)
    return response


@session.get("")
@session.output(SessionView)
@open_to(SIGNED_IN)
def show_session() -> Response:
    """Who is signed in"""
    return answer(_view(visitor()))


@session.patch("")
@session.input(LanguageChoice)
@session.doc(responses={204: "Remembered."})
@open_to(SIGNED_IN)
def choose_language(json_data: LanguageChoice) -> Response:
    """Choose the language of texts"""
    house().gate.desk.choose_language(visitor(), json_data.language)
    return Response(status=204)


@session.delete("")
@session.doc(responses={204: "Signed out."})
@open_to(SIGNED_IN)
def sign_out() -> Response:
    """Sign out"""
    response = Response(status=204)
    house().gate.sign_out(response)
    return response


def _view(who: Visitor) -> dict[str, Any]:
    return {
        "username": who.person.user_id,
        "title": who.person.title,
        "unit_code": who.person.unit_code,
        "roles": sorted(who.actor.roles),
        "permissions": sorted(who.actor.permissions),
        "stands_in_for": sorted(who.actor.stands_in_for),
        "language": house().gate.language,
        "csrf_token": who.csrf_token,
    }
