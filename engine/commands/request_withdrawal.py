"""Ask the reviewer to give work back that was opened already 申请撤回 (PROCESSES 0.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.taking_back import reason_refused
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.deeds import MessageReceived, WithdrawalAsked
from engine.model.user_task import UserTask
from engine.model.withdrawal import (
    ASKS,
    LONGEST_REASON,
    SHORTEST_REASON,
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
    told = MessageReceived(
        message_id=f"{ASKS}:{user_task.id}",
        name=ASKS,
        correlation_key=user_task.lateness_key,
        variables={"unit_code": user_task.unit_code, "asked": _as_it_stands(user_task, review, actor, reason)},
    )
    return Decision(deeds=(WithdrawalAsked(user_task=user_task, review_id=review.id, reason=reason), told))


def _as_it_stands(user_task: UserTask, review: UserTask, actor: Actor, reason: str) -> Mapping[str, Any]:
    return {
        "user_task_id": user_task.id,
        "element_id": user_task.element_id,
        "name": user_task.name,
        "process": user_task.definition_key,
        "business_key": user_task.business_key,
        "asked_by": actor.user_id,
        "submitted_at": user_task.closed_at,
        "reason": reason,
        "review_id": review.id,
        "review_name": review.name,
        # who has it, else all it was offered to
        "reviewer": review.assignee,
        "reviewer_groups": list(review.candidate_groups),
        "reviewer_users": list(review.candidate_users),
    }
