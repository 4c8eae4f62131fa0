"""Documents: what was filed on forms, by business key, version by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from engine.model.actor import Actor
from engine.queries.blind import blindfold, is_marked_blind
from engine.queries.scope import sees_unit_of
from engine.store import codec
from engine.store.instance_tables import document, user_task


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A form as somebody filed it."""

    id: str
    business_key: str
    form_key: str
    #: "key:version" of the form that checked it.
    form_ref: str
    #: The user task it was filed at.
    element_id: str
    user_task_id: str
    process_instance_id: str
    #: 1, 2, 3 … per business key, form and element.
    version: int
    filed_by: str
    filed_at: datetime
    content: Mapping[str, Any]


def latest_documents(connection: Connection, tenant_id: str, business_key: str) -> Sequence[Document]:
    """The latest version of each form and element under a business key, in the order of filing. Not scoped."""
    newest = (
        select(document.c.form_key, document.c.element_id, func.max(document.c.version).label("version"))
        .where(document.c.tenant_id == tenant_id, document.c.business_key == business_key)
        .group_by(document.c.form_key, document.c.element_id)
        .subquery()
    )
    statement = (
        select(document)
        .join(
            newest,
            and_(
                document.c.form_key == newest.c.form_key,
                document.c.element_id == newest.c.element_id,
                document.c.version == newest.c.version,
            ),
        )
        .where(document.c.tenant_id == tenant_id, document.c.business_key == business_key)
        .order_by(document.c.filed_at, document.c.id)
    )
    return [_document(row) for row in connection.execute(statement)]


def seen_documents(connection: Connection, actor: Actor, business_key: str) -> Sequence[Document]:
    """The latest version of each form and element under a business key, as the actor may see it.

    Of a blind step, which several people do apart, everybody's latest; those of others only when all are in.
    """
    latest = latest_documents(connection, actor.tenant_id, business_key)
    apart = _filed_apart(connection, actor, business_key)
    elements = {each.element_id for each in apart}
    known = [*(each for each in latest if each.element_id not in elements), *_without_blind(connection, actor, apart)]
    return sorted(known, key=lambda each: (each.filed_at, each.id)) if apart else latest


def _filed_apart(connection: Connection, actor: Actor, business_key: str) -> list[Document]:
    """What was filed at blind steps: the latest of each form, element and person."""
    statement = (
        select(document)
        .join(
            user_task,
            and_(user_task.c.tenant_id == document.c.tenant_id, user_task.c.id == document.c.user_task_id),
        )
        .where(
            document.c.tenant_id == actor.tenant_id,
            document.c.business_key == business_key,
            is_marked_blind(),
        )
        .order_by(document.c.version)
    )
    found = map(_document, connection.execute(statement))
    return list({(each.form_key, each.element_id, each.filed_by): each for each in found}.values())


def documents(
    connection: Connection,
    actor: Actor,
    business_key: str,
    *,
    form_key: str | None = None,
    element_id: str | None = None,
) -> Sequence[Document]:
    """Every version filed under a business key, latest first: of units in the actor's scope, and the actor's own.

    What others have filed at steps that the actor does blind is left out until all are in.
    """
    statement = (
        select(document)
        .join(
            user_task,
            and_(user_task.c.tenant_id == document.c.tenant_id, user_task.c.id == document.c.user_task_id),
        )
        .where(
            document.c.tenant_id == actor.tenant_id,
            document.c.business_key == business_key,
            sees_unit_of(actor, user_task.c.unit_code) | (document.c.filed_by == actor.user_id),
        )
        .order_by(document.c.filed_at.desc(), document.c.id.desc())
    )
    if form_key is not None:
        statement = statement.where(document.c.form_key == form_key)
    if element_id is not None:
        statement = statement.where(document.c.element_id == element_id)
    return _without_blind(connection, actor, [_document(row) for row in connection.execute(statement)])


def _without_blind(connection: Connection, actor: Actor, filed: Sequence[Document]) -> Sequence[Document]:
    roots = {each.process_instance_id for each in filed if each.filed_by != actor.user_id}
    blinds = {root_id: blindfold(connection, actor, root_id) for root_id in sorted(roots)}
    return [
        each
        for each in filed
        if each.process_instance_id not in blinds
        or not blinds[each.process_instance_id].hides(each.element_id, each.filed_by, actor)
    ]


def _document(row: Row[*tuple[Any, ...]]) -> Document:
    return Document(
        id=row.id,
        business_key=row.business_key,
        form_key=row.form_key,
        form_ref=row.form_ref,
        element_id=row.element_id,
        user_task_id=row.user_task_id,
        process_instance_id=row.root_id,
        version=row.version,
        filed_by=row.filed_by,
        filed_at=row.filed_at,
        content=codec.decode(row.content),
    )
