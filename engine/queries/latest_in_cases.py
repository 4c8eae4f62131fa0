"""What was done last in some cases of a process: an urge beside what is late."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine.model.actor import Actor
from engine.queries.scope import sees_unit_of
from engine.store.instance_tables import user_task


@dataclass(frozen=True, kw_only=True)
class LatestUserTask:
    """The newest user task of a case."""

    id: str
    #: "open" | "completed" | "cancelled"
    state: str
    #: Aware, UTC; None while it is open.
    closed_at: datetime | None


def latest_in_cases(
    connection: Connection, actor: Actor, process_definition_key: str, business_keys: Collection[str]
) -> Mapping[str, LatestUserTask]:
    """The newest user task of each case of a process, by business key; cases outside the actor's units are left out."""
    statement = (
        select(user_task.c.business_key, user_task.c.id, user_task.c.state, user_task.c.closed_at)
        .where(
            user_task.c.tenant_id == actor.tenant_id,
            user_task.c.business_key.in_(business_keys),
            user_task.c.definition_key == process_definition_key,
            sees_unit_of(actor, user_task.c.unit_code),
        )
        .order_by(user_task.c.id)
    )
    return {
        row.business_key: LatestUserTask(id=row.id, state=row.state, closed_at=row.closed_at)
        for row in connection.execute(statement)
    }
