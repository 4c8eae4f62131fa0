"""What pages say of taking work back: whether it can be, and what became of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import request

from engine.model.withdrawal import Withdrawal
from engine.queries import UserTaskDetail, withdrawable
from web.naming import person_name
from web.parts import ask, graph, language
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
    return Withdrawable(how, request.form.get("reason", "") if was_sent else "", is_open=was_sent)


def withdrawal_words(withdrawal: Withdrawal | None) -> str:
    """Where a request to get work back stands; "" where there is none."""
    if withdrawal is None:
        return ""
    by = person_name(withdrawal.answered_by)
    if withdrawal.state == "asked":
        return say("%(name)s 申请撤回，等待审核人答复", language(), name=person_name(withdrawal.asked_by))
    if withdrawal.state == "granted":
        return say("%(name)s 同意撤回", language(), name=by)
    if withdrawal.state == "overtaken":
        return say("答复时审核已经办结，没有撤回", language())
    if not by:
        return say("申请撤回，逾期未答复，视为不同意", language())
    return say("%(name)s 不同意撤回", language(), name=by)
