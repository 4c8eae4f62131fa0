"""A rung of a user task's escalation ladder (R15) is reached."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, Nothing
from engine.commands.subjects import TimerSubject
from engine.model.actor import Actor
from engine.model.deeds import RungFired, TimerDropped


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
    """Send the notice of an open user task, once; the rung of a closed one is dropped."""
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
    )
    return Decision(deeds=(fired,))
