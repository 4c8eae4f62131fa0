"""Until when an extension of a user task may be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.model.actor import Actor
from engine.model.extension import ASKS, DeadlineRules, latest_day
from engine.queries.user_task_shown import UserTaskDetail
from engine.store import messages


def extendable_until(
    connection: Connection,
    actor: Actor,
    detail: UserTaskDetail,
    deadlines: Callable[[Any], DeadlineRules],
    now: datetime,
) -> date | None:
    """The latest last day that the actor may ask for; None where there is nothing to ask for (any more).

    Args:
        deadlines: as a connection sees them.
        now: aware.
    """
    user_task = detail.user_task
    if not detail.may_complete or detail.extension is not None or user_task.is_overdue(now):
        return None
    if not messages.begins_something(connection, actor.tenant_id, ASKS):
        return None
    return latest_day(deadlines(connection), user_task)
