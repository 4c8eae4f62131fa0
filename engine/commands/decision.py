"""What a command decides: changes for the kernel, deeds for the rows, and what the asker is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, cast

from engine.kernel.changes import Change
from engine.model.deeds import Deed
from engine.model.value import value


@value(kw_only=True)
class Answer:
    """What a command comes back with. Plain values only: the same answer is given again to the same request."""

    def as_plain(self) -> dict[str, Any]:
        """JSON-ready fields; several of something are a tuple."""
        return {name: value_of(self) for name, value_of in _fields(type(self))}


@lru_cache(maxsize=16)
def _fields(kind: type[Answer]) -> tuple[tuple[str, Callable[[Answer], Any]], ...]:
    return tuple((each.name, attrgetter(each.name)) for each in fields(kind))


@value(kw_only=True)
class Moved(Answer):
    """A process instance has changed."""

    #: The root instance.
    process_instance_id: str
    #: Counts the changes of the root: for ETag.
    version: int
    #: The root instance has ended.
    ended: bool
    #: User tasks that were opened by the change and are open.
    opened_user_tasks: tuple[str, ...] = ()
    #: Incidents that the change has run into: it is committed, and somebody has to look.
    opened_incidents: tuple[str, ...] = ()
    #: The user task the command was about.
    user_task_id: str | None = None


@value(kw_only=True)
class DraftKept(Answer):
    """What somebody has typed is kept: as the draft, or apart from it."""

    user_task_id: str
    #: The root instance.
    process_instance_id: str
    #: Of the draft that stands there now.
    revision: int
    #: Whether it stands apart: the draft is what it was, and its author decides.
    apart: bool


@value(kw_only=True)
class CommentKept(Answer):
    """What somebody has written about a case stands there."""

    comment_id: str
    #: The root instance.
    process_instance_id: str


@value(kw_only=True)
class MessageAccepted(Answer):
    """A message lies in the message table and is delivered in a transaction of its own."""

    message_id: str


@value(kw_only=True)
class DefinitionsAccepted(Answer):
    """A deployment."""

    deployment_id: str
    #: {kind, key, version, name, new}: all of the files; `new` is false where nothing changed.
    definitions: tuple[Mapping[str, Any], ...]
    #: {resource, severity, code, element_id, message, mend, facts}; severity is warning or info.
    report: tuple[Mapping[str, Any], ...]


@value(kw_only=True)
class JobsHandedOut(Answer):
    """Jobs that the worker holds now."""

    #: {id, topic, business_key, element_id, variables, properties, retries}
    jobs: tuple[Mapping[str, Any], ...]


@value(kw_only=True)
class Nothing(Answer):
    """There was nothing left to do: somebody was faster, and that is the wish fulfilled."""


ANSWERS: Mapping[str, type[Answer]] = {
    each.__name__: each
    for each in (Moved, DraftKept, CommentKept, MessageAccepted, DefinitionsAccepted, JobsHandedOut, Nothing)
}


def answer_of(name: str, plain: Mapping[str, Any]) -> Answer:
    """An answer as it was given before."""
    values = {key: tuple(cast("Any", value)) if type(value) is list else value for key, value in plain.items()}
    return ANSWERS[name](**values)


@value(kw_only=True)
class Decision:
    """The outcome of a pure decision. Nothing has happened yet."""

    #: For the kernel, in order.
    changes: tuple[Change, ...] = ()
    #: What the person or the clock does; written and recorded before the kernel's events.
    deeds: tuple[Deed, ...] = ()
    #: None: the dispatcher answers with what became of the instance (`Moved`).
    answer: Answer | None = None
    #: Id of a root instance that begins.
    new_root_id: str | None = None

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.deeds
