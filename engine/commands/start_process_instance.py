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
from engine.kernel.graph import Starters
from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.model.process_instance import AlreadyRunning, NotAStarter, UnitOutOfScope


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
        NotPermitted: the actor may not start processes.
        NotAStarter: the diagram names others.
        UnitOutOfScope: not for this unit.
        NotFound: no such process is deployed.
        AlreadyRunning: an active instance has the business key.
        NotFeel: a variable that is no FEEL value.
    """
    must_have(command.actor, "start", "start a process instance")
    variables = as_variables(command.variables)
    if command.unit_code is not None:
        variables["unit_code"] = command.unit_code
    key = command.process_definition_key
    if subject.definition_ref is None:
        raise NotFound(f"Expected a deployed process {key!r}, but found none.", process_definition_key=key)
    _must_be_a_starter(command, subject.starters)
    _must_see_the_unit(command, variables.get("unit_code"), subject.starters)
    must_not_run(key, command.business_key, subject.running_root_id)
    root_id = collaborators.ids.make(collaborators.clock.now())
    start = Start(graph_ref=subject.definition_ref, business_key=command.business_key, variables=variables)
    return Decision(changes=(start,), new_root_id=root_id)


def _must_be_a_starter(command: StartProcessInstance, starters: Starters) -> None:
    actor = command.actor
    if actor.is_system or not starters.are_named:
        return
    if actor.user_id not in starters.users and (actor.roles | actor.groups).isdisjoint(starters.groups):
        raise NotAStarter(
            f"Expected {actor.user_id} to be among those who may start {command.process_definition_key!r} "
            f"({', '.join((*starters.groups, *starters.users))}), but found none of them.",
            process_definition_key=command.process_definition_key,
        )


def _must_see_the_unit(command: StartProcessInstance, unit_code: Any, starters: Starters) -> None:
    """For units in the data scope. Who deploys may try a process for any unit, unless the diagram names its starters:
    that gives nothing that the drawing of it would not give."""
    actor = command.actor
    if not isinstance(unit_code, str) or actor.is_system or actor.sees_unit(unit_code):
        return
    if starters.are_named or not actor.may("deploy"):
        raise UnitOutOfScope(
            f"Expected unit {unit_code!r} to lie in the data scope of {actor.user_id} to start "
            f"{command.process_definition_key!r} for it, but it does not.",
            process_definition_key=command.process_definition_key,
            unit_code=unit_code,
        )


def must_not_run(key: str, business_key: str, running_root_id: str | None) -> None:
    """Raises AlreadyRunning: one active root instance per process and business key."""
    if running_root_id is not None:
        raise AlreadyRunning(
            f"Expected no active instance of {key!r} with business key {business_key!r}, but {running_root_id} runs.",
            process_definition_key=key,
            business_key=business_key,
            process_instance_id=running_root_id,
        )
