"""Messages from outside."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from api.house import actor, house
from api.identity.gate import RouteRule, open_to
from api.identity.refusals import NotASender
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, MessageAccepted, NewMessage
from engine.commands import CorrelateMessage

messages = APIBlueprint("messages", __name__, url_prefix="/api/v1/messages", tag="Messages")


@messages.post("")
@messages.input(NewMessage)
@messages.input(ChangeHeaders, location="headers")
@messages.output(MessageAccepted, 202)
@open_to(RouteRule(permission="correlate"))
def correlate_message(json_data: NewMessage, headers_data: ChangeHeaders) -> Response:
    """Tell something that an instance waits for

    The message goes to the instance that waits for its name and correlation key. While nobody does, it is kept. What
    processes tell one another is not taken from outside, and some messages only from certain roles.
    """
    _must_be_a_sender(json_data.name)
    command = CorrelateMessage(
        actor=actor(),
        name=json_data.name,
        correlation_key=json_data.correlation_key,
        variables=json_data.variables,
        message_id=json_data.message_id,
    )
    return carry_out(command, headers_data, 202)


def _must_be_a_sender(name: str) -> None:
    """Raises NotASender: the package names others, or nobody."""
    roles = house().senders.get(name)
    if roles is not None and actor().roles.isdisjoint(roles):
        senders = ", ".join(sorted(roles)) or "processes only"
        raise NotASender(
            f"Expected {actor().user_id} to be among those who send message {name!r}, but these are: {senders}.",
            message_name=name,
        )
