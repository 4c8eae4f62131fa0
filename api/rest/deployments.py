"""Handing in diagrams and decision tables."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from api.house import actor
from api.identity.gate import RouteRule, open_to
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, DefinitionsAccepted
from api.rest.refusals import UnsoundRequest
from engine.commands import DeployDefinitions
from engine.model.errors import Fault

deployments = APIBlueprint("deployments", __name__, url_prefix="/api/v1/deployments", tag="Definitions")

LONGEST_COMMENT = 2000


@deployments.post("")
@deployments.input(ChangeHeaders, location="headers")
@deployments.output(DefinitionsAccepted, 201)
@open_to(RouteRule(permission="deploy"))
def deploy(headers_data: ChangeHeaders) -> Response:
    """Deploy diagrams and decision tables

    All files of the upload become new versions together, or none. A file that is not understood completely is refused,
    with every fault, its element, and how to mend it.
    """
    files, comment = _uploaded()
    return carry_out(DeployDefinitions(actor=actor(), files=files, comment=comment), headers_data, 201)


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
