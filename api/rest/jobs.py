"""Jobs of service nodes that a program outside does: take, answer, give back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor
from api.identity.gate import RouteRule, open_to
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, Closed, Key, Moved, Text, Values, Whole
from engine.commands import AnswerJob, FailJob, TakeJobs

jobs = APIBlueprint("jobs", __name__, url_prefix="/api/v1/jobs", tag="Jobs")

WORK = RouteRule(permission="work")

Worker = Annotated[str, Field(min_length=1, max_length=100)]


class JobRequest(Closed):
    topic: Key
    worker: Worker = Field(description="Name under which the jobs are answered.")
    limit: Annotated[Whole, Field(ge=1, le=100)] = 10
    lease_seconds: Annotated[Whole, Field(ge=1, le=86_400)] = Field(
        default=300, description="Afterwards the jobs may be given to somebody else."
    )


class JobResult(Closed):
    worker: Worker
    variables: Values = Field(default_factory=dict)
    error_code: Key | None = Field(
        default=None, description="A BPMN error that the diagram knows, instead of a result."
    )
    error_message: Text = ""


class JobFailure(Closed):
    worker: Worker
    message: Annotated[str, Field(min_length=1, max_length=2000)]


class JobView(BaseModel):
    id: str
    topic: str
    business_key: str
    element_id: str
    variables: dict[str, Any]
    properties: dict[str, str]
    retries: int


class JobsHandedOut(BaseModel):
    jobs: list[JobView]


@jobs.post("/take")
@jobs.input(JobRequest)
@jobs.input(ChangeHeaders, location="headers")
@jobs.output(JobsHandedOut)
@open_to(WORK)
def take_jobs(json_data: JobRequest, headers_data: ChangeHeaders) -> Response:
    """Take jobs of a topic that nobody holds, oldest first"""
    command = TakeJobs(
        actor=actor(),
        topic=json_data.topic,
        worker=json_data.worker,
        limit=json_data.limit,
        lease_for=timedelta(seconds=json_data.lease_seconds),
    )
    return carry_out(command, headers_data)


@jobs.post("/<job_id>/answer")
@jobs.input(JobResult)
@jobs.input(ChangeHeaders, location="headers")
@jobs.output(Moved)
@open_to(WORK)
def answer_job(job_id: str, json_data: JobResult, headers_data: ChangeHeaders) -> Response:
    """Hand in the result of a job, or a BPMN error"""
    command = AnswerJob(
        actor=actor(),
        job_id=job_id,
        worker=json_data.worker,
        variables=json_data.variables,
        error_code=json_data.error_code,
        error_message=json_data.error_message,
    )
    return carry_out(command, headers_data)


@jobs.post("/<job_id>/fail")
@jobs.input(JobFailure)
@jobs.input(ChangeHeaders, location="headers")
@jobs.output(Moved)
@open_to(WORK)
def fail_job(job_id: str, json_data: JobFailure, headers_data: ChangeHeaders) -> Response:
    """Give a job back: it is offered again later, or given up after the last try"""
    command = FailJob(actor=actor(), job_id=job_id, worker=json_data.worker, message=json_data.message)
    return carry_out(command, headers_data)
