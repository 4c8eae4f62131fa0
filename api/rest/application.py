"""The web application: gate first, then the REST doors; pages are added by who puts the house together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from apiflask import APIBlueprint, APIFlask
from apiflask.exceptions import HTTPError
from flask import Flask, Request, request
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
    doors: Iterable[APIBlueprint],
    *,
    version: str,
    install_pages: Callable[[Flask], None] | None = None,
) -> Flask:
    """An application with the gate, the doors, and refusals that never tell a stack trace.

    Args:
        install_pages: adds the pages, with error handlers of their own; None = there are none.
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
        MAX_FORM_MEMORY_SIZE=house.settings.body_limit,
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

    if install_pages is not None:
        install_pages(app)
    _divide_refusals(app)
    if house.settings.trusted_proxies:
        hops = house.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app


def _divide_refusals(app: APIFlask) -> None:
    """Programs get problems, people get pages, also where an address is unknown and belongs to no door."""
    registered = app.error_handler_spec[None][None]
    pages = {kind: handler for kind, handler in registered.items() if kind is not HTTPError}

    def refuse(error: Exception) -> Any:
        if not request.path.startswith(PREFIXES):
            for kind in type(error).__mro__:
                if kind in pages:
                    return pages[kind](error)
        return answer_problem(error)

    app.error_callback = refuse
    for kind in {Exception, *pages}:
        app.register_error_handler(kind, refuse)


def _must_be_keepable() -> None:
    """No database can hold a null character, so nothing has such a name. Raises NotFound."""
    texts = [*(request.view_args or {}).values(), *request.args.keys(), *request.args.values()]
    if any(isinstance(text, str) and "\0" in text for text in texts):
        raise NotFound
