"""All pages in one application: routes, built files, refusals."""

from __future__ import annotations

from flask import Blueprint, Flask, send_from_directory
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from api.identity.gate import ANYONE, open_to
from engine.model.errors import EngineError
from web.chrome import BUILD, teach
from web.parts import PageParts
from web.refusal import refuse
from web.slices import SLICES


def install_pages(app: Flask, page_parts: PageParts) -> None:
    """Put the pages into an application: routes, template words and filters, refusals as pages."""
    page_parts.hand_to(app)
    pages = Blueprint("pages", __name__, template_folder="templates")
    for slice_ in SLICES:
        app.register_blueprint(slice_)
    pages.add_url_rule("/static/build/<path:name>", "asset", open_to(ANYONE)(_asset))
    app.register_blueprint(pages)
    teach(app)
    for kind in (EngineError, HTTPException, Exception):
        app.register_error_handler(kind, refuse)


def _asset(name: str) -> Response:
    """A built file; its name changes with its content, so browsers may keep it for ever."""
    answer = send_from_directory(BUILD, name)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
