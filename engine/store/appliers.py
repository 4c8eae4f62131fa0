"""Kernel events to row changes: one small function an event, found in one table.

An applier adds to `RowChanges` and touches no database; people and ladders are asked through `Context`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from engine.kernel import events as happened
from engine.model.actor import Actor
from engine.model.ports import LadderPort, PeoplePort, RoutingRequest
from engine.model.user_task import UserTask
from engine.model.value import value
from engine.model.withdrawal import TAKEN_BACK
from engine.store import codec
from engine.store.encodings import told_again
from engine.store.ladder_rows import Climber, climb_on
from engine.store.row_changes import MESSAGE_KEPT, ClosedUserTask, RowChanges
from engine.store.types import NEVER

#: How often a worker may fail at a job before it becomes an incident, where the diagram does not say (`retries`).
JOB_RETRIES = 3


@value()
class PartFacts:
    """What rows repeat of the part they belong to."""

    definition_ref: str
    business_key: str

    @property
    def definition_key(self) -> str:
        return self.definition_ref.rpartition(":")[0]


@dataclass(slots=True)
class Context:
    """One change being written."""

    connection: Connection
    changes: RowChanges
    actor: Actor
    make_id: Callable[[], str]
    people: PeoplePort
    ladder: LadderPort
    #: Facts of parts that were there before the change or came with it.
    parts: Callable[[int], PartFacts]
    #: Unit of the root instance, once known: what counts where a part was given none.
    unit_code: str | None


@lru_cache(maxsize=4096)
def holders(groups: tuple[str, ...], users: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the inboxes an unclaimed user task lies in, each once."""
    return tuple(dict.fromkeys([*(f"group:{group}" for group in groups), *(f"user:{user}" for user in users)]))


# --- instances --------------------------------------------------------------------------------------------------------


def _instance_started(context: Context, event: happened.InstanceStarted) -> None:
    changes = context.changes
    given_unit = event.variables.get("unit_code")
    unit_code = given_unit if isinstance(given_unit, str) else context.unit_code
    if event.part == 0:
        context.unit_code = unit_code
    changes.new_instances.append(
        {
            "tenant_id": changes.tenant_id,
            "root_id": changes.root_id,
            "part": event.part,
            "id": changes.root_id if event.part == 0 else context.make_id(),
            "parent_part": event.parent[0] if event.parent else None,
            "definition_key": event.graph_ref.rpartition(":")[0],
            "definition_ref": event.graph_ref,
            "business_key": event.business_key,
            "unit_code": unit_code,
            "status": "active",
            "started_at": changes.now,
            "started_by": context.actor.user_id,
            "ended_at": None,
            "end_element_id": None,
            "reason": "",
        }
    )


def _instance_ended(context: Context, event: happened.InstanceEnded) -> None:
    changes = context.changes
    changes.ended_instances[event.part] = (event.outcome, event.end_element_id, event.reason)


# --- user tasks -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _texts(values: tuple[str, ...]) -> str:
    return codec.encode_text(list(values))


@lru_cache(maxsize=4096)
def _labels(pairs: tuple[tuple[str, str], ...]) -> str:
    return codec.encode_text(dict(pairs))


def _user_task_created(context: Context, event: happened.UserTaskCreated) -> None:
    changes, part = context.changes, context.parts(event.part)
    unit_code = event.unit_code or context.unit_code
    request = RoutingRequest(
        changes.tenant_id, event.assignee, event.candidate_groups, event.candidate_users, unit_code
    )
    routing = context.people.route(context.connection, request)
    user_task_id = context.make_id()
    before = changes.taken_back.pop(event.element_id, None) if changes.taken_back else None
    due_order = event.due_at or NEVER
    changes.new_user_tasks[event.token] = {
        "tenant_id": changes.tenant_id,
        "id": user_task_id,
        "root_id": changes.root_id,
        "part": event.part,
        "token": event.token,
        "element_id": event.element_id,
        "name": event.name,
        "definition_key": part.definition_key,
        "definition_ref": part.definition_ref,
        "business_key": part.business_key,
        "unit_code": unit_code,
        "form_key": event.form_key,
        "state": "open",
        "assignee": routing.assignee,
        "candidate_groups": _texts(routing.groups),
        "candidate_users": _texts(routing.users),
        "routing": told_again(routing.explanation),
        "lane": event.lane,
        "priority": event.priority,
        "created_at": changes.now,
        "due_at": event.due_at,
        "due_order": due_order,
        "due_rule": event.due_rule,
        "follow_up_at": event.follow_up_at,
        "four_eyes_with": _texts(event.four_eyes_with),
        "properties": _labels(tuple(event.properties.items())) if event.properties else "{}",
        "rung": "",
        "has_draft": False,
        "version": 1,
        "closed_at": None,
        "closed_by": None,
        "closed_cause": "",
        "closed_for": None,
    }
    if before is not None:
        _go_on(changes.new_user_tasks[event.token], *before)
    elif routing.assignee is None:
        for holder in holders(routing.groups, routing.users):
            changes.new_candidates.append(
                {
                    "tenant_id": changes.tenant_id,
                    "holder": holder,
                    "due_order": due_order,
                    "user_task_id": user_task_id,
                }
            )
    _set_ladder(context, event, user_task_id, part.definition_key, before[0] if before else None)


