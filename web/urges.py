"""What is about the work of somebody else: the supervisor's records, and decisions on extensions."""

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
#: Process about the work of others, begun by it -> its variable that tells of the work.
ABOUT: Mapping[str, str] = {URGING: "late", "extension": "asked"}


def urges_about(listed: Sequence[OverdueUserTask]) -> Mapping[str, LatestUserTask]:
    """The latest record in sight about each that has one, by the late user task's id."""
    keys = {each.id: lateness_key(each.business_key or each.process_instance_id, each.element_id) for each in listed}
    found = ask(latest_in_cases, URGING, set(keys.values()))
    return {user_task_id: found[key] for user_task_id, key in keys.items() if key in found}


@dataclass(frozen=True)
class Urged:
    """What an urge, or a decision on an extension, of a list is about."""

    #: Business key of the case.
    case: str
    #: What the reader calls the step.
    step: str
    #: The process that is about it.
    process: str


def urged_in(listed: Iterable[tuple[str, str]]) -> Mapping[str, Urged]:
    """What is about the work of others among (process, business key), by the business keys."""
    keys = {business_key: process for process, business_key in listed if process in ABOUT}
    steps: Mapping[str, LateStep] = ask(late_steps, set(keys)) if keys else {}
    return {key: Urged(case_and_step(key)[0], step_name(step), keys[key]) for key, step in steps.items()}


def work_behind(detail: UserTaskDetail) -> Mapping[str, Any] | None:
    """The work that a user task is about, as it stood when it was told of; None for a user task of any other kind."""
    told_in = ABOUT.get(detail.user_task.definition_key)
    return detail.variables.get(told_in) if told_in is not None else None


def urge_about(user_task: UserTask) -> LatestUserTask | None:
    """The latest record in sight about one; None if nobody has urged it."""
    return ask(latest_in_cases, URGING, {user_task.lateness_key}).get(user_task.lateness_key)
