"""What is kept for a transaction is asked once, and goes with it."""

from __future__ import annotations

from sqlalchemy import Engine

from engine.store.database import open_database, write_transaction
from engine.store.once import forget, keep, once


def test_a_value_is_read_once_a_transaction(database_url: str) -> None:
    database: Engine = open_database(database_url)
    asked: list[int] = []

    def read() -> int:
        asked.append(1)
        return len(asked)

    with write_transaction(database) as connection:
        assert (once(connection, "key", read), once(connection, "key", read)) == (1, 1)
    with write_transaction(database) as connection:
        assert once(connection, "key", read) == 2
    database.dispose()


def test_what_the_transaction_changes_itself_is_read_again(database_url: str) -> None:
    database: Engine = open_database(database_url)
    with write_transaction(database) as connection:
        keep(connection, "key", "came along")
        assert once(connection, "key", lambda: "read") == "came along"
        forget(connection, "key")
        assert once(connection, "key", lambda: "read") == "read"
    database.dispose()
