"""Rows of attached files, and what names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from engine.model.upload import Upload
from engine.store.instance_tables import document, draft, user_task
from engine.store.upload_tables import upload


def add_upload(connection: Connection, tenant_id: str, added: Upload) -> None:
    """Note a file whose bytes lie ready."""
    connection.execute(insert(upload).values(tenant_id=tenant_id, is_filed=False, **asdict(added)))


def read_upload(connection: Connection, tenant_id: str, upload_id: str) -> Upload | None:
    """One file."""
    statement = select(upload).where(upload.c.tenant_id == tenant_id, upload.c.id == upload_id)
    row = connection.execute(statement).first()
    return _upload(row) if row is not None else None


def attached(connection: Connection, tenant_id: str, user_task_id: str) -> tuple[int, int]:
    """How many files were attached at a user task, and their bytes together."""
    statement = select(func.count(), func.coalesce(func.sum(upload.c.size_bytes), 0)).where(
        upload.c.tenant_id == tenant_id, upload.c.user_task_id == user_task_id
    )
    count, together = connection.execute(statement).one()
    return int(count), int(together)


def stored_names(connection: Connection) -> set[str]:
    """Under which names bytes belong to a row, of all tenants."""
    return set(connection.scalars(select(upload.c.stored_as)))


def sweep_rows(connection: Connection, *, uploaded_before: datetime) -> Sequence[str]:
    """Delete rows of files that no document and no draft names; returns their stored names.

    What a document names stays for ever, and is not looked at again.
    """
    swept: list[str] = []
    statement = select(upload).where(upload.c.is_filed.is_(False), upload.c.uploaded_at < uploaded_before)
    for row in connection.execute(statement).all():
        here = upload.c.tenant_id == row.tenant_id, upload.c.id == row.id
        if _names(connection, row, document.c.content, document.c.business_key == row.document_key):
            connection.execute(update(upload).where(*here).values(is_filed=True))
        elif not _is_in_a_draft(connection, row):
            connection.execute(delete(upload).where(*here))
            swept.append(row.stored_as)
    return swept


def _is_in_a_draft(connection: Connection, row: Row[Any]) -> bool:
    of_the_case = select(user_task.c.id).where(
        user_task.c.tenant_id == row.tenant_id,
        or_(user_task.c.business_key == row.document_key, user_task.c.root_id == row.document_key),
    )
    here = draft.c.user_task_id.in_(of_the_case)
    return any(_names(connection, row, content, here) for content in (draft.c.content, draft.c.apart))


def _names(connection: Connection, row: Row[Any], content: Any, where: Any) -> bool:
    """Whether one of some written contents names the file; ids are long enough to mean nothing else."""
    statement = select(content).where(content.table.c.tenant_id == row.tenant_id, where, content.contains(row.id))
    return connection.execute(statement.limit(1)).first() is not None


def _upload(row: Row[Any]) -> Upload:
    return Upload(**{name: getattr(row, name) for name in Upload.__dataclass_fields__})
