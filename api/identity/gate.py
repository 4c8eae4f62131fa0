"""The gate of the web: every request passes it, on the pages as on the REST doors.

It recognises the visitor, holds the request against the rule of its route, and asks changes by cookie for the token of
their session. A route without a rule is closed.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from werkzeug.datastructures import LanguageAccept
from werkzeug.wrappers import Response

from api.identity.front_desk import FrontDesk, Visitor
from api.identity.refusals import FormNotFromHere, NotSignedIn, PermissionMissing, RouteClosed
from api.settings import LANGUAGES

V = TypeVar("V", bound=Callable[..., Any])

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
#: Where the browser keeps the language that was chosen before signing in.
LANGUAGE_KEY = "language"
#: Under this path programs ask; a browser sends Accept-Language with everything, a program because it means it.
REST = "/api/"
_RULE = "_bihuan_route_rule"

_log = logging.getLogger("bihuan.gate")

#: Scripts, styles and pictures of the house itself and nothing else; `data:` for the symbols of the diagram editor.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Who(StrEnum):
    """Whom a route lets in."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"


@dataclass(frozen=True)
class RouteRule:
    """Whom a route lets in; what of the object may be seen or done is decided behind it, by query and command."""

    who: Who = Who.SIGNED_IN
    #: Right beyond being signed in; None = none.
    permission: str | None = None


ANYONE = RouteRule(Who.ANYONE)
SIGNED_IN = RouteRule()


def open_to(rule: RouteRule) -> Callable[[V], V]:
    """Say whom a view lets in. Goes directly above the function, below the decorators that wrap it."""

    def mark(view: V) -> V:
        setattr(view, _RULE, rule)
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> RouteRule | None:
    """The rule of a route; None when it has none and is therefore closed."""
    return getattr(app.view_functions.get(endpoint), _RULE, None)


def is_for_programs() -> bool:
    """Whether the request is for a REST door."""
    return request.path.startswith(REST)


def _named_language() -> str | None:
    """The language that the request asks for by name; `*`, which some programs send of themselves, names none."""
    named = LanguageAccept([(language, quality) for language, quality in request.accept_languages if language != "*"])
    return named.best_match(LANGUAGES)


class Gate:
    """Stands before every route of one application."""

    def __init__(self, desk: FrontDesk, *, https: bool, language: str) -> None:
        self.desk = desk
        self._https = https
        self._language = language
        #: `__Host-` binds the cookie to this very host and to https.
        self.cookie = "__Host-bihuan" if https else "bihuan"

    def install(self, app: Flask) -> None:
        """Put the gate in front of an application."""
        app.before_request(self.admit)
        app.after_request(self.harden)

    def admit(self) -> None:
        """Let the request in.

        Raises:
            NotSignedIn: the route is for people who are known.
            RouteClosed: nobody has said whom the route is for.
            PermissionMissing: the visitor's roles do not carry the route's permission.
            FormNotFromHere: a change by cookie that may come from another site.
        """
        g.visitor = None
        if request.endpoint is None:
            return  # no such address or method: the answer says so
        rule = rule_of(current_app, request.endpoint)
        if rule is None:
            raise RouteClosed(request.endpoint)
        # before the question: where it fails, nobody asks a second time
        g.is_known = False
        visitor = g.visitor = self._recognise()
        g.is_known = True
        if request.method in UNSAFE_METHODS:
            self._must_come_from_here(visitor)
        if rule.who is Who.ANYONE:
            return
        if visitor is None:
            raise NotSignedIn("Expected a session or a bearer token, but found none that is valid.")
        if rule.permission and not visitor.actor.may(rule.permission):
            raise PermissionMissing(visitor.actor.user_id, rule.permission)

    def find_out(self) -> bool:
        """Recognise who asked for what has no route or no rule, so that the answer is for them, too.

        Returns:
            Whether that is known; False where the database could not be asked.
        """
        if "is_known" not in g:
            g.is_known = False
            try:
                g.visitor = self._recognise()
                g.is_known = True
            except Exception:
                # this is for the answer to something that went wrong already: it must come, whatever else is broken
                _log.exception("Nobody could be recognised.")
        return g.is_known

    def harden(self, response: Response) -> Response:
        """Headers that keep browsers on the safe side; a view may set its own instead."""
        for name, value in (HEADERS | (HTTPS_HEADERS if self._https else {})).items():
            response.headers.setdefault(name, value)
        return response

    def sign_in(self, account: str, password: str, response: Response) -> None:
        """Log in and hand the cookie to the response; the session before it ends.

        Raises:
            SignInFailed: account and password do not fit.
            TooManyAttempts: whatever the password, the account or the address has to wait.
        """
        token = self.desk.sign_in(account, password, request.remote_addr or "", request.cookies.get(self.cookie))
        self.hand_over(token, response)

    def hand_over(self, token: str, response: Response) -> None:
        """Give the browser the cookie of a session that was opened."""
        response.set_cookie(self.cookie, token, secure=self._https, httponly=True, samesite="Lax", path="/")

    def sign_out(self, response: Response) -> None:
        """End the session and take the cookie back."""
        if token := request.cookies.get(self.cookie):
            self.desk.sign_out(token)
        response.delete_cookie(self.cookie, secure=self._https, httponly=True, samesite="Lax", path="/")

    @property
    def language(self) -> str:
        """Language to answer in: as the person chose, else as was chosen in this browser before signing in, else as the
        browser asks, else the house's own. A program that names a language we speak gets that one, whatever the person
        has chosen for the pages."""
        if is_for_programs() and (named := _named_language()):
            return named
        visitor: Visitor | None = g.get("visitor")
        if visitor is not None and visitor.person.language:
            return visitor.person.language
        if (chosen := session.get(LANGUAGE_KEY)) in LANGUAGES:
            return str(chosen)
        return request.accept_languages.best_match(LANGUAGES, self._language)

    def _recognise(self) -> Visitor | None:
        authorization = request.authorization
        if authorization is not None:
            # a program that shows a token means to be known by it, not by a cookie that happens to be there
            text = authorization.token if authorization.type == "bearer" else None
            return self.desk.by_token(text) if text else None
        token = request.cookies.get(self.cookie)
        return self.desk.by_session(token) if token else None

    def _must_come_from_here(self, visitor: Visitor | None) -> None:
        """Refuse what another site makes a browser send. Programs send neither cookie nor origin."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise FormNotFromHere()
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise FormNotFromHere()
        if visitor is not None and visitor.csrf_token is not None:
            shown = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD) or ""
            if not hmac.compare_digest(shown.encode("utf-8", "replace"), visitor.csrf_token.encode()):
                raise FormNotFromHere()
