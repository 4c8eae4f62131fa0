"""What an actor may see, as conditions: every list goes through here."""

from __future__ import annotations

from enum import Enum, auto

from sqlalchemy import Column, ColumnElement, Connection, and_, exists, false, literal_column, or_, select, true

from engine.model.actor import Actor
from engine.model.errors import NotPermitted
from engine.model.process_instance import ProcessInstance, no_such_instance
from engine.store import reader
from engine.store.appliers import holders
from engine.store.instance_tables import candidate, user_task
from engine.store.transfers import read_transfers

OPEN = user_task.c.state == literal_column("'open'")
COMPLETED = user_task.c.state == literal_column("'completed'")


class Sight(Enum):
    """How much of a process instance an actor sees."""

    #: Its unit lies in the data scope: everything.
    WHOLE = auto()
    #: The actor started it, or has or had work in it: what happened, without the values that others wrote.
    PART = auto()
    #: The actor operates the engine: where it stands and what failed; no values, no words of people.
    TECHNICAL = auto()


def holders_of(actor: Actor) -> tuple[str, ...]:
    """Names of the inboxes whose unclaimed user tasks the actor may claim, for somebody else where he stands in."""
    groups = actor.groups.union(*(each.groups for each in actor.stands_in))
    by_name = (each.user_id for each in actor.stands_in if each.is_whole)
    return holders(tuple(sorted(groups)), (actor.user_id, *by_name))


def held_by(actor: Actor, whose: Column[str | None] = user_task.c.assignee) -> ColumnElement[bool]:
    """User tasks that are the actor's, or of somebody the actor stands in for.

    Args:
        whose: the column that names the person.
    """
    if not actor.stands_in:
        return whose == actor.user_id
    whole = [each.user_id for each in actor.stands_in if each.is_whole]
    in_part = [
        and_(whose == each.user_id, or_(*(_was_offered_to(group) for group in sorted(each.groups))))
        for each in actor.stands_in
        if not each.is_whole and each.groups
    ]
    return or_(whose.in_([actor.user_id, *whole]), *in_part)


def done_by(actor: Actor) -> ColumnElement[bool]:
    """User tasks that the actor has closed, or that were closed for the actor or somebody the actor stands in for."""
    return or_(user_task.c.closed_by == actor.user_id, held_by(actor, user_task.c.closed_for)) | (
        held_by(actor, user_task.c.closed_by) if actor.stands_in else false()
    )


def _was_offered_to(group: str) -> ColumnElement[bool]:
    return user_task.c.candidate_groups.contains(f'"{group}"', autoescape=True)


def sees_unit_of(actor: Actor, unit_code: Column[str | None]) -> ColumnElement[bool]:
    """Objects in the actor's data scope; those of no unit are for who sees all units."""
    if actor.is_system or actor.visible_units is None:
        return true()
    return unit_code.in_(sorted(actor.visible_units)) if actor.visible_units else false()


def runs_in_sight_of(actor: Actor, unit_code: Column[str | None]) -> ColumnElement[bool]:
    """As `sees_unit_of`, for what tells how the engine runs: instances, incidents."""
    return true() if actor.oversees else sees_unit_of(actor, unit_code)


def visible_instance(
    connection: Connection, actor: Actor, process_instance_id: str
) -> tuple[ProcessInstance, Sight]:
    """A root or called instance, and how much the actor sees of it.

    Raises:
        NotFound: there is none, or the actor must not learn that there is.
    """
    instance = reader.read_instance(connection, actor.tenant_id, process_instance_id)
    if instance is None:
        raise no_such_instance(process_instance_id)
    root = instance
    if not instance.is_root:
        root = reader.read_instance(connection, actor.tenant_id, instance.root_id) or instance
    if actor.is_system or actor.sees_unit(root.unit_code):
        return instance, Sight.WHOLE
    if root.started_by == actor.user_id or _takes_part(connection, actor, instance.root_id):
        return instance, Sight.PART
    if actor.oversees:
        return instance, Sight.TECHNICAL
    raise no_such_instance(process_instance_id)


def _takes_part(connection: Connection, actor: Actor, root_id: str) -> bool:
    here = and_(user_task.c.tenant_id == actor.tenant_id, user_task.c.root_id == root_id)
    own = or_(held_by(actor), done_by(actor))
    offered = exists().where(
        candidate.c.tenant_id == user_task.c.tenant_id,
        candidate.c.user_task_id == user_task.c.id,
        candidate.c.holder.in_(holders_of(actor)),
    )
    if connection.execute(select(user_task.c.id).where(here, or_(own, offered)).limit(1)).first() is not None:
        return True
    handed = read_transfers(connection, actor.tenant_id, root_id)
    return any(actor.user_id in (each.from_user, each.to_user) for each in handed)


def must_hold_one_of(actor: Actor, permissions: tuple[str, ...], intent: str) -> None:
    """Raises NotPermitted. `intent` completes "Expected … to", e.g. "see messages"."""
    if not any(actor.may(permission) for permission in permissions):
        raise NotPermitted(
            f"Expected {actor.user_id} to hold one of the permissions {', '.join(permissions)} to {intent}, but found "
            "none.",
            permissions=list(permissions),
        )
