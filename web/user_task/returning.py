"""Sending back and giving back: where a user task can go back to, and who brought it back to where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.naming import node_name
from engine.kernel.graph import Graph, Node
from engine.kernel.returning import controlled_by
from engine.model.actor import Actor
from engine.model.user_task import UserTask
from engine.queries import HistoryEntry, instance_history

#: How far back a reviewer looks.
LOOKED_AT = 200


@dataclass(frozen=True)
class Earlier:
    """An earlier step and who did it last."""

    element_id: str
    name: str
    done_by: str
    #: Whom that one stood in for; None = nobody.
    done_for: str | None


def earlier_user_tasks(
    connection: Any, actor: Actor, user_task: UserTask, graph: Graph
) -> list[Earlier]:
    """Latest first, each once, of those from which the work comes here again. What else goes on beside it may still
    forbid it; that is decided when it is tried. None where the diagram has nothing sent back.
    """
    if not user_task.may_send_back:
        return []
    done = instance_history(
        connection, actor, user_task.root_id, kinds=["UserTaskCompleted"], latest_first=True, limit=LOOKED_AT
    )
    found: dict[str, Earlier] = {}
    for entry in done.items:
        node = graph.node(entry.element_id) if entry.part == user_task.part else None
        if node is not None and _leads_here(graph, node, graph.node(user_task.element_id)):
            found.setdefault(entry.element_id, Earlier(entry.element_id, node_name(node), entry.actor, entry.acted_for))
    return list(found.values())


def _leads_here(graph: Graph, earlier: Node, here: Node) -> bool:
    return earlier is not here and earlier.parent == here.parent and here.index in controlled_by(graph, earlier.index)


def last_return(latest_first: Sequence[HistoryEntry], user_task: UserTask) -> HistoryEntry | None:
    """Who sent the work back to this step and why; None when it was not sent back, or was done again since."""
    for entry in latest_first:
        if entry.kind == "UserTaskReturned" and entry.payload.get("to_element_id") == user_task.element_id:
            return entry
        if entry.kind == "UserTaskCompleted" and entry.element_id == user_task.element_id:
            return None
    return None


def last_given_back(latest_first: Sequence[HistoryEntry], user_task: UserTask) -> HistoryEntry | None:
    """Which reviewer gave the work back to this step and what he said; None where it was not asked for."""
    for entry in latest_first:
        if entry.element_id != user_task.element_id:
            continue
        if entry.kind == "WithdrawalAnswered":
            return entry if entry.payload.get("state") == "granted" else None
        if entry.kind == "UserTaskCompleted":
            return None
    return None
