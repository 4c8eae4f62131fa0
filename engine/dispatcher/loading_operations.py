"""What is read for those who operate the engine and for workers: instances, incidents, jobs."""

from __future__ import annotations

from typing import Any

from engine.commands.retry_incident import no_such_incident
from engine.commands.subjects import IncidentSubject, InstanceSubject, JobsSubject, JobSubject
from engine.dispatcher.reading import Loaded, Reading
from engine.model.errors import NotFound
from engine.model.process_instance import no_such_instance
from engine.store import reader


def instance(reading: Reading, command: Any) -> Loaded:
    """A process instance that somebody operates."""
    process_instance_id = command.process_instance_id
    root = reader.lock_root_of(reading.connection, reading.tenant_id, "process_instance", process_instance_id)
    instance = root and reader.read_instance(reading.connection, reading.tenant_id, process_instance_id)
    if not root or not instance:
        raise no_such_instance(process_instance_id)
    return Loaded(
        subject=InstanceSubject(instance=instance, suspended=root.suspended), root=root, given=reading.given()
    )


def incident(reading: Reading, command: Any) -> Loaded:
    """An incident that somebody retries."""
    root = reader.lock_root_of(reading.connection, reading.tenant_id, "incident", command.incident_id)
    incident = root and reader.read_incident(reading.connection, reading.tenant_id, command.incident_id)
    if not incident:
        raise no_such_incident(command.incident_id)
    return Loaded(subject=IncidentSubject(incident=incident), root=root, given=reading.given())


def job(reading: Reading, command: Any) -> Loaded:
    """A job that its worker answers."""
    root = reader.lock_root_of(reading.connection, reading.tenant_id, "job", command.job_id)
    job = root and reader.read_job(reading.connection, reading.tenant_id, command.job_id)
    if not root or not job:
        raise NotFound(f"Expected a job {command.job_id!r}, but found none.", job_id=command.job_id)
    return Loaded(subject=JobSubject(job=job, suspended=root.suspended), root=root, given=reading.given())


def open_jobs(reading: Reading, command: Any) -> Loaded:
    """Jobs of a topic that nobody holds."""
    now = reading.now
    jobs = reader.lock_open_jobs(reading.connection, reading.tenant_id, command.topic, now, command.limit)
    return Loaded(subject=JobsSubject(jobs=jobs), given=reading.given())
