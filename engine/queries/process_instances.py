"""Process instances: the list of roots, and one with what it has called and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, literal_column, or_, select

from engine.model.actor import Actor
from engine.model.process_instance import ProcessInstance
from engine.queries.cases_about import stands_for
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import OPEN, Sight, runs_in_sight_of, visible_instance
from engine.queries.totals import Total, total_of
from engine.store.chronicle import entries_of
from engine.store.instance_tables import history, instance_state, process_instance, user_task

#: An instance within the root that is listed, or the root itself.
_part = process_instance.alias("part")
_ROOT = process_instance.c.part == literal_column("0")
#: Entries of the history that tell that an element is not executed any more.
_LEFT = frozenset({"ElementLeft", "ElementCancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFilter:
    """What is shown of the list; None and "" show all."""

    process_definition_key: str | None = None
    #: A process that runs or ran in it: as the root, or called within.
    involves: str | None = None
    #: active | suspended | completed | cancelled
    status: str | None = None
    business_key: str | None = None
    unit_code: str | None = None
    started_by: str | None = None
    #: Part of its business key or of one that a process called within has, in any case.
    text: str = ""
    #: Business keys that the text stands for besides, e.g. of the project that is called so; cases about their late
    #: steps come along.
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An element that executes now."""

    #: Part of the root it stands in.
    part: int
    element_id: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenUserTask:
    """An open user task of an instance, as its page lists it."""

    id: str
    part: int
    #: "key:version" of the diagram it comes from.
    definition_ref: str
    element_id: str
    name: str
    assignee: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceDetail:
    """A process instance as its page shows it."""

    instance: ProcessInstance
    #: How much the actor sees of it.
    sight: Sight
    #: The root, first, and everything that was called in it, in the order of their beginning.
    family: Sequence[ProcessInstance]
    #: Elements that execute now, of the whole family.
    positions: Sequence[Position]
    #: Elements that were entered, of the whole family: (part, element) -> how often.
    visited: dict[tuple[int, str], int]
    open_user_tasks: Sequence[OpenUserTask]


def process_instances(
    connection: Connection,
    actor: Actor,
    *,
    filters: InstanceFilter | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ProcessInstance]:
    """A page of root instances in the actor's scope or started by the actor, latest first."""
    limit = checked_limit(limit)
    conditions = [*_roots(actor), _in_sight_of(actor), *_filtered(filters or InstanceFilter())]
    if cursor:
        (last_id,) = read_cursor(cursor, "process-instances", (str,))
        conditions.append(process_instance.c.id < last_id)
    statement = _with_version().where(*conditions).order_by(process_instance.c.id.desc()).limit(limit + 1)
    page = page_of(connection.execute(statement).all(), limit, "process-instances", lambda row: (row.id,))
    return Page(items=[_instance(row) for row in page.items], cursor=page.cursor)


def process_instances_total(
    connection: Connection, actor: Actor, *, filters: InstanceFilter | None = None
) -> Total:
    """How long the list of root instances is, narrowed as its pages are."""
    whole = select(process_instance).where(*_roots(actor)).order_by(process_instance.c.id.desc())
    return total_of(connection, whole, [_in_sight_of(actor), *_filtered(filters or InstanceFilter())])


