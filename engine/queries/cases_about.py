"""Cases about a late step of another one: they go under its key with the step behind it (`lateness_key`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from engine.model.actor import Actor
from engine.model.user_task import case_and_step
from engine.queries.scope import sees_unit_of
from engine.store.instance_tables import user_task


def stands_for(business_key: ColumnElement[Any], called: Collection[str]) -> ColumnElement[bool]:
    """Whether a business key is one of these, or that of a case about a late step of one of them."""
    # what is left of the last colon, the colon included: PRJ:A01:2026:final-evaluation -> PRJ:A01:2026:
    before_step = func.rtrim(business_key, func.replace(business_key, ":", ""))
    return or_(business_key.in_(called), before_step.in_([f"{key}:" for key in called]))


@dataclass(frozen=True, slots=True)
class LateStep:
    """An element of a version of a process, with its name as it is drawn."""

    definition_ref: str
    element_id: str
    name: str


def late_steps(connection: Connection, actor: Actor, lateness_keys: Collection[str]) -> Mapping[str, LateStep]:
    """Lateness key -> the step it is about; steps out of the actor's sight are left out."""
    wanted = {case_and_step(key): key for key in lateness_keys}
    if not wanted:
        return {}
    statement = (
        select(user_task.c.business_key, user_task.c.element_id, user_task.c.definition_ref, user_task.c.name)
        .where(
            user_task.c.tenant_id == actor.tenant_id,
            user_task.c.business_key.in_({case for case, _ in wanted}),
            user_task.c.element_id.in_({step for _, step in wanted}),
            sees_unit_of(actor, user_task.c.unit_code),
        )
        .order_by(user_task.c.id)
    )
    found = {
        (row.business_key, row.element_id): LateStep(row.definition_ref, row.element_id, row.name)
        for row in connection.execute(statement)
    }
    return {key: found[case] for case, key in wanted.items() if case in found}
