"""What pages use beyond the house itself: who is who, the calendar, what objects are called, and the demonstration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app, g, request

from api.house import actor, house
from api.identity.directory import Directory
from api.naming import node_name
from engine.kernel.graph import Graph
from engine.model.calendar import WorkingCalendar

#: Control characters besides tab and line end, and marks that turn the direction of what stands beside them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_EXTENSION = "bihuan.pages"


@dataclass(frozen=True)
class Stand:
    """A person of a demonstration whom one click lets in."""

    user_id: str
    name: str
    unit: str
    #: Good to begin with: has something to do or to see on the day the picture stands.
    is_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """A played year: the pages say so, and people may be switched by one click."""

    #: Aware instant on which the picture stands at start.
    as_of: datetime
    people: Sequence[Stand]
    #: Opens a session for one of `people`; returns the cookie's text.
    admit: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class PageParts:
    """The parts that only pages use; queries take a connection first."""

    #: The working calendar.
    calendar: Callable[..., WorkingCalendar]
    #: Who is who today.
    directory: Callable[..., Directory]
    #: (connection, tenant, business keys, language) -> what people call each object, e.g. the project's name.
    titles: Callable[..., Mapping[str, str]]
    #: (connection, tenant, words) -> business keys of the objects whose title contains the words.
    keys_called: Callable[..., tuple[str, ...]]
    demonstration: Demonstration | None = None

    def hand_to(self, app: Flask) -> None:
        """Let the views of an application find them."""
        app.extensions[_EXTENSION] = self


def parts() -> PageParts:
    """The parts of the running application."""
    return cast(PageParts, current_app.extensions[_EXTENSION])


def language() -> str:
    """"zh" or "en": as the visitor reads."""
    return house().gate.language


def typed(name: str) -> str:
    """What was typed in a field of the request being answered, "" for nothing: line ends count once, and it is without
    what nobody sees.
    """
    text = request.form.get(name, "")
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def ask(query: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Run a query for the visitor on a connection of its own."""
    return house().dispatcher.query(query, actor(), *arguments, **named)


def calendar() -> WorkingCalendar:
    """The working calendar, read once a request."""
    if "calendar" not in g:
        g.calendar = house().dispatcher.query(parts().calendar)
    return g.calendar


def directory() -> Directory:
    """Who is who, read once a request."""
    if "directory" not in g:
        g.directory = house().dispatcher.query(parts().directory)
    return g.directory


def graph(definition_ref: str) -> Graph:
    """The compiled process of a version, for names of its elements."""
    return house().dispatcher.definitions.graph_at_hand(actor().tenant_id, definition_ref)


def node_names(process: Graph) -> dict[str, str]:
    """Element id -> what the reader calls it."""
    return {node.id: node_name(node) for node in process.nodes}


def titles(business_keys: Sequence[str]) -> Mapping[str, str]:
    """What people call the objects of business keys."""
    return house().dispatcher.query(parts().titles, actor().tenant_id, sorted(set(business_keys)), language())


def keys_called(words: str) -> tuple[str, ...]:
    """Business keys of objects that people call so; none for no words."""
    return house().dispatcher.query(parts().keys_called, actor().tenant_id, words) if words else ()