def _roots(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return process_instance.c.tenant_id == actor.tenant_id, _ROOT


def _in_sight_of(actor: Actor) -> ColumnElement[bool]:
    return or_(runs_in_sight_of(actor, process_instance.c.unit_code), process_instance.c.started_by == actor.user_id)


def open_user_tasks(
    connection: Connection, actor: Actor, process_instance_ids: Sequence[str]
) -> dict[str, list[OpenUserTask]]:
    """Root instance -> its open user tasks, oldest first; of those `process_instances` gave the actor."""
    columns = ("id", "part", "definition_ref", "element_id", "name", "assignee", "due_at")
    statement = (
        select(user_task.c.root_id, *(user_task.c[column] for column in columns))
        .where(user_task.c.tenant_id == actor.tenant_id, user_task.c.root_id.in_(process_instance_ids), OPEN)
        .order_by(user_task.c.id)
    )
    found: dict[str, list[OpenUserTask]] = {}
    for row in connection.execute(statement):
        shown = OpenUserTask(**{column: getattr(row, column) for column in columns})
        found.setdefault(row.root_id, []).append(shown)
    return found


def process_instance_detail(connection: Connection, actor: Actor, process_instance_id: str) -> InstanceDetail:
    """One instance with its family and positions.

    Raises:
        NotFound: there is none, or the actor must not learn that there is.
    """
    instance, sight = visible_instance(connection, actor, process_instance_id)
    here = process_instance.c.tenant_id == actor.tenant_id, process_instance.c.root_id == instance.root_id
    family = [
        _instance(row) for row in connection.execute(_with_version().where(*here).order_by(process_instance.c.part))
    ]
    positions, visited = _positions(connection, actor.tenant_id, instance.root_id)
    return InstanceDetail(
        instance=instance,
        sight=sight,
        family=family,
        positions=positions,
        visited=visited,
        open_user_tasks=open_user_tasks(connection, actor, [instance.root_id]).get(instance.root_id, []),
    )


def _with_version() -> Any:
    root_state = and_(
        instance_state.c.tenant_id == process_instance.c.tenant_id,
        instance_state.c.root_id == process_instance.c.root_id,
        instance_state.c.part == literal_column("0"),
    )
    together = process_instance.join(instance_state, root_state)
    return select(process_instance, instance_state.c.version).select_from(together)


def _filtered(filters: InstanceFilter) -> list[ColumnElement[bool]]:
    equal = {
        process_instance.c.definition_key: filters.process_definition_key,
        process_instance.c.status: filters.status,
        process_instance.c.business_key: filters.business_key,
        process_instance.c.unit_code: filters.unit_code,
        process_instance.c.started_by: filters.started_by,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if filters.involves:
        conditions.append(_has_part(_part.c.definition_key == filters.involves))
    if filters.text:
        business_key = process_instance.c.business_key
        found = [_has_part(_part.c.business_key.icontains(filters.text, autoescape=True))]
        if filters.called:
            found.append(stands_for(business_key, filters.called))
        conditions.append(or_(*found))
    return conditions


def _has_part(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of the instances within a root, or the root itself, is such."""
    within = _part.c.tenant_id == process_instance.c.tenant_id, _part.c.root_id == process_instance.c.root_id
    return exists().where(*within, condition)


def _positions(
    connection: Connection, tenant_id: str, root_id: str
) -> tuple[list[Position], dict[tuple[int, str], int]]:
    """What was entered and not left yet; a token's number is that of one execution and is never used again."""
    statement = (
        select(history.c.seq, history.c.entries)
        .where(history.c.tenant_id == tenant_id, history.c.root_id == root_id)
        .order_by(history.c.seq)
    )
    inside: dict[int, Position] = {}
    visited: dict[tuple[int, str], int] = {}
    for row in connection.execute(statement):
        for entry in entries_of(row.seq, row.entries):
            if entry.token is None:
                continue
            if entry.kind == "ElementEntered":
                inside[entry.token] = Position(part=entry.part, element_id=entry.element_id, token=entry.token)
                visited[entry.part, entry.element_id] = visited.get((entry.part, entry.element_id), 0) + 1
            elif entry.kind in _LEFT:
                inside.pop(entry.token, None)
    return list(inside.values()), visited


def _instance(row: Row[*tuple[Any, ...]]) -> ProcessInstance:
    return ProcessInstance(
        id=row.id,
        root_id=row.root_id,
        part=row.part,
        parent_part=row.parent_part,
        definition_key=row.definition_key,
        definition_ref=row.definition_ref,
        business_key=row.business_key,
        unit_code=row.unit_code,
        status=row.status,
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        end_element_id=row.end_element_id,
        reason=row.reason,
        version=row.version,
    )
