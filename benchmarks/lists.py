"""The inbox of one person among very many open user tasks, and what is due among very many waiting timers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert, text

from benchmarks.databases import POSTGRESQL, Databases
from benchmarks.office import NOW, UNIT, Office
from benchmarks.table import Chapter, Row, at_most, figure
from benchmarks.watching import watching
from engine.model.actor import Actor
from engine.queries import InboxList, Page, inbox, inbox_counts
from engine.store.database import read_transaction, write_transaction
from engine.store.due import BATCH, is_anything_due, lease_timers
from engine.store.tables import metadata

OPEN, VERY_MANY = 100_000, 1_000_000
MINE = 19
INBOX_MS, DUE_MS = 10, 5
#: Timers that are due while all others wait.
_DUE = 3_000
#: Rows that are inserted at once.
_ROWS_AT_ONCE = 5_000
_ACTOR = Actor(
    tenant_id="default",
    user_id="li.wei",
    roles=frozenset({"project_owner", "dept_perf"}),
    groups=frozenset({f"project_owner@{UNIT}", "dept_perf@21"}),
    visible_units=frozenset({UNIT, "21"}),
)


def measure(databases: Databases, *, full: bool) -> list[Chapter]:
    """Both chapters."""
    return [_inboxes(databases, full=full), _timers(databases, VERY_MANY if full else OPEN)]


# --- inbox ------------------------------------------------------------------------------------------------------------


def _inboxes(databases: Databases, *, full: bool) -> Chapter:
    office = Office(databases.new("inbox"), {})
    _fill_user_tasks(office.database, 0, OPEN)
    first = _asked(office)
    rows: list[Row] = [
        at_most(f"p50 ms, {name}, among {OPEN:,}", milliseconds, INBOX_MS) for name, milliseconds in first.items()
    ]
    if full:
        _fill_user_tasks(office.database, OPEN, VERY_MANY)
        for name, milliseconds in _asked(office).items():
            note = f"{milliseconds:.2f} ms"
            rows.append(
                at_most(f"{name}, among {VERY_MANY:,} against {OPEN:,}", milliseconds / first[name], 2, note=note)
            )
    return Chapter(title=f"Inbox of {MINE}, {databases.kind}", rows=tuple(rows))


def _asked(office: Office) -> dict[str, float]:
    """Median milliseconds of each list, through the dispatcher's query door."""
    mine = office.dispatcher.query(inbox, _ACTOR, InboxList.MINE)
    claimable = office.dispatcher.query(inbox, _ACTOR, InboxList.CLAIMABLE)
    counts = office.dispatcher.query(inbox_counts, _ACTOR, now=NOW)
    assert (len(mine.items), len(claimable.items)) == (MINE, MINE) == (counts.mine, counts.claimable)

    def ask(which: InboxList) -> Callable[[], Page[Any]]:
        return lambda: office.dispatcher.query(inbox, _ACTOR, which)

    asked: dict[str, Callable[[], Any]] = {
        "mine": ask(InboxList.MINE),
        "claimable": ask(InboxList.CLAIMABLE),
        "counts": lambda: office.dispatcher.query(inbox_counts, _ACTOR, now=NOW),
    }
    return {name: _median_ms(act, 100) for name, act in asked.items()}


def _median_ms(act: Callable[[], Any], times: int) -> float:
    found: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return statistics.median(found) * 1e3


def _fill_user_tasks(database: Engine, first: int, last: int) -> None:
    """Open user tasks, a third of them claimed; 19 are the actor's and 19 lie in one of the actor's groups."""
    user_tasks = (_user_task(number) for number in range(first, last))
    _insert_all(database, "user_task", user_tasks)
    unclaimed = (row for row in map(_user_task, range(first, last)) if row["assignee"] is None)
    _insert_all(database, "candidate", (_candidate(row) for row in unclaimed))
    _analyse(database)


