"""Writing one change of one root instance: state, rows and history in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from engine.kernel.events import InstanceStarted
from engine.kernel.state import Part
from engine.model.user_task import UserTask
from engine.store import appliers, deed_appliers
from engine.store.appliers import Context, PartFacts
from engine.store.chronicle import record
from engine.store.extension_rows import write_extensions
from engine.store.reader import LockedRoot
from engine.store.row_changes import Flushed, RowChanges, flush
from engine.store.snapshots import write_parts
from engine.store.step import Step, WriterPorts, Written
from engine.store.withdrawal_rows import write_withdrawals


def write(connection: Connection, step: Step, ports: WriterPorts) -> Written:
    """Write a change: first the state, whose row the transaction holds, then what the entries say.

    Everybody who has to be asked is asked before; from the first row on nobody waits for the database.
    """
    changes = step.frame.row_changes(step.root.root_id)
    asked = (ports.make_id, ports.people, ports.ladder)
    context = Context(connection, changes, step.frame.actor, *asked, _part_facts(step), step.root.unit_code)
    for entry, apply in zip(step.entries, map(_APPLIERS.get, map(type, step.entries)), strict=True):
        if apply is not None:
            apply(context, entry)
    seq = record(changes, step.entries, step.root.history_seq)
    _spare_statements(changes, step.user_task)
    before, after = step.root, step.after
    next_number = after.next_number if after is not None else before.next_number
    suspended = _SUSPENDED.get(changes.root_status, before.suspended)
    root = LockedRoot(before.root_id, before.version + 1, next_number, seq, suspended, context.unit_code)
    write_parts(connection, step.frame.tenant_id, root, after, step.changed, step.removed, is_new=step.is_new)
    flushed = flush(connection, changes)
    if changes.new_extensions or changes.answered_extensions:
        write_extensions(connection, changes)
    if changes.opened or changes.asked_back or changes.answered_withdrawals:
        write_withdrawals(connection, changes)
    return _written(root, changes, flushed)


def _within(apply: Callable[[RowChanges, Any], None]) -> Callable[[Context, Any], None]:
    """What may also happen outside of instances, within one."""
    return lambda context, deed: apply(context.changes, deed)


#: What each event and each deed within an instance changes; one table, so that one look tells.
_APPLIERS: Mapping[type, Callable[[Context, Any], None]] = {
    **appliers.APPLIERS,
    **deed_appliers.APPLIERS,
    **{kind: _within(apply) for kind, apply in deed_appliers.APART.items()},
}
#: New status of the root's row -> whether the root is suspended.
_SUSPENDED: Mapping[str | None, bool] = {"suspended": True, "active": False}


def new_root(root_id: str) -> LockedRoot:
    """The counters of a root instance that begins."""
    return LockedRoot(root_id=root_id, version=0, next_number=1, history_seq=0, suspended=False, unit_code=None)


def _written(root: LockedRoot, changes: RowChanges, flushed: Flushed) -> Written:
    incidents = tuple([row["id"] for row in changes.new_incidents.values()])
    return Written(root.version, changes.root_has_ended(), flushed.deliverable, flushed.opened_user_tasks, incidents)


def _spare_statements(changes: RowChanges, user_task: UserTask | None) -> None:
    """A claimed user task lies in nobody's inbox, one without draft has none to delete."""
    if user_task is None or user_task.token not in changes.closed_user_tasks:
        return
    changes.user_task_ids[user_task.token] = user_task.id
    if user_task.assignee is not None:
        changes.claimed_tokens.add(user_task.token)
    if user_task.has_draft and changes.closed_user_tasks[user_task.token].state == "completed":
        # what others have typed is theirs still, and so is what was typed before a return
        changes.drafts_to_delete.append((user_task.id, changes.actor))


def _part_facts(step: Step) -> Callable[[int], PartFacts]:
    """Facts of a part by its number, also of one that came or went within the change."""
    told: dict[int, PartFacts] = {}

    def facts(number: int) -> PartFacts:
        known = told.get(number)
        if known is None:
            found = _part(step, number)
            known = told[number] = PartFacts(found.graph_ref, found.business_key)
        return known

    return facts


def _part(step: Step, number: int) -> Part | InstanceStarted:
    """A part of the state after or before the change, or how one began that has ended within it."""
    for state in (step.after, step.before()):
        part = state.parts.get(number) if state is not None else None
        if part is not None:
            return part
    return next(entry for entry in step.entries if type(entry) is InstanceStarted and entry.part == number)
