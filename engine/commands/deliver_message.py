"""Bring a message to the next one who waits for it, or let it start an instance, or keep it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.answer_extension import extension_answered
from engine.commands.answer_withdrawal import withdrawal_answered
from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, Nothing
from engine.commands.give_opinion import opinion_given
from engine.commands.subjects import MessageSubject
from engine.kernel.changes import DeliverMessage as Deliver
from engine.kernel.changes import DeliverSignal, Start
from engine.model.actor import Actor
from engine.model.deeds import Deed, MessageDelivered, MessageSettled
from engine.model.message import LOOK_AGAIN_AFTER, MessageReceiver
from engine.model.opinion import ANSWERS as OPINION_GIVEN
from engine.model.withdrawal import ANSWERS as WITHDRAWN


@dataclass(frozen=True, kw_only=True)
class DeliverMessage:
    """The engine brings a message to one receiver."""

    actor: Actor
    message_id: str


def deliver_message(subject: MessageSubject, command: DeliverMessage, collaborators: Collaborators) -> Decision:
    """One receiver a time: each process gets a message once, those who wait come before those who start.

    A message that nobody waits for is kept until it expires ("no receiver yet").
    """
    message, receiver = subject.message, subject.receiver
    now = collaborators.clock.now()
    if not message.is_undelivered:
        return Decision(answer=Nothing())
    if message.kind == "message" and now >= message.expires_at:
        state = "delivered" if subject.delivered_before else "expired"
        return Decision(deeds=(MessageSettled(message_id=message.id, state=state),), answer=Nothing())
    if receiver is not None and subject.suspended:
        settled = MessageSettled(message_id=message.id, state=message.state, look_again_at=now + LOOK_AGAIN_AFTER[-1])
        return Decision(deeds=(settled,), answer=Nothing())
    if receiver is not None:
        return _delivered(subject, receiver, collaborators)
    if subject.delivered_before or message.kind == "signal":
        settled = MessageSettled(message_id=message.id, state="delivered")
    else:
        look_again = LOOK_AGAIN_AFTER[message.attempts :][:1]
        settled = MessageSettled(
            message_id=message.id, state="buffered", look_again_at=now + look_again[0] if look_again else None
        )
    return Decision(deeds=(settled,), answer=Nothing())


def _delivered(subject: MessageSubject, receiver: MessageReceiver, collaborators: Collaborators) -> Decision:
    message = subject.message
    deeds: tuple[Deed, ...] = (
        MessageDelivered(
            message_id=message.id,
            name=message.name,
            receiver=receiver.definition_key,
            goes_on=subject.has_more_receivers,
        ),
    )
    if not subject.has_more_receivers:
        deeds += (MessageSettled(message_id=message.id, state="delivered"),)
    if receiver.root_id is None:
        start = Start(
            graph_ref=receiver.definition_ref,
            business_key=receiver.business_key,
            variables=message.variables,
            start_element_id=receiver.element_id,
        )
        root_id = collaborators.ids.make(collaborators.clock.now())
        return Decision(changes=(start,), deeds=deeds, new_root_id=root_id)
    if message.kind == "signal":
        return Decision(changes=(DeliverSignal(name=message.name, variables=message.variables),), deeds=deeds)
    if subject.answered is not None:
        if message.name == OPINION_GIVEN:
            return Decision(deeds=(*deeds, opinion_given(subject.answered, message)))
        if message.name == WITHDRAWN:
            changes, answered = withdrawal_answered(subject.answered, message)
        else:
            changes, answered = extension_answered(subject.answered, message, collaborators.clock.now())
        return Decision(changes=changes, deeds=(*deeds, *answered))
    change = Deliver(part=receiver.part, wait=receiver.wait, variables=message.variables)
    return Decision(changes=(change,), deeds=deeds)
