"""What is read for messages: the receiver's root is locked before the message."""

from __future__ import annotations

from typing import Any

from engine.commands.subjects import MessageSubject
from engine.commands.user_task_subject import UserTaskSubject
from engine.dispatcher.loading_requests import with_what_can_be_given_back, with_what_is_to_extend
from engine.dispatcher.reading import Loaded, Reading, Restart
from engine.model.errors import NotFound
from engine.model.opinion import ANSWERS as OPINION_GIVEN
from engine.model.withdrawal import ANSWERS as WITHDRAWN
from engine.store import messages, reader


def message_to_deliver(reading: Reading, command: Any) -> Loaded:
    """A message on its way and who takes it next. Raises NotFound, Restart."""
    connection, tenant_id = reading.connection, reading.tenant_id
    message = messages.read_message(connection, tenant_id, command.message_id)
    if message is None:
        raise NotFound(f"Expected a message {command.message_id!r}, but found none.", message_id=command.message_id)
    seen = messages.read_delivery(connection, tenant_id, message)
    # the receiver's root first, then the message, then once more what was seen before the locks
    root_id = seen.receivers[0].root_id if seen.receivers else None
    root = reader.lock_root(connection, tenant_id, root_id) if root_id is not None else None
    messages.lock_message(connection, tenant_id, message.id)
    message = messages.read_message(connection, tenant_id, message.id) or message
    delivery = messages.read_delivery(connection, tenant_id, message)
    receiver = delivery.receivers[0] if delivery.receivers else None
    if receiver is not None and receiver.root_id != root_id:
        raise Restart
    answered: UserTaskSubject | None = None
    if root is not None and receiver is not None and receiver.user_task_id is not None:
        user_task = reader.read_user_task(connection, tenant_id, receiver.user_task_id)
        assert user_task is not None, "what was asked for refers to it"
        work = UserTaskSubject(user_task, root.suspended)
        if message.name == OPINION_GIVEN:
            answered = work
        elif message.name == WITHDRAWN:
            answered = with_what_can_be_given_back(reading, work, root)
        else:
            answered = with_what_is_to_extend(reading, work)
    subject = MessageSubject(
        message=message,
        receiver=receiver,
        delivered_before=delivery.delivered_before,
        has_more_receivers=len(delivery.receivers) > 1,
        suspended=root is not None and root.suspended,
        answered=answered,
    )
    return Loaded(subject=subject, root=root if receiver is not None else None)


def new_message(reading: Reading, command: Any) -> Loaded:
    """Whether a message from outside was taken in before."""
    received = command.message_id is not None and messages.has_message(
        reading.connection, reading.tenant_id, command.message_id
    )
    return Loaded(subject=received, given=reading.given())
