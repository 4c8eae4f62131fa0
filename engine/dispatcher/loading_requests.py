"""What is read beside a user task for what people ask for there: an extension, or work that is taken back."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.taking_back import taken_back
from engine.commands.user_task_subject import UserTaskSubject
from engine.dispatcher.reading import Reading
from engine.kernel import apply
from engine.kernel.environment import Environment
from engine.kernel.returning import steps_behind
from engine.model.errors import ExecutionFailed, WrongState
from engine.model.extension import ASKS, Extending, latest_day
from engine.model.withdrawal import Withdrawing, review_of
from engine.store import extension_rows, messages, reader, withdrawal_rows


def with_what_is_to_extend(reading: Reading, subject: UserTaskSubject) -> UserTaskSubject:
    """A user task with those that began with it, and what was asked for before."""
    connection, tenant_id, user_task = reading.connection, reading.tenant_id, subject.user_task
    somebody_decides = messages.begins_something(connection, tenant_id, ASKS)
    extending = Extending(
        siblings=extension_rows.read_siblings(connection, tenant_id, user_task),
        extension=extension_rows.read_extension(connection, tenant_id, user_task),
        latest=latest_day(reading.deadlines, user_task) if somebody_decides else None,
        deadlines=reading.deadlines,
    )
    return replace(subject, extending=extending)


def with_what_came_of_it(reading: Reading, subject: UserTaskSubject) -> UserTaskSubject:
    """A user task with what came of its work since it was handed over."""
    user_task = subject.user_task
    graph = reading.definitions.by_ref(user_task.definition_ref)
    behind = steps_behind(graph, user_task.element_id)
    found = withdrawal_rows.read_withdrawing(reading.connection, reading.tenant_id, user_task, behind)
    return replace(subject, withdrawing=found)


def with_what_is_asked_back(reading: Reading, subject: UserTaskSubject) -> UserTaskSubject:
    """A review with what its reviewer is asked to give back, if anything."""
    connection, tenant_id, review = reading.connection, reading.tenant_id, subject.user_task
    asked = withdrawal_rows.read_asked_of(connection, tenant_id, review.id) if review.is_open else None
    handed_over = reader.read_user_task(connection, tenant_id, asked.user_task_id) if asked is not None else None
    if asked is None or handed_over is None:
        return subject
    return replace(subject, asked_back=(asked, handed_over))


def with_who_has_looked(reading: Reading, subject: UserTaskSubject) -> UserTaskSubject:
    """A user task with who has opened it."""
    openings = withdrawal_rows.read_openings(reading.connection, reading.tenant_id, [subject.user_task.id])
    found = Withdrawing(since=(), openings=openings, asked=None, somebody_answers=False)
    return replace(subject, withdrawing=found)


def with_what_can_be_given_back(
    reading: Reading, subject: UserTaskSubject, root: reader.LockedRoot
) -> UserTaskSubject:
    """As the first, for an answer: it is tried whether the kernel goes back. Where it cannot, nothing waits, and the
    answer is noted instead of failing for ever.
    """
    subject = with_what_came_of_it(reading, subject)
    withdrawing = subject.withdrawing
    assert withdrawing is not None, "it was read just now"
    environment = Environment(reading.now, reading.definitions.decide, reading.deadlines)
    try:
        change = taken_back(subject.user_task, review_of(subject.user_task, withdrawing))
        apply(reading.definitions, reading.state_of(root), change, environment)
    except (WrongState, ExecutionFailed):
        return replace(subject, withdrawing=replace(withdrawing, since=()))
    return subject
