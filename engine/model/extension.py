"""Extension 延期: the owner of a user task asks before it is due, once, and somebody above decides (PROCESSES 0.5).

    ask ──► message `task.extension` ──► a process decides ──► message `task.extended` ──► the user task is due later
                                                                     or stays due as it was

Who decides and within which time is drawn; that a user task is asked for once, in time and for so long at most, is kept
here. The user tasks of one step that began together (a multi-instance step) are one piece of work: asked for together,
moved together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

from engine.model.calendar import local_day
from engine.model.deadline import UnknownDeadline
from engine.model.errors import Invalid, WrongState
from engine.model.user_task import UserTask
from engine.model.value import value

#: Message that begins the process which decides.
ASKS = "task.extension"
#: Message by which that process answers; its correlation key is the id of the user task that was asked for.
ANSWERS = "task.extended"
#: Configuration row with the longest extension, counted from the due day. Without it nothing is extended.
LONGEST = "due.extension.longest"
#: Property of a user task: "none" = it is never extended.
PROPERTY = "extension"
#: Property of a user task: variable that is given the new last day when it is moved.
INTO = "dueInto"
#: A reason is more than a word.
SHORTEST_REASON = 10
LONGEST_REASON = 500


class NotExtendable(WrongState):
    """The user task has no due instant, or is one that is not extended."""

    code = "not-extendable"


class ExtensionTooLate(WrongState):
    """The user task is overdue already: only what is asked for in time is extended."""

    code = "extension-too-late"


class ExtensionAskedBefore(WrongState):
    """An extension was asked for already: once is all there is."""

    code = "extension-asked-before"


class ExtensionInvalid(Invalid):
    """The day or the reason will not do."""

    code = "extension-invalid"


@value(kw_only=True)
class Extension:
    """What was asked for at a user task, and what was answered."""

    #: The user task that it was asked for at; its siblings share it.
    user_task_id: str
    root_id: str
    asked_by: str
    #: Aware, UTC.
    asked_at: datetime
    #: The last day asked for.
    until: date
    reason: str
    state: Literal["asked", "granted", "refused"] = "asked"
    #: Aware, UTC.
    answered_at: datetime | None = None
    #: None = nobody: the time to decide ran out.
    answered_by: str | None = None
    #: The last day granted; may be before the one asked for.
    granted_until: date | None = None
    opinion: str = ""


class DeadlineRules(Protocol):
    """Gives the instants of deadline rules."""

    def due_at(self, rule: Any, start: datetime) -> datetime:
        """Raises UnknownDeadline: the rule's row is absent."""
        ...


@value(kw_only=True)
class Extending:
    """What there is to extend: one user task and those that began with it."""

    #: All of them, oldest first.
    siblings: Sequence[UserTask]
    #: What was asked for at one of them.
    extension: Extension | None
    #: The latest last day that may be asked for; None = nothing is extended here.
    latest: date | None
    deadlines: DeadlineRules


def is_extendable(user_task: UserTask) -> bool:
    """Whether the diagram lets it be extended at all."""
    return user_task.due_at is not None and user_task.properties.get(PROPERTY) != "none"


def latest_day(deadlines: DeadlineRules, user_task: UserTask) -> date | None:
    """The latest last day that may be asked for; None where no row says how long an extension may be."""
    if user_task.due_at is None or not is_extendable(user_task):
        return None
    try:
        return local_day(deadlines.due_at(LONGEST, user_task.due_at))
    except UnknownDeadline:
        return None
