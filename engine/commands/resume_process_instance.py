"""Resume a suspended process instance."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import InstanceSubject, must_have
from engine.model.actor import Actor
from engine.model.deeds import ProcessResumed


@dataclass(frozen=True, kw_only=True)
class ResumeProcessInstance:
    """An operator lets a suspended root instance go on; what became due meanwhile fires now."""

    actor: Actor
    process_instance_id: str


def resume_process_instance(
    subject: InstanceSubject, command: ResumeProcessInstance, collaborators: Collaborators
) -> Decision:
    """Let the root go on; resuming what is not suspended changes nothing.

    Raises:
        NotFound, NotPermitted, InstanceEnded, NotARoot: as for cancelling.
    """
    subject.instance.must_be_visible_to(command.actor)
    must_have(command.actor, "operate", "resume a process instance")
    subject.instance.must_run("resume")
    subject.instance.must_be_a_root("resume")
    if not subject.suspended:
        return Decision()
    return Decision(deeds=(ProcessResumed(),))
