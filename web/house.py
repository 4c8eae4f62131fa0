"""What the pages are made of. Chosen in `api/bootstrap.py`, found by every view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app, g
from sqlalchemy import Connection

from api.identity.directory import Directory
from api.identity.front_desk import Visitor
from api.identity.gate import Gate
from engine import Dispatcher
from engine.kernel.graph import Graph
from engine.model.actor import Actor
from engine.model.calendar import WorkingCalendar
from engine.model.clock import Clock
from forms.checker import FormLibrary

_KEY = "bihuan.house"


@dataclass(frozen=True)
class Stand:
    """A person of a demonstration whom one click lets in."""

    user_id: str
    name: str
    unit: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """A played year: the pages say so, and people may be switched by one click."""

    #: Aware instant on which the picture stands at start.
    as_of: datetime
    people: Sequence[Stand]
    #: Opens a session for one of `people`; returns the cookie's text.
    admit: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class House:
    """The parts that pages use."""

    dispatcher: Dispatcher
    gate: Gate
    forms: FormLibrary
    clock: Clock
    #: The working calendar as the connection sees it.
    calendar: Callable[[Connection], WorkingCalendar]
    #: Who is who today.
    directory: Callable[[Connection], Directory]
    #: (connection, tenant, business keys) -> what people call each object, e.g. the project's name.
    titles: Callable[[Connection, str, Sequence[str]], Mapping[str, str]]
    demonstration: Demonstration | None = None

    def install(self, app: Flask) -> None:
        """Let the views of an application find the house."""
        app.extensions[_KEY] = self


def house() -> House:
    """The house of the running application."""
    return cast(House, current_app.extensions[_KEY])


def visitor() -> Visitor:
    """Who is looking; only for views that let in nobody unknown."""
    found: Visitor | None = g.get("visitor")
    assert found is not None, "the gate lets nobody unknown into this view"
    return found


def actor() -> Actor:
    """The visitor's rights."""
    return visitor().actor


def language() -> str:
    """"zh" or "en": as the visitor reads."""
    return house().gate.language


def ask(query: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Run a query for the visitor on a connection of its own."""
    return house().dispatcher.query(query, actor(), *arguments, **named)


def graph(definition_ref: str) -> Graph:
    """The compiled process of a version, for names of its elements."""
    dispatcher, tenant_id = house().dispatcher, actor().tenant_id
    return dispatcher.query(lambda connection: dispatcher.definitions_within(connection, tenant_id).by_ref(definition_ref))


def titles(business_keys: Sequence[str]) -> Mapping[str, str]:
    """What people call the objects of business keys."""
    return house().dispatcher.query(house().titles, actor().tenant_id, sorted(set(business_keys)))


def calendar() -> WorkingCalendar:
    """The working calendar, read once a request."""
    if "calendar" not in g:
        g.calendar = house().dispatcher.query(house().calendar)
    return g.calendar


def directory() -> Directory:
    """Who is who, read once a request."""
    if "directory" not in g:
        g.directory = house().dispatcher.query(house().directory)
    return g.directory
