"""One user task with everything its page shows: who, why, until when, the variables it sees, the documents so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from engine.model.actor import Actor
from engine.model.transfer import Transfer
from engine.model.user_task import Draft, UserTask, no_such_user_task
from engine.queries.blind import blindfold
from engine.queries.documents import filed_in_case
from engine.queries.user_task_shown import ComingRung, UserTaskDetail
from engine.store import codec, drafts, extension_rows, reader, transfers, withdrawal_rows
from engine.store.instance_tables import process_instance
from engine.store.instance_tables import user_task as user_tasks
from engine.store.ladder_rows import rungs_of
from engine.store.snapshots import StoredParts
from engine.store.visible import variables_at
from engine.store.wait_tables import timer


def user_task_detail(connection: Connection, actor: Actor, user_task_id: str) -> UserTaskDetail:
    """A user task the actor may see.

    Raises:
        NotFound: there is none, or the actor must not learn that there is.
    """
    found = visible_user_task(connection, actor, user_task_id)
    blind = blindfold(connection, actor, found.root_id)
    variables: Mapping[str, Any] = {}
    if found.is_open:
        parts = StoredParts(actor.tenant_id, found.root_id)
        parts.bind(connection)
        variables = blind.values(variables_at(parts, found.part, found.token))
    filed = filed_in_case(connection, actor, found.document_key, found.id)
    own = _draft(connection, actor, found)
    earlier = drafts.read_earlier_draft(connection, actor.tenant_id, found, actor.user_id) if own is None else None
    suspended = _is_suspended(connection, found, actor.tenant_id)
    is_workable = found.is_open and not suspended
    may_complete = is_workable and found.is_for(actor)
    return UserTaskDetail(
        user_task=found,
        routing=_routing(connection, actor, found),
        variables=variables,
        documents=filed.documents,
        filings=filed.filings,
        earlier_filings=filed.earlier,
        draft=own,
        earlier_draft=earlier,
        rungs=_rungs(connection, actor, found),
        suspended=suspended,
        may_claim=is_workable and found.assignee is None and found.is_candidate(actor),
        may_complete=may_complete,
        extension=extension_rows.read_extension(connection, actor.tenant_id, found),
        withdrawal=None if found.is_open else withdrawal_rows.read_withdrawal(connection, actor.tenant_id, found.id),
        asked_back=withdrawal_rows.read_asked_of(connection, actor.tenant_id, found.id) if found.is_open else None,
        was_opened=_was_opened(connection, actor, found),
        transfers=_transfers(connection, actor, found),
        on_behalf_of=found.on_behalf_of(actor),
    )


def own_draft(connection: Connection, actor: Actor, user_task_id: str) -> Draft | None:
    """The actor's own draft of a user task, without its page."""
    return drafts.read_draft(connection, actor.tenant_id, user_task_id, actor.user_id)


def holder_of(connection: Connection, tenant_id: str, user_task_id: str) -> str | None:
    """Who has a user task, or had it when it was closed; None where nobody has, or there is none. Not scoped."""
    found = reader.read_user_task(connection, tenant_id, user_task_id)
    return found.assignee if found is not None else None


def visible_user_task(connection: Connection, actor: Actor, user_task_id: str) -> UserTask:
    """A user task the actor may see, without its page. Raises NotFound."""
    found = reader.read_user_task(connection, actor.tenant_id, user_task_id)
    if found is None:
        raise no_such_user_task(user_task_id)
    if not found.is_visible_to(actor) and not transfers.was_in_hand_of(connection, found, actor):
        raise no_such_user_task(user_task_id)
    return found


def _transfers(connection: Connection, actor: Actor, found: UserTask) -> Sequence[Transfer]:
    # a version later than the first tells that somebody has claimed it, was given it, or has typed something
    if found.version == 1:
        return ()
    return transfers.read_transfers(connection, actor.tenant_id, found.root_id, found.id)


def _is_suspended(connection: Connection, found: UserTask, tenant_id: str) -> bool:
    statement = select(process_instance.c.status).where(
        process_instance.c.tenant_id == tenant_id,
        process_instance.c.root_id == found.root_id,
        process_instance.c.part == 0,
    )
    return connection.execute(statement).scalar() == "suspended"


def _routing(connection: Connection, actor: Actor, found: UserTask) -> Sequence[Mapping[str, Any]]:
    statement = select(user_tasks.c.routing).where(
        user_tasks.c.tenant_id == actor.tenant_id, user_tasks.c.id == found.id
    )
    return codec.decode(connection.execute(statement).scalar_one())


def _was_opened(connection: Connection, actor: Actor, found: UserTask) -> bool:
    """Whether the actor has looked at it before, while it is open."""
    if not found.is_open:
        return False
    openings = withdrawal_rows.read_openings(connection, actor.tenant_id, [found.id])
    return any(each.by == actor.user_id for each in openings)


def _draft(connection: Connection, actor: Actor, found: UserTask) -> Draft | None:
    if found.is_open and not found.has_draft:
        return None
    return own_draft(connection, actor, found.id)


def _rungs(connection: Connection, actor: Actor, found: UserTask) -> Sequence[ComingRung]:
    if not found.is_open:
        return ()
    statement = select(timer.c.key, timer.c.payload, timer.c.due_at).where(
        timer.c.tenant_id == actor.tenant_id,
        timer.c.root_id == found.root_id,
        timer.c.number == found.token,
        timer.c.kind == "rung",
    )
    rows = connection.execute(statement).all()
    rungs = [rung for row in rows for rung in rungs_of(row.key, row.due_at, codec.decode(row.payload))]
    return [
        ComingRung(key=rung.key, action=rung.action, fires_at=rung.fires_at)
        for rung in sorted(rungs, key=lambda rung: rung.fires_at)
    ]
