"""The history has one row a change instead of one an entry; of a ladder only the next rung is a row.

Both keep everything that they held. An entry becomes a member of its change's list; rungs that come later are kept in
the row of the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

#: Rows written at once.
_BATCH = 500
_OPEN = "state = 'open'"
_OPEN_AND_TAKEN = "state = 'open' AND assignee IS NOT NULL"
_COMPLETED = "completed_token IS NOT NULL"
_ENTRY_COMPLETES = "kind = 'UserTaskCompleted'"

_entries = sa.table(
    "history_by_entry",
    *map(sa.column, ("tenant_id", "root_id", "seq", "part", "token", "kind", "element_id", "actor")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("payload"),
)
_changes = sa.table(
    "history_by_change",
    *map(sa.column, ("tenant_id", "root_id", "seq", "actor")),
    sa.column("at", sa.DateTime(timezone=True)),
    *map(sa.column, ("completed_token", "entries")),
)
_timer = sa.table(
    "timer",
    *map(sa.column, ("tenant_id", "root_id", "number", "key", "kind", "part", "element_id", "user_task_id")),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("available_at", sa.DateTime(timezone=True)),
    *map(sa.column, ("attempts", "payload")),
)


def upgrade() -> None:
    _bring_uploads()
    _index_mine(_OPEN_AND_TAKEN)
    _put_aside("history_by_entry")
    op.create_table(
        "history",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_token", sa.BigInteger(), nullable=True),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "seq", name=op.f("pk_history")),
    )
    _copy(_entries, _changes, _as_changes)
    _index_completions("completed_token", _COMPLETED)
    _keep_the_next_rung()


def downgrade() -> None:
    _index_mine(_OPEN)
    _put_aside("history_by_change")
    op.create_table(
        "history",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "root_id", "seq", name=op.f("pk_history")),
    )
    _copy(_changes, _entries, _as_entries)
    _index_completions("token", _ENTRY_COMPLETES)
    _keep_every_rung()


# --- the history ------------------------------------------------------------------------------------------------------


def _put_aside(name: str) -> None:
    op.drop_index("uq_history_completion", "history")
    op.rename_table("history", name)
    if op.get_bind().dialect.name == "postgresql":
        # the name of the key belongs to the whole schema
        op.drop_constraint("pk_history", name)


def _index_completions(column: str, where: str) -> None:
    op.create_index(
        "uq_history_completion",
        "history",
        ["tenant_id", "root_id", column],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _copy(source: sa.TableClause, like: sa.TableClause, convert: Any) -> None:
    """Read the rows put aside in order, write what they become into the new table, and drop the old one."""
    connection = op.get_bind()
    target = sa.table("history", *(sa.column(column.name, column.type) for column in like.columns))
    statement = sa.select(source).order_by(source.c.tenant_id, source.c.root_id, source.c.seq)
    rows = connection.execute(statement.execution_options(yield_per=_BATCH))
    batch: list[dict[str, Any]] = []
    for row in convert(rows):
        batch.append(row)
        if len(batch) == _BATCH:
            connection.execute(sa.insert(target), batch)
            batch = []
    if batch:
        connection.execute(sa.insert(target), batch)
    rows.close()
    op.drop_table(source.name)


def _as_changes(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for (tenant_id, root_id, actor, at), together in groupby(
        rows, lambda row: (row.tenant_id, row.root_id, row.actor, row.at)
    ):
        for change in _of_one_completion(together):
            completed = next((row.token for row in change if row.kind == "UserTaskCompleted"), None)
            yield {
                "tenant_id": tenant_id,
                "root_id": root_id,
                "seq": change[0].seq,
                "actor": actor,
                "at": at,
                "completed_token": completed,
                "entries": f"[{','.join(map(_entry, change))}]",
            }


def _of_one_completion(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """What one person did at one instant may be several changes; none completes more than one user task."""
    change: list[Any] = []
    has_completed = False
    for row in rows:
        if row.kind == "UserTaskCompleted" and has_completed:
            yield change
            change = []
        has_completed = has_completed or row.kind == "UserTaskCompleted"
        change.append(row)
    yield change


def _entry(row: Any) -> str:
    # the payload is JSON already, in the codec's own words
    place = json.dumps([row.part, row.token, row.kind, row.element_id], ensure_ascii=False, separators=(",", ":"))
    return f"{place[:-1]},{row.payload}]"


def _as_entries(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for seq, (part, token, kind, element_id, payload) in enumerate(json.loads(row.entries), row.seq):
            yield {
                "tenant_id": row.tenant_id,
                "root_id": row.root_id,
                "seq": seq,
                "part": part,
                "token": token,
                "kind": kind,
                "element_id": element_id,
                "actor": row.actor,
                "at": row.at,
                "payload": json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
            }


# --- ladders ----------------------------------------------------------------------------------------------------------


def _keep_the_next_rung() -> None:
    connection = op.get_bind()
    statement = sa.select(_timer).where(_timer.c.kind == "rung")
    rows = connection.execute(
        statement.order_by(_timer.c.tenant_id, _timer.c.root_id, _timer.c.number, _timer.c.due_at)
    ).all()
    for _, ladder in groupby(rows, lambda row: (row.tenant_id, row.root_id, row.number)):
        first, *later = ladder
        payload = json.loads(first.payload)
        payload["later"] = [_later(row) for row in later]
        connection.execute(_the_row(sa.update(_timer), first).values(payload=_json(payload)))
        for row in later:
            connection.execute(_the_row(sa.delete(_timer), row))


def _later(row: Any) -> list[Any]:
    payload = json.loads(row.payload)
    due_at = row.due_at.astimezone(UTC).replace(tzinfo=None) if row.due_at.tzinfo else row.due_at
    return [row.key, {"\x01i": [due_at.isoformat(), 0]}, payload.get("action", ""), payload.get("recipients", [])]


def _keep_every_rung() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_timer).where(_timer.c.kind == "rung")).all():
        payload = json.loads(row.payload)
        later = payload.pop("later", [])
        connection.execute(_the_row(sa.update(_timer), row).values(payload=_json(payload)))
        for key, fires_at, action, recipients in later:
            due_at = datetime.fromisoformat(fires_at["\x01i"][0]).replace(tzinfo=UTC)
            values = {
                **row._asdict(),
                "key": key,
                "due_at": due_at,
                "available_at": due_at if row.available_at is not None else None,
                "attempts": 0,
                "payload": _json({"action": action, "recipients": recipients}),
            }
            connection.execute(sa.insert(_timer).values(values))


def _the_row(statement: Any, row: Any) -> Any:
    keys = ("tenant_id", "root_id", "number", "key")
    return statement.where(*(_timer.c[key] == getattr(row, key) for key in keys))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- the rest ---------------------------------------------------------------------------------------------------------


def _index_mine(where: str) -> None:
    """What nobody has taken is in no list of anybody's own."""
    op.drop_index("ix_user_task_mine", "user_task")
    op.create_index(
        "ix_user_task_mine",
        "user_task",
        ["tenant_id", "assignee", "due_order", "id"],
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _bring_uploads() -> None:
    """Revision 1 got this table after people had begun to use it: their databases lack it."""
    if sa.inspect(op.get_bind()).has_table("upload"):
        return
    op.create_table(
        "upload",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_task_id", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_filed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_task_id"],
            ["user_task.tenant_id", "user_task.id"],
            name=op.f("fk_upload_tenant_id_user_task_id_user_task"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_upload")),
        sa.UniqueConstraint("tenant_id", "stored_as", name=op.f("uq_upload_tenant_id_stored_as")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_is_filed_uploaded_at"), ["is_filed", "uploaded_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_upload_tenant_id_user_task_id"), ["tenant_id", "user_task_id"], unique=False
        )

