"""Drafts as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.model.draft import Draft, DraftApart
from engine.store import codec
from engine.store.statements import first, instant

#: In the order that `draft_of_row` reads.
DRAFT_COLUMNS = ("content", "saved_at", "revision", "written_in", "apart")


def read_draft(connection: Connection, tenant_id: str, user_task_id: str, user_id: str) -> Draft | None:
    """A person's draft of a user task."""
    columns = ", ".join(DRAFT_COLUMNS)
    text = f"SELECT {columns} FROM draft WHERE tenant_id = ? AND user_task_id = ? AND user_id = ?"
    row = first(connection, text, (tenant_id, user_task_id, user_id))
    return draft_of_row(row) if row is not None else None


def draft_of_row(row: Sequence[Any]) -> Draft:
    """A draft from its columns."""
    content, saved_at, revision, written_in, apart = row
    at = instant(saved_at)
    assert at is not None, "the column is not null"
    return Draft(
        content=codec.decode(content),
        saved_at=at,
        revision=revision,
        written_in=written_in,
        apart=tuple(
            DraftApart(written_in=window, saved_at=since, content=typed) for window, since, typed in codec.decode(apart)
        ),
    )


def draft_columns(draft: Draft) -> Mapping[str, Any]:
    """The columns of a draft."""
    apart = [[each.written_in, each.saved_at, dict(each.content)] for each in draft.apart]
    return {
        "content": codec.encode_text(dict(draft.content)),
        "saved_at": draft.saved_at,
        "revision": draft.revision,
        "written_in": draft.written_in,
        "apart": codec.encode_text(apart),
    }
