"""Revision 4: drafts that were there stay as they were, and nothing stands apart from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Integer, insert, text

import migrations
from engine.model.user_task import Draft
from engine.store.database import open_database, read_transaction, write_transaction
from engine.store.drafts import read_draft
from engine.store.instance_tables import user_task
from tests.migrations.test_rows_for_changes import to_revision, written

SAVED_AT = datetime(2026, 3, 3, 4, tzinfo=UTC)
DRAFT = (
    "INSERT INTO draft (tenant_id, user_task_id, user_id, saved_at, content) "
    "VALUES ('default', 'task', 'li.wei', :saved_at, :content)"
)


def a_user_task() -> dict[str, Any]:
    plain: dict[type, Any] = {Boolean: False, Integer: 0, DateTime: SAVED_AT}
    values = {
        column.name: next((value for kind, value in plain.items() if isinstance(column.type, kind)), "")
        for column in user_task.columns
        if not column.nullable
    }
    return values | {"tenant_id": "default", "id": "task", "due_order": SAVED_AT, "created_at": SAVED_AT}


def test_a_draft_of_before_is_read_as_it_was(database_url: str) -> None:
    database = open_database(database_url)
    to_revision(database, "0003")
    with write_transaction(database) as connection:
        connection.execute(insert(user_task).values(a_user_task()))
        connection.execute(
            text(DRAFT), {"saved_at": written(connection, SAVED_AT), "content": '{"measure": "打到一半的字"}'}
        )

    migrations.upgrade(database)

    with read_transaction(database) as connection:
        found = read_draft(connection, "default", "task", "li.wei")
    assert found == Draft(content={"measure": "打到一半的字"}, saved_at=SAVED_AT, revision=1)
    to_revision(database, "0003")
    with read_transaction(database) as connection:
        assert connection.execute(text("SELECT content FROM draft")).scalars().all() == ['{"measure": "打到一半的字"}']
    database.dispose()
