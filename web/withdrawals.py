"""What pages say of taking work back: whether it can be, and what became of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import request

from engine.model.errors import NotFound
from engine.model.user_task import UserTask
from engine.model.withdrawal import Withdrawal
from engine.queries import UserTaskDetail, open_user_tasks, visible_user_task, withdrawable
from web.naming import person_name
from web.parts import ask, graph, language, typed
from web.words import say


@dataclass(frozen=True)
class Withdrawable:
    """What the visitor may do to get the work back, with what was typed before it was refused."""

    #: Take it, or ask the reviewer for it.
    how: Literal["take", "ask"]
    reason: str = ""
    #: It was sent and refused: the dialog stands open again.
    is_open: bool = False


def withdrawable_at(detail: UserTaskDetail) -> Withdrawable | None:
    """How the visitor gets the work of a closed user task back; None where it has gone on, or is somebody else's."""
    if detail.user_task.state != "completed":
        return None
    how = ask(withdrawable, detail, graph(detail.user_task.definition_ref))
    if how is None:
        return None
    was_sent = request.method == "POST" and request.blueprint == "user_task.withdrawal"
    return Withdrawable(how, typed("reason") if was_sent else "", is_open=was_sent)


def goes_on_in(user_task: UserTask) -> str | None:
    """The open user task in which the work of one that was taken back goes on; None where it has been done since."""
    root_id = user_task.root_id
    found = ask(open_user_tasks, [root_id]).get(root_id, ())
    return next((each.id for each in found if each.element_id == user_task.element_id), None)


def withdrawal_words(withdrawal: Withdrawal | None) -> str:
    """Where a request to get work back stands; "" where there is none."""
    if withdrawal is None:
        return ""
    by = person_name(withdrawal.answered_by)
    if withdrawal.state == "asked" and not _waits(withdrawal.review_id):
        return say("答复以前审核已经办结，没有撤回", language())
    if withdrawal.state == "asked":
        return say("%(name)s 申请撤回，等待审核人答复", language(), name=person_name(withdrawal.asked_by))
    if withdrawal.state == "granted":
        return say("%(name)s 同意撤回", language(), name=by)
    if withdrawal.state == "overtaken":
        return say("答复以前审核已经办结，没有撤回", language())
    if not by:
        return say("申请撤回，逾期未答复，视为不同意", language())
    return say("%(name)s 不同意撤回", language(), name=by)


def _waits(review_id: str) -> bool:
    """Whether a review can still be given up; one that is out of sight is taken to be."""
    try:
        return bool(ask(visible_user_task, review_id).is_open)
    except NotFound:
        return True