def _go_on(row: dict[str, Any], before: UserTask, with_whom: str) -> None:
    """Work that was taken back is whose it was, since when it was, as late as it was."""
    row["assignee"] = with_whom
    how = {"rule": TAKEN_BACK, "role": "", "unit": "", "found": [with_whom], "skipped": ""}
    row["routing"] = codec.encode_text([how])
    row["created_at"] = before.created_at
    row["rung"] = before.rung


def _set_ladder(
    context: Context,
    event: happened.UserTaskCreated,
    user_task_id: str,
    process_definition_key: str,
    before: UserTask | None,
) -> None:
    if event.due_at is None:
        return
    ladder = event.properties.get("ladder", "standard")
    since = before.created_at if before is not None else context.changes.now
    rungs = context.ladder.rungs(ladder, process_definition_key, since, event.due_at)
    if before is not None and before.closed_at is not None:
        # those that fired before it was handed over do not fire again
        rungs = tuple(rung for rung in rungs if rung.fires_at > before.closed_at)
    climb_on(context.changes, Climber(event.part, event.token, event.element_id, user_task_id), rungs)


def _close_user_task(context: Context, token: int, how: ClosedUserTask) -> None:
    changes = context.changes
    # a return says who sent it back before the kernel reports the cancellation
    changes.closed_user_tasks.setdefault(token, how)
    changes.cleared_numbers.add(token)
    if changes.new_timers:
        for key in [key for key in changes.new_timers if key[0] == token]:
            del changes.new_timers[key]


def _user_task_completed(context: Context, event: happened.UserTaskCompleted) -> None:
    _close_user_task(context, event.token, ClosedUserTask("completed", context.actor.user_id))


def _user_task_cancelled(context: Context, event: happened.UserTaskCancelled) -> None:
    _close_user_task(context, event.token, ClosedUserTask("cancelled", None, event.cause))


# --- waits ------------------------------------------------------------------------------------------------------------


def _timer_set(context: Context, event: happened.TimerSet) -> None:
    changes = context.changes
    changes.new_timers[event.wait, ""] = {
        "tenant_id": changes.tenant_id,
        "root_id": changes.root_id,
        "number": event.wait,
        "key": "",
        "kind": "event",
        "part": event.part,
        "element_id": event.element_id,
        "user_task_id": None,
        "due_at": event.due_at,
        "available_at": event.due_at,
        "attempts": 0,
        "payload": "{}",
    }


def _timer_cleared(context: Context, event: happened.TimerCleared) -> None:
    context.changes.new_timers.pop((event.wait, ""), None)
    context.changes.cleared_numbers.add(event.wait)


def _message_awaited(context: Context, event: happened.MessageAwaited) -> None:
    changes = context.changes
    changes.new_message_waits[event.wait] = {
        "tenant_id": changes.tenant_id,
        "root_id": changes.root_id,
        "wait": event.wait,
        "part": event.part,
        "element_id": event.element_id,
        "definition_key": context.parts(event.part).definition_key,
        "name": event.name,
        "correlation_key": event.correlation_key,
    }


def _message_wait_closed(context: Context, event: happened.MessageWaitClosed) -> None:
    if context.changes.new_message_waits.pop(event.wait, None) is None:
        context.changes.closed_message_waits.add(event.wait)


def _signal_awaited(context: Context, event: happened.SignalAwaited) -> None:
    changes = context.changes
    changes.new_signal_waits[event.wait] = {
        "tenant_id": changes.tenant_id,
        "root_id": changes.root_id,
        "wait": event.wait,
        "part": event.part,
        "name": event.name,
    }


