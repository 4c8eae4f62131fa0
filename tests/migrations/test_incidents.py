"""Revision 5: incidents that were there learn which timer they are about, and which version of the diagram."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

import migrations
from engine.store import codec
from engine.store.database import open_database, write_transaction
from engine.store.reader import read_incident
from tests.migrations.test_rows_for_changes import NOON, all_rows, to_revision, written

INCIDENT = text(
    "INSERT INTO incident (tenant_id, id, root_id, part, token, element_id, definition_key, business_key, kind, "
    "message, opened_at) VALUES ('default', :id, 'root', :part, :token, 'plan', 'p', 'A', :kind, 'x', :opened_at)"
)
HISTORY = text(
    "INSERT INTO history (tenant_id, root_id, seq, actor, at, entries) "
    "VALUES ('default', 'root', :seq, 'system', :at, :entries)"
)
INSTANCE = text(
    "INSERT INTO process_instance (tenant_id, root_id, part, id, definition_key, definition_ref, business_key, "
    "status, started_at, started_by, reason) "
    "VALUES ('default', 'root', :part, :id, :key, :ref, 'A', 'active', :at, 'li.wei', '')"
)
#: (id, part, token, kind, minutes after noon)
INCIDENTS = [
    ("a", 0, 5, "timer", 1),
    # a clock that stands gives up two rungs of one user task, and a timer event of another part, at one instant
    ("b", 0, 5, "timer", 2),
    ("c", 0, 5, "timer", 2),
    ("d", 3, 9, "timer", 2),
    # of a branch, which is no instance
    ("e", 7, 12, "script", 3),
]
#: (seq, minutes after noon, what was given up: number and key)
CHANGES = [(1, 1, [(5, "due-2")]), (2, 2, [(5, "yellow")]), (3, 2, [(9, ""), (5, "orange")])]


def entry(number: int, key: str) -> list[Any]:
    return [0, None, "TimerGivenUp", "plan", {"key": key, "message": "x", "number": number}]


def test_each_timer_that_was_given_up_is_found_in_the_history_of_its_change(database_url: str) -> None:
    database = open_database(database_url)
    to_revision(database, "0004")
    with write_transaction(database) as connection:

        def at(minutes: int) -> Any:
            return written(connection, NOON + timedelta(minutes=minutes))

        for part, key, ref in ((0, "p", "p:2"), (3, "q", "q:1")):
            connection.execute(INSTANCE, {"part": part, "id": f"i{part}", "key": key, "ref": ref, "at": at(0)})
        for seq, minutes, given_up in CHANGES:
            entries = [[0, 4, "ElementEntered", "plan", {}], *(entry(*timer) for timer in given_up)]
            connection.execute(HISTORY, {"seq": seq, "at": at(minutes), "entries": codec.encode_text(entries)})
        for name, part, token, kind, minutes in INCIDENTS:
            values = {"id": name, "part": part, "token": token, "kind": kind, "opened_at": at(minutes)}
            connection.execute(INCIDENT, values)
    before = all_rows(database, "incident", "id")

    migrations.upgrade(database)

    with write_transaction(database) as connection:
        keys = {name: read_incident(connection, "default", name).timer_key for name, *_ in INCIDENTS}
    assert keys == {"a": "due-2", "b": "yellow", "c": "orange", "d": "", "e": None}
    refs = {row["id"]: row["definition_ref"] for row in all_rows(database, "incident", "id")}
    assert refs == {"a": "p:2", "b": "p:2", "c": "p:2", "d": "q:1", "e": "p:2"}
    to_revision(database, "0004")
    assert all_rows(database, "incident", "id") == before
    database.dispose()
