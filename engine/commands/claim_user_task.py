"""Take a user task out of the candidates' inboxes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.taking_back import asked_anew
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.deeds import UserTaskClaimed
from engine.model.user_task import UserTaskAlreadyClaimed


@dataclass(frozen=True, kw_only=True)
class ClaimUserTask:
    """A candidate says: I do this one, or: the one I stand in for does."""

    actor: Actor
    user_task_id: str


def claim_user_task(subject: UserTaskSubject, command: ClaimUserTask, collaborators: Collaborators) -> Decision:
    """Make the actor the assignee; claiming again what one has claimed changes nothing.

    Who can claim it by standing in alone claims it for the one who is away: when the absence ends, it is there.

    Raises:
        NotACandidate: it was not offered to the actor.
        UserTaskAlreadyClaimed: names who has it.
        FourEyesViolated: the actor has filed what is to be reviewed here.
    """
    actor = command.actor
    user_task = subject.must_be_workable(actor, "claim")
    if user_task.assignee is not None and user_task.is_for(actor):
        return Decision()
    if user_task.assignee is not None:
        raise UserTaskAlreadyClaimed(
            f"Expected to claim user task {user_task.element_id!r} ({user_task.id}), but it is {user_task.assignee}'s.",
            user_task_id=user_task.id,
            element_id=user_task.element_id,
            assignee=user_task.assignee,
        )
    user_task.must_be_offered_to(actor, "claim")
    subject.must_have_four_eyes(actor)
    whose = user_task.on_behalf_of(actor) or actor.user_id
    claimed = UserTaskClaimed(user_task=user_task, by=whose)
    return Decision(deeds=(claimed, *asked_anew(subject, whose)))
