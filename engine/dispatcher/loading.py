"""What is locked and read before a command is decided: the root first, everything else afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.commands.retry_incident import no_such_incident
from engine.commands.subjects import IncidentSubject, InstanceSubject, JobsSubject, JobSubject
from engine.commands.user_task_subject import UserTaskSubject
from engine.dispatcher.loading_messages import message_to_deliver, new_message
from engine.dispatcher.loading_requests import (
    with_what_came_of_it,
    with_what_is_to_extend,
    with_who_has_looked,
    with_whom_it_may_go_to,
)
from engine.dispatcher.loading_starts import deployment, new_instance, start_timer, timer
from engine.dispatcher.reading import Loaded, Reading, Restart
from engine.dispatcher.rules import About
from engine.model.errors import NotFound
from engine.model.process_instance import no_such_instance
from engine.model.user_task import no_such_user_task
from engine.store import drafts, reader, transfers, visible

__all__ = ["Loaded", "Reading", "Restart", "load"]


def load(reading: Reading, about: About, command: Any) -> Loaded:
    """Lock and read what a command is about.

    Raises:
        NotFound: there is nothing by the id.
    """
    return _LOADERS[about](reading, command)


def _user_task(reading: Reading, command: Any) -> Loaded:
    return _with_user_task(reading, command, with_form=False)


def _user_task_with_form(reading: Reading, command: Any) -> Loaded:
    return _with_user_task(reading, command, with_form=True)


def _user_task_with_draft(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    if loaded.given is not None or loaded.user_task is None:
        return loaded
    connection, tenant_id, user_task, me = reading.connection, reading.tenant_id, loaded.user_task, reading.actor_id
    # work that came back: what stood apart goes on with it
    draft = drafts.read_draft_at_hand(connection, tenant_id, user_task, me)
    return loaded._replace(subject=replace(loaded.subject, draft=draft))


def _with_user_task(reading: Reading, command: Any, *, with_form: bool) -> Loaded:
    connection, tenant_id = reading.connection, reading.tenant_id
    found = reader.lock_worked_on(connection, tenant_id, command.user_task_id, reading.actor_id, reading.key)
    if found is None:
        raise no_such_user_task(command.user_task_id)
    root, worked_on = found
    user_task, given = worked_on.user_task, worked_on.given
    variables: Mapping[str, Any] = {}
    if with_form and user_task.is_open and user_task.form_key is not None and given is None:
        variables = visible.variables_at(reading.state_of(root).parts, user_task.part, user_task.token)
    subject = UserTaskSubject(user_task, root.suspended, variables, worked_on.filers)
    if not user_task.is_visible_to(command.actor) and transfers.was_in_hand_of(connection, user_task, command.actor):
        subject = replace(subject, was_in_hand=True)
    return Loaded(subject, root, given, user_task)


def _user_task_to_extend(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    return loaded._replace(subject=with_what_is_to_extend(reading, loaded.subject))


def _user_task_to_withdraw(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    return loaded._replace(subject=with_what_came_of_it(reading, loaded.subject))


def _user_task_to_open(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    return loaded._replace(subject=with_who_has_looked(reading, loaded.subject))


def _user_task_to_transfer(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    if loaded.given is not None:
        return loaded
    return loaded._replace(subject=with_whom_it_may_go_to(reading, loaded.subject, command))


def _instance(reading: Reading, command: Any) -> Loaded:
    process_instance_id = command.process_instance_id
    root = reader.lock_root_of(reading.connection, reading.tenant_id, "process_instance", process_instance_id)
    instance = root and reader.read_instance(reading.connection, reading.tenant_id, process_instance_id)
    if not root or not instance:
        raise no_such_instance(process_instance_id)
    return Loaded(
        subject=InstanceSubject(instance=instance, suspended=root.suspended), root=root, given=reading.given()
    )


def _incident(reading: Reading, command: Any) -> Loaded:
    root = reader.lock_root_of(reading.connection, reading.tenant_id, "incident", command.incident_id)
    incident = root and reader.read_incident(reading.connection, reading.tenant_id, command.incident_id)
    if not incident:
        raise no_such_incident(command.incident_id)
    return Loaded(subject=IncidentSubject(incident=incident), root=root, given=reading.given())


def _job(reading: Reading, command: Any) -> Loaded:
    root = reader.lock_root_of(reading.connection, reading.tenant_id, "job", command.job_id)
    job = root and reader.read_job(reading.connection, reading.tenant_id, command.job_id)
    if not root or not job:
        raise NotFound(f"Expected a job {command.job_id!r}, but found none.", job_id=command.job_id)
    return Loaded(subject=JobSubject(job=job, suspended=root.suspended), root=root, given=reading.given())


def _open_jobs(reading: Reading, command: Any) -> Loaded:
    now = reading.now
    jobs = reader.lock_open_jobs(reading.connection, reading.tenant_id, command.topic, now, command.limit)
    return Loaded(subject=JobsSubject(jobs=jobs), given=reading.given())


_LOADERS: Mapping[About, Callable[[Reading, Any], Loaded]] = {
    About.USER_TASK: _user_task,
    About.USER_TASK_WITH_FORM: _user_task_with_form,
    About.USER_TASK_WITH_DRAFT: _user_task_with_draft,
    About.USER_TASK_TO_EXTEND: _user_task_to_extend,
    About.USER_TASK_TO_WITHDRAW: _user_task_to_withdraw,
    About.USER_TASK_TO_OPEN: _user_task_to_open,
    About.USER_TASK_TO_TRANSFER: _user_task_to_transfer,
    About.INSTANCE: _instance,
    About.INCIDENT: _incident,
    About.JOB: _job,
    About.OPEN_JOBS: _open_jobs,
    About.TIMER: timer,
    About.START_TIMER: start_timer,
    About.MESSAGE: message_to_deliver,
    About.NEW_MESSAGE: new_message,
    About.NEW_INSTANCE: new_instance,
    About.DEPLOYMENT: deployment,
}
