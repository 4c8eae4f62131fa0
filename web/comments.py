"""The thread of comments on a case, as its pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from engine import AddComment
from engine.model.comment import Comment, CommentsNotShared
from engine.queries import Page, comments
from web.parts import ask, language, typed
from web.words import say

#: Comments shown at once, the latest; the ones before are a page away.
SHOWN = 20
#: Of an address: where the shown ones begin, going back in time.
CURSOR = "comments"
#: Where a page of the thread stands on the page around it.
PLACE = "comments"


@dataclass(frozen=True)
class Thread:
    """Comments in the order of writing, and what is typed and not sent."""

    comments: Sequence[Comment]
    #: Of those before; None = there are none.
    earlier: str | None
    #: These are the newest.
    is_latest: bool
    #: Sent twice, it is written once.
    once: str
    text: str = ""


def thread_of(process_instance_id: str) -> Thread | None:
    """The comments on the case of an instance; None for who does not see the whole of it."""
    cursor = request.args.get(CURSOR) or None
    try:
        found: Page[Comment] = ask(comments, process_instance_id, latest_first=True, cursor=cursor, limit=SHOWN)
    except CommentsNotShared:
        return None
    text = typed("text") if _was_sent() else ""
    return Thread(found.items[::-1], found.cursor, cursor is None, str(uuid4()), text)


def write(process_instance_id: str) -> None:
    """Write what was sent. Raises EngineError: the refusal."""
    command = AddComment(actor=actor(), process_instance_id=process_instance_id, text=typed("text"))
    house().dispatcher.dispatch(command, request.form.get("once") or None)


def written(address: str) -> Response:
    """Back to the thread; the copy that the window keeps is not needed any more."""
    flash(f"{request.path} {actor().user_id}", "taken")
    flash(say("已发出。", language()))
    return redirect(f"{address}#{PLACE}", code=303)


def earlier_address(thread: Thread) -> str:
    """The same page with the comments before these."""
    return f"{_this()}?{CURSOR}={thread.earlier}#{PLACE}"


def latest_address() -> str:
    """The same page with the newest comments."""
    return f"{_this()}#{PLACE}"


def _was_sent() -> bool:
    return request.method == "POST" and request.blueprint in ("user_task.comment", "instance.comment")


def _this() -> str:
    """The page that the thread stands on, whatever was sent to it."""
    values = request.view_args or {}
    endpoint = "instance.show" if "instance_id" in values else "user_task.show"
    return url_for(endpoint, **values)
