"""What is locked and read before a command is decided: the root first, everything else afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.commands.user_task_subject import UserTaskSubject
from engine.dispatcher.loading_conversation import case_talked_about, with_who_may_be_asked
from engine.dispatcher.loading_messages import message_to_deliver, new_message
from engine.dispatcher.loading_operations import incident, instance, job, open_jobs
from engine.dispatcher.loading_requests import (
    with_what_came_of_it,
    with_what_is_asked_back,
    with_what_is_to_extend,
    with_who_has_looked,
)
from engine.dispatcher.loading_starts import deployment, new_instance, start_timer, timer
from engine.dispatcher.loading_transfers import with_whom_it_may_go_to
from engine.dispatcher.reading import Loaded, Reading, Restart
from engine.dispatcher.rules import About
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


def _user_task_in_hand(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    return loaded._replace(subject=with_what_is_asked_back(reading, loaded.subject))


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
    subject = with_what_is_asked_back(reading, loaded.subject)
    return loaded._replace(subject=with_whom_it_may_go_to(reading, subject, command))


def _user_task_to_ask(reading: Reading, command: Any) -> Loaded:
    loaded = _with_user_task(reading, command, with_form=False)
    return loaded._replace(subject=with_who_may_be_asked(reading, loaded.subject, command.of))


_LOADERS: Mapping[About, Callable[[Reading, Any], Loaded]] = {
    About.USER_TASK: _user_task,
    About.USER_TASK_WITH_FORM: _user_task_with_form,
    About.USER_TASK_WITH_DRAFT: _user_task_with_draft,
    About.USER_TASK_IN_HAND: _user_task_in_hand,
    About.USER_TASK_TO_EXTEND: _user_task_to_extend,
    About.USER_TASK_TO_WITHDRAW: _user_task_to_withdraw,
    About.USER_TASK_TO_ASK: _user_task_to_ask,
    About.USER_TASK_TO_OPEN: _user_task_to_open,
    About.USER_TASK_TO_TRANSFER: _user_task_to_transfer,
    About.INSTANCE: instance,
    About.CASE: case_talked_about,
    About.INCIDENT: incident,
    About.JOB: job,
    About.OPEN_JOBS: open_jobs,
    About.TIMER: timer,
    About.START_TIMER: start_timer,
    About.MESSAGE: message_to_deliver,
    About.NEW_MESSAGE: new_message,
    About.NEW_INSTANCE: new_instance,
    About.DEPLOYMENT: deployment,
}
