"""Drafts as they are read: a person's own of a user task, and what the person left at the same step before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from engine.model.user_task import Draft, DraftApart, UserTask
from engine.store import codec
from engine.store.statements import first, instant

_COLUMNS = "d.content, d.saved_at, d.revision, d.written_in, d.apart"


def read_draft(connection: Connection, tenant_id: str, user_task_id: str, user_id: str) -> Draft | None:
    """A person's draft of a user task."""
    text = f"SELECT {_COLUMNS} FROM draft d WHERE d.tenant_id = ? AND d.user_task_id = ? AND d.user_id = ?"
    row = first(connection, text, (tenant_id, user_task_id, user_id))
    return _draft(row) if row is not None else None


#: The latest of a closed user task of the same step and case, unless its author has filed there since.
_LEFT_BEFORE = (
    f"SELECT {_COLUMNS} FROM draft d JOIN user_task u ON u.tenant_id = d.tenant_id AND u.id = d.user_task_id "
    "WHERE d.tenant_id = ? AND d.user_id = ? AND u.business_key = ? AND u.definition_key = ? AND u.element_id = ? "
    "AND u.form_key = ? AND u.state <> 'open'{in_its_instance} AND NOT EXISTS ("
    "SELECT 1 FROM document f WHERE f.tenant_id = d.tenant_id AND f.business_key = ? AND f.element_id = u.element_id "
    "AND f.filed_by = d.user_id AND f.filed_at > d.saved_at) ORDER BY d.saved_at DESC LIMIT 1"
)
_IN_THE_CASE = _LEFT_BEFORE.format(in_its_instance="")
_IN_THE_INSTANCE = _LEFT_BEFORE.format(in_its_instance=" AND u.root_id = ?")


def read_earlier_draft(connection: Connection, tenant_id: str, found: UserTask, user_id: str) -> Draft | None:
    """What a person left at the step of an open user task when it was last closed without that, with what stands apart.

    It is revision 0, and of no window: whoever goes on from it begins a draft of the open user task.
    """
    if not found.is_open or found.form_key is None:
        return None
    where = (tenant_id, user_id, found.business_key, found.definition_key, found.element_id, found.form_key)
    if found.business_key:
        row = first(connection, _IN_THE_CASE, (*where, found.document_key))
    else:
        row = first(connection, _IN_THE_INSTANCE, (*where, found.root_id, found.document_key))
    return replace(_draft(row), revision=0, written_in="") if row is not None else None


def read_draft_at_hand(connection: Connection, tenant_id: str, found: UserTask, user_id: str) -> Draft | None:
    """What a person goes on from at an open user task: the own draft, else what was left at this step before."""
    draft = read_draft(connection, tenant_id, found.id, user_id)
    return draft if draft is not None else read_earlier_draft(connection, tenant_id, found, user_id)


def _draft(row: Sequence[Any]) -> Draft:
    """A draft from its columns."""
    content, saved_at, revision, written_in, apart = row
    at = instant(saved_at)
    assert at is not None, "the column is not null"
    return Draft(
        content=codec.decode(content),
        saved_at=at,
        revision=revision,
        written_in=written_in,
        apart=tuple(map(_apart, codec.decode(apart))),
    )


def _apart(written: Sequence[Any]) -> DraftApart:
    # those of the first three fields were written before it was kept what they build on
    window, since, content, *builds_on = written
    read = int(builds_on[0]) if builds_on and builds_on[0] is not None else None
    return DraftApart(written_in=window, saved_at=since, content=content, builds_on=read)
