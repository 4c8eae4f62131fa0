"""Writing about a case on its own page."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from api.identity.gate import SIGNED_IN, open_to
from engine.model.errors import EngineError
from web.comments import earlier_address, latest_address, thread_of, write, written
from web.instance.views import instance_page
from web.refusal import told

#: Within the pages of instances.
comment_pages = Blueprint("comment", __name__, url_prefix="/instances/<instance_id>/comments")
comment_pages.add_app_template_global(thread_of)
comment_pages.add_app_template_global(earlier_address, "earlier_comments")
comment_pages.add_app_template_global(latest_address, "latest_comments")


@comment_pages.get("")
@open_to(SIGNED_IN)
def come_back(instance_id: str) -> Response:
    """After signing in again: the case itself."""
    return redirect(url_for("instance.show", instance_id=instance_id))


@comment_pages.post("")
@open_to(SIGNED_IN)
def add(instance_id: str) -> Response | tuple[str, int]:
    """Write, and stay on the page of the case."""
    try:
        write(instance_id)
    except EngineError as error:
        problem = told(error)
        return instance_page(instance_id, problem), problem.status
    return written(url_for("instance.show", instance_id=instance_id))
