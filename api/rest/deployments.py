"""Handing in diagrams and decision tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel
from werkzeug.exceptions import UnsupportedMediaType

from api.house import actor, house
from api.identity.gate import SIGNED_IN, RouteRule, open_to
from api.rest.answers import expected_version
from api.rest.listing import PageQuery, page_answer
from api.rest.models import ChangeHeaders, DefinitionsAccepted
from api.rest.refusals import UnsoundRequest
from api.rest.wire import answer
from api.texts.diagrams import in_language
from engine.commands import DeployDefinitions
from engine.model.errors import Fault
from engine.queries.definitions import DeploymentItem
from engine.queries.definitions import deployments as deployments_of

deployments = APIBlueprint("deployments", __name__, url_prefix="/api/v1/deployments", tag="Definitions")

LONGEST_COMMENT = 2000


class DeploymentLine(BaseModel):
    id: str
    deployed_at: datetime
    deployed_by: str
    comment: str
    files: list[str]


class DeploymentPage(BaseModel):
    items: list[DeploymentLine]
    cursor: str | None


@deployments.get("")
@deployments.input(PageQuery, location="query")
@deployments.output(DeploymentPage)
@open_to(SIGNED_IN)
def list_deployments(query_data: PageQuery) -> Response:
    """Deployments, latest first"""
    page = house().dispatcher.query(deployments_of, actor(), cursor=query_data.cursor, limit=query_data.limit)
    return page_answer(page, _line)


@deployments.post("")
@deployments.input(ChangeHeaders, location="headers")
@deployments.output(DefinitionsAccepted, 201)
@open_to(RouteRule(permission="deploy"))
def deploy(headers_data: ChangeHeaders) -> Response:
    """Deploy diagrams and decision tables

    All files of the upload become new versions together, or none. A file that is not understood completely, names what
    nobody can supply, or does otherwise than its test cases (`<name>.cases.toml` beside `<name>.bpmn`) say, is refused,
    with every fault, its element, and how to mend it. What may still be brought later is a warning in the report.
    """
    files, comment = _uploaded()
    command = DeployDefinitions(actor=actor(), files=files, comment=comment)
    done = house().dispatcher.dispatch(
        command, headers_data.idempotency_key, expected_version=expected_version(headers_data.if_match)
    )
    plain = done.as_plain()
    language = house().gate.language
    return answer({**plain, "report": [in_language(entry, language) for entry in plain["report"]]}, 201)


def _uploaded() -> tuple[dict[str, bytes], str]:
    """Files by name, whatever their fields are called, and the comment."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("Expected Content-Type: multipart/form-data.")
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for field, upload in request.files.items(multi=True):
        name = (upload.filename or field).replace("\\", "/").rsplit("/", 1)[-1]
        if not name.isprintable() or not 0 < len(name) <= 255:
            faults.append(Fault("unsound-file-name", f"Expected a printable file name, but found {name!r}.", field))
        elif name in files:
            faults.append(Fault("named-twice", f"Expected file {name!r} once, but found it twice.", name))
        files[name] = upload.read()
    comment = request.form.get("comment", "")
    if len(comment) > LONGEST_COMMENT or "\0" in comment:
        text = f"Expected at most {LONGEST_COMMENT} characters of text."
        faults.append(Fault("unsound-parameter", text, "comment"))
    for field in request.form.keys() - {"comment", "csrf_token"}:
        faults.append(Fault("unsound-parameter", f"Expected files and a comment, but found a field {field!r}.", field))
    if faults:
        raise UnsoundRequest(" ".join(fault["message"] for fault in faults), faults)
    return files, comment


def _line(item: DeploymentItem) -> Mapping[str, Any]:
    return asdict(item)
