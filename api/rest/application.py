"""The web application: gate first, then the REST doors; pages are added by who puts the house together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from apiflask import APIBlueprint, APIFlask
from flask import Flask, Request, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from api.house import House
from api.identity.gate import ANYONE, open_to
from api.rest.document import describe
from api.rest.refusals import answer_problem
from api.rest.wire import WireJsonProvider, WireRequest

#: Where refusals are problem+json, whatever the browser accepts.
PREFIXES = ("/api/", "/livez", "/readyz")
#: Parts of an upload.
MOST_PARTS = 200


class _Application(APIFlask):
    request_class: type[Request] = WireRequest


def make_application(
    house: House,
    doors: Sequence[APIBlueprint],
    *,
    version: str,
    page_refusal: Callable[[Exception], Response] | None = None,
) -> Flask:
    """An application with the gate, the doors, and refusals that never tell a stack trace.

    Args:
        page_refusal: answers exceptions outside the REST doors; None = there are no pages.
    """
    app = _Application(
        __name__,
        title="Bihuan 闭环",
        version=version,
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        static_folder=None,  # pyright: ignore[reportArgumentType]
    )
    app.json = WireJsonProvider(app)
    app.config.update(
        MAX_CONTENT_LENGTH=house.settings.body_limit,
        MAX_FORM_PARTS=MOST_PARTS,
        SECRET_KEY=house.settings.secret_key,
        SESSION_COOKIE_SECURE=house.settings.https,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    open_to(ANYONE)(app.view_functions["openapi.spec"])
    house.hand_to(app)
    house.gate.install(app)
    app.before_request(_must_be_keepable)
    for door in doors:
        app.register_blueprint(door)
    describe(app, house.gate.cookie)

    def refuse(error: Exception) -> Response:
        if page_refusal is None or request.path.startswith(PREFIXES):
            return answer_problem(error)
        return page_refusal(error)

    app.error_callback = refuse
    app.register_error_handler(Exception, refuse)
    if house.settings.trusted_proxies:
        hops = house.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def _must_be_keepable() -> None:
    """No database can hold a null character, so nothing has such a name. Raises NotFound."""
    texts = [*(request.view_args or {}).values(), *request.args.keys(), *request.args.values()]
    if any(isinstance(text, str) and "\0" in text for text in texts):
        raise NotFound
