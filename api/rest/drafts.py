"""Drafts: what a person has typed at a user task so far. What was not read is never overwritten, as on the page."""

from __future__ import annotations

from typing import Annotated

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.answers import carry_out, etag
from api.rest.models import ChangeHeaders, Closed, Values, Whole
from api.rest.views import DraftView, draft_view
from api.rest.wire import answer
from engine.commands import SaveDraft
from engine.model.errors import NotFound, Stale
from engine.queries import own_draft, user_task_detail

drafts = APIBlueprint("drafts", __name__, url_prefix="/api/v1/user-tasks/<user_task_id>/draft", tag="User tasks")


class DraftNotFound(NotFound):
    """The actor has typed nothing yet, or the user task is closed."""

    code = "draft-not-found"


class DraftContent(Closed):
    content: Values
    builds_on: Annotated[Whole, Field(ge=0, le=2_147_483_647)] | None = Field(
        default=None, description="`revision` of the draft that you have read and go on from; 0 = there was none."
    )
    written_in: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._:-]*$")] = Field(
        default="",
        description="Your own id of the window or file it is typed in, a new one whenever that is opened: what it has "
        "saved itself counts as read, and what has not read a newer draft is kept apart from it instead of refused.",
    )
    settles: Annotated[str, Field(max_length=40)] = Field(
        default="",
        description="`id` of what stood apart and is decided on by this content. What of it and of the draft is not in "
        "the content stays beside the draft, decided.",
    )


class DraftKept(BaseModel):
    """What was typed is kept."""

    user_task_id: str
    process_instance_id: str
    revision: int = Field(description="Of the draft that stands there now.")
    apart: bool = Field(description="It was kept beside the draft, which is as it was: let its author compare.")


@drafts.get("")
@drafts.output(DraftView)
@open_to(SIGNED_IN)
def show_draft(user_task_id: str) -> Response:
    """What you have typed so far, and what stands apart from it

    404 where you have typed nothing here yet; what you left at the step before it came back is `earlier_draft` of the
    user task.
    """
    detail = house().dispatcher.query(user_task_detail, actor(), user_task_id)
    if detail.draft is None:
        raise DraftNotFound(
            f"Expected a draft of yours of user task {user_task_id!r}, but found none.", user_task_id=user_task_id
        )
    return answer(draft_view(detail.draft), headers=etag(detail.user_task.version))


@drafts.put("")
@drafts.input(DraftContent)
@drafts.input(ChangeHeaders, location="headers")
@drafts.output(DraftKept)
@open_to(SIGNED_IN)
def save_draft(user_task_id: str, json_data: DraftContent, headers_data: ChangeHeaders) -> Response:
    """Keep what was typed so far, unchecked

    A draft that you have not read is never overwritten. Where one of yours stands, say what you have read:

    * `If-Match` with the ETag: 412 when anything of the user task has changed since;
    * `builds_on`: 412 when the draft has changed since;
    * `written_in`, with `builds_on` or without: kept apart when the draft has changed since, as the page does.

    428 when you say nothing. Refusals hold in `facts.draft` what stands there now. To decide between the draft and what
    stands apart, send what is to stay, with the id of the other in `settles`.
    """
    try:
        return carry_out(_command(user_task_id, json_data, headers_data), headers_data)
    except Stale as refusal:
        standing = house().dispatcher.query(own_draft, actor(), user_task_id)
        refusal.facts["draft"] = draft_view(standing) if standing is not None else None
        raise


def _command(user_task_id: str, sent: DraftContent, headers: ChangeHeaders) -> SaveDraft:
    by_etag = headers.if_match is not None and sent.builds_on is None
    has_read_none = sent.builds_on is None and sent.written_in != "" and not by_etag
    return SaveDraft(
        actor=actor(),
        user_task_id=user_task_id,
        content=sent.content,
        builds_on=0 if has_read_none else sent.builds_on,
        written_in=sent.written_in,
        is_refused_unseen=not sent.written_in and not by_etag,
        settles=sent.settles,
    )
