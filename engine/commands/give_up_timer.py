"""A timer or rung has failed too often."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, Nothing
from engine.commands.subjects import TimerSubject
from engine.model.actor import Actor
from engine.model.deeds import TimerGivenUp


@dataclass(frozen=True, kw_only=True)
class GiveUpTimer:
    """The clock stops knocking: a person has to look."""

    actor: Actor
    root_id: str
    number: int
    #: "" for a timer event.
    key: str
    #: What went wrong the last time.
    message: str


def give_up_timer(subject: TimerSubject, command: GiveUpTimer, collaborators: Collaborators) -> Decision:
    """Open an incident; retrying it offers the timer again. The rungs after one that is given up go on."""
    if subject.due_at is None:
        return Decision(answer=Nothing())
    given_up = TimerGivenUp(
        number=command.number,
        key=command.key,
        part=subject.part,
        element_id=subject.element_id,
        message=command.message,
        user_task_id=subject.user_task.id if subject.user_task is not None else None,
        rungs=subject.rungs,
    )
    return Decision(deeds=(given_up,))
