"""The supervisor's records about late user tasks, beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.naming import step_name
from engine.model.user_task import UserTask, case_and_step, lateness_key
from engine.queries import LateStep, LatestUserTask, OverdueUserTask, UserTaskDetail, late_steps, latest_in_cases
from web.parts import ask

#: The process that the red rung begins (urging.bpmn).
URGING = "urging"


def urges_about(listed: Sequence[OverdueUserTask]) -> Mapping[str, LatestUserTask]:
    """The latest record in sight about each that has one, by the late user task's id."""
    keys = {each.id: lateness_key(each.business_key or each.process_instance_id, each.element_id) for each in listed}
    found = ask(latest_in_cases, URGING, set(keys.values()))
    return {user_task_id: found[key] for user_task_id, key in keys.items() if key in found}


@dataclass(frozen=True)
class Urged:
    """What an urge of a list is about."""

    #: Business key of the late case.
    case: str
    #: What the reader calls the late step.
    step: str


def urged_in(listed: Iterable[tuple[str, str]]) -> Mapping[str, Urged]:
    """What the urges among (process, business key) are about, by their business keys."""
    keys = {business_key for process, business_key in listed if process == URGING}
    steps: Mapping[str, LateStep] = ask(late_steps, keys) if keys else {}
    return {key: Urged(case_and_step(key)[0], step_name(step)) for key, step in steps.items()}


def late_work_of(detail: UserTaskDetail) -> Mapping[str, Any] | None:
    """What an urge is about, as it stood when the rung was reached; None for any other user task."""
    return detail.variables.get("late") if detail.user_task.definition_key == URGING else None


def urge_about(user_task: UserTask) -> LatestUserTask | None:
    """The latest record in sight about one; None if nobody has urged it."""
    return ask(latest_in_cases, URGING, {user_task.lateness_key}).get(user_task.lateness_key)
