"""A worker outside has done a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import JobSubject, must_have
from engine.commands.values import as_variables
from engine.kernel.changes import AnswerService, Change, RaiseBpmnError
from engine.model.actor import Actor
from engine.model.deeds import JobAnswered
from engine.model.process_instance import InstanceSuspended


@dataclass(frozen=True, kw_only=True)
class AnswerJob:
    """A program says: done, here is the result; or names a BPMN error that the diagram knows."""

    actor: Actor
    job_id: str
    #: As given when the job was taken.
    worker: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error_code: str | None = None
    error_message: str = ""


def answer_job(subject: JobSubject, command: AnswerJob, collaborators: Collaborators) -> Decision:
    """Let the instance move on from the service node.

    Raises:
        NotPermitted: the actor does no jobs.
        JobNotHeld: the job is done, withdrawn, or another worker's.
        InstanceSuspended: nothing moves; answer again later.
    """
    must_have(command.actor, "work", "answer a job")
    job = subject.job
    job.must_be_held_by(command.worker)
    if subject.suspended:
        raise InstanceSuspended(
            f"Expected to answer job {job.id}, but its process instance is suspended.", job_id=job.id
        )
    variables = as_variables(command.variables)
    change: Change = AnswerService(part=job.part, token=job.token, variables=variables)
    if command.error_code is not None:
        change = RaiseBpmnError(
            part=job.part,
            token=job.token,
            error_code=command.error_code,
            message=command.error_message,
            variables=variables,
        )
    return Decision(changes=(change,), deeds=(JobAnswered(job_id=job.id),))
