"""Begin a process instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import StartSubject, must_have
from engine.commands.values import as_variables
from engine.kernel.changes import Start
from engine.model.actor import Actor
from engine.model.errors import NotFound, NotPermitted
from engine.model.process_instance import AlreadyRunning


@dataclass(frozen=True, kw_only=True)
class StartProcessInstance:
    """Somebody starts the latest version of a process."""

    actor: Actor
    process_definition_key: str
    #: At most one active root instance of the process has it; "" = none.
    business_key: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: Whose object it is; becomes the variable `unit_code`.
    unit_code: str | None = None


def start_process_instance(
    subject: StartSubject, command: StartProcessInstance, collaborators: Collaborators
) -> Decision:
    """Let a new root instance run to its first wait.

    Raises:
        NotPermitted: the actor may not start processes, or not for this unit.
        NotFound: no such process is deployed.
        AlreadyRunning: an active instance has the business key.
        NotFeel: a variable that is no FEEL value.
    """
    must_have(command.actor, "start", "start a process instance")
    variables = as_variables(command.variables)
    if command.unit_code is not None:
        variables["unit_code"] = command.unit_code
    unit_code = variables.get("unit_code")
    if isinstance(unit_code, str) and not command.actor.is_system and not command.actor.sees_unit(unit_code):
        raise NotPermitted(
            f"Expected unit {unit_code!r} to lie in the data scope of {command.actor.user_id} to start "
            f"{command.process_definition_key!r} for it, but it does not.",
            unit_code=unit_code,
        )
    key = command.process_definition_key
    if subject.definition_ref is None:
        raise NotFound(f"Expected a deployed process {key!r}, but found none.", process_definition_key=key)
    must_not_run(key, command.business_key, subject.running_root_id)
    root_id = str(collaborators.ids.make(collaborators.clock.now()))
    start = Start(graph_ref=subject.definition_ref, business_key=command.business_key, variables=variables)
    return Decision(changes=(start,), new_root_id=root_id)


def must_not_run(key: str, business_key: str, running_root_id: str | None) -> None:
    """Raises AlreadyRunning: one active root instance per process and business key."""
    if running_root_id is not None:
        raise AlreadyRunning(
            f"Expected no active instance of {key!r} with business key {business_key!r}, but {running_root_id} runs.",
            process_definition_key=key,
            business_key=business_key,
            process_instance_id=running_root_id,
        )
