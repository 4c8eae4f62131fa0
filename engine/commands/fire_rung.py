"""A rung of a user task's escalation ladder (R15) is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, Nothing
from engine.commands.subjects import TimerSubject
from engine.model.actor import Actor
from engine.model.deeds import MessageReceived, RungFired, TimerDropped
from engine.model.user_task import UserTask


@dataclass(frozen=True, kw_only=True)
class FireRung:
    """The clock knocks for one rung."""

    actor: Actor
    root_id: str
    #: Token number of the user task.
    number: int
    #: Key of the rung, e.g. "yellow".
    key: str


def fire_rung(subject: TimerSubject, command: FireRung, collaborators: Collaborators) -> Decision:
    """Send the notice of an open user task, once, and the message of the rung where it has one; the rung of a closed
    user task is dropped.
    """
    if subject.due_at is None or subject.due_at > collaborators.clock.now() or subject.suspended:
        return Decision(answer=Nothing())
    user_task = subject.user_task
    if user_task is None or not user_task.is_open:
        return Decision(deeds=(TimerDropped(number=command.number, key=command.key),), answer=Nothing())
    rung, *later = subject.rungs
    fired = RungFired(
        user_task=user_task,
        key=rung.key,
        action=rung.action,
        recipients=rung.recipients,
        due_at=rung.fires_at,
        later=tuple(later),
        above=rung.above,
    )
    if not rung.message or subject.told_before:
        return Decision(deeds=(fired,))
    told = MessageReceived(
        message_id=user_task.id_of_lateness(rung.message),
        name=rung.message,
        correlation_key=user_task.lateness_key,
        variables={"unit_code": user_task.unit_code, "late": _as_it_stands(user_task, rung.key)},
    )
    return Decision(deeds=(fired, told))


def _as_it_stands(user_task: UserTask, rung: str) -> Mapping[str, Any]:
    return {
        "user_task_id": user_task.id,
        "element_id": user_task.element_id,
        "name": user_task.name,
        "process": user_task.definition_key,
        "business_key": user_task.business_key,
        "assignee": user_task.assignee,
        "due_at": user_task.due_at,
        "rung": rung,
    }
