"""Ask for an extension of a user task 申请延期 (PROCESSES 0.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.actor import Actor
from engine.model.calendar import local_day
from engine.model.deeds import ExtensionAsked, MessageReceived
from engine.model.errors import Fault
from engine.model.extension import (
    ASKS,
    LONGEST_REASON,
    SHORTEST_REASON,
    ExtensionAskedBefore,
    ExtensionInvalid,
    ExtensionTooLate,
    NotExtendable,
    is_extendable,
)
from engine.model.user_task import UserTask


@dataclass(frozen=True, kw_only=True)
class RequestExtension:
    """The owner of a user task says: I shall need longer, until then, for this reason."""

    actor: Actor
    user_task_id: str
    #: The new last day; None where none was given.
    until: date | None
    reason: str


def request_extension(subject: UserTaskSubject, command: RequestExtension, collaborators: Collaborators) -> Decision:
    """Note what is asked for, and send the message that begins the process which decides.

    Raises:
        NotTheAssignee, NotACandidate: it is not the actor's to do.
        NotExtendable, ExtensionTooLate, ExtensionAskedBefore: there is nothing to ask for.
        ExtensionInvalid: the day or the reason will not do; holds every fault.
    """
    user_task = subject.must_be_workable(command.actor, "extend")
    user_task.must_be_for(command.actor, "extend")
    extending = subject.extending
    assert extending is not None, "it is read for this command"
    facts = {"user_task_id": user_task.id, "element_id": user_task.element_id}
    if not is_extendable(user_task) or extending.latest is None:
        raise NotExtendable(f"Expected user task {user_task.element_id!r} to be one that is extended.", **facts)
    before = extending.extension
    if before is not None:
        raise ExtensionAskedBefore(
            f"Expected no earlier request to extend user task {user_task.element_id!r} ({user_task.id}), but "
            f"{before.asked_by} made one at {before.asked_at.isoformat(timespec='minutes')}.",
            **facts,
            asked_by=before.asked_by,
        )
    if user_task.is_overdue(collaborators.clock.now()):
        raise ExtensionTooLate(
            f"Expected a request before user task {user_task.element_id!r} ({user_task.id}) is due, but it is overdue.",
            **facts,
        )
    reason = command.reason.strip()
    faults = tuple(_faults(user_task, command.until, extending.latest, reason))
    if faults:
        message = f"Expected a day and a reason, but found {len(faults)} faults."
        raise ExtensionInvalid(message, faults, count=len(faults))
    assert command.until is not None, "a day that is missing is a fault"
    asked = ExtensionAsked(user_task=user_task, until=command.until, reason=reason)
    told = MessageReceived(
        message_id=f"{ASKS}:{user_task.id}",
        name=ASKS,
        correlation_key=user_task.lateness_key,
        variables={
            "unit_code": user_task.unit_code,
            "asked": _as_it_stands(user_task, command.actor, command.until, reason),
        },
    )
    return Decision(deeds=(asked, told))


def _faults(user_task: UserTask, until: date | None, latest: date, reason: str) -> list[Fault]:
    assert user_task.due_at is not None
    due = local_day(user_task.due_at)
    faults: list[Fault] = []
    if until is None:
        faults.append(Fault("extension-day-missing", "Expected a new last day, but found none.", "until"))
    elif not due < until <= latest:
        message = f"Expected a day after {due} and not after {latest}, but found {until}."
        faults.append(Fault("extension-day", message, "until", due=str(due), latest=str(latest), found=str(until)))
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        message = f"Expected a reason of {SHORTEST_REASON} to {LONGEST_REASON} characters, but found {len(reason)}."
        limits = {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON}
        faults.append(Fault("extension-reason", message, "reason", found=len(reason), **limits))
    return faults


def _as_it_stands(user_task: UserTask, actor: Actor, until: date, reason: str) -> Mapping[str, Any]:
    return {
        "user_task_id": user_task.id,
        "element_id": user_task.element_id,
        "name": user_task.name,
        "process": user_task.definition_key,
        "business_key": user_task.business_key,
        "roles": [group.partition("@")[0] for group in user_task.candidate_groups],
        "asked_by": actor.user_id,
        "asked_for": user_task.on_behalf_of(actor),
        "due_at": user_task.due_at,
        "until": until,
        "reason": reason,
    }
