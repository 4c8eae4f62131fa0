"""What becomes of a user task when the process that decides on its extension answers."""

from __future__ import annotations

from datetime import date, datetime

from engine.commands.user_task_subject import UserTaskSubject
from engine.kernel.changes import Change, MoveDue
from engine.model.deeds import Deed, DueMoved, ExtensionAnswered
from engine.model.extension import INTO
from engine.model.message import Message


def extension_answered(
    subject: UserTaskSubject, message: Message, now: datetime
) -> tuple[tuple[Change, ...], tuple[Deed, ...]]:
    """Note the answer; granted, everything of the step that is still open is due at the end of the day granted.

    Reads the message's variables `granted`, `until` (a date), `by` and `opinion`.
    """
    extending = subject.extending
    assert extending is not None, "it is read for this command"
    until, by, opinion = (message.variables.get(name) for name in ("until", "by", "opinion"))
    day = until if type(until) is date else None
    granted = message.variables.get("granted") is True and day is not None
    answered = ExtensionAnswered(
        user_task=subject.user_task,
        granted=granted,
        until=day if granted else None,
        by=by if isinstance(by, str) else None,
        opinion=opinion if isinstance(opinion, str) else "",
    )
    still_open = [each for each in extending.siblings if each.is_open]
    if not granted or day is None or not still_open:
        return (), (answered,)
    due_at = extending.deadlines.due_at(day, now)
    first = still_open[0]
    into = first.properties.get(INTO)
    # one of them stands for all: what hangs on the due instant hangs on the step as a whole
    change = MoveDue(part=first.part, token=first.token, due_at=due_at, variables={into: day} if into else {})
    moved = [DueMoved(user_task=each, due_at=due_at) for each in still_open]
    return (change,), (answered, *moved)
