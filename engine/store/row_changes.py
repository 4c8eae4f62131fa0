"""What one change writes, collected per table and then written in few statements.

    event or deed -> applier -> RowChanges -> flush -> rows

Rows are deleted before new ones are inserted, so that a timer which is cleared and set again in one change stays set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.model.extension import ANSWERS as EXTENDED
from engine.model.message import LOOK_AGAIN_AFTER
from engine.model.opinion import ANSWERS as OPINION_GIVEN
from engine.model.user_task import UserTask
from engine.model.value import empty_dict, empty_list, empty_set, value
from engine.model.withdrawal import ANSWERS as WITHDRAWN
from engine.store import conversation_tables as conversation
from engine.store import instance_tables as instances
from engine.store import wait_tables as waits
from engine.store.statements import Row, in_list, insert, rows, run_many, send

#: How long a message waits for its receiver (PROCESSES 0.2).
MESSAGE_KEPT = timedelta(days=400)
#: Messages that are delivered to user tasks: they answer what was asked for there.
TO_USER_TASKS = frozenset({EXTENDED, WITHDRAWN, OPINION_GIVEN})
#: Lists of keys in one statement are at most so long.
_KEYS_AT_ONCE = 256


@dataclass(slots=True)
class ClosedUserTask:
    """How a user task ends."""

    #: completed | cancelled
    state: str
    by: str | None
    cause: str = ""


@dataclass(slots=True)
class RowChanges:
    """The row changes of one change of one root instance."""

    tenant_id: str
    root_id: str
    now: datetime
    actor: str
    #: Whom the actor stands in for; None = nobody.
    on_behalf_of: str | None = None

    new_instances: list[Row] = field(default_factory=empty_list, init=False)
    #: part -> (status, end element, reason)
    ended_instances: dict[int, tuple[str, str, str]] = field(default_factory=empty_dict, init=False)
    #: New status of the root's row, when it is suspended or resumed.
    root_status: str | None = None
    #: By token.
    new_user_tasks: dict[int, dict[str, Any]] = field(default_factory=empty_dict, init=False)
    closed_user_tasks: dict[int, ClosedUserTask] = field(default_factory=empty_dict, init=False)
    #: Tokens of closed user tasks that were claimed, and so have no candidate rows.
    claimed_tokens: set[int] = field(default_factory=empty_set, init=False)
    #: Token -> user task, of those that are known by id.
    user_task_ids: dict[int, str] = field(default_factory=empty_dict, init=False)
    #: (user task, new assignee): claims, releases and transfers.
    assigned: list[tuple[str, str | None]] = field(default_factory=empty_list, init=False)
    new_extensions: list[Row] = field(default_factory=empty_list, init=False)
    #: User task that was asked for -> (state, answered at, by whom, last day granted, opinion).
    answered_extensions: dict[str, tuple[Any, ...]] = field(default_factory=empty_dict, init=False)
    #: User tasks that the actor has looked at for the first time.
    opened: list[str] = field(default_factory=empty_list, init=False)
    #: Element -> the user task whose work goes on in the new one of the step, and with whom.
    taken_back: dict[str, tuple[UserTask, str]] = field(default_factory=empty_dict, init=False)
    #: (user task, its review, reason): the reviewer is asked to give it back.
    asked_back: list[tuple[str, str, str]] = field(default_factory=empty_list, init=False)
    #: (user task, state, by whom, opinion).
    answered_withdrawals: list[tuple[str, str, str | None, str]] = field(default_factory=empty_list, init=False)
    new_opinions: list[Row] = field(default_factory=empty_list, init=False)
    #: (state, answered at, by whom, opinion, and the keys of its row).
    answered_opinions: list[tuple[Any, ...]] = field(default_factory=empty_list, init=False)
    #: What was written about cases.
    new_comments: list[Row] = field(default_factory=empty_list, init=False)
    #: User task -> its new due instant.
    moved_dues: dict[str, datetime] = field(default_factory=empty_dict, init=False)
    new_candidates: list[Row] = field(default_factory=empty_list, init=False)
    #: (user task, person): what is submitted needs no draft any more.
    drafts_to_delete: list[tuple[str, str]] = field(default_factory=empty_list, init=False)
    drafts_to_save: list[Row] = field(default_factory=empty_list, init=False)
    #: By (number, key).
    new_timers: dict[tuple[int, str], Row] = field(default_factory=empty_dict, init=False)
    #: Waits and tokens all of whose timer rows go.
    cleared_numbers: set[int] = field(default_factory=empty_set, init=False)
    #: (user task, rung, higher rungs that it leaves as they are): ladders that have climbed.
    climbed: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=empty_list, init=False)
    #: Single rows that go: (number, key).
    cleared_rungs: list[tuple[int, str]] = field(default_factory=empty_list, init=False)
    #: Timer start events: (process, element, next instant or None, payload).
    moved_start_timers: list[tuple[str, str, datetime | None, str]] = field(default_factory=empty_list, init=False)
    new_message_waits: dict[int, Row] = field(default_factory=empty_dict, init=False)
    closed_message_waits: set[int] = field(default_factory=empty_set, init=False)
    new_signal_waits: dict[int, Row] = field(default_factory=empty_dict, init=False)
    closed_signal_waits: set[int] = field(default_factory=empty_set, init=False)
    new_messages: list[Row] = field(default_factory=empty_list, init=False)
    #: Signals for other roots: (name, variables as text).
    thrown_signals: list[tuple[str, str]] = field(default_factory=empty_list, init=False)
    deliveries: list[Row] = field(default_factory=empty_list, init=False)
    #: Messages that go on to another receiver.
    going_on: list[str] = field(default_factory=empty_list, init=False)
    #: message id -> (state, look again at)
    settled_messages: dict[str, tuple[str, datetime | None]] = field(default_factory=empty_dict, init=False)
    new_jobs: list[Row] = field(default_factory=empty_list, init=False)
    withdrawn_job_tokens: list[int] = field(default_factory=empty_list, init=False)
    #: (job id, state, retries, available at, error)
    changed_jobs: list[tuple[str, str, int | None, datetime | None, str]] = field(
        default_factory=empty_list, init=False
    )
    #: (job id, worker, until).
    taken_jobs: list[tuple[str, str, datetime]] = field(default_factory=empty_list, init=False)
    #: Timers that are not offered any more: (number, key).
    parked_timers: list[tuple[int, str]] = field(default_factory=empty_list, init=False)
    new_incidents: dict[int, Row] = field(default_factory=empty_dict, init=False)
    resolved_incident_tokens: set[int] = field(default_factory=empty_set, init=False)
    #: Incidents that somebody retries.
    retried_incidents: list[str] = field(default_factory=empty_list, init=False)
    #: Timers and rungs whose incident is retried, by (number, key): they are offered again.
    woken_timers: list[tuple[int, str]] = field(default_factory=empty_list, init=False)
    notices: list[Row] = field(default_factory=empty_list, init=False)
    history: list[Row] = field(default_factory=empty_list, init=False)

    def root_has_ended(self) -> bool:
        return 0 in self.ended_instances


@value()
class Flushed:
    """What the caller wants to know of what was written."""

    #: Messages that may have a receiver now, oldest first.
    deliverable: tuple[str, ...]
    #: Ids of user tasks that were opened and are still open.
    opened_user_tasks: tuple[str, ...]


def flush(connection: Connection, changes: RowChanges) -> Flushed:
    """Write everything, in the order of what refers to what; most changes have nothing for most tables."""
    _write_instances(connection, changes)
    _write_user_tasks(connection, changes)
    _write_timers(connection, changes)
    _write_waits(connection, changes)
    deliverable = _write_messages(connection, changes)
    if changes.new_jobs or changes.withdrawn_job_tokens or changes.changed_jobs or changes.taken_jobs:
        _write_jobs(connection, changes)
    _write_incidents(connection, changes)
    insert(connection, waits.outbox, changes.notices, " ON CONFLICT (tenant_id, key) DO NOTHING")
    insert(connection, instances.history, changes.history)
    _write_conversation(connection, changes)
    opened = tuple([row["id"] for row in changes.new_user_tasks.values() if row["state"] == "open"])
    return Flushed(tuple(deliverable), opened)


def _keys(changes: RowChanges) -> tuple[str, str]:
    return changes.tenant_id, changes.root_id


def _write_instances(connection: Connection, changes: RowChanges) -> None:
    insert(connection, instances.process_instance, changes.new_instances)
    if changes.root_status is not None:
        text = "UPDATE process_instance SET status = ? WHERE tenant_id = ? AND root_id = ? AND ended_at IS NULL"
        send(connection, text, (changes.root_status, *_keys(changes)))
    if changes.ended_instances:
        text = (
            "UPDATE process_instance SET status = ?, end_element_id = ?, reason = ?, ended_at = ? "
            "WHERE tenant_id = ? AND root_id = ? AND part = ?"
        )
        ended = [(*how, changes.now, *_keys(changes), part) for part, how in changes.ended_instances.items()]
        run_many(connection, text, ended)


def _write_user_tasks(connection: Connection, changes: RowChanges) -> None:
    def whose(how: ClosedUserTask) -> str | None:
        return how.by and (changes.on_behalf_of or how.by)

    old: list[tuple[int, ClosedUserTask]] = []
    for token, closed in changes.closed_user_tasks.items():
        row = changes.new_user_tasks.get(token)
        if row is None:
            old.append((token, closed))
        else:
            row.update(state=closed.state, closed_at=changes.now, closed_by=closed.by, closed_cause=closed.cause)
    text = (
        "UPDATE user_task SET state = ?, closed_at = ?, closed_by = ?, closed_cause = ?, "
        "assignee = coalesce(assignee, ?), has_draft = ?, version = version + 1 "
        "WHERE tenant_id = ? AND root_id = ? AND token = ? AND state = 'open'"
    )
    closings = [
        (how.state, changes.now, how.by, how.cause, whose(how), False, changes.tenant_id, changes.root_id, token)
        for token, how in old
    ]
    run_many(connection, text, closings)
    if changes.on_behalf_of is not None:
        text = "UPDATE user_task SET closed_for = ? WHERE tenant_id = ? AND root_id = ? AND token = ?"
        of_people = [(changes.on_behalf_of, *_keys(changes), token) for token, how in old if how.by is not None]
        run_many(connection, text, of_people)
    unclaimed = [token for token, _ in old if token not in changes.claimed_tokens]
    if unclaimed:
        _empty_inboxes(connection, changes, unclaimed)
    if changes.drafts_to_delete:
        text = "DELETE FROM draft WHERE tenant_id = ? AND user_task_id = ? AND user_id = ?"
        run_many(connection, text, [(changes.tenant_id, *draft) for draft in changes.drafts_to_delete])
    if changes.assigned or changes.drafts_to_save:
        _write_assignments(connection, changes)
    if changes.new_user_tasks:
        insert(connection, instances.user_task, list(changes.new_user_tasks.values()))
        closed_now = {row["id"] for row in changes.new_user_tasks.values() if row["state"] != "open"}
        candidates = [row for row in changes.new_candidates if row["user_task_id"] not in closed_now]
        insert(connection, instances.candidate, candidates)
    elif changes.new_candidates:
        insert(connection, instances.candidate, changes.new_candidates)


def _empty_inboxes(connection: Connection, changes: RowChanges, tokens: Sequence[int]) -> None:
    """Closed user tasks leave the inboxes they lay in."""
    known = changes.user_task_ids
    for wanted, ids in _in_lists([known[token] for token in tokens if token in known]):
        # by id where it is known: PostgreSQL would keep the plan of the other one that it made for empty tables
        text = f"DELETE FROM candidate WHERE tenant_id = ? AND user_task_id IN {wanted}"
        send(connection, text, (changes.tenant_id, *ids))
    unknown = [token for token in tokens if token not in known]
    for wanted, others in _in_lists(unknown) if unknown else ():
        text = (
            "DELETE FROM candidate WHERE tenant_id = ? AND user_task_id IN "
            f"(SELECT id FROM user_task WHERE tenant_id = ? AND root_id = ? AND token IN {wanted})"
        )
        send(connection, text, (changes.tenant_id, *_keys(changes), *others))


def _write_assignments(connection: Connection, changes: RowChanges) -> None:
    for user_task_id, assignee in changes.assigned:
        if assignee is not None:
            text = "DELETE FROM candidate WHERE tenant_id = ? AND user_task_id = ?"
            send(connection, text, (changes.tenant_id, user_task_id))
        text = "UPDATE user_task SET assignee = ?, version = version + 1 WHERE tenant_id = ? AND id = ?"
        send(connection, text, (assignee, changes.tenant_id, user_task_id))
    if changes.drafts_to_save:
        replace = (
            " ON CONFLICT (tenant_id, user_task_id, user_id) "
            "DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at, revision = excluded.revision, "
            "written_in = excluded.written_in, apart = excluded.apart"
        )
        insert(connection, instances.draft, changes.drafts_to_save, replace)
        text = "UPDATE user_task SET has_draft = ?, version = version + 1 WHERE tenant_id = ? AND id = ?"
        run_many(
            connection,
            text,
            [(True, changes.tenant_id, row["user_task_id"]) for row in changes.drafts_to_save],
        )


def _write_timers(connection: Connection, changes: RowChanges) -> None:
    _delete_by_number(connection, changes, "timer", "number", changes.cleared_numbers)
    if changes.climbed or changes.cleared_rungs:
        for user_task_id, key, above in changes.climbed:
            text = "UPDATE user_task SET rung = ? WHERE tenant_id = ? AND id = ?"
            among, higher = in_list(above) if above else ("", [])
            text += f" AND rung NOT IN {among}" if above else ""
            send(connection, text, (key, changes.tenant_id, user_task_id, *higher))
        text = "DELETE FROM timer WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ?"
        run_many(connection, text, [(*_keys(changes), *rung) for rung in changes.cleared_rungs])
    insert(connection, waits.timer, [*changes.new_timers.values()])
    if changes.moved_start_timers:
        _move_start_timers(connection, changes)
    if changes.parked_timers or changes.woken_timers:
        text = "UPDATE timer SET available_at = NULL WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ?"
        run_many(connection, text, [(*_keys(changes), *timer) for timer in changes.parked_timers])
        text = (
            "UPDATE timer SET available_at = ?, attempts = 0 "
            "WHERE tenant_id = ? AND root_id = ? AND number = ? AND key = ? AND available_at IS NULL"
        )
        run_many(connection, text, [(changes.now, *_keys(changes), *timer) for timer in changes.woken_timers])
    if changes.root_status is not None:
        # timers of a suspended instance wait without being found
        send(connection, _OFFER_AGAIN if changes.root_status == "active" else _OFFER_NONE, _keys(changes))


_OFFER_NONE = "UPDATE timer SET available_at = NULL WHERE tenant_id = ? AND root_id = ?"
#: What was given up waits on: only the retry of its incident offers it.
_OFFER_AGAIN = (
    "UPDATE timer SET available_at = due_at WHERE tenant_id = ? AND root_id = ? AND NOT EXISTS ("
    "SELECT 1 FROM incident WHERE incident.tenant_id = timer.tenant_id AND incident.root_id = timer.root_id "
    "AND incident.token = timer.number AND incident.timer_key = timer.key AND incident.resolved_at IS NULL)"
)


def _move_start_timers(connection: Connection, changes: RowChanges) -> None:
    for definition_key, element_id, next_at, payload in changes.moved_start_timers:
        place = (changes.tenant_id, definition_key, element_id)
        if next_at is None:
            text = "DELETE FROM timer WHERE tenant_id = ? AND root_id = ? AND key = ? AND kind = 'start'"
            send(connection, text, place)
        else:
            text = (
                "UPDATE timer SET due_at = ?, available_at = ?, attempts = 0, payload = ? "
                "WHERE tenant_id = ? AND root_id = ? AND key = ? AND kind = 'start'"
            )
            send(connection, text, (next_at, next_at, payload, *place))


def _write_waits(connection: Connection, changes: RowChanges) -> None:
    _delete_by_number(connection, changes, "message_wait", "wait", changes.closed_message_waits)
    _delete_by_number(connection, changes, "signal_wait", "wait", changes.closed_signal_waits)
    insert(connection, waits.message_wait, list(changes.new_message_waits.values()))
    insert(connection, waits.signal_wait, list(changes.new_signal_waits.values()))


def _delete_by_number(
    connection: Connection, changes: RowChanges, table: str, column: str, numbers: Collection[int]
) -> None:
    for wanted, parameters in _in_lists(sorted(numbers)) if numbers else ():
        text = f'DELETE FROM {table} WHERE tenant_id = ? AND root_id = ? AND "{column}" IN {wanted}'
        send(connection, text, (*_keys(changes), *parameters))


def _write_messages(connection: Connection, changes: RowChanges) -> list[str]:
    """Returns the messages that may have a receiver now."""
    for throw, (name, variables) in enumerate(changes.thrown_signals):
        changes.new_messages.extend(_signals_for_others(connection, changes, throw, name, variables))
    new_messages = [_looked_for(connection, row, changes.now) for row in changes.new_messages]
    insert(connection, waits.message, new_messages)
    deliverable: list[str] = [*changes.going_on, *(row["id"] for row in new_messages if row["state"] == "pending")]
    for row in changes.new_message_waits.values():
        text = (
            "UPDATE message SET available_at = ? WHERE tenant_id = ? AND name = ? AND correlation_key = ? "
            "AND kind = 'message' AND state IN ('pending', 'buffered') RETURNING id"
        )
        woken = rows(connection, text, (changes.now, changes.tenant_id, row["name"], row["correlation_key"]))
        deliverable.extend(sorted(row[0] for row in woken))
    insert(connection, waits.message_delivery, changes.deliveries)
    if changes.settled_messages:
        text = "UPDATE message SET state = ?, available_at = ?, attempts = attempts + 1 WHERE tenant_id = ? AND id = ?"
        settled = [(*how, changes.tenant_id, message_id) for message_id, how in changes.settled_messages.items()]
        run_many(connection, text, settled)
    return list(dict.fromkeys(deliverable))


_SOMEBODY_IS_THERE = (
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM message_wait WHERE tenant_id = ? AND name = ? AND correlation_key = ?) "
    "OR EXISTS (SELECT 1 FROM start_event WHERE tenant_id = ? AND kind = 'message' AND name = ?)"
)


def _looked_for(connection: Connection, row: Row, now: datetime) -> Row:
    """A new message. One that nobody waits for is kept at once: no transaction of its own has to find that out."""
    place = (row["tenant_id"], row["name"])
    if row["kind"] == "signal" or row["name"] in TO_USER_TASKS:
        return row
    if rows(connection, _SOMEBODY_IS_THERE, (*place, row["correlation_key"], *place)):
        return row
    return {**row, "state": "buffered", "available_at": now + LOOK_AGAIN_AFTER[0], "attempts": 1}


def _signals_for_others(
    connection: Connection, changes: RowChanges, throw: int, name: str, variables: str
) -> list[Row]:
    from_rows = rows(
        connection,
        "SELECT DISTINCT root_id FROM signal_wait WHERE tenant_id = ? AND name = ? AND root_id <> ?",
        (changes.tenant_id, name, changes.root_id),
    )
    receivers = sorted(row[0] for row in from_rows)
    starts = rows(
        connection,
        "SELECT definition_key FROM start_event WHERE tenant_id = ? AND kind = 'signal' AND name = ?",
        (changes.tenant_id, name),
    )
    receivers += [f"start:{row[0]}" for row in starts]
    return [_signal(changes, throw, name, receiver, variables) for receiver in receivers]


def _signal(changes: RowChanges, throw: int, name: str, receiver: str, variables: str) -> Row:
    """A signal on its way to one receiver; its id tells the throw and the receiver."""
    return {
        "tenant_id": changes.tenant_id,
        "id": f"signal:{changes.root_id}:{changes.history[-1]['seq']}.{throw}:{receiver}",
        "kind": "signal",
        "name": name,
        "correlation_key": receiver,
        "variables": variables,
        "state": "pending",
        "sent_at": changes.now,
        "sent_by": changes.actor,
        "sender_root_id": changes.root_id,
        "expires_at": changes.now + MESSAGE_KEPT,
        "available_at": changes.now,
        "attempts": 0,
    }


def _write_jobs(connection: Connection, changes: RowChanges) -> None:
    insert(connection, waits.job, changes.new_jobs)
    text = (
        "UPDATE job SET state = 'withdrawn', available_at = NULL "
        "WHERE tenant_id = ? AND root_id = ? AND token = ? AND state = 'open'"
    )
    run_many(connection, text, [(*_keys(changes), token) for token in changes.withdrawn_job_tokens])
    text = (
        "UPDATE job SET state = ?, retries = coalesce(?, retries), available_at = ?, last_error = ?, worker = NULL "
        "WHERE tenant_id = ? AND id = ?"
    )
    answered = [
        (state, retries, available_at, error, changes.tenant_id, job_id)
        for job_id, state, retries, available_at, error in changes.changed_jobs
    ]
    run_many(connection, text, answered)
    text = "UPDATE job SET worker = ?, available_at = ? WHERE tenant_id = ? AND id = ?"
    taken = [(worker, until, changes.tenant_id, job_id) for job_id, worker, until in changes.taken_jobs]
    run_many(connection, text, taken)


def _write_incidents(connection: Connection, changes: RowChanges) -> None:
    end = (changes.now, changes.actor)
    text = (
        "UPDATE incident SET resolved_at = ?, resolved_by = ? WHERE tenant_id = ? AND {which} AND resolved_at IS NULL"
    )
    if changes.root_has_ended():
        send(connection, text.format(which="root_id = ?"), (*end, *_keys(changes)))
    elif changes.resolved_incident_tokens:
        tokens = sorted(changes.resolved_incident_tokens)
        by_token = [(*end, *_keys(changes), token) for token in tokens]
        run_many(connection, text.format(which="root_id = ? AND token = ?"), by_token)
    if changes.retried_incidents:
        by_id = [(*end, changes.tenant_id, incident_id) for incident_id in changes.retried_incidents]
        run_many(connection, text.format(which="id = ?"), by_id)
    insert(connection, instances.incident, list(changes.new_incidents.values()))


def _write_conversation(connection: Connection, changes: RowChanges) -> None:
    insert(connection, conversation.opinion, changes.new_opinions)
    text = (
        "UPDATE opinion SET state = ?, answered_at = ?, given_by = ?, opinion = ? "
        "WHERE tenant_id = ? AND user_task_id = ? AND id = ?"
    )
    run_many(connection, text, changes.answered_opinions)
    insert(connection, conversation.comment, changes.new_comments)


def _in_lists(values: Sequence[Any]) -> Iterable[tuple[str, list[Any]]]:
    if len(values) <= _KEYS_AT_ONCE:
        return (in_list(values),) if values else ()
    return [in_list(values[start : start + _KEYS_AT_ONCE]) for start in range(0, len(values), _KEYS_AT_ONCE)]
