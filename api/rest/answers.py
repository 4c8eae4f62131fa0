"""From a command to an HTTP answer: idempotency key and precondition in, version as ETag out."""

from __future__ import annotations

from flask import Response

from api.house import house
from api.rest.models import ChangeHeaders
from api.rest.wire import answer
from engine.dispatcher import Command
from engine.model.errors import Stale


def carry_out(command: Command, headers: ChangeHeaders, status: int = 200) -> Response:
    """Dispatch a command and tell what came of it.

    Raises:
        EngineError: the refusal.
    """
    done = house().dispatcher.dispatch(
        command, headers.idempotency_key, expected_version=expected_version(headers.if_match)
    )
    return answer(done.as_plain(), status)


def etag(version: int) -> dict[str, str]:
    """The header that names a version."""
    return {"ETag": f'"{version}"'}


def expected_version(if_match: str | None) -> int | None:
    """The version that If-Match names; None when any will do. Raises Stale when it names none of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip()
    if len(tag) > 2 and tag[0] == tag[-1] == '"' and tag[1:-1].isascii() and tag[1:-1].isdigit():
        return int(tag[1:-1])
    raise Stale(f"Expected an ETag of this resource in If-Match, but found {tag}.", expected=tag)