def _user_task(number: int) -> dict[str, Any]:
    step = OPEN // MINE
    mine, offered = number % step == 1 and number < OPEN - step, number % step == 2 and number < OPEN - step
    due_at = NOW + timedelta(minutes=number * 7919 % 100_000)
    assignee = "li.wei" if mine else f"user{number % 500}" if number % 3 == 0 and not offered else None
    group = f"project_owner@{UNIT}" if offered else f"project_owner@u{number % 2_000}"
    return {
        "tenant_id": "default", "id": f"user-task-{number:09d}", "root_id": f"root-{number // 3:09d}", "part": 0,
        "token": number, "element_id": "fill", "name": "填报绩效目标", "definition_key": "closed_loop",
        "definition_ref": "closed_loop:1", "business_key": f"SFQ-{number // 3}", "unit_code": UNIT,
        "form_key": "opinion", "state": "open", "assignee": assignee, "candidate_groups": f'["{group}"]',
        "candidate_users": "[]", "routing": '[{"rule":"unit","role":"project_owner"}]', "lane": None, "priority": 50,
        "created_at": NOW, "due_at": due_at, "due_order": due_at, "due_rule": "5WD", "follow_up_at": None,
        "four_eyes_with": "[]", "properties": "{}", "rung": "", "has_draft": False, "version": 1, "closed_at": None,
        "closed_by": None, "closed_cause": "", "closed_for": None,
    }  # fmt: skip


def _candidate(row: dict[str, Any]) -> dict[str, Any]:
    group = row["candidate_groups"][2:-2]
    return {
        "tenant_id": "default",
        "holder": f"group:{group}",
        "due_order": row["due_order"],
        "user_task_id": row["id"],
    }


# --- timers -----------------------------------------------------------------------------------------------------------


def _timers(databases: Databases, count: int) -> Chapter:
    database = databases.new("timers")
    metadata.create_all(database)
    _insert_all(database, "timer", (_timer(number, count // _DUE) for number in range(count)))
    _analyse(database)
    batches = [_timed_batch(database) for _ in range(_DUE // BATCH - 10)]
    asked = _median_ms(lambda: _is_anything_due(database), 50)
    found = statistics.median(finding for finding, _ in batches) * 1e3
    leased = statistics.median(leasing for _, leasing in batches) * 1e3
    rows = (
        at_most(f"ms to find {BATCH} due among {count:,}", found, DUE_MS, note="no instance is loaded"),
        figure(f"ms to lease {BATCH} due, with commit", leased),
        figure("ms to ask whether anything is due", asked),
    )
    return Chapter(title=f"Timers, {databases.kind}", rows=rows)


def _timed_batch(database: Engine) -> tuple[float, float]:
    """Seconds to find what is due, and to find and lease it."""
    with watching(database) as sent:
        began = time.perf_counter()
        with write_transaction(database) as connection:
            timers = lease_timers(connection, now=NOW, lease_for=timedelta(minutes=1))
        leasing = time.perf_counter() - began
    assert len(timers) == BATCH
    assert all("timer" in statement and "instance" not in statement for statement, _ in sent.statements)
    # the same statement once more: it finds the next batch
    with write_transaction(database) as connection:
        began = time.perf_counter()
        found = connection.exec_driver_sql(*sent.statements[0]).fetchall()
        finding = time.perf_counter() - began
    assert len(found) == BATCH
    return finding, leasing


def _is_anything_due(database: Engine) -> bool:
    with read_transaction(database) as connection:
        return is_anything_due(connection, NOW, notices=True)


def _timer(number: int, step: int) -> dict[str, Any]:
    """One of `step` is due, the others wait for up to two years."""
    due_at: datetime = NOW + timedelta(minutes=number * 7919 % 1_000_000 + 1)
    if number % step == 0:
        due_at = NOW - timedelta(minutes=number % 1_000)
    return {
        "tenant_id": "default", "root_id": f"root-{number // 7:09d}", "number": number, "key": "", "kind": "event",
        "part": 0, "element_id": "fill_late", "user_task_id": None, "due_at": due_at, "available_at": due_at,
        "attempts": 0, "payload": "{}",
    }  # fmt: skip


# --- filling ----------------------------------------------------------------------------------------------------------


def _insert_all(database: Engine, table: str, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        with write_transaction(database) as connection:
            connection.execute(insert(metadata.tables[table]), some)


def _analyse(database: Engine) -> None:
    """What autovacuum does by itself after a while."""
    statement = "VACUUM ANALYZE" if database.dialect.name == POSTGRESQL else "ANALYZE"
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
