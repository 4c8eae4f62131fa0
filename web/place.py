"""Ways back: to the list somebody came from, with its filters and page, and to an address that a form carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, session, url_for

from web.parts import language
from web.words import say

_KEY = "list"
#: Path of a list → what the way back to it is called.
_NAMES = {"/inbox": "待办", "/overdue": "督办", "/instances": "流程", "/incidents": "异常"}


def remember_list() -> None:
    """This list is where the visitor is; kept with the session, so it survives whatever is opened from it."""
    session[_KEY] = request.full_path.rstrip("?")


def last_list() -> tuple[str, str]:
    """Address and name of the list the visitor was at last; the inbox at first."""
    address = session.get(_KEY, "")
    name = _NAMES.get(str(address).partition("?")[0])
    if name is None:
        address, name = url_for("inbox.show"), _NAMES["/inbox"]
    return address, say(name, language())


def path_here(wanted: str, otherwise: str) -> str:
    """An address that came with a request, if it is a path of this house: nobody is sent to another site."""
    parts = urlsplit(wanted)
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme:
        return wanted
    return otherwise
