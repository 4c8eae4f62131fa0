"""From a command to an HTTP answer: idempotency key and precondition in, version as ETag out."""

from __future__ import annotations

import re

from flask import Response

from api.house import house
from api.rest.models import ChangeHeaders
from api.rest.wire import answer
from engine.dispatcher import Command
from engine.model.errors import Fault, Invalid, Stale

#: One entity tag: `"7"`, or `W/"7"`, which only means much the same (RFC 9110, 8.8.3).
_TAG = r'(?:W/)?"[!#-~\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t]*{_TAG}[ \t]*(?:,[ \t]*(?:{_TAG}[ \t]*)?)*")
#: A tag of ours. A version has far fewer digits; what has more is none.
_OURS = re.compile(r'(?<!/)"([0-9]{1,18})"')


class UnsoundIfMatch(Invalid):
    """The If-Match header is neither `*` nor entity tags."""

    code = "unsound-if-match"


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


def expected_version(if_match: str | None) -> frozenset[int] | None:
    """The versions that If-Match names (RFC 9110, 13.1.1); None when any will do.

    Raises:
        UnsoundIfMatch: it is no such header.
        Stale: none of its tags is one of ours; a weak one never is.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if not _TAGS.fullmatch(if_match):
        message = f"Expected * or ETags in quotation marks in If-Match, but found {if_match}."
        raise UnsoundIfMatch(message, (Fault("unsound-if-match", message, "If-Match"),), found=if_match)
    versions = frozenset(int(version) for version in _OURS.findall(if_match))
    if not versions:
        raise Stale(f"Expected an ETag of this resource in If-Match, but found {if_match}.", expected=if_match)
    return versions
