"""User tasks: the lists of an inbox, and everything a person does with one."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from api.house import actor
from api.identity.gate import SIGNED_IN, open_to
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, Completion, DraftContent, Moved, Return
from engine.commands import ClaimUserTask, CompleteUserTask, ReleaseUserTask, ReturnUserTask, SaveDraft

user_tasks = APIBlueprint("user_tasks", __name__, url_prefix="/api/v1/user-tasks", tag="User tasks")


@user_tasks.post("/<user_task_id>/claim")
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def claim_user_task(user_task_id: str, headers_data: ChangeHeaders) -> Response:
    """Take a user task that was offered to you"""
    return carry_out(ClaimUserTask(actor=actor(), user_task_id=user_task_id), headers_data)


@user_tasks.post("/<user_task_id>/release")
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def release_user_task(user_task_id: str, headers_data: ChangeHeaders) -> Response:
    """Put a user task back for the others it was offered to"""
    return carry_out(ReleaseUserTask(actor=actor(), user_task_id=user_task_id), headers_data)


@user_tasks.post("/<user_task_id>/complete")
@user_tasks.input(Completion)
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def complete_user_task(user_task_id: str, json_data: Completion, headers_data: ChangeHeaders) -> Response:
    """Complete a user task with what its form holds

    The form checks the submission; every fault is told at once, each with the path of its field. Who completes a user
    task that was offered has claimed it.
    """
    command = CompleteUserTask(actor=actor(), user_task_id=user_task_id, submission=json_data.submission)
    return carry_out(command, headers_data)


@user_tasks.post("/<user_task_id>/return")
@user_tasks.input(Return)
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def return_user_task(user_task_id: str, json_data: Return, headers_data: ChangeHeaders) -> Response:
    """Send the work back to an earlier step, with a comment"""
    command = ReturnUserTask(
        actor=actor(), user_task_id=user_task_id, element_id=json_data.element_id, comment=json_data.comment
    )
    return carry_out(command, headers_data)


@user_tasks.put("/<user_task_id>/draft")
@user_tasks.input(DraftContent)
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def save_draft(user_task_id: str, json_data: DraftContent, headers_data: ChangeHeaders) -> Response:
    """Keep what was typed so far, unchecked"""
    return carry_out(SaveDraft(actor=actor(), user_task_id=user_task_id, content=json_data.content), headers_data)
