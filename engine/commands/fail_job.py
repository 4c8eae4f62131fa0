"""A worker outside could not do a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import JobSubject, must_have
from engine.kernel.changes import FailService
from engine.model.actor import Actor
from engine.model.deeds import JobFailed

#: The first wait before a job is offered again; doubled each time.
FIRST_BACKOFF = timedelta(seconds=10)
LONGEST_BACKOFF = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class FailJob:
    """A program says: I could not, and why."""

    actor: Actor
    job_id: str
    worker: str
    message: str


def fail_job(subject: JobSubject, command: FailJob, collaborators: Collaborators) -> Decision:
    """Offer the job again later, or give up: the error boundary takes it, else an incident.

    With 3 retries: again after 10 s, after 20 s, then given up.

    Raises:
        NotPermitted: the actor does no jobs.
        JobNotHeld: the job is done, withdrawn, or another worker's.
    """
    must_have(command.actor, "work", "answer a job")
    job = subject.job
    job.must_be_held_by(command.worker)
    left = job.retries - 1
    if left > 0:
        tries = int(job.properties.get("retries", "0") or 0) or 3
        backoff = min(FIRST_BACKOFF * 2 ** max(tries - job.retries, 0), LONGEST_BACKOFF)
        again_at = collaborators.clock.now() + backoff
        failed = JobFailed(job_id=job.id, message=command.message, retries_left=left, available_at=again_at)
        return Decision(deeds=(failed,))
    failed = JobFailed(job_id=job.id, message=command.message, retries_left=0, available_at=None)
    return Decision(changes=(FailService(part=job.part, token=job.token, message=command.message),), deeds=(failed,))