def _signal_wait_closed(context: Context, event: happened.SignalWaitClosed) -> None:
    if context.changes.new_signal_waits.pop(event.wait, None) is None:
        context.changes.closed_signal_waits.add(event.wait)


def _message_thrown(context: Context, event: happened.MessageThrown) -> None:
    changes = context.changes
    changes.new_messages.append(
        message_row(changes, context.make_id(), event.name, event.correlation_key, event.variables)
        | {"sender_root_id": changes.root_id}
    )


def message_row(
    changes: RowChanges, message_id: str, name: str, correlation_key: str, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """A message that looks for its receiver, from outside unless a sender is added."""
    return {
        "tenant_id": changes.tenant_id,
        "id": message_id,
        "kind": "message",
        "name": name,
        "correlation_key": correlation_key,
        "variables": codec.encode_text(dict(variables)),
        "state": "pending",
        "sent_at": changes.now,
        "sent_by": changes.actor,
        "sender_root_id": None,
        "expires_at": changes.now + MESSAGE_KEPT,
        "available_at": changes.now,
        "attempts": 0,
    }


def _signal_thrown(context: Context, event: happened.SignalThrown) -> None:
    context.changes.thrown_signals.append((event.name, codec.encode_text(dict(event.variables))))


# --- work and incidents -----------------------------------------------------------------------------------------------


def _service_requested(context: Context, event: happened.ServiceRequested) -> None:
    if not event.external:
        return
    changes = context.changes
    retries = event.properties.get("retries", "")
    changes.new_jobs.append(
        {
            "tenant_id": changes.tenant_id,
            "id": context.make_id(),
            "root_id": changes.root_id,
            "part": event.part,
            "token": event.token,
            "element_id": event.element_id,
            "topic": event.name,
            "business_key": context.parts(event.part).business_key,
            "variables": codec.encode_text(dict(event.variables)),
            "properties": codec.encode_text(dict(event.properties)),
            "state": "open",
            "retries": int(retries) if retries.isdecimal() else JOB_RETRIES,
            "available_at": changes.now,
            "worker": None,
            "created_at": changes.now,
            "last_error": "",
        }
    )


def _service_withdrawn(context: Context, event: happened.ServiceWithdrawn) -> None:
    context.changes.withdrawn_job_tokens.append(event.token)


def _incident_opened(context: Context, event: happened.IncidentOpened) -> None:
    changes, part = context.changes, context.parts(event.part)
    changes.new_incidents[event.token] = {
        "tenant_id": changes.tenant_id,
        "id": context.make_id(),
        "root_id": changes.root_id,
        "part": event.part,
        "token": event.token,
        "element_id": event.element_id,
        "definition_key": part.definition_key,
        "definition_ref": part.definition_ref,
        "business_key": part.business_key,
        "unit_code": context.unit_code,
        "kind": event.kind,
        "timer_key": None,
        "message": event.message,
        "opened_at": changes.now,
        "resolved_at": None,
        "resolved_by": None,
    }


def _incident_resolved(context: Context, event: happened.IncidentResolved) -> None:
    if context.changes.new_incidents.pop(event.token, None) is None:
        context.changes.resolved_incident_tokens.add(event.token)


#: What each event changes; events that are not here are history only.
APPLIERS: Mapping[type[happened.Event], Callable[[Context, Any], None]] = {
    happened.InstanceStarted: _instance_started,
    happened.InstanceEnded: _instance_ended,
    happened.UserTaskCreated: _user_task_created,
    happened.UserTaskCompleted: _user_task_completed,
    happened.UserTaskCancelled: _user_task_cancelled,
    happened.TimerSet: _timer_set,
    happened.TimerCleared: _timer_cleared,
    happened.MessageAwaited: _message_awaited,
    happened.MessageWaitClosed: _message_wait_closed,
    happened.MessageThrown: _message_thrown,
    happened.SignalAwaited: _signal_awaited,
    happened.SignalWaitClosed: _signal_wait_closed,
    happened.SignalThrown: _signal_thrown,
    happened.ServiceRequested: _service_requested,
    happened.ServiceWithdrawn: _service_withdrawn,
    happened.IncidentOpened: _incident_opened,
    happened.IncidentResolved: _incident_resolved,
}
