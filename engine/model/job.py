"""A job: work of a service node that a program outside takes, does and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model.errors import WrongState


class JobNotHeld(WrongState):
    """The job is done, withdrawn, or another worker's."""

    code = "job-not-held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as its row stands."""

    id: str
    root_id: str
    part: int
    token: int
    element_id: str
    topic: str
    business_key: str
    variables: Mapping[str, Any]
    properties: Mapping[str, str]
    #: open | done | failed | withdrawn
    state: str
    #: Failures left before it becomes an incident.
    retries: int
    worker: str | None
    #: Until when the worker holds it; aware, UTC.
    available_at: datetime | None

    def must_be_held_by(self, worker: str) -> None:
        """Raises JobNotHeld. A lease that ran out still counts while nobody else has taken the job."""
        if self.state != "open" or self.worker != worker:
            raise JobNotHeld(
                f"Expected job {self.id} ({self.topic}) to be held by {worker!r}, but it is {self.state} and held by "
                f"{self.worker or 'nobody'}.",
                job_id=self.id,
                state=self.state,
            )
