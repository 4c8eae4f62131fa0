"""Looks at the rows after a storm and tells what cannot be: lost, doubled, stuck, history that differs from state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, select

from engine.kernel.state import Part, TokenState
from engine.store import codec
from engine.store.chronicle import entries_of
from engine.store.instance_tables import candidate, document, history, instance_state, process_instance, user_task
from engine.store.wait_tables import timer
from tests.crash.office import USER_TASKS_AN_INSTANCE, ledger_entry


@dataclass
class Root:
    """Everything the rows say about one root instance."""

    id: str
    status: str = ""
    history_seq: int = 0
    state: Part | None = None
    user_tasks: list[Any] = field(default_factory=list)
    history: list[Any] = field(default_factory=list)
    ledger_rows: int = 0
    timers: list[Any] = field(default_factory=list)
    documents: int = 0
    offered: set[str] = field(default_factory=set)


def violations(database: Engine, acknowledged: Mapping[str, str], *, all_ended: bool) -> list[str]:
    """Everything that is wrong; nothing = all is well.

    Args:
        acknowledged: user task -> actor, as the workers were told before they died.
        all_ended: whether every instance should have come to its end.
    """
    with database.connect() as connection:
        roots = _read(connection)
    found = list(_lost(roots.values(), acknowledged))
    for root in roots.values():
        found += [f"{root.id}: {fault}" for fault in _faults(root, all_ended)]
    return found


def _read(connection: Connection) -> dict[str, Root]:
    roots: dict[str, Root] = {}
    for row in connection.execute(select(process_instance)):
        roots[row.root_id] = Root(id=row.root_id, status=row.status)
    for row in connection.execute(select(instance_state)):
        root = roots[row.root_id]
        root.history_seq = row.history_seq
        root.state = Part.from_plain(codec.unpack(row.state)) if row.state is not None else None
    for row in connection.execute(select(user_task).order_by(user_task.c.id)):
        roots[row.root_id].user_tasks.append(row)
    for row in connection.execute(select(history).order_by(history.c.root_id, history.c.seq)):
        roots[row.root_id].history.extend(entries_of(row.seq, row.entries))
    for root_id in connection.execute(select(ledger_entry.c.root_id)).scalars():
        roots[root_id].ledger_rows += 1
    for row in connection.execute(select(timer)):
        roots[row.root_id].timers.append(row)
    for root_id in connection.execute(select(document.c.root_id)).scalars():
        roots[root_id].documents += 1
    root_of = {row.id: root.id for root in roots.values() for row in root.user_tasks}
    for user_task_id in connection.execute(select(candidate.c.user_task_id)).scalars():
        roots[root_of[user_task_id]].offered.add(user_task_id)
    return roots


def _lost(roots: Iterable[Root], acknowledged: Mapping[str, str]) -> Iterable[str]:
    done = {row.id: row.closed_by for root in roots for row in root.user_tasks if row.state == "completed"}
    for user_task_id, actor in acknowledged.items():
        if user_task_id not in done:
            yield f"lost: the completion of {user_task_id} was acknowledged to {actor}"
        elif done[user_task_id] != actor:
            yield f"doubled: {user_task_id} was acknowledged to {actor} and is {done[user_task_id]}'s"


def _faults(root: Root, all_ended: bool) -> Iterable[str]:
    completed = [row for row in root.user_tasks if row.state == "completed"]
    open_tokens = {row.token for row in root.user_tasks if row.state == "open"}
    yield from _history_faults(root, {row.token for row in completed}, open_tokens)
    resting = _resting(root.state)
    if open_tokens != resting:
        yield f"state: user tasks {sorted(open_tokens)} are open, but tokens {sorted(resting)} rest"
    filed = sum(1 for row in completed if row.element_id == "file")
    if root.ledger_rows != filed:
        yield f"ledger: {root.ledger_rows} rows for {filed} filings"
    if root.documents != filed:
        yield f"documents: {root.documents} for {filed} filings"
    if root.offered != {row.id for row in root.user_tasks if row.state == "open"}:
        yield "inbox: the candidates differ from the open user tasks"
    if {row.number for row in root.timers if row.kind == "rung"} - open_tokens:
        yield "rungs of closed user tasks are left"
    waits = set(root.state.waits) if root.state is not None else set()
    if {row.number for row in root.timers if row.kind == "event"} != waits:
        yield "timers differ from the waits of the state"
    if root.status == "completed" and len(completed) != USER_TASKS_AN_INSTANCE:
        yield f"ended after {len(completed)} user tasks"
    if all_ended and root.status != "completed":
        yield f"stuck: {root.status}, with {len(open_tokens)} open user tasks"


def _history_faults(root: Root, completed: set[int], open_tokens: set[int]) -> Iterable[str]:
    seqs = [row.seq for row in root.history]
    if seqs != list(range(1, root.history_seq + 1)):
        yield f"history: {len(seqs)} entries up to {max(seqs, default=0)}, but the root counts {root.history_seq}"
    told = Counter(row.token for row in root.history if row.kind == "UserTaskCompleted")
    for token, times in told.items():
        if times > 1:
            yield f"doubled: token {token} was completed {times} times"
    if set(told) != completed:
        yield f"history tells completions of {sorted(told)}, the rows of {sorted(completed)}"
    created = {row.token for row in root.history if row.kind == "UserTaskCreated"}
    if created - set(told) != open_tokens:
        yield f"history tells open user tasks {sorted(created - set(told))}, the rows {sorted(open_tokens)}"
    ends = sum(1 for row in root.history if row.kind == "InstanceEnded")
    if ends != (root.status == "completed"):
        yield f"history tells {ends} ends, the row says {root.status}"


def _resting(state: Part | None) -> set[int]:
    if state is None:
        return set()
    return {token.number for token in state.tokens.values() if token.state is TokenState.USER_TASK}
