"""What has served its time goes: answers to old requests, messages nobody has waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.dispatcher import Dispatcher
from engine.store import due
from engine.store.database import write_transaction

#: How long the same Idempotency-Key gets the same answer.
ANSWERS_KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was tidied up."""

    answers: int
    expired_messages: int


def sweep(dispatcher: Dispatcher) -> Swept:
    """Delete answers older than 24 hours, mark messages beyond their 400 days. To be called now and then."""
    now = dispatcher.collaborators.clock.now()
    with write_transaction(dispatcher.database) as connection:
        return Swept(
            answers=due.forget_answers(connection, before=now - ANSWERS_KEPT),
            expired_messages=due.expire_messages(connection, now=now),
        )
