"""The inbox: user tasks that are the actor's, that the actor may claim, that the actor has done; with those of people
the actor stands in for.

Claimable ones are found by the rows of `candidate`, one index range for each of the actor's groups; each range gives no
more rows than the page holds, so the size of the inboxes does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from engine.model.actor import Actor
from engine.model.user_task import waits_for_absent
from engine.queries.cases_about import stands_for
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import COMPLETED, OPEN, held_by, holders_of
from engine.queries.totals import COUNTED, LOOKED_THROUGH, Total, total_of
from engine.store import codec
from engine.store.instance_tables import candidate, process_instance, user_task
from engine.store.types import Instant

_STEP = tuple_(user_task.c.definition_key, user_task.c.element_id)


class InboxList(StrEnum):
    MINE = "mine"
    CLAIMABLE = "claimable"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """What is shown of a list; None and "" show all."""

    process_definition_key: str | None = None
    element_id: str | None = None
    unit_code: str | None = None
    business_key: str | None = None
    #: Part of the business key or of the name, in any case.
    text: str = ""
    #: Business keys that the text stands for besides, e.g. of the project that is called so; cases about their late
    #: steps come along.
    called: tuple[str, ...] = ()
    #: (process definition key, element id) of steps that the text stands for besides, by what the actor calls them.
    steps: tuple[tuple[str, str], ...] = ()
    #: Due before this instant: now for overdue ones.
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """One line of an inbox."""

    id: str
    process_instance_id: str
    element_id: str
    name: str
    process_definition_key: str
    #: "key:version" of the diagram it comes from.
    definition_ref: str
    business_key: str
    unit_code: str | None
    form_key: str | None
    lane: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    priority: int
    created_at: datetime
    due_at: datetime | None
    #: Highest rung of the ladder that has fired; "" before the first.
    rung: str
    has_draft: bool
    version: int
    #: When it was completed; None while open.
    closed_at: datetime | None
    #: Whom the actor stands in for in it, or stood in for when it was completed; None = nobody.
    on_behalf_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCounts:
    """How many there are, up to COUNTED."""

    mine: int
    claimable: int
    done: int
    #: Of mine.
    overdue: int
    #: Active process instances that the actor has started.
    started: int


def inbox(
    connection: Connection,
    actor: Actor,
    which: InboxList = InboxList.MINE,
    *,
    filters: InboxFilter | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[InboxItem]:
    """A page of one list: open ones by due instant (those without last), done ones latest first."""
    limit = checked_limit(limit)
    wanted = _filtered(filters or InboxFilter())
    if which is InboxList.DONE:
        return _done(connection, actor, wanted, cursor, limit)
    after = read_cursor(cursor, which.value, (datetime, str)) if cursor else None
    if which is InboxList.MINE:
        statement = _mine(actor, wanted, after).limit(limit + 1)
    else:
        ids = _claimable_ids(actor, wanted, after, limit + 1)
        statement = (
            select(user_task)
            .join(ids, and_(user_task.c.tenant_id == actor.tenant_id, user_task.c.id == ids.c.user_task_id))
            .order_by(ids.c.due_order, ids.c.user_task_id)
        )
    rows = connection.execute(statement).all()
    page = page_of(rows, limit, which.value, lambda row: (row.due_order, row.id))
    return Page(items=[_item(actor, row) for row in page.items], cursor=page.cursor)


def inbox_counts(connection: Connection, actor: Actor, *, now: datetime) -> InboxCounts:
    """How many user tasks lie in each list."""
    claimable = union(*[_holder_ids(actor, holder, [], None, COUNTED) for holder in holders_of(actor)])
    mine = _mine(actor, [], None).with_only_columns(user_task.c.id).order_by(None)
    done = select(user_task.c.id).where(*_is_done_by(actor))
    started = select(process_instance.c.id).where(
        process_instance.c.tenant_id == actor.tenant_id,
        process_instance.c.started_by == actor.user_id,
        process_instance.c.part == 0,
        process_instance.c.ended_at.is_(None),
    )
    return InboxCounts(
        mine=_count(connection, mine),
        claimable=_count(connection, claimable),
        done=_count(connection, done),
        overdue=_count(connection, mine.where(user_task.c.due_order < literal(now, Instant()))),
        started=_count(connection, started),
    )


def inbox_total(
    connection: Connection, actor: Actor, which: InboxList, *, filters: InboxFilter | None = None
) -> Total:
    """How long one list is, narrowed as its pages are."""
    wanted = _filtered(filters or InboxFilter())
    if which is InboxList.DONE:
        return total_of(connection, _latest_first(select(user_task).where(*_is_done_by(actor))), wanted)
    if which is InboxList.MINE:
        return total_of(connection, _mine(actor, [], None), wanted)
    ids = _claimable_ids(actor, [], None, LOOKED_THROUGH + 1)
    offered = select(user_task).join(
        ids, and_(user_task.c.tenant_id == actor.tenant_id, user_task.c.id == ids.c.user_task_id)
    )
    return total_of(connection, offered, wanted)


def _count(connection: Connection, statement: Any) -> int:
    inner = statement.limit(COUNTED).subquery()
    return connection.execute(select(func.count()).select_from(inner)).scalar_one()


def _filtered(filters: InboxFilter) -> list[ColumnElement[bool]]:
    equal = {
        user_task.c.definition_key: filters.process_definition_key,
        user_task.c.element_id: filters.element_id,
        user_task.c.unit_code: filters.unit_code,
        user_task.c.business_key: filters.business_key,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if filters.text:
        conditions.append(
            or_(
                user_task.c.business_key.icontains(filters.text, autoescape=True),
                user_task.c.name.icontains(filters.text, autoescape=True),
                *([stands_for(user_task.c.business_key, filters.called)] if filters.called else []),
                *([_STEP.in_(filters.steps)] if filters.steps else []),
            )
        )
    if filters.due_before is not None:
        conditions.append(user_task.c.due_order < literal(filters.due_before, Instant()))
    return conditions


def _after(table: Table, id_column: str, after: list[Any] | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    keys = tuple_(table.c.due_order, table.c[id_column])
    return [keys > tuple_(literal(after[0], Instant()), literal(after[1]))]


def _mine(actor: Actor, wanted: list[ColumnElement[bool]], after: list[Any] | None) -> Select[*tuple[Any, ...]]:
    return (
        select(user_task)
        .where(
            user_task.c.tenant_id == actor.tenant_id,
            held_by(actor),
            OPEN,
            *wanted,
            *_after(user_task, "id", after),
        )
        .order_by(user_task.c.due_order, user_task.c.id)
    )


def _holder_ids(
    actor: Actor, holder: str, wanted: list[ColumnElement[bool]], after: list[Any] | None, limit: int
) -> Select[*tuple[Any, ...]]:
    """The first unclaimed user tasks of one inbox."""
    statement = select(candidate.c.due_order, candidate.c.user_task_id).where(
        candidate.c.tenant_id == actor.tenant_id,
        candidate.c.holder == holder,
        *_after(candidate, "user_task_id", after),
    )
    if wanted:
        same = and_(user_task.c.tenant_id == candidate.c.tenant_id, user_task.c.id == candidate.c.user_task_id, *wanted)
        statement = statement.join(user_task, same)
    # a compound select takes ORDER BY and LIMIT only inside of a subquery
    inner = statement.order_by(candidate.c.due_order, candidate.c.user_task_id).limit(limit).subquery()
    return select(inner.c.due_order, inner.c.user_task_id)


def _claimable_ids(actor: Actor, wanted: list[ColumnElement[bool]], after: list[Any] | None, limit: int) -> Subquery:
    parts = [_holder_ids(actor, holder, wanted, after, limit) for holder in holders_of(actor)]
    together = union_all(*parts).subquery()
    return (
        select(together.c.due_order, together.c.user_task_id)
        .distinct()
        .order_by(together.c.due_order, together.c.user_task_id)
        .limit(limit)
        .subquery()
    )


def _done(
    connection: Connection, actor: Actor, wanted: list[ColumnElement[bool]], cursor: str | None, limit: int
) -> Page[InboxItem]:
    conditions = [*_is_done_by(actor), *wanted]
    if cursor:
        closed_at, last_id = read_cursor(cursor, InboxList.DONE.value, (datetime, str))
        before = tuple_(literal(closed_at, Instant()), literal(last_id))
        conditions.append(tuple_(user_task.c.closed_at, user_task.c.id) < before)
    statement = _latest_first(select(user_task).where(*conditions)).limit(limit + 1)
    rows = connection.execute(statement).all()
    page = page_of(rows, limit, InboxList.DONE.value, lambda row: (row.closed_at, row.id))
    return Page(items=[_item(actor, row) for row in page.items], cursor=page.cursor)


def _is_done_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return user_task.c.tenant_id == actor.tenant_id, user_task.c.closed_by == actor.user_id, COMPLETED


def _latest_first(done: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return done.order_by(user_task.c.closed_at.desc(), user_task.c.id.desc())


def _item(actor: Actor, row: Row[*tuple[Any, ...]]) -> InboxItem:
    groups, users = tuple(codec.decode(row.candidate_groups)), tuple(codec.decode(row.candidate_users))
    return InboxItem(
        id=row.id,
        process_instance_id=row.root_id,
        element_id=row.element_id,
        name=row.name,
        process_definition_key=row.definition_key,
        definition_ref=row.definition_ref,
        business_key=row.business_key,
        unit_code=row.unit_code,
        form_key=row.form_key,
        lane=row.lane,
        assignee=row.assignee,
        candidate_groups=groups,
        candidate_users=users,
        priority=row.priority,
        created_at=row.created_at,
        due_at=row.due_at,
        rung=row.rung,
        has_draft=row.has_draft,
        version=row.version,
        closed_at=row.closed_at,
        on_behalf_of=row.closed_for if row.closed_at else waits_for_absent(actor, row.assignee, groups, users),
    )
