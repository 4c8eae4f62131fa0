"""What is kept in memory is used only for the version it belongs to; how a database is opened."""

from __future__ import annotations

from engine.kernel.state import State
from engine.store.database import open_database
from engine.store.live_cache import LiveCache

STATES = [State(parts={}, next_number=number) for number in range(4)]


def test_a_state_serves_its_own_version_only() -> None:
    cache = LiveCache()
    cache.put("default", "root", 7, STATES[0])

    assert cache.get("default", "root", 7) is STATES[0]
    assert cache.get("default", "root", 8) is None
    assert cache.get("other tenant", "root", 7) is None


def test_an_evicted_state_is_gone() -> None:
    cache = LiveCache()
    cache.put("default", "root", 7, STATES[0])

    cache.evict("default", "root")
    cache.evict("default", "root")

    assert cache.get("default", "root", 7) is None


def test_the_states_that_were_used_longest_ago_go_first() -> None:
    cache = LiveCache(capacity=2)
    cache.put("default", "a", 1, STATES[0])
    cache.put("default", "b", 1, STATES[1])
    cache.get("default", "a", 1)

    cache.put("default", "c", 1, STATES[2])

    assert [cache.get("default", root, 1) for root in ("a", "b", "c")] == [STATES[0], None, STATES[2]]


def test_sqlite_is_opened_so_that_a_commit_survives_a_power_cut(sqlite_database_url: str) -> None:
    database = open_database(sqlite_database_url)

    with database.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    database.dispose()


def test_postgresql_tells_instants_in_utc(postgres_database_url: str) -> None:
    database = open_database(postgres_database_url)

    with database.connect() as connection:
        assert connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    database.dispose()
