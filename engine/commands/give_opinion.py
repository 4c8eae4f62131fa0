"""What becomes of a user task when somebody who was asked has given an opinion, or has let the time pass."""

from __future__ import annotations

from engine.commands.user_task_subject import UserTaskSubject
from engine.model.deeds import OpinionGiven
from engine.model.message import Message


def opinion_given(subject: UserTaskSubject, message: Message) -> OpinionGiven:
    """Note it, whether the work is still open or not: nothing else changes.

    Reads the message's variables `given`, `by` and `opinion`.
    """
    by, opinion = (message.variables.get(name) for name in ("by", "opinion"))
    given = message.variables.get("given") is True
    return OpinionGiven(
        user_task=subject.user_task,
        opinion_id=message.correlation_key,
        state="given" if given else "lapsed",
        by=by if given and isinstance(by, str) else None,
        opinion=opinion if given and isinstance(opinion, str) else "",
    )
