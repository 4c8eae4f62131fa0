"""One user task with everything its page shows: who, why, until when, the variables it sees, the documents so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.model.actor import Actor
from engine.model.user_task import UserTask, no_such_user_task
from engine.queries.blind import blindfold
from engine.queries.documents import Document, seen_documents
from engine.store import codec, reader
from engine.store.instance_tables import draft, process_instance
from engine.store.instance_tables import user_task as user_tasks
from engine.store.snapshots import StoredParts
from engine.store.visible import variables_at
from engine.store.wait_tables import timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the actor has typed so far."""

    content: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingRung:
    """A rung of the ladder that has not fired yet."""

    key: str
    action: str
    fires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskDetail:
    """A user task as its page shows it."""

    user_task: UserTask
    #: How the people were found: the steps of the people port.
    routing: Sequence[Mapping[str, Any]]
    #: What its form may read; empty when it is closed.
    variables: Mapping[str, Any]
    #: The latest version of each form filed under the business key.
    documents: Sequence[Document]
    #: The actor's own; None if there is none.
    draft: Draft | None
    rungs: Sequence[ComingRung]
    suspended: bool
    #: Whether the actor may claim, complete or return it now; four eyes are looked at when it is tried.
    may_claim: bool
    may_complete: bool


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
    suspended = _is_suspended(connection, found, actor.tenant_id)
    is_workable = found.is_open and not suspended
    return UserTaskDetail(
        user_task=found,
        routing=_routing(connection, actor, found),
        variables=variables,
        documents=seen_documents(connection, actor, found.document_key),
        draft=_draft(connection, actor, found),
        rungs=_rungs(connection, actor, found),
        suspended=suspended,
        may_claim=is_workable and found.assignee is None and found.is_candidate(actor),
        may_complete=is_workable
        and (found.assignee == actor.user_id or (found.assignee is None and found.is_candidate(actor))),
    )


def visible_user_task(connection: Connection, actor: Actor, user_task_id: str) -> UserTask:
    """A user task the actor may see, without its page. Raises NotFound."""
    found = reader.read_user_task(connection, actor.tenant_id, user_task_id)
    if found is None:
        raise no_such_user_task(user_task_id)
    found.must_be_visible_to(actor)
    return found


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


def _draft(connection: Connection, actor: Actor, found: UserTask) -> Draft | None:
    if not found.has_draft:
        return None
    statement = select(draft.c.content, draft.c.saved_at).where(
        draft.c.tenant_id == actor.tenant_id, draft.c.user_task_id == found.id, draft.c.user_id == actor.user_id
    )
    row = connection.execute(statement).first()
    return Draft(content=codec.decode(row.content), saved_at=row.saved_at) if row is not None else None


def _rungs(connection: Connection, actor: Actor, found: UserTask) -> Sequence[ComingRung]:
    if not found.is_open:
        return ()
    statement = (
        select(timer.c.key, timer.c.payload, timer.c.due_at)
        .where(
            timer.c.tenant_id == actor.tenant_id,
            timer.c.root_id == found.root_id,
            timer.c.number == found.token,
            timer.c.kind == "rung",
        )
        .order_by(timer.c.due_at)
    )
    return [
        ComingRung(key=row.key, action=codec.decode(row.payload).get("action", ""), fires_at=row.due_at)
        for row in connection.execute(statement)
    ]
