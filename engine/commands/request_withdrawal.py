"""Ask the reviewer to give work back that was opened already 申请撤回 (PROCESSES 0.3)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.taking_back import question, reason_refused
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.deeds import WithdrawalAsked
from engine.model.withdrawal import (
    LONGEST_REASON,
    SHORTEST_REASON,
    Withdrawal,
    must_be_submitted_by,
    reviewer_to_ask,
)


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawal:
    """The submitter says: please give it back, for this reason."""

    actor: Actor
    #: The one that was completed.
    user_task_id: str
    reason: str


def request_withdrawal(subject: UserTaskSubject, command: RequestWithdrawal, collaborators: Collaborators) -> Decision:
    """Note what is asked for, and send the message that begins the process in which the reviewer answers.

    Raises:
        NotTheSubmitter: somebody else completed it.
        NothingToWithdraw, ReviewNotOpened, WithdrawalAskedBefore, NobodyToAsk: there is nothing to ask for.
        WithdrawalReasonInvalid: the reason will not do.
    """
    actor, withdrawing, user_task = command.actor, subject.withdrawing, subject.user_task
    assert withdrawing is not None, "it is read for this command"
    user_task.must_be_visible_to(actor)
    must_be_submitted_by(user_task, actor)
    subject.must_run("withdraw")
    review = reviewer_to_ask(user_task, withdrawing, actor.user_id)
    reason = command.reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise reason_refused(reason, SHORTEST_REASON)
    asked = Withdrawal(
        user_task_id=user_task.id,
        review_id=review.id,
        asked_by=actor.user_id,
        asked_at=collaborators.clock.now(),
        reason=reason,
    )
    told = question(user_task, review, asked, review.assignee)
    return Decision(deeds=(WithdrawalAsked(user_task=user_task, review_id=review.id, reason=reason), told))
