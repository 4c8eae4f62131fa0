"""Files attached to a form, from and to the page."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for

from api.attachments import attachment, sent_file
from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.problems import problem_of
from engine.model.errors import Invalid
from web.parts import language

#: Within the pages of user tasks.
file_pages = Blueprint("file", __name__, url_prefix="/<user_task_id>/uploads")


@file_pages.post("")
@open_to(SIGNED_IN)
def attach(user_task_id: str) -> Response | tuple[Response, int]:
    """Take in one file; the page adds the row that names it."""
    request.max_content_length = house().settings.largest_body
    name, content = sent_file()
    try:
        added = house().uploads.take(
            actor(), user_task_id, request.form.get("field", ""), house().forms, name, content
        )
    except Invalid as error:
        problem = problem_of(error, language())
        return jsonify(refused="".join(str(fault["message"]) for fault in problem.faults)), problem.status
    address = url_for("user_task.file.fetch", user_task_id=user_task_id, upload_id=added.id)
    return jsonify(
        upload=added.id, name=added.name, size_bytes=added.size_bytes, sha256=added.sha256, address=address
    )


@file_pages.get("/<upload_id>")
@open_to(SIGNED_IN)
def fetch(user_task_id: str, upload_id: str) -> Response:
    """One file, to be saved."""
    return attachment(*house().uploads.hand_out(actor(), user_task_id, upload_id))
