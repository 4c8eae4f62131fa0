"""Return 退回: send the work back to an earlier step (PROCESSES 0.3)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.user_task_subject import UserTaskSubject
from engine.kernel.changes import ReturnTo
from engine.model.actor import Actor
from engine.model.deeds import UserTaskReturned
from engine.model.errors import Fault, Invalid, NotPermitted
from engine.model.user_task import UserTask

#: A return without a reason helps nobody.
SHORTEST_COMMENT = 5


class CommentTooShort(Invalid):
    """A return needs a comment that the other side can work with."""

    code = "comment-too-short"


class NothingToReview(NotPermitted):
    """It is the reviewer who sends back: whoever is late with work of his own does not get rid of it so
    (PROCESSES 0.3)."""

    code = "nothing-to-review"


@dataclass(frozen=True, kw_only=True)
class ReturnUserTask:
    """A reviewer says: this is not good enough, here is why."""

    actor: Actor
    user_task_id: str
    #: The earlier user task that is to be done again.
    element_id: str
    #: At least five characters.
    comment: str


def return_user_task(subject: UserTaskSubject, command: ReturnUserTask, collaborators: Collaborators) -> Decision:
    """Let the instance go back to an earlier user task; the comment becomes the variable `return_comment`, the role
    that sends it back `returned_by`.

    Raises:
        CommentTooShort: fewer than five characters.
        NotTheAssignee, NotACandidate: it is not the actor's to do.
        NothingToReview: the diagram has nothing sent back from here.
        FourEyesViolated: the actor has filed what is to be reviewed here.
        WrongState: the kernel cannot go back there without stranding a parallel branch.
    """
    user_task = subject.must_be_workable(command.actor, "return")
    user_task.must_be_for(command.actor, "return")
    if not user_task.may_send_back:
        raise NothingToReview(
            f"Expected a review to send back from, but user task {user_task.element_id!r} ({user_task.id}) is work of "
            "its own: the diagram says returning = none.",
            user_task_id=user_task.id,
            element_id=user_task.element_id,
        )
    subject.must_have_four_eyes(command.actor)
    comment = command.comment.strip()
    if len(comment) < SHORTEST_COMMENT:
        message = f"Expected a comment of at least {SHORTEST_COMMENT} characters, but found {len(comment)}."
        fault = Fault("comment-too-short", message, "comment", shortest=SHORTEST_COMMENT, found=len(comment))
        raise CommentTooShort(message, (fault,), shortest=SHORTEST_COMMENT, found=len(comment))
    back = ReturnTo(
        part=user_task.part,
        token=user_task.token,
        element_id=command.element_id,
        variables={"return_comment": comment, "returned_by": _role_of(user_task)},
    )
    deed = UserTaskReturned(user_task=user_task, to_element_id=command.element_id, comment=comment)
    return Decision(changes=(back,), deeds=(deed,))


def _role_of(user_task: UserTask) -> str | None:
    """The first of the roles it was offered to; None where it was offered to persons only."""
    return next((group.partition("@")[0] for group in user_task.candidate_groups), None)
