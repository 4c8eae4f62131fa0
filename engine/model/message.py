"""A message between instances, or a signal on its way to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: A receiver whose row was written but not yet committed when we looked is found by looking again, so long after each
#: look that has found nobody.
LOOK_AGAIN_AFTER = (timedelta(seconds=5), timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as its row stands."""

    id: str
    #: message | signal
    kind: str
    name: str
    #: Messages: the key that must match. Signals: the receiving root, or "start:<process definition key>".
    correlation_key: str
    variables: Mapping[str, Any]
    #: pending | buffered | delivered | expired
    state: str
    #: Aware, UTC.
    expires_at: datetime
    #: Times somebody looked for a receiver.
    attempts: int
    #: Thrown by a process, not sent from outside.
    from_process: bool = False

    @property
    def is_undelivered(self) -> bool:
        return self.state in ("pending", "buffered")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceiver:
    """Who takes a message next: a waiting instance, a user task where it was asked for, or a process it starts."""

    definition_key: str
    #: A waiting instance.
    root_id: str | None = None
    part: int = 0
    wait: int = 0
    #: A user task within the instance.
    user_task_id: str | None = None
    #: A start event.
    definition_ref: str = ""
    element_id: str = ""
    business_key: str = ""


def started_business_key(message: Message) -> str:
    """Business key of an instance that a message starts: its variable `business_key`, else its correlation key."""
    business_key = message.variables.get("business_key")
    if isinstance(business_key, str):
        return business_key
    return message.correlation_key if message.kind == "message" else ""
