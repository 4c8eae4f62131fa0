"""What stands around every page, and what every template may use."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for

from api.house import actor, house
from engine.model.actor import SYSTEM_USER_ID
from engine.queries import definitions
from web import shown, vocabulary
from web.parts import directory, language, parts
from web.user_task.people import chosen_people, offered_people
from web.words import catalogue, say

#: Where `npm run build` puts scripts and styles.
BUILD = Path(__file__).parent / "static" / "build"


def teach(app: Flask) -> None:
    """Give the templates their words, filters and names."""
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
        chosen_people=chosen_people,
        offered_people=offered_people,
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
        "demonstration": parts().demonstration,
        "here": request.full_path.rstrip("?"),
        "navigation": _navigation(),
    }


def _navigation() -> list[tuple[str, str]]:
    """Endpoint and label of the pages the visitor has a use for."""
    shown = [("inbox.show", "待办"), ("instance.listed", "流程"), ("supervision.overdue", "督办")]
    visitor = g.get("visitor")
    if visitor is not None and (visitor.actor.may("operate") or visitor.actor.may("audit")):
        shown.append(("operation.listed", "异常"))
    return [(endpoint, say(label, language())) for endpoint, label in shown]


@cache
def _manifest(changed_at: float) -> dict[str, str]:
    return json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))


def _built(name: str) -> str:
    """Address of a built script or style."""
    manifest = BUILD / "manifest.json"
    return url_for("pages.asset", name=_manifest(manifest.stat().st_mtime)[name])


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
        found = house().dispatcher.query(definitions, actor())
        g.process_names = {each.key: each.name for each in found}
    return g.process_names
