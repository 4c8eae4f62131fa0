"""A worker outside asks for jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, JobsHandedOut
from engine.commands.subjects import JobsSubject, must_have
from engine.model.actor import Actor
from engine.model.deeds import JobsTaken


@dataclass(frozen=True, kw_only=True)
class TakeJobs:
    """A program says: give me work of this topic."""

    actor: Actor
    topic: str
    #: Name of the worker; it answers under the same name.
    worker: str
    limit: int = 10
    #: After this time the jobs may be given to somebody else.
    lease_for: timedelta = timedelta(minutes=5)


def take_jobs(subject: JobsSubject, command: TakeJobs, collaborators: Collaborators) -> Decision:
    """Hand out jobs that nobody holds, oldest first.

    Raises:
        NotPermitted: the actor does no jobs.
    """
    must_have(command.actor, "work", "take jobs")
    handed_out = tuple(
        {
            "id": job.id,
            "topic": job.topic,
            "business_key": job.business_key,
            "element_id": job.element_id,
            "variables": dict(job.variables),
            "properties": dict(job.properties),
            "retries": job.retries,
        }
        for job in subject.jobs
    )
    answer = JobsHandedOut(jobs=handed_out)
    if not handed_out:
        return Decision(answer=answer)
    until = collaborators.clock.now() + command.lease_for
    taken = JobsTaken(job_ids=tuple(job.id for job in subject.jobs), worker=command.worker, until=until)
    return Decision(deeds=(taken,), answer=answer)
