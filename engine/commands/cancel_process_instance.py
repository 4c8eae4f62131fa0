"""Cancel 作废: end a process instance with everything in it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import InstanceSubject, must_have
from engine.kernel.changes import Cancel
from engine.model.actor import Actor


@dataclass(frozen=True, kw_only=True)
class CancelProcessInstance:
    """An operator ends a root instance."""

    actor: Actor
    process_instance_id: str
    #: Stands in the history.
    reason: str


def cancel_process_instance(
    subject: InstanceSubject, command: CancelProcessInstance, collaborators: Collaborators
) -> Decision:
    """Let every open user task, timer, wait and called instance go with the root; suspended ones too.

    Raises:
        NotFound: out of the actor's sight.
        NotPermitted: the actor does not operate the engine.
        InstanceEnded: it has ended.
        NotARoot: it was called by another instance, which would wait for it for ever.
    """
    subject.instance.must_be_visible_to(command.actor)
    must_have(command.actor, "operate", "cancel a process instance")
    subject.instance.must_run("cancel")
    subject.instance.must_be_a_root("cancel")
    return Decision(changes=(Cancel(reason=command.reason),))
