"""Incidents: what could not be executed and waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.naming import element_name
from api.rest.answers import carry_out
from api.rest.listing import Filter, PageQuery, page_answer
from api.rest.models import ChangeHeaders, Moved
from engine.commands import RetryIncident
from engine.queries.incidents import IncidentItem
from engine.queries.incidents import incidents as incidents_of

incidents = APIBlueprint("incidents", __name__, url_prefix="/api/v1/incidents", tag="Incidents")


class IncidentQuery(PageQuery):
    process_instance_id: Filter | None = None
    resolved: bool = Field(default=False, description="Those that were resolved, too.")


class IncidentLine(BaseModel):
    id: str
    process_instance_id: str
    process_definition_key: str
    business_key: str
    unit_code: str | None
    element_id: str
    name: str = Field(
        description="Of the element, in the reader's language, where the diagram has it; else as drawn, or its id."
    )
    kind: str
    timer_key: str | None = Field(
        description="Of a timer that was given up: the rung of an escalation ladder, empty for a timer event."
    )
    message: str
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


class IncidentPage(BaseModel):
    items: list[IncidentLine]
    cursor: str | None


@incidents.get("")
@incidents.input(IncidentQuery, location="query")
@incidents.output(IncidentPage)
@open_to(SIGNED_IN)
def list_incidents(query_data: IncidentQuery) -> Response:
    """Incidents that you may see, latest first

    For those who operate or audit.
    """
    page = house().dispatcher.query(
        incidents_of,
        actor(),
        open_only=not query_data.resolved,
        process_instance_id=query_data.process_instance_id,
        cursor=query_data.cursor,
        limit=query_data.limit,
    )
    return page_answer(page, _line)


@incidents.post("/<incident_id>/retry")
@incidents.input(ChangeHeaders, location="headers")
@incidents.output(Moved)
@open_to(SIGNED_IN)
def retry_incident(incident_id: str, headers_data: ChangeHeaders) -> Response:
    """Execute again what has failed"""
    return carry_out(RetryIncident(actor=actor(), incident_id=incident_id), headers_data)


def _line(item: IncidentItem) -> Mapping[str, Any]:
    shown = {name: value for name, value in asdict(item).items() if name in IncidentLine.model_fields}
    return {**shown, "name": element_name(item.definition_ref, item.element_id)}
