"""Incidents: what could not be executed and waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from engine.model.actor import Actor
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import must_hold_one_of, runs_in_sight_of
from engine.queries.totals import Total, total_of
from engine.store.instance_tables import incident


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentItem:
    """One line of the list."""

    id: str
    process_instance_id: str
    process_definition_key: str
    #: "key:version" of the diagram that names the element; "" where none is known.
    definition_ref: str
    business_key: str
    unit_code: str | None
    part: int
    element_id: str
    kind: str
    #: Of a timer that was given up: the rung of a ladder, "" for a timer event; None for what is no timer.
    timer_key: str | None
    message: str
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


def incidents(
    connection: Connection,
    actor: Actor,
    *,
    open_only: bool = True,
    process_instance_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[IncidentItem]:
    """A page of incidents in the actor's scope, latest first.

    Raises:
        NotPermitted: the actor neither operates nor audits the engine.
    """
    must_hold_one_of(actor, ("operate", "audit"), "see incidents")
    limit = checked_limit(limit)
    statement = select(incident).where(*_of(actor, open_only), *_in_sight(actor, process_instance_id))
    if cursor:
        (last_id,) = read_cursor(cursor, "incidents", (str,))
        statement = statement.where(incident.c.id < last_id)
    rows = connection.execute(statement.order_by(incident.c.id.desc()).limit(limit + 1)).all()
    page = page_of(rows, limit, "incidents", lambda row: (row.id,))
    items = [
        IncidentItem(
            id=row.id,
            process_instance_id=row.root_id,
            process_definition_key=row.definition_key,
            definition_ref=row.definition_ref,
            business_key=row.business_key,
            unit_code=row.unit_code,
            part=row.part,
            element_id=row.element_id,
            kind=row.kind,
            timer_key=row.timer_key,
            message=row.message,
            opened_at=row.opened_at,
            resolved_at=row.resolved_at,
            resolved_by=row.resolved_by,
        )
        for row in page.items
    ]
    return Page(items=items, cursor=page.cursor)


def incidents_total(
    connection: Connection, actor: Actor, *, open_only: bool = True, process_instance_id: str | None = None
) -> Total:
    """How long the list is, narrowed as its pages are.

    Raises:
        NotPermitted: the actor neither operates nor audits the engine.
    """
    must_hold_one_of(actor, ("operate", "audit"), "see incidents")
    whole = select(incident).where(*_of(actor, open_only)).order_by(incident.c.id.desc())
    return total_of(connection, whole, _in_sight(actor, process_instance_id))


def _of(actor: Actor, open_only: bool) -> list[ColumnElement[bool]]:
    """Those that an index holds."""
    return [incident.c.tenant_id == actor.tenant_id, *([incident.c.resolved_at.is_(None)] if open_only else [])]


def _in_sight(actor: Actor, process_instance_id: str | None) -> list[ColumnElement[bool]]:
    of_one = [incident.c.root_id == process_instance_id] if process_instance_id is not None else []
    return [runs_in_sight_of(actor, incident.c.unit_code), *of_one]
