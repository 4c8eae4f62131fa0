"""Take in a message from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, MessageAccepted
from engine.commands.subjects import must_have
from engine.commands.values import as_variables
from engine.model.actor import Actor
from engine.model.deeds import MessageReceived
from engine.model.errors import Fault, Invalid


class NamelessMessage(Invalid):
    """A message without a name reaches nobody."""

    code = "nameless-message"


@dataclass(frozen=True, kw_only=True)
class CorrelateMessage:
    """Somebody outside tells something that an instance waits for, or will wait for within 400 days."""

    actor: Actor
    name: str
    correlation_key: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: The sender's own id; the same one is taken in once. None = a new one is made.
    message_id: str | None = None


def correlate_message(already_received: bool, command: CorrelateMessage, collaborators: Collaborators) -> Decision:
    """Put the message into the message table; a transaction of its own delivers it.

    Raises:
        NotPermitted: the actor may not send messages.
        NamelessMessage: the name is empty.
    """
    must_have(command.actor, "correlate", "send a message")
    if not command.name:
        message = "Expected a message name, but found none."
        raise NamelessMessage(message, (Fault("nameless-message", message, "name"),))
    message_id = command.message_id or collaborators.ids.make(collaborators.clock.now())
    answer = MessageAccepted(message_id=message_id)
    if already_received:
        return Decision(answer=answer)
    deed = MessageReceived(
        message_id=message_id,
        name=command.name,
        correlation_key=command.correlation_key,
        variables=as_variables(command.variables),
    )
    return Decision(deeds=(deed,), answer=answer)
