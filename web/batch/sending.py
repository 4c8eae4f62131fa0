"""Sending a batch: each item as if it were sent by itself, so that one refusal keeps nobody else's from going."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from api.house import actor, house
from api.problems import Problem
from engine import CompleteUserTask
from engine.dispatcher.door import IdempotencyKeyReused
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail
from web.batch.items import Item, look_at
from web.refusal import told

#: Longest name of a page that is taken.
_LONGEST = 64


def send_all(details: Iterable[UserTaskDetail], submission: Mapping[str, Any], once: str) -> dict[str, Problem | None]:
    """Complete each in a transaction of its own; what each was refused for, None where it was done.

    What a page has sent before is answered as it was then and not done again, whatever became of the answer.
    """
    return {each.user_task.id: _send(each, submission, once[:_LONGEST]) for each in details}


def _send(detail: UserTaskDetail, submission: Mapping[str, Any], once: str) -> Problem | None:
    user_task = detail.user_task
    command = CompleteUserTask(actor=actor(), user_task_id=user_task.id, submission=submission)
    try:
        try:
            house().dispatcher.dispatch(command, f"{once}:{user_task.id}" if once else None)
        except IdempotencyKeyReused:
            # it went with what was typed first, and that is what there is to say
            user_task.must_be_open("complete")
            raise
    except EngineError as error:
        return told(error)
    return None


def not_signed(items: Iterable[Item], answers: Mapping[str, Problem | None]) -> list[Item]:
    """Of what was ticked, what was not done, as it stands after all, with what it was refused for."""
    left = {each.user_task_id: answers.get(each.user_task_id) for each in items if each.is_chosen}
    ids = [each for each, problem in left.items() if problem is not None or each not in answers]
    return [replace(each, refused=_words(left[each.user_task_id]), is_chosen=True) for each in look_at(ids)]


def _words(problem: Problem | None) -> list[str]:
    if problem is None:
        return []
    return [str(each["message"]) for each in problem.faults] or [problem.detail or problem.title]
