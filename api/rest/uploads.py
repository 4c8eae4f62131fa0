"""Files attached to the form of a user task: bring one, fetch one."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field
from werkzeug.exceptions import UnsupportedMediaType

from api.attachments import attachment, sent_file
from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.wire import answer

uploads = APIBlueprint("uploads", __name__, url_prefix="/api/v1/user-tasks", tag="User tasks")


class UploadView(BaseModel):
    """An attached file; a row of the field names it by `upload`."""

    upload: str = Field(description="Id; goes into the row of the form that names the file.")
    name: str
    media_type: str
    size_bytes: int
    sha256: str


@uploads.post("/<user_task_id>/uploads")
@uploads.output(UploadView, 201)
@open_to(SIGNED_IN)
def attach_file(user_task_id: str) -> Response:
    """Attach a file to a form that you fill in

    `multipart/form-data` with `field`, the name of a files field of the form, and `file`. The file counts when the form
    that names it is submitted; one that neither a form nor a draft names goes after a day.
    """
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("Expected Content-Type: multipart/form-data.")
    request.max_content_length = house().settings.largest_body
    name, content = sent_file()
    added = house().uploads.take(
        actor(), user_task_id, request.form.get("field", ""), house().forms, name, content
    )
    shown = {"upload": added.id, "name": added.name, "media_type": added.media_type}
    return answer({**shown, "size_bytes": added.size_bytes, "sha256": added.sha256}, 201)


@uploads.get("/<user_task_id>/uploads/<upload_id>")
@open_to(SIGNED_IN)
def fetch_file(user_task_id: str, upload_id: str) -> Response:
    """An attached file, as its bytes

    For who attached it here, and for who sees a document of the case that names it.
    """
    return attachment(*house().uploads.hand_out(actor(), user_task_id, upload_id))
