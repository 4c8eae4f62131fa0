"""What is read for a transfer: the people a user task may go to, and what has been typed at it."""

from __future__ import annotations

from typing import Any

from engine.commands.transfer_subject import TransferSubject
from engine.commands.user_task_subject import UserTaskSubject
from engine.dispatcher.reading import Reading
from engine.kernel.people import fixed_roles
from engine.model.transfer import ColleaguesRequest
from engine.model.user_task import Draft
from engine.store import drafts


def with_whom_it_may_go_to(reading: Reading, subject: UserTaskSubject, command: Any) -> TransferSubject:
    """A user task with the people of its unit, and with what the assignee and the receiver have typed."""
    connection, tenant_id, user_task = reading.connection, reading.tenant_id, subject.user_task
    node = reading.definitions.by_ref(user_task.definition_ref).node(user_task.element_id)
    request = ColleaguesRequest.about(user_task, fixed_roles(node), command.actor)

    def typed_by(user_id: str | None) -> Draft | None:
        return drafts.read_draft_at_hand(connection, tenant_id, user_task, user_id) if user_id else None

    return TransferSubject(
        user_task,
        subject.suspended,
        filers=subject.filers,
        was_in_hand=subject.was_in_hand,
        asked_back=subject.asked_back,
        colleagues=reading.people.colleagues(connection, request),
        typed=typed_by(user_task.assignee),
        typed_by_receiver=typed_by(command.to.strip()),
    )
