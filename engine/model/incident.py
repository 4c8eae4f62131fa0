"""An incident: an element that could not be executed, and waits for somebody to retry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.errors import WrongState


class IncidentAlreadyResolved(WrongState):
    """Somebody has resolved it, or its instance has ended."""

    code = "incident-already-resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as its row stands."""

    id: str
    root_id: str
    part: int
    #: The token that rests at the element; of a timer its number, which is that of its wait or of the user task.
    token: int | None
    element_id: str
    unit_code: str | None
    #: expression | script | service | decision | call | mapping | step-limit | no-flow | timer | job
    kind: str
    #: Of a timer: its key, which tells one rung of a user task from another; None for what is no timer.
    timer_key: str | None
    resolved_at: datetime | None

    def must_be_open(self) -> None:
        """Raises IncidentAlreadyResolved."""
        if self.resolved_at is not None:
            raise IncidentAlreadyResolved(
                f"Expected incident {self.id} at {self.element_id!r} to be open, but it was resolved at "
                f"{self.resolved_at.isoformat(timespec='minutes')}.",
                incident_id=self.id,
            )
