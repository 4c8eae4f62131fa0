"""Blind steps: who gives a rating sees no rating of another before all are in.

A user task with the property `blind` is done by several people apart (a multi-instance one, or one that several hold).
While any of them is open, whoever does it or has done it sees of the others neither documents nor values; the property
names the process variables that collect the answers, between commas. Everybody else sees what the data scope gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from engine.model.actor import Actor
from engine.model.user_task import BLIND
from engine.queries.scope import OPEN, done_by, held_by, holders_of
from engine.store import codec
from engine.store.instance_tables import candidate, user_task


@dataclass(frozen=True, slots=True)
class Blindfold:
    """What one actor may not see of one root instance for the time being."""

    #: Element ids of steps that others are still doing.
    elements: frozenset[str] = frozenset()
    #: Process variables that collect their answers.
    variables: frozenset[str] = field(default_factory=frozenset[str])

    def __bool__(self) -> bool:
        return bool(self.elements)

    def values(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Variables without those that tell what others have answered."""
        return {name: value for name, value in variables.items() if name not in self.variables} if self else variables

    def hides(self, element_id: str, filed_by: str, actor: Actor) -> bool:
        """Whether a document is what somebody else has filed at one of the blind steps."""
        return element_id in self.elements and filed_by != actor.user_id


def is_marked_blind() -> ColumnElement[bool]:
    """User tasks whose properties, as they are written, name `blind`."""
    return user_task.c.properties.contains(f'"{BLIND}":', autoescape=True)


def blindfold(connection: Connection, actor: Actor, root_id: str) -> Blindfold:
    """What the actor may not see of a root instance: the blind steps that the actor has a part in and that are open."""
    if actor.is_system:
        return Blindfold()
    here = and_(user_task.c.tenant_id == actor.tenant_id, user_task.c.root_id == root_id)
    names: dict[str, str] = {}
    for element_id, written in connection.execute(
        select(user_task.c.element_id, user_task.c.properties).where(here, OPEN, is_marked_blind())
    ):
        properties: Mapping[str, str] = codec.decode(written)
        if BLIND in properties:
            names[element_id] = properties[BLIND]
    if not names:
        return Blindfold()
    offered = exists().where(
        candidate.c.tenant_id == user_task.c.tenant_id,
        candidate.c.user_task_id == user_task.c.id,
        candidate.c.holder.in_(holders_of(actor)),
    )
    own = or_(held_by(actor), done_by(actor), offered)
    elements = frozenset(
        connection.scalars(
            select(user_task.c.element_id).distinct().where(here, user_task.c.element_id.in_(list(names)), own)
        )
    )
    collected = (names[element_id].split(",") for element_id in elements)
    return Blindfold(elements, frozenset(name.strip() for each in collected for name in each))
