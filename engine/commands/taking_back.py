"""Taking work back: what the kernel is asked, and the refusal of a reason."""

from __future__ import annotations

from engine.kernel.changes import TakeBack
from engine.model.errors import Fault
from engine.model.user_task import UserTask
from engine.model.withdrawal import LONGEST_REASON, WithdrawalReasonInvalid


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


def reason_refused(reason: str, shortest: int) -> WithdrawalReasonInvalid:
    """The refusal of a reason that is too short or too long."""
    message = f"Expected a reason of {shortest} to {LONGEST_REASON} characters, but found {len(reason)}."
    facts = {"shortest": shortest, "longest": LONGEST_REASON, "found": len(reason)}
    return WithdrawalReasonInvalid(message, (Fault("withdrawal-reason", message, "reason", **facts),), **facts)
