"""Overdue user tasks for those who supervise: by how many working days, and how far the ladder has climbed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select, tuple_

from engine.model.actor import Actor
from engine.model.calendar import WorkingCalendar, local_day
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import OPEN, held_by, sees_unit_of
from engine.queries.totals import COUNTED, Total, total_of
from engine.store import codec
from engine.store.instance_tables import user_task
from engine.store.types import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueUserTask:
    """An open user task whose due instant has passed, or comes before the instant asked for."""

    id: str
    process_instance_id: str
    process_definition_key: str
    #: "key:version" of the diagram it comes from.
    definition_ref: str
    element_id: str
    name: str
    business_key: str
    unit_code: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    created_at: datetime
    due_at: datetime
    #: Working days since the due day; 0 on the due day, negative before it.
    age_working_days: int
    #: Highest rung of the ladder that has fired, e.g. "orange"; "" before the first.
    rung: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueFilter:
    """What is shown of the list; None shows all."""

    #: Also show those due before this later instant, e.g. the end of the day for "due today".
    due_before: datetime | None = None
    process_definition_key: str | None = None
    unit_code: str | None = None
    rung: str | None = None


def overdue_count(connection: Connection, actor: Actor, *, now: datetime) -> int:
    """How many open user tasks in the actor's scope are overdue, up to COUNTED."""
    statement = select(user_task.c.id).where(*_late(actor, now)).limit(COUNTED).subquery()
    return connection.execute(select(func.count()).select_from(statement)).scalar_one()


def overdue_total(
    connection: Connection, actor: Actor, *, now: datetime, filters: OverdueFilter | None = None
) -> Total:
    """How long the list is, narrowed as its pages are."""
    wanted = filters or OverdueFilter()
    whole = select(user_task).where(*_late(actor, wanted.due_before or now))
    return total_of(connection, whole.order_by(user_task.c.due_order, user_task.c.id), _filtered(wanted))


def _filtered(filters: OverdueFilter) -> list[ColumnElement[bool]]:
    equal = {
        user_task.c.definition_key: filters.process_definition_key,
        user_task.c.unit_code: filters.unit_code,
        user_task.c.rung: filters.rung,
    }
    return [column == value for column, value in equal.items() if value is not None]


def _late(actor: Actor, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        user_task.c.tenant_id == actor.tenant_id,
        OPEN,
        user_task.c.due_order < literal(before, Instant()),
        or_(sees_unit_of(actor, user_task.c.unit_code), held_by(actor)),
    )


def overdue(
    connection: Connection,
    actor: Actor,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    filters: OverdueFilter | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[OverdueUserTask]:
    """A page of open user tasks in the actor's scope that are overdue, longest first."""
    limit = checked_limit(limit)
    wanted = filters or OverdueFilter()
    statement = select(user_task).where(*_late(actor, wanted.due_before or now), *_filtered(wanted))
    if cursor:
        due_at, last_id = read_cursor(cursor, "overdue", (datetime, str))
        after = tuple_(literal(due_at, Instant()), literal(last_id))
        statement = statement.where(tuple_(user_task.c.due_order, user_task.c.id) > after)
    statement = statement.order_by(user_task.c.due_order, user_task.c.id).limit(limit + 1)
    page = page_of(connection.execute(statement).all(), limit, "overdue", lambda row: (row.due_order, row.id))
    today = local_day(now)
    items = [
        OverdueUserTask(
            id=row.id,
            process_instance_id=row.root_id,
            process_definition_key=row.definition_key,
            definition_ref=row.definition_ref,
            element_id=row.element_id,
            name=row.name,
            business_key=row.business_key,
            unit_code=row.unit_code,
            assignee=row.assignee,
            candidate_groups=tuple(codec.decode(row.candidate_groups)),
            candidate_users=tuple(codec.decode(row.candidate_users)),
            created_at=row.created_at,
            due_at=row.due_at,
            age_working_days=calendar.working_days_between(local_day(row.due_at), today),
            rung=row.rung,
        )
        for row in page.items
    ]
    return Page(items=items, cursor=page.cursor)
