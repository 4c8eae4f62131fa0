"""What happened in a process instance, in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.listing import Filter, PageQuery, page_answer
from engine.queries.instance_history import HistoryEntry, instance_history

history = APIBlueprint("history", __name__, url_prefix="/api/v1/history", tag="History")


class HistoryQuery(PageQuery):
    process_instance_id: Filter
    kind: Annotated[str, Field(pattern=r"^[A-Za-z]{1,60}$")] | None = Field(
        default=None, description="Only this kind of event, e.g. UserTaskCompleted."
    )
    latest_first: bool = False


class HistoryLine(BaseModel):
    seq: int = Field(description="1, 2, 3 … within the root instance.")
    kind: str
    element_id: str
    actor: str
    acted_for: str | None = Field(description="Whom the actor stood in for; null = nobody.")
    at: datetime
    payload: dict[str, Any]


class HistoryPage(BaseModel):
    items: list[HistoryLine]
    cursor: str | None


@history.get("")
@history.input(HistoryQuery, location="query")
@history.output(HistoryPage)
@open_to(SIGNED_IN)
def list_history(query_data: HistoryQuery) -> Response:
    """What happened in a root instance and in everything it has called"""
    page = house().dispatcher.query(
        instance_history,
        actor(),
        query_data.process_instance_id,
        kinds=(query_data.kind,) if query_data.kind else (),
        latest_first=query_data.latest_first,
        cursor=query_data.cursor,
        limit=query_data.limit,
    )
    return page_answer(page, _line)


def _line(entry: HistoryEntry) -> Mapping[str, Any]:
    return {name: getattr(entry, name) for name in HistoryLine.model_fields}
