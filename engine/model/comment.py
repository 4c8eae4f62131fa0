"""Communicate 沟通: what people write to one another about a case. Nothing moves by it (PROCESSES 0.3)."""

from __future__ import annotations

from datetime import datetime

from engine.model.errors import Fault, Invalid, NotPermitted
from engine.model.value import value

LONGEST_COMMENT = 2000


class CommentsNotShared(NotPermitted):
    """The actor does not see the case as a whole: what others write about it is none of the actor's."""

    code = "comments-not-shared"


class CommentInvalid(Invalid):
    """There is nothing in it, or too much."""

    code = "comment-invalid"


@value(kw_only=True)
class Comment:
    """What somebody has written about a case."""

    id: str
    #: The case: a root instance.
    process_instance_id: str
    written_by: str
    #: Aware, UTC.
    written_at: datetime
    #: Paragraphs as they were typed.
    text: str


def checked_comment(text: str) -> str:
    """The comment without what is blank around it, its lines ended alike. Raises CommentInvalid."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not 1 <= len(found) <= LONGEST_COMMENT:
        message = f"Expected a comment of 1 to {LONGEST_COMMENT} characters, but found {len(found)}."
        facts = {"longest": LONGEST_COMMENT, "found": len(found)}
        raise CommentInvalid(message, (Fault("comment-length", message, "text", **facts),), **facts)
    return found
