"""Withdraw 撤回: take back what was handed over while nobody has opened it (PROCESSES 0.3)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.taking_back import reason_refused, taken_back
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.deeds import UserTaskWithdrawn
from engine.model.withdrawal import LONGEST_REASON, must_be_submitted_by, must_be_unopened, review_of


@dataclass(frozen=True, kw_only=True)
class WithdrawUserTask:
    """The submitter says: I am not done yet."""

    actor: Actor
    #: The one that was completed.
    user_task_id: str
    #: May be empty: nobody has looked at the work.
    reason: str = ""


def withdraw_user_task(subject: UserTaskSubject, command: WithdrawUserTask, collaborators: Collaborators) -> Decision:
    """Let the instance go back to the user task that the actor completed, as it was: due when it was, and whose it was.

    Raises:
        NotTheSubmitter: somebody else completed it.
        NothingToWithdraw: no review of it waits, or something was done since.
        ReviewOpened: somebody has opened it, and can be asked.
        WithdrawalReasonInvalid: the reason is too long.
        WrongState: the kernel cannot go back there without stranding a parallel branch.
    """
    actor, withdrawing = command.actor, subject.withdrawing
    assert withdrawing is not None, "it is read for this command"
    subject.user_task.must_be_visible_to(actor)
    must_be_submitted_by(subject.user_task, actor)
    subject.must_run("withdraw")
    review = review_of(subject.user_task, withdrawing)
    must_be_unopened(subject.user_task, withdrawing, actor.user_id)
    reason = command.reason.strip()
    if len(reason) > LONGEST_REASON:
        raise reason_refused(reason, 0)
    whose = subject.user_task.submitter or actor.user_id
    withdrawn = UserTaskWithdrawn(user_task=subject.user_task, by=whose, reason=reason)
    return Decision(changes=(taken_back(subject.user_task, review),), deeds=(withdrawn,))
