"""A timer event's instant has come."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, Nothing
from engine.commands.subjects import TimerSubject
from engine.kernel.changes import FireTimer as Fire
from engine.model.actor import Actor
from engine.model.deeds import TimerDropped


@dataclass(frozen=True, kw_only=True)
class FireTimer:
    """The clock knocks for one wait of a root instance."""

    actor: Actor
    root_id: str
    #: Wait number.
    number: int


def fire_timer(subject: TimerSubject, command: FireTimer, collaborators: Collaborators) -> Decision:
    """Trigger the wait, unless it is not due any more; a row whose wait is gone is dropped."""
    if subject.due_at is None or subject.due_at > collaborators.clock.now() or subject.suspended:
        return Decision(answer=Nothing())
    if not subject.waits:
        return Decision(deeds=(TimerDropped(number=command.number, key=""),), answer=Nothing())
    return Decision(changes=(Fire(part=subject.part, wait=command.number),))
