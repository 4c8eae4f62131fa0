"""Bugs that the checker must find; a checker that finds nothing has to prove that it can."""

from __future__ import annotations

import select
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from engine.dispatcher import door
from engine.dispatcher.loading import Reading
from engine.store import row_changes, writer
from engine.store.database import write_transaction
from engine.store.statements import insert


def plant_nothing(database: Engine) -> None:
    """The product as it is."""


def plant_history_outside(database: Engine) -> None:
    """History is written after the commit, in a transaction of its own: a kill in between loses it."""
    late: list[Any] = []
    flush = row_changes.flush

    def flush_without_history(connection: Connection, changes: row_changes.RowChanges) -> Any:
        late.extend(changes.history)
        changes.history = []
        return flush(connection, changes)

    once = door.Dispatcher._once

    def once_and_then_history(dispatcher: Any, *arguments: Any) -> Any:
        late.clear()
        done = once(dispatcher, *arguments)
        with write_transaction(database) as connection:
            insert(connection, row_changes.instances.history, late)
        return done

    writer.flush = flush_without_history
    door.Dispatcher._once = once_and_then_history  # type: ignore[method-assign]


def plant_no_lock(database: Engine) -> None:
    """The lock is let go between reading and writing: two may complete the same user task."""
    load = door.load

    def load_and_let_go(reading: Reading, about: Any, command: Any) -> Any:
        loaded = load(reading, about, command)
        if loaded.root is not None:
            reading.state_of(loaded.root)
        driver: Any = reading.connection.connection.driver_connection
        driver.commit()
        # long enough for the other process to come in between
        select.select((), (), (), 0.001)
        if reading.connection.dialect.name == "sqlite":
            driver.execute("BEGIN IMMEDIATE")
        return loaded

    door.load = load_and_let_go


def take_nets_away(connection: Connection) -> None:
    """Drop the unique keys that would catch a missing lock, so that it can be seen what the lock is for."""
    connection.exec_driver_sql("DROP INDEX uq_history_completion")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ALTER TABLE history RENAME TO history_with_key")
        connection.exec_driver_sql("CREATE TABLE history AS SELECT * FROM history_with_key")
        connection.exec_driver_sql("DROP TABLE history_with_key")
    else:
        connection.exec_driver_sql("ALTER TABLE history DROP CONSTRAINT pk_history")


BUGS: Mapping[str, Callable[[Engine], None]] = {
    "none": plant_nothing,
    "history-outside": plant_history_outside,
    "no-lock": plant_no_lock,
    "no-lock-but-nets": plant_no_lock,
}
