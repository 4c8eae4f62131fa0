"""Try again what has failed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import IncidentSubject, must_have
from engine.kernel.changes import Change, Retry
from engine.model.actor import Actor
from engine.model.deeds import IncidentRetried
from engine.model.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class RetryIncident:
    """An operator has mended the cause and says: once more."""

    actor: Actor
    incident_id: str


def retry_incident(subject: IncidentSubject, command: RetryIncident, collaborators: Collaborators) -> Decision:
    """Execute the element again; if it fails again, a new incident is opened.

    Raises:
        NotFound: out of the actor's sight.
        NotPermitted: the actor does not operate the engine.
        IncidentAlreadyResolved: somebody was faster.
    """
    incident = subject.incident
    if not command.actor.oversees and not command.actor.sees_unit(incident.unit_code):
        raise no_such_incident(incident.id)
    must_have(command.actor, "operate", "retry an incident")
    incident.must_be_open()
    changes: tuple[Change, ...] = ()
    if incident.kind not in ("timer", "job") and incident.token is not None:
        changes = (Retry(part=incident.part, token=incident.token),)
    retried = IncidentRetried(
        incident_id=incident.id,
        part=incident.part,
        token=incident.token,
        element_id=incident.element_id,
        kind=incident.kind,
        timer_key=incident.timer_key,
    )
    return Decision(changes=changes, deeds=(retried,))


def no_such_incident(incident_id: str) -> NotFound:
    """The refusal for an id that is unknown, or out of the actor's sight."""
    return NotFound(f"Expected an incident {incident_id!r}, but found none.", incident_id=incident_id)
