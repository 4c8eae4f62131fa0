"""Whether handed-over work can be taken back, or asked for."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection

from engine.kernel.graph import Graph
from engine.kernel.returning import steps_behind
from engine.model.actor import Actor
from engine.model.errors import WrongState
from engine.model.withdrawal import review_of, reviewer_to_ask
from engine.queries.user_task_shown import UserTaskDetail
from engine.store.withdrawal_rows import read_withdrawing


def withdrawable(
    connection: Connection, actor: Actor, detail: UserTaskDetail, graph: Graph
) -> Literal["take", "ask"] | None:
    """What the actor can do to get the work of a user task back: take it, ask the reviewer for it, or nothing.

    Args:
        graph: of the user task's process version.
    """
    user_task = detail.user_task
    if not user_task.was_submitted_by(actor) or detail.suspended:
        return None
    behind = steps_behind(graph, user_task.element_id)
    withdrawing = read_withdrawing(connection, actor.tenant_id, user_task, behind)
    try:
        review_of(user_task, withdrawing)
        if withdrawing.opened_by_others(actor.user_id) is None:
            return "take"
        reviewer_to_ask(user_task, withdrawing, actor.user_id)
    except WrongState:
        return None
    return "ask"
