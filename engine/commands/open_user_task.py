"""Note that somebody who may do a user task has looked at it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.deeds import UserTaskOpened


@dataclass(frozen=True, kw_only=True)
class OpenUserTask:
    """Somebody looks at a piece of work: from now on it is asked for, not taken back."""

    actor: Actor
    user_task_id: str


def open_user_task(subject: UserTaskSubject, command: OpenUserTask, collaborators: Collaborators) -> Decision:
    """Note it, once for each person.

    Raises:
        NotTheAssignee, NotACandidate: it is not the actor's to do; who only looks on opens nothing.
    """
    withdrawing = subject.withdrawing
    assert withdrawing is not None, "it is read for this command"
    user_task = subject.must_be_workable(command.actor, "open")
    user_task.must_be_for(command.actor, "open")
    if any(each.by == command.actor.user_id for each in withdrawing.openings):
        return Decision()
    return Decision(deeds=(UserTaskOpened(user_task=user_task),))
