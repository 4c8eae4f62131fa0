"""What has served its time goes: answers to old requests, messages nobody has waited for, drafts left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.dispatcher import Dispatcher
from engine.model.calendar import local_day
from engine.store import due
from engine.store.database import write_transaction
from engine.store.settings_rows import setting
from engine.store.unit_of_work import Connection

#: How long the same Idempotency-Key gets the same answer.
ANSWERS_KEPT = timedelta(hours=24)
#: Setting: days a draft is kept for its author after its user task was closed without it.
DRAFT_DAYS = "keep.draft_days"
#: Where no row says otherwise.
DRAFTS_KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was tidied up."""

    answers: int
    expired_messages: int
    drafts: int


def sweep(dispatcher: Dispatcher) -> Swept:
    """Delete answers older than 24 hours and old drafts, mark messages beyond their 400 days. Once a day is enough."""
    now = dispatcher.collaborators.clock.now()
    with write_transaction(dispatcher.database) as connection:
        return Swept(
            answers=due.forget_answers(connection, before=now - ANSWERS_KEPT),
            expired_messages=due.expire_messages(connection, now=now),
            drafts=sum(_sweep_drafts(connection, tenant_id, now) for tenant_id in due.tenants_with_drafts(connection)),
        )


def _sweep_drafts(connection: Connection, tenant_id: str, now: datetime) -> int:
    days = setting(connection, tenant_id, DRAFT_DAYS, local_day(now))
    kept = timedelta(days=int(days)) if days is not None else DRAFTS_KEPT
    return due.forget_drafts(connection, tenant_id, closed_before=now - kept)
