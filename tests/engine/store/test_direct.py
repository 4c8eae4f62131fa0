"""Hot statements go straight to the driver, on PostgreSQL without waiting; what fails undoes everything even so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.store.database import (
    StorageTrouble,
    open_database,
    read_transaction,
    storage_trouble,
    write_transaction,
)
from engine.store.statements import ask, first, instant, rows, run_many, send, together, without_waiting

ADD = "INSERT INTO thing (id, at) VALUES (?, ?)"
AT = datetime(2026, 3, 3, 2, 0, 0, 5, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """A database with one table, and 1 in it."""
    opened = open_database(database_url, idle_seconds=0)
    with write_transaction(opened) as connection:
        connection.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, at TIMESTAMP WITH TIME ZONE)")
        send(connection, ADD, (1, AT))
    yield opened
    opened.dispose()


def things(database: Engine) -> list[int]:
    with read_transaction(database) as connection:
        return [row[0] for row in rows(connection, "SELECT id FROM thing ORDER BY id", ())]


def test_what_is_sent_without_waiting_is_committed_whole(database: Engine) -> None:
    with write_transaction(database) as connection:
        without_waiting(connection)
        send(connection, ADD, (2, AT))
        run_many(connection, ADD, [(3, AT), (4, AT)])
        # a question waits for what was sent before it
        assert first(connection, "SELECT count(*) FROM thing WHERE id > ?", (1,)) == (3,)
        send(connection, "DELETE FROM thing WHERE id = ?", (3,))

    assert things(database) == [1, 2, 4]


@pytest.mark.parametrize("waits", [True, False])
def test_one_failed_statement_undoes_all_and_is_told_by_the_end(database: Engine, waits: bool) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)unique"), write_transaction(database) as connection:
        if not waits:
            without_waiting(connection)
        send(connection, ADD, (2, AT))
        send(connection, ADD, (1, AT))
        send(connection, ADD, (3, AT))

    assert things(database) == [1]
    with write_transaction(database) as connection:
        send(connection, ADD, (2, AT))
    assert things(database) == [1, 2]


def test_what_goes_wrong_with_us_is_not_hidden_by_what_went_wrong_there(database: Engine) -> None:
    with pytest.raises((ValueError, IntegrityError)) as caught, write_transaction(database) as connection:
        without_waiting(connection)
        send(connection, ADD, (2, AT))
        if database.dialect.name == "postgresql":
            send(connection, ADD, (1, AT))
        raise ValueError("ours")

    assert caught.type is ValueError
    assert things(database) == [1]


def test_several_questions_are_asked_before_one_is_answered(database: Engine) -> None:
    with write_transaction(database) as connection:
        with together(connection):
            lower = ask(connection, "SELECT min(id) FROM thing", ())
            higher = ask(connection, "SELECT 7 WHERE ? = 'x'", ("x",))
        assert (higher(), lower()) == ([(7,)], [(1,)])
        # from here on SQLAlchemy may ask again
        assert connection.execute(text("SELECT count(*) FROM thing")).scalar() == 1


def test_a_question_that_cannot_be_answered_is_told_as_sqlalchemy_tells_it(database: Engine) -> None:
    with pytest.raises(DBAPIError, match="nothing_of_that_name"), write_transaction(database) as connection:
        with together(connection):
            answer = ask(connection, "SELECT id FROM nothing_of_that_name", ())
        answer()

    assert things(database) == [1]


def test_an_instant_is_the_same_by_either_way(database: Engine) -> None:
    with write_transaction(database) as connection:
        (direct,) = rows(connection, "SELECT at FROM thing", ())[0]
    told = []
    event.listen(database, "before_cursor_execute", lambda *arguments: told.append(arguments[2]))
    with write_transaction(database) as connection:
        send(connection, ADD, (2, AT))
        listened = [instant(row[0]) for row in rows(connection, "SELECT at FROM thing ORDER BY id", ())]

    assert [instant(direct), *listened] == [AT, AT, AT]
    # who listens is told of everything
    assert [text.split()[0] for text in told] == ["INSERT", "SELECT"]


def drop_the_connection_of(database: Engine, postgres_database_url: str) -> int:
    """Let the server end the connection that lies in a pool; returns the number of its process."""
    with read_transaction(database) as connection:
        lost = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    other = open_database(postgres_database_url)
    with write_transaction(other) as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({lost})")
    other.dispose()
    return lost


def test_a_connection_that_the_server_has_dropped_is_replaced(postgres_database_url: str) -> None:
    database = open_database(postgres_database_url, idle_seconds=0)
    lost = drop_the_connection_of(database, postgres_database_url)

    with read_transaction(database) as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() != lost
    database.dispose()


def test_a_connection_that_was_in_use_a_moment_ago_is_not_asked_and_replaced_after_it_has_failed(
    postgres_database_url: str,
) -> None:
    database = open_database(postgres_database_url, idle_seconds=3600)
    drop_the_connection_of(database, postgres_database_url)

    with pytest.raises(DBAPIError) as caught, write_transaction(database) as connection:
        without_waiting(connection)
        send(connection, "SELECT 1", ())
    assert storage_trouble(caught.value) is StorageTrouble.BUSY

    with write_transaction(database) as connection:
        assert first(connection, "SELECT 1", ()) == (1,)
    database.dispose()
