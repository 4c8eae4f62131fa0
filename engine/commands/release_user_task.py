"""Put a user task back into the candidates' inboxes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.taking_back import asked_anew
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.deeds import UserTaskReleased
from engine.model.errors import WrongState


class NobodyToReleaseTo(WrongState):
    """The user task was given to one person by name; without candidates nobody would find it again."""

    code = "nobody-to-release-to"


@dataclass(frozen=True, kw_only=True)
class ReleaseUserTask:
    """The assignee says: somebody else may do this one."""

    actor: Actor
    user_task_id: str


def release_user_task(subject: UserTaskSubject, command: ReleaseUserTask, collaborators: Collaborators) -> Decision:
    """Take the assignee off; releasing what nobody has claimed changes nothing.

    Raises:
        NotTheAssignee: it is somebody else's, and the actor does not operate the engine.
        NobodyToReleaseTo: it has no candidates.
    """
    actor = command.actor
    user_task = subject.must_be_workable(actor, "release")
    if user_task.assignee is None:
        user_task.must_be_offered_to(actor, "release")
        return Decision()
    if not actor.may("operate"):
        user_task.must_be_for(actor, "release")
    if not user_task.candidate_groups and not user_task.candidate_users:
        raise NobodyToReleaseTo(
            f"Expected user task {user_task.element_id!r} ({user_task.id}) to have candidates to be released to, but "
            f"it was given to {user_task.assignee} alone.",
            user_task_id=user_task.id,
            assignee=user_task.assignee,
        )
    return Decision(deeds=(UserTaskReleased(user_task=user_task), *asked_anew(subject, None)))
