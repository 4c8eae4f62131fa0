"""Taking work back: what the kernel and the reviewer are asked, and the refusal of a reason."""

from __future__ import annotations

from engine.commands.user_task_subject import UserTaskSubject
from engine.kernel.changes import TakeBack
from engine.model.deeds import MessageReceived
from engine.model.errors import Fault
from engine.model.user_task import UserTask
from engine.model.withdrawal import ASKS, LONGEST_REASON, Withdrawal, WithdrawalReasonInvalid


def taken_back(user_task: UserTask, review: UserTask) -> TakeBack:
    """From the review to the step before it, which is due when it was."""
    assert user_task.closed_at is not None, "it was completed"
    return TakeBack(
        part=review.part,
        token=review.token,
        element_id=user_task.element_id,
        handed_over_at=user_task.closed_at,
        due_at=user_task.due_at,
        due_rule=user_task.due_rule,
    )


def question(
    user_task: UserTask, review: UserTask, asked: Withdrawal, reviewer: str | None, *again: str
) -> MessageReceived:
    """The message that asks the reviewer, or asks anew: who has the review by now takes the place of who had it.

    Args:
        user_task: whose work is asked for.
        reviewer: who has the review; None = all it was offered to.
        again: tells one message from another where it is asked more than once.
    """
    told = {
        "user_task_id": user_task.id,
        "element_id": user_task.element_id,
        "name": user_task.name,
        "process": user_task.definition_key,
        "business_key": user_task.business_key,
        "asked_by": asked.asked_by,
        # for whom, where it was asked by virtue of standing in
        "asked_for": user_task.submitter if user_task.submitter != asked.asked_by else None,
        "asked_at": asked.asked_at,
        "submitted_at": user_task.closed_at,
        "reason": asked.reason,
        "review_id": review.id,
        "review_name": review.name,
        "reviewer": reviewer,
        "reviewer_groups": list(review.candidate_groups),
        "reviewer_users": list(review.candidate_users),
    }
    return MessageReceived(
        message_id=":".join((ASKS, user_task.id, *again)),
        name=ASKS,
        correlation_key=user_task.lateness_key,
        variables={"unit_code": user_task.unit_code, "asked": told},
    )


def asked_anew(subject: UserTaskSubject, reviewer: str | None) -> tuple[MessageReceived, ...]:
    """Where a review changes hands whose reviewer was asked to give work back: who has it now is asked instead."""
    if subject.asked_back is None:
        return ()
    asked, handed_over = subject.asked_back
    # each time the review changes hands its version counts on
    return (question(handed_over, subject.user_task, asked, reviewer, str(subject.user_task.version)),)


def reason_refused(reason: str, shortest: int) -> WithdrawalReasonInvalid:
    """The refusal of a reason that is too short or too long."""
    message = f"Expected a reason of {shortest} to {LONGEST_REASON} characters, but found {len(reason)}."
    facts = {"shortest": shortest, "longest": LONGEST_REASON, "found": len(reason)}
    return WithdrawalReasonInvalid(message, (Fault("withdrawal-reason", message, "reason", **facts),), **facts)
