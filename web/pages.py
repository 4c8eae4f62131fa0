"""All pages in one blueprint, with what every template may use."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, g, redirect, render_template, request, send_from_directory, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from api.identity.gate import ANYONE, open_to
from api.identity.refusals import NotSignedIn
from api.problems import problem_of
from engine.model.actor import SYSTEM_USER_ID
from engine.model.errors import EngineError
from engine.queries import definitions
from web import shown, vocabulary
from web.house import House, directory, house, language
from web.inbox.views import inbox_pages
from web.instance.views import instance_pages
from web.sign_in.views import sign_in_pages
from web.supervision.views import supervision_pages
from web.user_task.views import user_task_pages
from web.words import catalogue, say

STATIC = Path(__file__).parent / "static"
#: Addresses below here answer programs, not people.
FOR_PROGRAMS = "/api/"


def install_pages(app: Flask, parts: House) -> None:
    """Put the pages into an application: routes, template words and filters, refusals as pages."""
    parts.install(app)
    pages = Blueprint("pages", __name__, template_folder="templates")
    for slice_ in (sign_in_pages, inbox_pages, user_task_pages, instance_pages, supervision_pages):
        app.register_blueprint(slice_)
    pages.add_url_rule("/static/build/<path:name>", "asset", open_to(ANYONE)(_asset))
    app.register_blueprint(pages)
    _teach(app)
    app.register_error_handler(EngineError, _refuse)
    app.register_error_handler(HTTPException, _refuse)


def _teach(app: Flask) -> None:
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: catalogue(language()).ugettext(text),
        lambda one, many, number: catalogue(language()).ungettext(one, many, number),
        newstyle=True,
    )
    environment.filters.update(
        instant=shown.show_instant, day=shown.show_day, number=shown.show_number, plain=shown.plain_number
    )
    environment.globals.update(
        built=_built,
        process_name=_process_name,
        process_names=process_names,
        person_name=_person_name,
        unit_name=_unit_name,
        group_name=_group_name,
        rung_colour=lambda key: shown.RUNG_COLOURS.get(key, "quiet"),
        deed_words=lambda kind: vocabulary.deed(kind, language()),
        rung_words=lambda key: vocabulary.rung(key, language()),
        status_words=lambda status: vocabulary.status(status, language()),
        routing_words=lambda step: vocabulary.routing(step, _role_name, _unit_name, _person_name, language()),
    )
    app.context_processor(_chrome)


def _chrome() -> dict[str, Any]:
    """What stands around every page."""
    visitor = g.get("visitor")
    return {
        "visitor": visitor,
        "csrf_token": visitor.csrf_token if visitor else "",
        "language": language(),
        "demonstration": house().demonstration,
        "here": request.full_path.rstrip("?"),
        "navigation": [
            ("inbox.show", say("待办", language())),
            ("instance.listed", say("流程", language())),
            ("supervision.overdue", say("督办", language())),
        ],
    }


@cache
def _manifest(changed_at: float) -> dict[str, str]:
    return json.loads((STATIC / "build" / "manifest.json").read_text(encoding="utf-8"))


def _built(name: str) -> str:
    """Address of a built script or style."""
    manifest = STATIC / "build" / "manifest.json"
    return url_for("pages.asset", name=_manifest(manifest.stat().st_mtime)[name])


def _asset(name: str) -> Response:
    """A built file; its name changes with its content, so browsers may keep it for ever."""
    answer = send_from_directory(STATIC / "build", name, max_age=31_536_000)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _process_name(key: str) -> str:
    """What people call a process."""
    return process_names().get(key, key)


def _person_name(user_id: str | None) -> str:
    """What people call a person; the engine itself is the system."""
    if not user_id:
        return ""
    if user_id == SYSTEM_USER_ID:
        return say("系统", language())
    person = directory().people.get(user_id)
    return person.title if person else user_id


def _unit_name(code: str | None) -> str:
    """Name of a unit."""
    unit = directory().tree.units.get(code) if code else None
    return unit.name if unit else code or ""


def _role_name(key: str) -> str:
    """What people call a role."""
    role = house().gate.desk.catalogue.roles.get(key)
    return role.title(language()) if role else key


def _group_name(group: str) -> str:
    """"dept_perf@21" as people say it."""
    role, _, unit_code = group.partition("@")
    return f"{_unit_name(unit_code)} {_role_name(role)}" if unit_code else _role_name(role)


def process_names() -> dict[str, str]:
    """Process definition key -> name of its newest version; asked once a request."""
    if "process_names" not in g:
        found = house().dispatcher.query(definitions, g.visitor.actor)
        g.process_names = {each.key: each.name for each in found}
    return g.process_names


def _refuse(error: Exception) -> Response | tuple[str, int] | Exception:
    """A refusal as a page; programs get theirs from the REST room."""
    if isinstance(error, NotSignedIn):
        return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")), code=303)
    problem = problem_of(error, language())
    template = "problem_part.html" if request.headers.get("HX-Request") == "true" else "problem.html"
    return render_template(template, problem=problem), problem.status
