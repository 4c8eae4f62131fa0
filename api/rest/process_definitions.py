"""Deployed processes: their versions and diagrams."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.listing import Filter
from api.rest.models import Closed
from api.rest.views import DefinitionLine, definition_line
from api.rest.wire import answer
from api.texts.diagrams import in_language
from engine.queries.definitions import DefinitionDetail, definition_detail, definitions

process_definitions = APIBlueprint(
    "process_definitions", __name__, url_prefix="/api/v1/process-definitions", tag="Definitions"
)


class DefinitionQuery(Closed):
    key: Filter | None = None
    all_versions: bool = Field(default=False, description="Not only the latest version of each.")


class VersionQuery(Closed):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="Left out for the latest."
    )


class DefinitionList(BaseModel):
    items: list[DefinitionLine]


class DefinitionView(DefinitionLine):
    file_name: str
    report: list[dict[str, Any]] = Field(description="What was said of it beside errors when it was deployed.")


@process_definitions.get("")
@process_definitions.input(DefinitionQuery, location="query")
@process_definitions.output(DefinitionList)
@open_to(SIGNED_IN)
def list_process_definitions(query_data: DefinitionQuery) -> Response:
    """Deployed processes, by key"""
    found = house().dispatcher.query(definitions, actor(), key=query_data.key, latest_only=not query_data.all_versions)
    return answer({"items": [definition_line(item) for item in found]})


@process_definitions.get("/<key>")
@process_definitions.input(VersionQuery, location="query")
@process_definitions.output(DefinitionView)
@open_to(SIGNED_IN)
def show_process_definition(key: str, query_data: VersionQuery) -> Response:
    """One version of a process"""
    detail = _detail(key, query_data)
    report = [in_language(entry, house().gate.language) for entry in detail.report]
    return answer({**definition_line(detail.item), "file_name": detail.file_name, "report": report})


@process_definitions.get("/<key>/xml")
@process_definitions.input(VersionQuery, location="query")
@process_definitions.doc(responses={200: {"description": "As it was uploaded", "content": {"application/xml": {}}}})
@open_to(SIGNED_IN)
def show_diagram(key: str, query_data: VersionQuery) -> Response:
    """The file of a version, byte for byte"""
    detail = _detail(key, query_data)
    response = Response(detail.xml, mimetype="application/xml")
    response.headers.set("Content-Disposition", "attachment", filename=detail.file_name)
    return response


def _detail(key: str, query: VersionQuery) -> DefinitionDetail:
    return house().dispatcher.query(definition_detail, actor(), key, query.version)
