"""What stands around every page, and what every template may use."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for

from api.house import house
from api.naming import element_name, step_name
from web import shown, vocabulary
from web.asked_for import ASKED_FOR
from web.naming import group_name, late_name, person_name, process_name, process_names, role_name, unit_name
from web.parts import language, parts
from web.place import last_list
from web.standing_in import stand_ins_at, standing_in_for, stands_in_until
from web.urges import (
    about_words,
    behind_words,
    is_in_sight,
    request_about,
    review_behind,
    urge_about,
    urged_in,
    work_behind,
)
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
        instant=shown.show_instant,
        day=shown.show_day,
        number=shown.show_number,
        plain=shown.plain_number,
        size=shown.show_size,
    )
    environment.globals.update(
        **ASKED_FOR,
        built=_built,
        chosen_people=chosen_people,
        offered_people=offered_people,
        largest_file=lambda: house().settings.upload_limit,
        last_list=last_list,
        process_name=process_name,
        process_names=process_names,
        step_name=step_name,
        element_name=element_name,
        late_name=late_name,
        urged_in=urged_in,
        person_name=person_name,
        unit_name=unit_name,
        group_name=group_name,
        urge_about=urge_about,
        work_behind=work_behind,
        about_words=about_words,
        behind_words=behind_words,
        is_in_sight=is_in_sight,
        request_about=request_about,
        review_behind=review_behind,
        end_words=lambda cause: vocabulary.end_of_user_task(cause, language()),
        stand_ins_at=stand_ins_at,
        standing_in_for=standing_in_for,
        stands_in_until=stands_in_until,
        rung_colour=lambda key: shown.RUNG_COLOURS.get(key, "quiet"),
        happens=vocabulary.happens,
        deed_words=lambda kind: vocabulary.deed(kind, language()),
        rung_words=lambda key: vocabulary.rung(key, language()),
        status_words=lambda status: vocabulary.status(status, language()),
        routing_words=lambda step: vocabulary.routing(step, role_name, unit_name, person_name, language()),
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
    if visitor is not None and visitor.actor.may("campaign"):
        shown.append(("campaign.listed", "工作布置"))
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
