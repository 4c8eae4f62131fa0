"""What a command is read with, and what was read: the root is locked first, everything else comes afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from engine.dispatcher.definitions import DefinitionsAtHand
from engine.kernel.environment import DeadlinePort
from engine.kernel.state import State
from engine.model.ports import PeoplePort
from engine.model.user_task import UserTask
from engine.store import reader


class Restart(Exception):
    """What was read before the lock is not so any more: the transaction begins again."""


class Loaded(NamedTuple):
    """What was locked and read for one command."""

    #: What the command decides about.
    subject: Any
    #: The locked root; None for what begins or stands outside of instances.
    root: reader.LockedRoot | None = None
    #: The answer to an earlier request with the same key: nothing is decided again.
    given: reader.GivenAnswer | None = None
    user_task: UserTask | None = None


@dataclass(slots=True, kw_only=True)
class Reading:
    """Reads for one command within one transaction."""

    connection: Connection
    tenant_id: str
    actor_id: str
    #: Idempotency key of the request, if any.
    key: str | None
    #: Aware, UTC.
    now: datetime
    definitions: DefinitionsAtHand
    deadlines: DeadlinePort
    #: FEEL functions by name.
    functions: dict[str, Any]
    #: The state of a locked root, from the cache or the rows.
    state_of: Callable[[reader.LockedRoot], State]
    people: PeoplePort
    #: What was prepared before the transaction began (`Rule.prepare`).
    prepared: Any = None

    def given(self) -> reader.GivenAnswer | None:
        """The answer to an earlier request with the same key."""
        if self.key is None:
            return None
        return reader.read_answer(self.connection, self.tenant_id, self.actor_id, self.key)
