"""Documents: what was filed on forms, by business key, version by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

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
    #: Whom the one who filed it stood in for; None = nobody.
    filed_for: str | None
    filed_at: datetime
    content: Mapping[str, Any]

    @property
    def filers(self) -> tuple[str, ...]:
        """Everybody it counts as filed by."""
        return (self.filed_by, self.filed_for) if self.filed_for else (self.filed_by,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """That something was filed, without what."""

    document_id: str
    form_key: str
    element_id: str
    user_task_id: str
    process_instance_id: str
    filed_by: str
    #: Whom the one who filed it stood in for; None = nobody.
    filed_for: str | None
    filed_at: datetime
    #: Whose object it was filed on.
    unit_code: str | None
    #: When its user task began: siblings of a multi-instance step begin together.
    began_at: datetime
    is_blind: bool
    #: How often the same work had been filed with this; 1 where that is not known.
    times: int = 1

    def is_of_round(self, user_task_id: str, began_at: datetime) -> bool:
        """Whether a user task of the same step began together with that of this filing, and not after it.

        Ids are made in the order of time: they tell what was opened by this filing from what stood beside it, where
        both happened at one instant.
        """
        return began_at == self.began_at and user_task_id < self.document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledInCase:
    """What the actor may see of what was filed under a business key."""

    #: What counts now, and what was filed at the user task that is looked at; in the order of filing.
    documents: Sequence[Document]
    #: Document id -> that it was filed, of all of these.
    filings: Mapping[str, Filing]
    #: What was filed again since, latest first: of units in the actor's scope, and the actor's own.
    earlier: Sequence[Filing]


#: A document is filed by completing its user task.
_FILED_FOR = (
    select(user_task.c.closed_for)
    .where(user_task.c.tenant_id == document.c.tenant_id, user_task.c.id == document.c.user_task_id)
    .correlate(document)
    .scalar_subquery()
    .label("filed_for")
)

#: What is filed, with or without what it says.
_F = TypeVar("_F", Document, Filing)


def latest_documents(connection: Connection, tenant_id: str, business_key: str) -> Sequence[Document]:
    """The latest version of each form and element under a business key, in the order of filing. Not scoped."""
    newest = (
        select(document.c.form_key, document.c.element_id, func.max(document.c.version).label("version"))
        .where(document.c.tenant_id == tenant_id, document.c.business_key == business_key)
        .group_by(document.c.form_key, document.c.element_id)
        .subquery()
    )
    statement = (
        select(document, _FILED_FOR)
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


def filed_in_case(connection: Connection, actor: Actor, business_key: str, user_task_id: str) -> FiledInCase:
    """What counts of each form and element under a business key, and what was filed at one user task.

    Of a blind step, which several people do apart, everybody's latest; those of others only when all are in.
    """
    filings = _without_blind(connection, actor, _filings(connection, actor.tenant_id, business_key))
    steps: dict[tuple[str, str], list[Filing]] = {}
    for each in filings:
        steps.setdefault((each.form_key, each.element_id), []).append(each)
    standing: dict[str, Filing] = {}
    counted: dict[str, Filing] = {}
    for step in steps.values():
        still, numbered = _still_standing(step)
        counted |= {each.document_id: each for each in numbered}
        # who files apart is not overtaken by others
        still = {each.filed_for or each.filed_by: each for each in numbered}.values() if step[-1].is_blind else still
        standing |= {each.document_id: each for each in still}
    here = {each.document_id for each in filings if each.user_task_id == user_task_id}
    shown = standing.keys() | here
    statement = (
        select(document, _FILED_FOR)
        .where(document.c.tenant_id == actor.tenant_id, document.c.id.in_(sorted(shown)))
        .order_by(document.c.filed_at, document.c.id)
    )
    return FiledInCase(
        documents=[_document(row) for row in connection.execute(statement)],
        filings={each: counted[each] for each in shown},
        earlier=[
            counted[each.document_id]
            for each in reversed(filings)
            if each.document_id not in shown
            and (actor.sees_unit(each.unit_code) or actor.user_id in (each.filed_by, each.filed_for))
        ],
    )


def _filings(connection: Connection, tenant_id: str, business_key: str) -> list[Filing]:
    """Everything filed under a business key, oldest first."""
    statement = (
        select(
            document.c.id.label("document_id"),
            document.c.form_key,
            document.c.element_id,
            document.c.user_task_id,
            document.c.root_id.label("process_instance_id"),
            document.c.filed_by,
            user_task.c.closed_for.label("filed_for"),
            document.c.filed_at,
            user_task.c.unit_code,
            user_task.c.created_at.label("began_at"),
            is_marked_blind().label("is_blind"),
        )
        .join(
            user_task,
            and_(user_task.c.tenant_id == document.c.tenant_id, user_task.c.id == document.c.user_task_id),
        )
        .where(document.c.tenant_id == tenant_id, document.c.business_key == business_key)
        .order_by(document.c.filed_at, document.c.version, document.c.id)
    )
    return [
        Filing(
            document_id=row.document_id,
            form_key=row.form_key,
            element_id=row.element_id,
            user_task_id=row.user_task_id,
            process_instance_id=row.process_instance_id,
            filed_by=row.filed_by,
            filed_for=row.filed_for,
            filed_at=row.filed_at,
            unit_code=row.unit_code,
            began_at=row.began_at,
            is_blind=bool(row.is_blind),
        )
        for row in connection.execute(statement)
    ]


def _still_standing(step: Sequence[Filing]) -> tuple[list[Filing], list[Filing]]:
    """What of one step still counts, and all of it with how often its work was filed. Oldest first.

    What began together is a round. A round takes the place of those before only if it is as large as the largest of
    them: two issues, of which one is done again, leave all three, because nothing tells which of the two it was.

        rounds of 1, 1, 1   the third counts, and was filed for the third time
        rounds of 2, 1      all three count
        rounds of 2, 1, 2   the last two count, and were filed for the second time
    """
    rounds: list[list[Filing]] = []
    for each in sorted(step, key=lambda each: (each.began_at, each.user_task_id)):
        if rounds and all(one.is_of_round(each.user_task_id, each.began_at) for one in rounds[-1]):
            rounds[-1].append(each)
        else:
            rounds.append([each])
    largest, times = 0, 0
    standing: list[Filing] = []
    numbered: list[Filing] = []
    for of_round in rounds:
        is_whole = len(of_round) >= largest
        if is_whole:
            largest, times, standing = len(of_round), times + 1, []
        counted = [replace(each, times=times if is_whole else 1) for each in of_round]
        standing += counted
        numbered += counted
    return standing, numbered


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
        select(document, _FILED_FOR)
        .join(
            user_task,
            and_(user_task.c.tenant_id == document.c.tenant_id, user_task.c.id == document.c.user_task_id),
        )
        .where(
            document.c.tenant_id == actor.tenant_id,
            document.c.business_key == business_key,
            sees_unit_of(actor, user_task.c.unit_code) | _is_own(actor),
        )
        .order_by(document.c.filed_at.desc(), document.c.id.desc())
    )
    if form_key is not None:
        statement = statement.where(document.c.form_key == form_key)
    if element_id is not None:
        statement = statement.where(document.c.element_id == element_id)
    return _without_blind(connection, actor, [_document(row) for row in connection.execute(statement)])


def where_filed(connection: Connection, actor: Actor, root_id: str) -> Mapping[int, str]:
    """Token of each user task of a case at which something was filed that the actor may see -> the user task."""
    statement = (
        select(user_task.c.token, document.c.user_task_id, document.c.element_id, document.c.filed_by)
        .join(
            user_task,
            and_(user_task.c.tenant_id == document.c.tenant_id, user_task.c.id == document.c.user_task_id),
        )
        .where(
            document.c.tenant_id == actor.tenant_id,
            user_task.c.root_id == root_id,
            sees_unit_of(actor, user_task.c.unit_code) | _is_own(actor),
        )
    )
    blind = blindfold(connection, actor, root_id)
    return {
        row.token: row.user_task_id
        for row in connection.execute(statement)
        if not blind.hides(row.element_id, row.filed_by, actor)
    }


def _without_blind(connection: Connection, actor: Actor, filed: Sequence[_F]) -> Sequence[_F]:
    roots = {each.process_instance_id for each in filed if each.filed_by != actor.user_id}
    blinds = {root_id: blindfold(connection, actor, root_id) for root_id in sorted(roots)}
    return [
        each
        for each in filed
        if each.process_instance_id not in blinds
        or not blinds[each.process_instance_id].hides(each.element_id, each.filed_by, actor)
    ]


def _is_own(actor: Actor) -> ColumnElement[bool]:
    return or_(document.c.filed_by == actor.user_id, user_task.c.closed_for == actor.user_id)


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
        filed_for=row.filed_for,
        filed_at=row.filed_at,
        content=codec.decode(row.content),
    )
