"""Withdraw 撤回: who has handed work over takes it back (PROCESSES 0.3).

    nobody has opened the review ──► the submitter takes the work back, and goes on where it was
    somebody has               ──► ask ──► message `task.withdrawal` ──► the reviewer answers ──► `task.withdrawn`

Work is taken back from a review only, and only while nothing has been done since. Opened is what somebody who may do it
has looked at, or claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from engine.model.actor import Actor
from engine.model.calendar import SHANGHAI
from engine.model.errors import Invalid, NotPermitted, WrongState
from engine.model.user_task import UserTask
from engine.model.value import value

#: Message that begins the process in which the reviewer answers.
ASKS = "task.withdrawal"
#: Message by which that process answers; its correlation key is the id of the user task that was asked for.
ANSWERS = "task.withdrawn"
#: Property of a user task: "none" = what was handed over there is never taken back.
PROPERTY = "withdrawal"
#: Rule by which work that was taken back is given out: to who took it.
TAKEN_BACK = "taken-back"
#: A reason is more than a word.
SHORTEST_REASON = 5
LONGEST_REASON = 500


class NotTheSubmitter(NotPermitted):
    """Somebody else has handed the work over, or nobody."""

    code = "not-the-submitter"


class NothingToWithdraw(WrongState):
    """No review of the work waits any more: it has gone on, or was never for a review."""

    code = "nothing-to-withdraw"


class WithdrawnBefore(WrongState):
    """It was taken back already: the work goes on in another user task."""

    code = "withdrawn-before"


class ReviewOpened(WrongState):
    """A reviewer has opened the work: it is asked for, not taken."""

    code = "review-opened"


class ReviewNotOpened(WrongState):
    """Nobody has opened the work: there is nobody to be asked."""

    code = "review-not-opened"


class WithdrawalAskedBefore(WrongState):
    """The reviewer was asked already."""

    code = "withdrawal-asked-before"


class NobodyToAsk(WrongState):
    """No process asks reviewers, or several reviews wait."""

    code = "nobody-to-ask"


class WithdrawalReasonInvalid(Invalid):
    """The reason will not do."""

    code = "withdrawal-invalid"


@value(kw_only=True)
class Opening:
    """Somebody who may do a user task has looked at it, for the first time."""

    user_task_id: str
    by: str
    #: Aware, UTC.
    at: datetime


@value(kw_only=True)
class Withdrawal:
    """That a reviewer was asked to give work back, and what was answered."""

    #: The user task whose work is asked for.
    user_task_id: str
    #: The one whose reviewer was asked.
    review_id: str
    asked_by: str
    #: Aware, UTC.
    asked_at: datetime
    reason: str
    #: overtaken = the review was done, or asked for anew, before it was answered.
    state: Literal["asked", "granted", "refused", "overtaken"] = "asked"
    #: Aware, UTC.
    answered_at: datetime | None = None
    #: None = nobody: the time to answer ran out.
    answered_by: str | None = None
    opinion: str = ""


@value(kw_only=True)
class Withdrawing:
    """What stands between handed-over work and taking it back."""

    #: User tasks that came of the work: behind its step in the same part, since it was handed over; oldest first.
    since: Sequence[UserTask]
    #: Who has looked at those that are open.
    openings: Sequence[Opening]
    #: What was asked for at this user task.
    asked: Withdrawal | None
    #: Whether a process asks the reviewer.
    somebody_answers: bool
    #: Whether the work was taken back, and goes on in another user task of its step.
    was_taken_back: bool = False

    @property
    def waiting(self) -> Sequence[UserTask]:
        return [each for each in self.since if each.is_open]

    def opened_by_others(self, submitter: str) -> Opening | None:
        """The first reviewer that has opened it, besides who handed it over."""
        return next((each for each in self.openings if each.by != submitter), None)


def must_be_submitted_by(user_task: UserTask, actor: Actor) -> None:
    """Raises NotTheSubmitter, NothingToWithdraw: it was not handed over by the actor, or not at all."""
    if user_task.state == "completed" and not user_task.was_submitted_by(actor):
        raise NotTheSubmitter(
            f"Expected {actor.user_id} to have completed user task {user_task.element_id!r} ({user_task.id}) to take "
            f"it back, but {user_task.closed_by} has.",
            **_facts(user_task),
            completed_by=user_task.closed_by,
        )
    if user_task.state != "completed":
        raise NothingToWithdraw(
            f"Expected user task {user_task.element_id!r} ({user_task.id}) to be completed to take it back, but it is "
            f"{user_task.state}.",
            **_facts(user_task),
        )


def review_of(user_task: UserTask, withdrawing: Withdrawing) -> UserTask:
    """The review that waits for the work.

    Raises:
        WithdrawnBefore: it was taken back.
        NothingToWithdraw: none does, or something was done since.
    """
    if withdrawing.was_taken_back:
        raise WithdrawnBefore(
            f"Expected user task {user_task.element_id!r} ({user_task.id}) to be handed over, but it was taken back.",
            **_facts(user_task),
        )
    waiting = withdrawing.waiting
    review = next((each for each in waiting if each.may_send_back), None)
    if review is None or len(waiting) < len(withdrawing.since) or user_task.properties.get(PROPERTY) == "none":
        raise NothingToWithdraw(
            f"Expected a review of user task {user_task.element_id!r} ({user_task.id}) to wait, with nothing done "
            "since, to take it back, but it is not so.",
            **_facts(user_task),
        )
    return review


def must_be_unopened(user_task: UserTask, withdrawing: Withdrawing, submitter: str) -> None:
    """Raises ReviewOpened: names who has opened it, and when."""
    opened = withdrawing.opened_by_others(submitter)
    if opened is not None:
        raise ReviewOpened(
            f"Expected nobody to have opened the review of user task {user_task.element_id!r} ({user_task.id}), but "
            f"{opened.by} did at {opened.at.isoformat(timespec='minutes')}.",
            **_facts(user_task),
            opened_by=opened.by,
            opened_at=opened.at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        )


def reviewer_to_ask(user_task: UserTask, withdrawing: Withdrawing, submitter: str) -> UserTask:
    """The review whose reviewer is asked.

    Raises:
        NothingToWithdraw: no review waits.
        ReviewNotOpened: it can simply be taken back.
        WithdrawalAskedBefore: once is all there is.
        NobodyToAsk: no process asks, or several reviews wait.
    """
    review = review_of(user_task, withdrawing)
    facts = _facts(user_task)
    if withdrawing.asked is not None:
        raise WithdrawalAskedBefore(
            f"Expected no earlier request to take back user task {user_task.element_id!r} ({user_task.id}), but "
            f"{withdrawing.asked.asked_by} made one.",
            **facts,
            asked_by=withdrawing.asked.asked_by,
        )
    if withdrawing.opened_by_others(submitter) is None:
        raise ReviewNotOpened(
            f"Expected somebody to have opened the review of user task {user_task.element_id!r} ({user_task.id}) to be "
            "asked, but nobody has: it can be taken back.",
            **facts,
        )
    if not withdrawing.somebody_answers or len(withdrawing.waiting) > 1:
        raise NobodyToAsk(
            f"Expected one reviewer of user task {user_task.element_id!r} ({user_task.id}) to ask, but there is none.",
            **facts,
        )
    return review


def _facts(user_task: UserTask) -> dict[str, str]:
    return {
        "user_task_id": user_task.id,
        "element_id": user_task.element_id,
        "definition_ref": user_task.definition_ref,
        "name": user_task.name,
    }
