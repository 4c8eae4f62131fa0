"""Suspend a process instance: nothing moves until it is resumed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import InstanceSubject, must_have
from engine.model.actor import Actor
from engine.model.deeds import ProcessSuspended


@dataclass(frozen=True, kw_only=True)
class SuspendProcessInstance:
    """An operator holds a root instance: completions are refused, timers and messages wait."""

    actor: Actor
    process_instance_id: str
    reason: str = ""


def suspend_process_instance(
    subject: InstanceSubject, command: SuspendProcessInstance, collaborators: Collaborators
) -> Decision:
    """Hold the root with all that it has called; suspending again changes nothing.

    Raises:
        NotFound, NotPermitted, InstanceEnded, NotARoot: as for cancelling.
    """
    subject.instance.must_be_visible_to(command.actor)
    must_have(command.actor, "operate", "suspend a process instance")
    subject.instance.must_run("suspend")
    subject.instance.must_be_a_root("suspend")
    if subject.suspended:
        return Decision()
    return Decision(deeds=(ProcessSuspended(reason=command.reason),))
