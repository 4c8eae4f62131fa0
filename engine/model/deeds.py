"""What people, programs and the clock did around the kernel. Like the kernel's events, each becomes row changes.

Deeds with `element_id` go into the history of their root instance under the name of their class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any

from engine.model.ports import Rung
from engine.model.user_task import Draft, UserTask
from engine.model.value import value


@value(kw_only=True)
class Deed:
    """Something that was done."""


@value(kw_only=True)
class UserTaskClaimed(Deed):
    user_task: UserTask
    #: Whose it is now: of who claims it, or of the one who is stood in for.
    by: str


@value(kw_only=True)
class UserTaskReleased(Deed):
    user_task: UserTask


@value(kw_only=True)
class UserTaskReturned(Deed):
    user_task: UserTask
    #: Where the work goes back to.
    to_element_id: str
    comment: str


@value(kw_only=True)
class UserTaskOpened(Deed):
    """Somebody who may do it looks at it for the first time."""

    user_task: UserTask


@value(kw_only=True)
class UserTaskWithdrawn(Deed):
    """Work that was handed over goes back to who did it."""

    #: The one that was completed; its work goes on in a new one.
    user_task: UserTask
    #: Who goes on with it.
    by: str
    reason: str


@value(kw_only=True)
class WithdrawalAsked(Deed):
    """The reviewer is asked to give work back."""

    user_task: UserTask
    #: Whose reviewer is asked.
    review_id: str
    reason: str


@value(kw_only=True)
class WithdrawalAnswered(Deed):
    user_task: UserTask
    #: granted | refused | overtaken
    state: str
    #: None = nobody: the time to answer ran out.
    by: str | None
    opinion: str


@value(kw_only=True)
class UserTaskTransferred(Deed):
    """Somebody else has it from now on."""

    user_task: UserTask
    #: None = nobody had taken it.
    from_user: str | None
    to_user: str
    reason: str
    #: Whether something that was typed and not submitted comes along.
    with_draft: bool
    #: The receiver's from now on; None = stays as it is.
    draft: Draft | None


@value(kw_only=True)
class OpinionAsked(Deed):
    """One person is asked for an opinion."""

    user_task: UserTask
    opinion_id: str
    #: Who is asked.
    of: str
    question: str
    until: date | None


@value(kw_only=True)
class OpinionGiven(Deed):
    #: The one that it was asked for at.
    user_task: UserTask
    opinion_id: str
    #: given | lapsed
    state: str
    #: None = nobody: the time to answer ran out.
    by: str | None
    opinion: str


@value(kw_only=True)
class CommentAdded(Deed):
    """Somebody has written about a case; its history does not tell it, for nothing has happened to the case."""

    root_id: str
    comment_id: str
    text: str


@value(kw_only=True)
class ExtensionAsked(Deed):
    user_task: UserTask
    #: The last day asked for.
    until: date
    reason: str


@value(kw_only=True)
class ExtensionAnswered(Deed):
    #: The one that it was asked for at.
    user_task: UserTask
    granted: bool
    #: The last day granted; None when refused.
    until: date | None
    #: None = nobody: the time to decide ran out.
    by: str | None
    opinion: str


@value(kw_only=True)
class DueMoved(Deed):
    """An open user task is due at another instant: its ladder begins anew."""

    user_task: UserTask
    due_at: datetime


@value(kw_only=True)
class DraftSaved(Deed):
    user_task: UserTask
    draft: Draft


@value(kw_only=True)
class DocumentFiled(Deed):
    """Written before the kernel runs, so that local service handlers can read it."""

    user_task: UserTask
    form_key: str
    form_ref: str
    content: Mapping[str, Any]


@value(kw_only=True)
class SettingsRead(Deed):
    """A local service went by configured figures: what they were then, with basis and validity."""

    part: int
    token: int
    element_id: str
    service: str
    #: Key → value, basis, valid_from, valid_to.
    settings: Mapping[str, Any]


@value(kw_only=True)
class ProcessSuspended(Deed):
    reason: str


@value(kw_only=True)
class ProcessResumed(Deed):
    pass


@value(kw_only=True)
class MessageReceived(Deed):
    """A message from outside lies in the message table; a transaction of its own delivers it."""

    message_id: str
    name: str
    correlation_key: str
    variables: Mapping[str, Any]


@value(kw_only=True)
class MessageDelivered(Deed):
    """A message has reached one receiving process."""

    message_id: str
    name: str
    #: Process definition key.
    receiver: str
    #: Others wait for it, too: it stays on its way.
    goes_on: bool = False


@value(kw_only=True)
class MessageSettled(Deed):
    """Nothing more can be done for a message now."""

    message_id: str
    #: buffered | delivered | expired
    state: str
    #: When to look again for a receiver that was just being written; None = when one arrives.
    look_again_at: datetime | None = None


@value(kw_only=True)
class RungFired(Deed):
    """A rung of an escalation ladder was reached: its notice leaves by the outbox."""

    user_task: UserTask
    key: str
    action: str
    recipients: tuple[str, ...]
    due_at: datetime
    #: The rungs after it, earliest first.
    later: tuple[Rung, ...] = ()
    #: Rungs that may have fired before it: the level stays at the one that has.
    above: tuple[str, ...] = ()


@value(kw_only=True)
class TimerDropped(Deed):
    """A due row whose wait or user task is gone."""

    number: int
    key: str


@value(kw_only=True)
class IncidentRetried(Deed):
    """Somebody tries again what has failed; work outside the kernel is put back where it will be found."""

    incident_id: str
    part: int
    token: int | None
    element_id: str
    kind: str
    #: Of a timer: which of those that have the number of `token`; the rung of a ladder, "" for a timer event.
    timer_key: str | None = None


@value(kw_only=True)
class StartTimerFired(Deed):
    """A timer start event: its row moves to the next instant, or goes."""

    definition_key: str
    element_id: str
    #: None = it does not repeat.
    next_at: datetime | None
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])


@value(kw_only=True)
class TimerGivenUp(Deed):
    """A timer or rung could not be fired again and again; it waits for somebody to retry its incident."""

    number: int
    key: str
    part: int
    element_id: str
    message: str
    #: Of a rung: the user task, the rung itself, and those after it.
    user_task_id: str | None = None
    rungs: tuple[Rung, ...] = ()


@value(kw_only=True)
class JobsTaken(Deed):
    """A worker has taken jobs."""

    job_ids: tuple[str, ...]
    worker: str
    until: datetime


@value(kw_only=True)
class JobAnswered(Deed):
    job_id: str


@value(kw_only=True)
class JobFailed(Deed):
    """A worker could not do its job; it is offered again while retries are left."""

    job_id: str
    message: str
    retries_left: int
    #: None = given up.
    available_at: datetime | None


@value(kw_only=True)
class NewDefinition:
    """One process or decision of a deployment that differs from the version before."""

    #: process | decision
    kind: str
    key: str
    version: int
    name: str
    version_tag: str
    resource_name: str
    report: tuple[Mapping[str, Any], ...] = ()


@value(kw_only=True)
class StartEvent:
    """A message, signal or timer start event of a new process version."""

    definition_key: str
    definition_ref: str
    element_id: str
    #: message | signal | timer
    kind: str
    name: str = ""
    #: Timers: the first instant and what the next ones are computed from.
    due_at: datetime | None = None
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])


@value(kw_only=True)
class DefinitionsDeployed(Deed):
    deployment_id: str
    comment: str
    #: Only files that hold something new: name -> bytes.
    files: Mapping[str, bytes]
    definitions: tuple[NewDefinition, ...]
    start_events: tuple[StartEvent, ...]
