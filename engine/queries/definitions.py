"""Deployments and the versions of processes and decisions they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.store import codec
from engine.store.definition_tables import definition, deployment, resource


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentItem:
    """One deployment."""

    id: str
    deployed_at: datetime
    deployed_by: str
    comment: str
    #: Names of the files that held something new.
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionItem:
    """One version of a process or decision."""

    #: process | decision
    kind: str
    key: str
    version: int
    #: "key:version".
    ref: str
    name: str
    version_tag: str
    deployment_id: str
    #: Hexadecimal, of the file.
    sha256: str
    deployed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionDetail:
    """One version with its file and what the reader reported about it."""

    item: DefinitionItem
    file_name: str
    xml: bytes
    report: Sequence[Mapping[str, Any]]


def deployments(
    connection: Connection, actor: Actor, *, cursor: str | None = None, limit: int = 50
) -> Page[DeploymentItem]:
    """A page of deployments, latest first."""
    limit = checked_limit(limit)
    statement = select(deployment).where(deployment.c.tenant_id == actor.tenant_id)
    if cursor:
        (last_id,) = read_cursor(cursor, "deployments", (str,))
        statement = statement.where(deployment.c.id < last_id)
    rows = connection.execute(statement.order_by(deployment.c.id.desc()).limit(limit + 1)).all()
    page = page_of(rows, limit, "deployments", lambda row: (row.id,))
    files: dict[str, list[str]] = {row.id: [] for row in page.items}
    names = select(resource.c.deployment_id, resource.c.name).where(
        resource.c.tenant_id == actor.tenant_id, resource.c.deployment_id.in_(list(files))
    )
    for deployment_id, name in connection.execute(names.order_by(resource.c.name)):
        files[deployment_id].append(name)
    items = [
        DeploymentItem(
            id=row.id,
            deployed_at=row.deployed_at,
            deployed_by=row.deployed_by,
            comment=row.comment,
            files=tuple(files[row.id]),
        )
        for row in page.items
    ]
    return Page(items=items, cursor=page.cursor)


def definitions(
    connection: Connection,
    actor: Actor,
    *,
    kind: str = "process",
    key: str | None = None,
    latest_only: bool = True,
) -> Sequence[DefinitionItem]:
    """Versions of processes or decisions by key, newest first: the newest of each, or all."""
    statement = select(definition).where(definition.c.tenant_id == actor.tenant_id, definition.c.kind == kind)
    if key is not None:
        statement = statement.where(definition.c.key == key)
    if latest_only:
        newest = (
            select(definition.c.key, func.max(definition.c.version).label("version"))
            .where(definition.c.tenant_id == actor.tenant_id, definition.c.kind == kind)
            .group_by(definition.c.key)
            .subquery()
        )
        is_newest = and_(definition.c.key == newest.c.key, definition.c.version == newest.c.version)
        statement = statement.join(newest, is_newest)
    statement = statement.order_by(definition.c.key, definition.c.version.desc())
    return [_item(row) for row in connection.execute(statement)]


def definition_detail(
    connection: Connection, actor: Actor, key: str, version: int | None = None, *, kind: str = "process"
) -> DefinitionDetail:
    """A version with its file; the newest where no version is named.

    Raises:
        NotFound: no such version is deployed.
    """
    of_definition = and_(resource.c.tenant_id == definition.c.tenant_id, resource.c.id == definition.c.resource_id)
    statement = (
        select(definition, resource.c.name.label("file_name"), resource.c.content)
        .join(resource, of_definition)
        .where(definition.c.tenant_id == actor.tenant_id, definition.c.kind == kind, definition.c.key == key)
        .order_by(definition.c.version.desc())
        .limit(1)
    )
    if version is not None:
        statement = statement.where(definition.c.version == version)
    row = connection.execute(statement).first()
    if row is None:
        ref = key if version is None else f"{key}:{version}"
        raise NotFound(f"Expected a deployed {kind} {ref!r}, but found none.", key=key, version=version)
    return DefinitionDetail(
        item=_item(row), file_name=row.file_name, xml=bytes(row.content), report=codec.decode(row.report)
    )


def _item(row: Row[*tuple[Any, ...]]) -> DefinitionItem:
    return DefinitionItem(
        kind=row.kind,
        key=row.key,
        version=row.version,
        ref=f"{row.key}:{row.version}",
        name=row.name,
        version_tag=row.version_tag,
        deployment_id=row.deployment_id,
        sha256=row.sha256,
        deployed_at=row.deployed_at,
    )
