"""What commands decide about: values that the dispatcher has read after the root was locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from engine.commands.user_task_subject import UserTaskSubject
from engine.kernel.environment import DeadlinePort
from engine.kernel.graph import Starters
from engine.model.actor import Actor
from engine.model.errors import NotPermitted
from engine.model.incident import Incident
from engine.model.job import Job
from engine.model.message import Message, MessageReceiver
from engine.model.ports import Rung
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import UserTask
from engine.model.value import empty_dict, value


@value(kw_only=True)
class InstanceSubject:
    """A root instance that is locked."""

    instance: ProcessInstance
    suspended: bool


@value(kw_only=True)
class IncidentSubject:
    """An incident within its locked root."""

    incident: Incident


@value(kw_only=True)
class JobSubject:
    """A job within its locked root."""

    job: Job
    suspended: bool


@value(kw_only=True)
class JobsSubject:
    """Jobs of a topic that nobody holds."""

    jobs: Sequence[Job]


@value(kw_only=True)
class TimerSubject:
    """A due row within its locked root; `due_at` is None when the row is gone."""

    due_at: datetime | None
    suspended: bool
    part: int = 0
    element_id: str = ""
    #: Whether the kernel still waits for it (timer events).
    waits: bool = False
    #: Rungs: the user task, the rung itself, and those after it.
    user_task: UserTask | None = None
    rungs: tuple[Rung, ...] = ()
    #: Whether the rung's message has been sent for another user task of the step.
    told_before: bool = False


@value(kw_only=True)
class MessageSubject:
    """A message, its next receiver (whose root is locked), and whether somebody has had it before."""

    message: Message
    receiver: MessageReceiver | None
    delivered_before: bool
    #: Whether others wait for it, too.
    has_more_receivers: bool = False
    suspended: bool = False
    #: The receiver, where it is a user task: its extension is answered, or whether it is taken back.
    answered: UserTaskSubject | None = None


@value(kw_only=True)
class StartSubject:
    """The process version to start, and the instance that runs under the same business key already."""

    #: "key:version"; None when no such process is deployed.
    definition_ref: str | None
    running_root_id: str | None
    starters: Starters = field(default_factory=Starters)


@value(kw_only=True)
class StartTimerSubject:
    """A timer start event: its row, its process version and who runs under its business key."""

    #: None when the row is gone.
    due_at: datetime | None
    deadlines: DeadlinePort
    definition_ref: str = ""
    #: {"rule", "left"} of the cycle, if it is one.
    payload: Mapping[str, Any] = field(default_factory=empty_dict)
    business_key: str = ""
    running_root_id: str | None = None


def must_have(actor: Actor, permission: str, intent: str) -> None:
    """Raises NotPermitted. `intent` completes "Expected … to", e.g. "deploy definitions"."""
    if not actor.may(permission):
        raise NotPermitted(
            f"Expected {actor.user_id} to hold the permission {permission!r} to {intent}, but found none.",
            permission=permission,
        )
