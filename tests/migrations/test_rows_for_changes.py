"""Revision 2: a history of entries becomes one of changes, ladders become their next rung; nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, inspect, text

import migrations
from engine.store import codec
from engine.store.chronicle import entries_of
from engine.store.database import open_database, read_transaction, write_transaction
from engine.store.ladder_rows import rungs_of
from engine.store.statements import instant

NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)
#: (seq, token, kind, actor, minutes after noon, payload)
ENTRIES = [
    (1, None, "InstanceStarted", "li.wei", 0, {"variables": {"amount": Decimal("12.50"), "name": "示范"}}),
    (2, 5, "ElementEntered", "li.wei", 0, {"flow_id": "f1"}),
    (3, 5, "UserTaskCompleted", "sun.lei", 10, {}),
    (4, 6, "ElementEntered", "sun.lei", 10, {"flow_id": 'an "odd" one'}),
    # by the same person at the same instant, as a played year has it
    (5, 6, "UserTaskCompleted", "sun.lei", 10, {}),
    (6, 7, "ElementEntered", "sun.lei", 10, {"flow_id": "f3"}),
    (7, None, "InstanceEnded", "system", 10, {"outcome": "completed"}),
]
RUNGS = [("due", 0, "remind", []), ("yellow", 1, "overdue", ["unit_head"]), ("orange", 3, "supervise", ["dept_head"])]


def to_revision(database: Engine, revision: str) -> None:
    with write_transaction(database) as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        move = command.upgrade if revision == "head" or not migrations._revision(connection) else command.downgrade
        move(config, revision)


def fill(connection: Connection) -> None:
    entry = text(
        "INSERT INTO history (tenant_id, root_id, seq, part, token, kind, element_id, actor, at, payload) "
        "VALUES ('default', 'root', :seq, 0, :token, :kind, '步骤', :actor, :at, :payload)"
    )
    for seq, token, kind, actor, minutes, payload in ENTRIES:
        values = {"seq": seq, "token": token, "kind": kind, "actor": actor}
        at = NOON + timedelta(minutes=minutes)
        connection.execute(entry, {**values, "at": written(connection, at), "payload": codec.encode_text(payload)})
    rung = text(
        "INSERT INTO timer (tenant_id, root_id, number, key, kind, part, element_id, user_task_id, due_at, "
        "available_at, attempts, payload) VALUES ('default', 'root', 5, :key, 'rung', 0, 'plan', 'task', :due_at, "
        ":due_at, 0, :payload)"
    )
    for key, days, action, recipients in RUNGS:
        payload = codec.encode_text({"action": action, "recipients": recipients})
        due_at = written(connection, NOON + timedelta(days=days))
        connection.execute(rung, {"key": key, "due_at": due_at, "payload": payload})


def written(connection: Connection, at: datetime) -> Any:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if connection.dialect.name == "sqlite" else at


def all_rows(database: Engine, table: str, order: str) -> list[dict[str, Any]]:
    with read_transaction(database) as connection:
        found = connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}")).all()
    return [row._asdict() for row in found]


def test_every_entry_and_every_rung_is_kept_and_comes_back(database_url: str) -> None:
    database = open_database(database_url)
    to_revision(database, "0001")
    with write_transaction(database) as connection:
        fill(connection)
        # a database from before files could be attached
        connection.exec_driver_sql("DROP TABLE upload")
    before = all_rows(database, "history", "seq"), all_rows(database, "timer", "due_at")

    migrations.upgrade(database)

    changes = all_rows(database, "history", "seq")
    assert [(row["seq"], row["actor"], row["completed_token"]) for row in changes] == [
        (1, "li.wei", None), (3, "sun.lei", 5), (5, "sun.lei", 6), (7, "system", None)
    ]  # fmt: skip
    told = [
        (each.seq, each.token, each.kind, row["actor"], (instant(row["at"]) - NOON) // timedelta(minutes=1),
         each.payload)
        for row in changes for each in entries_of(row["seq"], row["entries"])
    ]  # fmt: skip
    assert told == ENTRIES
    (ladder,) = all_rows(database, "timer", "due_at")
    rungs = rungs_of(ladder["key"], instant(ladder["due_at"]), codec.decode(ladder["payload"]))
    assert [(each.key, each.fires_at - NOON, each.action, list(each.recipients)) for each in rungs] == [
        (key, timedelta(days=days), action, recipients) for key, days, action, recipients in RUNGS
    ]
    assert inspect(database).has_table("upload")

    to_revision(database, "0001")

    assert (all_rows(database, "history", "seq"), all_rows(database, "timer", "due_at")) == before
    database.dispose()
