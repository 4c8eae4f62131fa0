"""What is about the work of somebody else: the supervisor's records, decisions on extensions, work asked back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.house import actor
from api.naming import step_name
from engine.model.errors import NotFound
from engine.model.user_task import UserTask, case_and_step, lateness_key
from engine.model.withdrawal import Withdrawal
from engine.queries import (
    LateStep,
    LatestUserTask,
    OverdueUserTask,
    UserTaskDetail,
    late_steps,
    latest_in_cases,
    visible_user_task,
)
from web.parts import ask, language
from web.words import say

#: The process that the red rung begins (urging.bpmn).
URGING = "urging"
#: The process in which a reviewer is asked to give work back (withdrawal.bpmn).
WITHDRAWAL = "withdrawal"
#: The process in which a colleague is asked for an opinion (opinion.bpmn).
OPINION = "opinion"
#: Process about the work of others, begun by it -> its variable that tells of the work.
ABOUT: Mapping[str, str] = {URGING: "late", "extension": "asked", WITHDRAWAL: "asked", OPINION: "asked"}
#: The same processes -> what the step is to them, and what a reader calls the work behind it.
_STEPS: Mapping[str, str] = {
    URGING: "逾期环节：%(step)s",
    "extension": "申请延期的环节：%(step)s",
    WITHDRAWAL: "申请撤回的环节：%(step)s",
    OPINION: "征求意见的环节：%(step)s",
}
_BEHIND: Mapping[str, str] = {
    URGING: "逾期事项",
    "extension": "申请延期的事项",
    WITHDRAWAL: "申请撤回的事项",
    OPINION: "征求意见的事项",
}


def urges_about(listed: Sequence[OverdueUserTask]) -> Mapping[str, LatestUserTask]:
    """The latest record in sight about each that has one, by the late user task's id."""
    keys = {each.id: lateness_key(each.business_key or each.process_instance_id, each.element_id) for each in listed}
    found = ask(latest_in_cases, URGING, set(keys.values()))
    return {user_task_id: found[key] for user_task_id, key in keys.items() if key in found}


@dataclass(frozen=True)
class Urged:
    """What an urge, or a decision on what was asked for, of a list is about."""

    #: Business key of the case.
    case: str
    #: What the reader calls the step; "" where it is out of sight.
    step: str
    #: The process that is about it.
    process: str


def urged_in(listed: Iterable[tuple[str, str]]) -> Mapping[str, Urged]:
    """What is about the work of others among (process, business key), by the business keys."""
    keys = {business_key: process for process, business_key in listed if process in ABOUT}
    steps: Mapping[str, LateStep] = ask(late_steps, set(keys)) if keys else {}
    found = {key: Urged(case_and_step(key)[0], step_name(step), keys[key]) for key, step in steps.items()}
    # who is asked for an opinion need not see the work; what tells one opinion from another is no part of its case
    unseen = {key: Urged(case_and_step(key)[0], "", OPINION) for key, process in keys.items() if process == OPINION}
    return unseen | found


def work_behind(detail: UserTaskDetail) -> Mapping[str, Any] | None:
    """The work that a user task is about, as it stood when it was told of; None for a user task of any other kind."""
    told_in = ABOUT.get(detail.user_task.definition_key)
    return detail.variables.get(told_in) if told_in is not None else None


def urge_about(user_task: UserTask) -> LatestUserTask | None:
    """The latest record in sight about one; None if nobody has urged it."""
    return ask(latest_in_cases, URGING, {user_task.lateness_key}).get(user_task.lateness_key)


def about_words(urged: Urged) -> str:
    """What the step of a list is to the process that is about it."""
    if not urged.step:
        return behind_words(urged.process)
    return say(_STEPS[urged.process], language(), step=urged.step)


def behind_words(process: str) -> str:
    """What a reader calls the work that a process is about."""
    return say(_BEHIND[process], language())


def review_behind(detail: UserTaskDetail) -> UserTask | None:
    """The review that a request to give work back is about, where it is done already; else None."""
    asked = work_behind(detail) if detail.user_task.definition_key == WITHDRAWAL else None
    if asked is None or not detail.user_task.is_open:
        return None
    try:
        review: UserTask = ask(visible_user_task, asked["review_id"])
    except NotFound:
        return None
    return None if review.is_open else review


def is_in_sight(user_task_id: str) -> bool:
    """Whether the visitor may see a user task that another one is about."""
    try:
        ask(visible_user_task, user_task_id)
    except NotFound:
        return False
    return True


def request_about(withdrawal: Withdrawal) -> LatestUserTask | None:
    """Where the reviewer answers a request to give work back; None where that is out of sight."""
    try:
        handed_over: UserTask = ask(visible_user_task, withdrawal.user_task_id)
    except NotFound:
        return None
    found = ask(latest_in_cases, WITHDRAWAL, {handed_over.lateness_key}).get(handed_over.lateness_key)
    if found is None or found.state != "open":
        return None
    # the link is for who answers; the others read that somebody is asked
    answering: UserTask = ask(visible_user_task, found.id)
    is_mine = answering.assignee in (None, actor().user_id) and (
        answering.assignee is not None or answering.is_candidate(actor())
    )
    return found if is_mine else None
