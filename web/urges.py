"""The supervisor's records about late user tasks, beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model.user_task import UserTask
from engine.queries import LatestUserTask, OverdueUserTask, latest_in_cases
from web.parts import ask

#: The process that the red rung begins; its cases are called after the late case and step (urging.bpmn).
URGING = "urging"


def urges_about(listed: Sequence[OverdueUserTask]) -> Mapping[str, LatestUserTask]:
    """The latest record in sight about each that has one, by the late user task's id."""
    keys = {each.id: f"{each.business_key or each.process_instance_id}:{each.element_id}" for each in listed}
    found = ask(latest_in_cases, URGING, set(keys.values()))
    return {user_task_id: found[key] for user_task_id, key in keys.items() if key in found}


def urge_about(user_task: UserTask) -> LatestUserTask | None:
    """The latest record in sight about one; None if nobody has urged it."""
    key = f"{user_task.document_key}:{user_task.element_id}"
    return ask(latest_in_cases, URGING, {key}).get(key)
