"""Deployed versions: finding one, reading its file, adding a deployment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.model.deeds import DefinitionsDeployed, StartEvent
from engine.store import codec
from engine.store.definition_tables import definition, deployment, resource, start_event
from engine.store.statements import Row, first, insert, run
from engine.store.wait_tables import timer

PROCESS = "process"
DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionVersion:
    """One immutable version of a process or decision."""

    #: process | decision
    kind: str
    key: str
    version: int
    name: str
    version_tag: str
    deployment_id: str
    resource_id: str
    #: Hexadecimal, of the file it came in.
    sha256: str

    @property
    def ref(self) -> str:
        """ "key:version"."""
        return f"{self.key}:{self.version}"


_COLUMNS = ["kind", "key", "version", "name", "version_tag", "deployment_id", "resource_id", "sha256"]
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM definition WHERE tenant_id = ? AND kind = ? AND key = ?"


def _one(connection: Connection, condition: str, parameters: tuple[Any, ...]) -> DefinitionVersion | None:
    row = first(connection, f"{_SELECT}{condition} ORDER BY version DESC LIMIT 1", parameters)
    return DefinitionVersion(**dict(zip(_COLUMNS, row, strict=True))) if row is not None else None


def latest(connection: Connection, tenant_id: str, kind: str, key: str) -> DefinitionVersion | None:
    """The newest version."""
    return _one(connection, "", (tenant_id, kind, key))


def of_version(connection: Connection, tenant_id: str, kind: str, key: str, version: int) -> DefinitionVersion | None:
    """A version by its number."""
    return _one(connection, " AND version = ?", (tenant_id, kind, key, version))


def of_tag(connection: Connection, tenant_id: str, kind: str, key: str, tag: str) -> DefinitionVersion | None:
    """The newest version with a version tag."""
    return _one(connection, " AND version_tag = ?", (tenant_id, kind, key, tag))


def of_deployment(
    connection: Connection, tenant_id: str, kind: str, key: str, deployment_id: str
) -> DefinitionVersion | None:
    """The version that was the newest when a deployment was done; what it left unchanged counts as part of it."""
    return _one(connection, " AND deployment_id <= ?", (tenant_id, kind, key, deployment_id))


def by_ref(connection: Connection, tenant_id: str, kind: str, ref: str) -> DefinitionVersion | None:
    """A version by "key:version"."""
    key, _, version = ref.rpartition(":")
    return of_version(connection, tenant_id, kind, key, int(version)) if version.isdecimal() else None


def all_latest(connection: Connection, tenant_id: str) -> list[DefinitionVersion]:
    """The newest version of every process and decision."""
    columns = ", ".join(f"d.{column}" for column in _COLUMNS)
    text = (
        f"SELECT {columns} FROM definition d WHERE d.tenant_id = ? AND d.version = "
        "(SELECT max(version) FROM definition WHERE tenant_id = d.tenant_id AND kind = d.kind AND key = d.key)"
    )
    return [DefinitionVersion(**dict(zip(_COLUMNS, row, strict=True))) for row in run(connection, text, (tenant_id,))]


def read_content(connection: Connection, tenant_id: str, resource_id: str) -> bytes:
    """The file of a version, byte for byte."""
    text = "SELECT content FROM resource WHERE tenant_id = ? AND id = ?"
    return bytes(run(connection, text, (tenant_id, resource_id)).scalar_one())


def write_deployment(
    connection: Connection,
    deed: DefinitionsDeployed,
    *,
    tenant_id: str,
    by: str,
    at: datetime,
    make_id: Callable[[], str],
) -> None:
    """Add a deployment with its files and new versions; their start events replace those of the versions before."""
    place = {"tenant_id": tenant_id, "deployment_id": deed.deployment_id}
    insert(
        connection,
        deployment,
        [
            {
                "tenant_id": tenant_id,
                "id": deed.deployment_id,
                "deployed_at": at,
                "deployed_by": by,
                "comment": deed.comment,
            }
        ],
    )
    files = {name: (make_id(), hashlib.sha256(content).hexdigest()) for name, content in deed.files.items()}
    insert(
        connection,
        resource,
        [
            place | {"id": files[name][0], "name": name, "sha256": files[name][1], "content": content}
            for name, content in deed.files.items()
        ],
    )
    insert(
        connection,
        definition,
        [
            place
            | {
                "kind": each.kind,
                "key": each.key,
                "version": each.version,
                "name": each.name,
                "version_tag": each.version_tag,
                "resource_id": files[each.resource_name][0],
                "sha256": files[each.resource_name][1],
                "deployed_at": at,
                "report": codec.encode_text([dict(entry) for entry in each.report]),
            }
            for each in deed.definitions
        ],
    )
    for key in [each.key for each in deed.definitions if each.kind == PROCESS]:
        run(connection, "DELETE FROM start_event WHERE tenant_id = ? AND definition_key = ?", (tenant_id, key))
        run(connection, "DELETE FROM timer WHERE tenant_id = ? AND root_id = ? AND kind = 'start'", (tenant_id, key))
    insert(connection, start_event, [_start_row(tenant_id, each) for each in deed.start_events])
    insert(
        connection,
        timer,
        [start_timer_row(tenant_id, each) for each in deed.start_events if each.due_at is not None],
    )


def _start_row(tenant_id: str, event: StartEvent) -> Row:
    return {
        "tenant_id": tenant_id,
        "definition_key": event.definition_key,
        "element_id": event.element_id,
        "definition_ref": event.definition_ref,
        "kind": event.kind,
        "name": event.name,
    }


def start_timer_row(tenant_id: str, event: StartEvent) -> Row:
    """The due row of a timer start event."""
    return {
        "tenant_id": tenant_id,
        "root_id": event.definition_key,
        "number": 0,
        "key": event.element_id,
        "kind": "start",
        "part": 0,
        "element_id": event.element_id,
        "user_task_id": None,
        "due_at": event.due_at,
        "available_at": event.due_at,
        "attempts": 0,
        "payload": codec.encode_text({**event.payload, "definition_ref": event.definition_ref}),
    }
