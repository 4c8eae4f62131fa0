"""Notices leave the house: at least once, with backoff, at most ten tries."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from engine.dispatcher import Dispatcher
from engine.scheduler.backoff import backoff
from engine.store import due
from engine.store.database import write_transaction

TRIES = 10

_log = logging.getLogger(__name__)


class Sender(Protocol):
    """Carries notices of one kind away."""

    def __call__(self, notice: due.DueNotice) -> None:
        """Send, or raise. The same notice may come twice; its key tells."""
        ...


def send_notices(dispatcher: Dispatcher, senders: Mapping[str, Sender], lease_for: timedelta) -> int:
    """Send one batch of what waits. Returns how many have left."""
    if not senders:
        return 0
    now = dispatcher.collaborators.clock.now()
    with write_transaction(dispatcher.database) as connection:
        notices = due.lease_notices(connection, sorted(senders), now=now, lease_for=lease_for)
    sent = 0
    for notice in notices:
        try:
            senders[notice.kind](notice)
        except Exception as error:
            _log.exception("notice %s could not be sent", notice.key)
            tries = notice.attempts + 1
            again_at = now + backoff(tries) if tries < TRIES else None
            with write_transaction(dispatcher.database) as connection:
                due.notice_failed(connection, notice, error=f"{type(error).__name__}: {error}", again_at=again_at)
        else:
            sent += 1
            with write_transaction(dispatcher.database) as connection:
                due.notice_sent(connection, notice, at=now)
    return sent
