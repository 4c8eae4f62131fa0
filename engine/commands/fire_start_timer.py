"""The instant of a timer start event has come."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, Nothing
from engine.commands.start_events import following_beat
from engine.commands.subjects import StartTimerSubject
from engine.kernel.changes import Start
from engine.model.actor import Actor
from engine.model.deeds import StartTimerFired


@dataclass(frozen=True, kw_only=True)
class FireStartTimer:
    """The clock knocks for a process that it starts."""

    actor: Actor
    definition_key: str
    element_id: str


def fire_start_timer(subject: StartTimerSubject, command: FireStartTimer, collaborators: Collaborators) -> Decision:
    """Start an instance, unless one with its business key runs; then set the next instant of a cycle.

    Missed instants of a cycle coalesce: one that comes late stands for all that were missed up to then.
    """
    now = collaborators.clock.now()
    if subject.due_at is None or subject.due_at > now:
        return Decision(answer=Nothing())
    beat = following_beat(subject.due_at, subject.payload, now, subject.deadlines)
    fired = StartTimerFired(
        definition_key=command.definition_key,
        element_id=command.element_id,
        next_at=beat.due_at if beat is not None else None,
        payload={"definition_ref": subject.definition_ref, "rule": beat.rule, "left": beat.left} if beat else {},
    )
    if subject.running_root_id is not None:
        return Decision(deeds=(fired,), answer=Nothing())
    start = Start(
        graph_ref=subject.definition_ref,
        business_key=subject.business_key,
        start_element_id=command.element_id,
    )
    return Decision(changes=(start,), deeds=(fired,), new_root_id=collaborators.ids.make(now))
