"""What becomes of handed-over work when its reviewer has answered whether it may be taken back."""

from __future__ import annotations

from engine.commands.taking_back import taken_back
from engine.commands.user_task_subject import UserTaskSubject
from engine.kernel.changes import Change
from engine.model.deeds import Deed, UserTaskWithdrawn, WithdrawalAnswered
from engine.model.message import Message
from engine.model.withdrawal import NothingToWithdraw, WithdrawnBefore, review_of


def withdrawal_answered(subject: UserTaskSubject, message: Message) -> tuple[tuple[Change, ...], tuple[Deed, ...]]:
    """Note the answer; granted while the review still waits, the work goes back to who asked.

    Reads the message's variables `granted`, `by` and `opinion`.
    """
    withdrawing = subject.withdrawing
    assert withdrawing is not None and withdrawing.asked is not None, "it is read for this command"
    by, opinion = (message.variables.get(name) for name in ("by", "opinion"))
    granted = message.variables.get("granted") is True
    changes: tuple[Change, ...] = ()
    deeds: tuple[Deed, ...] = ()
    try:
        review = review_of(subject.user_task, withdrawing)
    except (NothingToWithdraw, WithdrawnBefore):
        # whatever was answered, and be it nothing: the review was done before
        state = "overtaken"
    else:
        state = "granted" if granted else "refused"
        if granted:
            asked = withdrawing.asked
            changes = (taken_back(subject.user_task, review),)
            whose = subject.user_task.submitter or asked.asked_by
            deeds = (UserTaskWithdrawn(user_task=subject.user_task, by=whose, reason=asked.reason),)
    answered = WithdrawalAnswered(
        user_task=subject.user_task,
        state=state,
        by=by if isinstance(by, str) else None,
        opinion=opinion if isinstance(opinion, str) else "",
    )
    return changes, (answered, *deeds)
