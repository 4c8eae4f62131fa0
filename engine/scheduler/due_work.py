"""One round of the clock: timers, rungs, messages, notices.

find by index, lease ─► command ─► done: the command has removed the row
                           ├─────► somebody was faster: that is the wish fulfilled
                           └─────► failed: again after 10 s, 20 s, 40 s, 80 s; then an incident
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.commands import DeliverMessage, FireRung, FireStartTimer, FireTimer, GiveUpTimer
from engine.dispatcher import Command, Dispatcher
from engine.model.actor import system_actor
from engine.model.errors import WrongState
from engine.scheduler.backoff import backoff
from engine.scheduler.outbox import Sender, send_notices
from engine.store import due
from engine.store.database import read_transaction, write_transaction

#: How long a node may take for one batch before another one takes its rows.
LEASE = timedelta(minutes=1)
#: A timer that has failed so often becomes an incident.
TRIES = 5
FIRST_BACKOFF = timedelta(seconds=10)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWork:
    """What a round has done."""

    #: Timers, rungs and timer start events that were carried out.
    fired: int = 0
    #: Messages that were looked at.
    delivered: int = 0
    #: Notices that have left.
    sent: int = 0
    #: What went wrong and is tried again.
    failed: int = 0

    def __add__(self, other: DueWork) -> DueWork:
        return DueWork(
            fired=self.fired + other.fired,
            delivered=self.delivered + other.delivered,
            sent=self.sent + other.sent,
            failed=self.failed + other.failed,
        )

    @property
    def is_empty(self) -> bool:
        return self == DueWork()


def run_due_work(
    dispatcher: Dispatcher,
    senders: Mapping[str, Sender] | None = None,
    *,
    lease_for: timedelta = LEASE,
    batches: int = 1_000,
) -> DueWork:
    """Do what is due by the dispatcher's clock, until nothing is left or `batches` batches of 100 are done.

    Args:
        senders: what carries notices of the outbox away, by kind; notices of other kinds stay.
    """
    done = DueWork()
    for _ in range(batches):
        now = dispatcher.collaborators.clock.now()
        with read_transaction(dispatcher.database) as connection:
            if not due.is_anything_due(connection, now, notices=bool(senders)):
                return done
        round_ = _timers(dispatcher, lease_for) + _messages(dispatcher, lease_for)
        round_ += DueWork(sent=send_notices(dispatcher, senders or {}, lease_for))
        if round_.is_empty:
            return done
        done += round_
    return done


def _timers(dispatcher: Dispatcher, lease_for: timedelta) -> DueWork:
    now = dispatcher.collaborators.clock.now()
    with write_transaction(dispatcher.database) as connection:
        timers = due.lease_timers(connection, now=now, lease_for=lease_for)
    fired = failed = 0
    for timer in timers:
        try:
            dispatcher.dispatch(_command(timer))
            fired += 1
        except WrongState:
            fired += 1  # somebody was faster: that is the wish fulfilled
        except Exception as error:
            failed += 1
            _log.exception("timer %s/%s of %s failed", timer.number, timer.key, timer.root_id)
            _try_again(dispatcher, timer, f"{type(error).__name__}: {error}")
    return DueWork(fired=fired, failed=failed)


def _command(timer: due.DueTimer) -> Command:
    actor = system_actor(timer.tenant_id)
    if timer.kind == "rung":
        return FireRung(actor=actor, root_id=timer.root_id, number=timer.number, key=timer.key)
    if timer.kind == "start":
        return FireStartTimer(actor=actor, definition_key=timer.root_id, element_id=timer.key)
    return FireTimer(actor=actor, root_id=timer.root_id, number=timer.number)


def _try_again(dispatcher: Dispatcher, timer: due.DueTimer, message: str) -> None:
    failures = timer.attempts + 1
    if failures >= TRIES and timer.kind != "start":
        given_up = GiveUpTimer(
            actor=system_actor(timer.tenant_id),
            root_id=timer.root_id,
            number=timer.number,
            key=timer.key,
            message=message,
        )
        dispatcher.dispatch(given_up)
        return
    at = dispatcher.collaborators.clock.now() + backoff(failures, FIRST_BACKOFF)
    with write_transaction(dispatcher.database) as connection:
        due.retry_timer(connection, timer, at=at)


def _messages(dispatcher: Dispatcher, lease_for: timedelta) -> DueWork:
    now = dispatcher.collaborators.clock.now()
    with write_transaction(dispatcher.database) as connection:
        messages = due.lease_messages(connection, now=now, lease_for=lease_for)
    delivered = failed = 0
    for tenant_id, message_id in messages:
        try:
            dispatcher.dispatch(DeliverMessage(actor=system_actor(tenant_id), message_id=message_id))
            delivered += 1
        except Exception:
            failed += 1
            _log.exception("message %s could not be delivered", message_id)
            with write_transaction(dispatcher.database) as connection:
                attempts = due.message_attempts(connection, tenant_id, message_id) + 1
                again_at = dispatcher.collaborators.clock.now() + backoff(attempts, FIRST_BACKOFF)
                due.retry_message(connection, tenant_id, message_id, at=again_at)
    return DueWork(delivered=delivered, failed=failed)
