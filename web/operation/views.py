"""Incidents: what could not be executed, for those who operate or audit the engine."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, RouteRule, open_to
from engine import RetryIncident
from engine.queries import IncidentItem, incidents_total
from engine.queries import incidents as incidents_in_sight
from web.parts import ask, language, titles
from web.place import remember_list
from web.totals import list_foot
from web.urges import urged_in
from web.words import say

operation_pages = Blueprint("operation", __name__, url_prefix="/incidents")

PAGE = 50


@operation_pages.get("")
@open_to(SIGNED_IN)
def listed() -> str:
    """Incidents in the visitor's sight, latest first."""
    shows_resolved = request.args.get("resolved") == "yes"
    cursor = request.args.get("cursor") or None
    page = ask(incidents_in_sight, open_only=not shows_resolved, cursor=cursor, limit=PAGE)
    remember_list()  # for those who may see it
    named = [each for each in page.items if _is_named(each)]
    return render_template(
        "incidents.html",
        incidents=page.items,
        cursor=page.cursor,
        foot=list_foot(page, cursor, lambda: ask(incidents_total, open_only=not shows_resolved), language()),
        titles=titles([each.business_key for each in named]),
        urged=urged_in((each.process_definition_key, each.business_key) for each in named),
        shows_resolved=shows_resolved,
        may_retry=actor().may("operate"),
    )


def _is_named(incident: IncidentItem) -> bool:
    """Who only operates the engine is not told what a process is about."""
    return actor().sees_unit(incident.unit_code)


@operation_pages.post("/<incident_id>/retry")
@open_to(RouteRule(permission="operate"))
def retry(incident_id: str) -> Response:
    """Execute again what has failed."""
    house().dispatcher.dispatch(RetryIncident(actor=actor(), incident_id=incident_id))
    flash(say("已重试。若原因未消除，会再次出现在这里。", language()))
    return redirect(url_for("operation.listed"), code=303)
