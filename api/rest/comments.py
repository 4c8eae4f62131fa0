"""Comments on a case: reading and writing, for those who see the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.answers import carry_out
from api.rest.listing import PageQuery, page_answer
from api.rest.models import ChangeHeaders, CommentKept, NewComment
from engine.commands import AddComment
from engine.model.comment import Comment
from engine.queries import comments as comments_of

comments = APIBlueprint("comments", __name__, url_prefix="/api/v1/process-instances", tag="Process instances")


class CommentQuery(PageQuery):
    order: Literal["oldest-first", "latest-first"] = "oldest-first"


class CommentView(BaseModel):
    """What somebody has written about a case."""

    id: str
    process_instance_id: str = Field(description="The case: the root instance.")
    written_by: str
    written_at: datetime
    text: str


class CommentPage(BaseModel):
    items: list[CommentView]
    cursor: str | None


@comments.get("/<process_instance_id>/comments")
@comments.input(CommentQuery, location="query")
@comments.output(CommentPage)
@open_to(SIGNED_IN)
def list_comments(process_instance_id: str, query_data: CommentQuery) -> Response:
    """What people have written to one another about a case"""
    page = house().dispatcher.query(
        comments_of,
        actor(),
        process_instance_id,
        latest_first=query_data.order == "latest-first",
        cursor=query_data.cursor,
        limit=query_data.limit,
    )
    return page_answer(page, _view)


@comments.post("/<process_instance_id>/comments")
@comments.input(NewComment)
@comments.input(ChangeHeaders, location="headers")
@comments.output(CommentKept, 201)
@open_to(SIGNED_IN)
def add_comment(process_instance_id: str, json_data: NewComment, headers_data: ChangeHeaders) -> Response:
    """Write about a case

    Nothing of the case changes by it, nor does its version.
    """
    command = AddComment(actor=actor(), process_instance_id=process_instance_id, text=json_data.text)
    return carry_out(command, headers_data, 201)


def _view(comment: Comment) -> Mapping[str, Any]:
    return {name: getattr(comment, name) for name in CommentView.model_fields}
