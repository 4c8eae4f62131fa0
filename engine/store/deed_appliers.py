"""Deeds of people and of the clock to row changes, like the kernel's events in `appliers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.model import deeds
from engine.model.user_task import Draft, UserTask
from engine.store import codec
from engine.store.appliers import Context, holders, message_row
from engine.store.extension_rows import asked_row, moved_rule
from engine.store.ladder_rows import Climber, climb_on, give_up
from engine.store.opinion_rows import answered, opinion_row
from engine.store.row_changes import ClosedUserTask, RowChanges
from engine.store.types import NEVER


def _claimed(context: Context, deed: deeds.UserTaskClaimed) -> None:
    context.changes.assigned.append((deed.user_task.id, deed.by))
    # whoever takes it has seen it
    context.changes.opened.append(deed.user_task.id)


def _released(context: Context, deed: deeds.UserTaskReleased) -> None:
    user_task, changes = deed.user_task, context.changes
    changes.assigned.append((user_task.id, None))
    due_order = user_task.due_at or NEVER
    changes.new_candidates.extend(
        {
            "tenant_id": changes.tenant_id,
            "holder": holder,
            "due_order": due_order,
            "user_task_id": user_task.id,
        }
        for holder in holders(user_task.candidate_groups, user_task.candidate_users)
    )


def _returned(context: Context, deed: deeds.UserTaskReturned) -> None:
    how = ClosedUserTask("cancelled", context.actor.user_id, "return")
    context.changes.closed_user_tasks[deed.user_task.token] = how


def _opened(context: Context, deed: deeds.UserTaskOpened) -> None:
    context.changes.opened.append(deed.user_task.id)


def _withdrawn(context: Context, deed: deeds.UserTaskWithdrawn) -> None:
    context.changes.taken_back[deed.user_task.element_id] = (deed.user_task, deed.by)


def _withdrawal_asked(context: Context, deed: deeds.WithdrawalAsked) -> None:
    context.changes.asked_back.append((deed.user_task.id, deed.review_id, deed.reason))


def _withdrawal_answered(context: Context, deed: deeds.WithdrawalAnswered) -> None:
    context.changes.answered_withdrawals.append((deed.user_task.id, deed.state, deed.by, deed.opinion))


def _transferred(context: Context, deed: deeds.UserTaskTransferred) -> None:
    context.changes.assigned.append((deed.user_task.id, deed.to_user))
    if deed.draft is not None:
        _save_draft(context.changes, deed.user_task, deed.to_user, deed.draft)


def _opinion_asked(context: Context, deed: deeds.OpinionAsked) -> None:
    context.changes.new_opinions.append(opinion_row(context.changes, deed))


def _opinion_given(context: Context, deed: deeds.OpinionGiven) -> None:
    context.changes.answered_opinions.append(answered(context.changes, deed))


def _comment_added(changes: RowChanges, deed: deeds.CommentAdded) -> None:
    changes.new_comments.append(
        {
            "tenant_id": changes.tenant_id,
            "root_id": deed.root_id,
            "id": deed.comment_id,
            "written_by": changes.actor,
            "written_at": changes.now,
            "text": deed.text,
        }
    )


def _extension_asked(context: Context, deed: deeds.ExtensionAsked) -> None:
    changes = context.changes
    changes.new_extensions.append(asked_row(changes, deed.user_task, deed.until, deed.reason))


def _extension_answered(context: Context, deed: deeds.ExtensionAnswered) -> None:
    until = deed.until.isoformat() if deed.until is not None else None
    how = ("granted" if deed.granted else "refused", context.changes.now, deed.by, until, deed.opinion)
    context.changes.answered_extensions[deed.user_task.id] = how


def _due_moved(context: Context, deed: deeds.DueMoved) -> None:
    changes, user_task = context.changes, deed.user_task
    changes.moved_dues[user_task.id] = deed.due_at
    # all rungs of the old ladder go; the kernel has numbers of their own for the timers of the diagram
    changes.cleared_numbers.add(user_task.token)
    ladder = user_task.properties.get("ladder", "standard")
    rungs = context.ladder.rungs(ladder, user_task.definition_key, changes.now, deed.due_at)
    climb_on(changes, Climber(user_task.part, user_task.token, user_task.element_id, user_task.id), rungs)


def _draft_saved(context: Context, deed: deeds.DraftSaved) -> None:
    _save_draft(context.changes, deed.user_task, context.actor.user_id, deed.draft)


def _save_draft(changes: RowChanges, user_task: UserTask, user_id: str, draft: Draft) -> None:
    changes.drafts_to_save.append(
        {"tenant_id": changes.tenant_id, "user_task_id": user_task.id, "user_id": user_id, **_columns_of(draft)}
    )


def _columns_of(draft: Draft) -> Mapping[str, Any]:
    apart = [[each.written_in, each.saved_at, dict(each.content), each.builds_on] for each in draft.apart]
    return {
        "content": codec.encode_text(dict(draft.content)),
        "saved_at": draft.saved_at,
        "revision": draft.revision,
        "written_in": draft.written_in,
        "apart": codec.encode_text(apart),
    }


def _suspended(context: Context, _deed: deeds.ProcessSuspended) -> None:
    context.changes.root_status = "suspended"


def _resumed(context: Context, _deed: deeds.ProcessResumed) -> None:
    context.changes.root_status = "active"


def _message_received(changes: RowChanges, deed: deeds.MessageReceived) -> None:
    changes.new_messages.append(message_row(changes, deed.message_id, deed.name, deed.correlation_key, deed.variables))


def _message_delivered(context: Context, deed: deeds.MessageDelivered) -> None:
    changes = context.changes
    changes.deliveries.append(
        {
            "tenant_id": changes.tenant_id,
            "message_id": deed.message_id,
            "receiver": deed.receiver,
            "root_id": changes.root_id,
            "delivered_at": changes.now,
        }
    )
    if deed.goes_on:
        changes.going_on.append(deed.message_id)


def _message_settled(changes: RowChanges, deed: deeds.MessageSettled) -> None:
    changes.settled_messages[deed.message_id] = (deed.state, deed.look_again_at)


def _rung_fired(context: Context, deed: deeds.RungFired) -> None:
    changes, user_task = context.changes, deed.user_task
    changes.cleared_rungs.append((user_task.token, deed.key))
    climb_on(changes, Climber(user_task.part, user_task.token, user_task.element_id, user_task.id), deed.later)
    changes.climbed.append((user_task.id, deed.key, deed.above))
    changes.notices.append(
        {
            "tenant_id": changes.tenant_id,
            "key": _notice_key(user_task, deed.key),
            "kind": f"ladder.{deed.action}",
            "payload": codec.encode_text(
                {
                    "user_task_id": user_task.id,
                    "name": user_task.name,
                    "business_key": user_task.business_key,
                    "unit_code": user_task.unit_code,
                    "assignee": user_task.assignee,
                    "candidate_groups": list(user_task.candidate_groups),
                    "candidate_users": list(user_task.candidate_users),
                    "recipients": list(deed.recipients),
                    "rung": deed.key,
                    "due_at": user_task.due_at,
                    "fired_at": deed.due_at,
                }
            ),
            "created_at": changes.now,
            "available_at": changes.now,
            "attempts": 0,
            "sent_at": None,
            "last_error": "",
        }
    )


def _notice_key(user_task: UserTask, rung: str) -> str:
    """The ladder of a user task that was moved began anew, and tells its rungs anew."""
    was_moved = user_task.due_at is not None and user_task.due_rule == moved_rule(user_task.due_at)
    return f"rung:{user_task.id}:{rung}" + (f":{user_task.due_rule}" if was_moved else "")


def _timer_dropped(context: Context, deed: deeds.TimerDropped) -> None:
    context.changes.cleared_rungs.append((deed.number, deed.key))


def _start_timer_fired(changes: RowChanges, deed: deeds.StartTimerFired) -> None:
    payload = codec.encode_text(dict(deed.payload))
    changes.moved_start_timers.append((deed.definition_key, deed.element_id, deed.next_at, payload))


def _incident_retried(context: Context, deed: deeds.IncidentRetried) -> None:
    context.changes.retried_incidents.append(deed.incident_id)
    if deed.kind == "timer" and deed.token is not None:
        context.changes.woken_timers.append((deed.token, deed.timer_key or ""))


def _timer_given_up(context: Context, deed: deeds.TimerGivenUp) -> None:
    changes, part = context.changes, context.parts(deed.part)
    if deed.user_task_id is None:
        changes.parked_timers.append((deed.number, deed.key))
    else:
        give_up(changes, Climber(deed.part, deed.number, deed.element_id, deed.user_task_id), deed.rungs)
    changes.new_incidents[deed.number] = {
        "tenant_id": changes.tenant_id,
        "id": context.make_id(),
        "root_id": changes.root_id,
        "part": deed.part,
        "token": deed.number,
        "element_id": deed.element_id,
        "definition_key": part.definition_key,
        "definition_ref": part.definition_ref,
        "business_key": part.business_key,
        "unit_code": context.unit_code,
        "kind": "timer",
        "timer_key": deed.key,
        "message": deed.message,
        "opened_at": changes.now,
        "resolved_at": None,
        "resolved_by": None,
    }


def _jobs_taken(changes: RowChanges, deed: deeds.JobsTaken) -> None:
    changes.taken_jobs.extend((job_id, deed.worker, deed.until) for job_id in deed.job_ids)


def _job_answered(context: Context, deed: deeds.JobAnswered) -> None:
    context.changes.changed_jobs.append((deed.job_id, "done", None, None, ""))


def _job_failed(context: Context, deed: deeds.JobFailed) -> None:
    state = "open" if deed.available_at is not None else "failed"
    context.changes.changed_jobs.append((deed.job_id, state, deed.retries_left, deed.available_at, deed.message))


#: What each deed changes; deeds that are not here are history only, or written on their own.
APPLIERS: Mapping[type[deeds.Deed], Callable[[Context, Any], None]] = {
    deeds.UserTaskClaimed: _claimed,
    deeds.UserTaskReleased: _released,
    deeds.UserTaskReturned: _returned,
    deeds.UserTaskOpened: _opened,
    deeds.UserTaskWithdrawn: _withdrawn,
    deeds.WithdrawalAsked: _withdrawal_asked,
    deeds.WithdrawalAnswered: _withdrawal_answered,
    deeds.UserTaskTransferred: _transferred,
    deeds.OpinionAsked: _opinion_asked,
    deeds.OpinionGiven: _opinion_given,
    deeds.ExtensionAsked: _extension_asked,
    deeds.ExtensionAnswered: _extension_answered,
    deeds.DueMoved: _due_moved,
    deeds.DraftSaved: _draft_saved,
    deeds.ProcessSuspended: _suspended,
    deeds.ProcessResumed: _resumed,
    deeds.MessageDelivered: _message_delivered,
    deeds.RungFired: _rung_fired,
    deeds.TimerDropped: _timer_dropped,
    deeds.IncidentRetried: _incident_retried,
    deeds.TimerGivenUp: _timer_given_up,
    deeds.JobAnswered: _job_answered,
    deeds.JobFailed: _job_failed,
}

#: Deeds that may also happen outside of instances.
APART: Mapping[type[deeds.Deed], Callable[[RowChanges, Any], None]] = {
    deeds.CommentAdded: _comment_added,
    deeds.MessageReceived: _message_received,
    deeds.MessageSettled: _message_settled,
    deeds.StartTimerFired: _start_timer_fired,
    deeds.JobsTaken: _jobs_taken,
}
