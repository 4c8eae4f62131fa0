"""User tasks: the lists of an inbox, and everything a person does with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.naming import steps_called
from api.opening import note_opened
from api.rest.answers import carry_out, etag
from api.rest.listing import Filter, Moment, PageQuery, page_answer
from api.rest.models import (
    ChangeHeaders,
    Completion,
    ExtensionRequest,
    Moved,
    Return,
    WithdrawalRequest,
    Withdrawing,
)
from api.rest.views import UserTaskLine, UserTaskView, user_task_line, user_task_view
from api.rest.wire import answer
from engine.commands import (
    ClaimUserTask,
    CompleteUserTask,
    ReleaseUserTask,
    RequestExtension,
    RequestWithdrawal,
    ReturnUserTask,
    WithdrawUserTask,
)
from engine.queries import (
    InboxFilter,
    InboxItem,
    InboxList,
    Page,
    UserTaskDetail,
    extendable_until,
    inbox,
    user_task_detail,
    withdrawable,
)

user_tasks = APIBlueprint("user_tasks", __name__, url_prefix="/api/v1/user-tasks", tag="User tasks")


class UserTaskQuery(PageQuery):
    list: Literal["open", "mine", "claimable", "done"] = Field(
        default="open", description="open = mine, then claimable; done = completed by you, latest first."
    )
    process_definition_key: Filter | None = None
    element_id: Filter | None = None
    unit_code: Filter | None = None
    business_key: Filter | None = None
    text: Filter | None = Field(default=None, description="Part of the business key or of the name, in any case.")
    due_before: Moment | None = Field(default=None, description="With its time zone.")
    overdue: bool = Field(default=False, description="Only those whose due instant has passed.")


class UserTaskPage(BaseModel):
    items: list[UserTaskLine]
    cursor: str | None


@user_tasks.get("")
@user_tasks.input(UserTaskQuery, location="query")
@user_tasks.output(UserTaskPage)
@open_to(SIGNED_IN)
def list_user_tasks(query_data: UserTaskQuery) -> Response:
    """The lists of your inbox, by due instant"""
    return page_answer(_page(query_data), user_task_line)


@user_tasks.get("/<user_task_id>")
@user_tasks.output(UserTaskView)
@open_to(SIGNED_IN)
def show_user_task(user_task_id: str) -> Response:
    """One user task: who, why, until when, its variables and documents

    Whoever may do it has opened it by this: from then on the work before it is asked for, not taken back.
    """
    detail = house().dispatcher.query(user_task_detail, actor(), user_task_id)
    note_opened(detail)
    return answer(_view(detail), headers=etag(detail.user_task.version))


def _view(detail: UserTaskDetail) -> Mapping[str, Any]:
    dispatcher, me = house().dispatcher, actor()
    until = dispatcher.query(extendable_until, me, detail, house().deadlines, house().clock.now())
    graph = dispatcher.definitions.graph_at_hand(me.tenant_id, detail.user_task.definition_ref)
    return user_task_view(detail, until, dispatcher.query(withdrawable, me, detail, graph))


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
    task that was offered has claimed it. Your draft goes with it, and what stands apart from that: with the ETag of the
    user task in `If-Match` nothing goes that you have not read.
    """
    command = CompleteUserTask(actor=actor(), user_task_id=user_task_id, submission=json_data.submission)
    return carry_out(command, headers_data)


@user_tasks.post("/<user_task_id>/extension")
@user_tasks.input(ExtensionRequest)
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def request_extension(user_task_id: str, json_data: ExtensionRequest, headers_data: ChangeHeaders) -> Response:
    """Ask for an extension of a user task of yours

    Once, before it is due, and not beyond `extendable_until`. A process decides; the user task tells the outcome.
    """
    command = RequestExtension(
        actor=actor(), user_task_id=user_task_id, until=json_data.until, reason=json_data.reason
    )
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


@user_tasks.post("/<user_task_id>/withdraw")
@user_tasks.input(Withdrawing)
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def withdraw_user_task(user_task_id: str, json_data: Withdrawing, headers_data: ChangeHeaders) -> Response:
    """Take back what you handed over while no reviewer has opened it

    The user task is the one that you completed. Its work goes on in a new one (`opened_user_tasks`), which is yours and
    due when it was.
    """
    command = WithdrawUserTask(actor=actor(), user_task_id=user_task_id, reason=json_data.reason)
    return carry_out(command, headers_data)


@user_tasks.post("/<user_task_id>/withdrawal-request")
@user_tasks.input(WithdrawalRequest)
@user_tasks.input(ChangeHeaders, location="headers")
@user_tasks.output(Moved)
@open_to(SIGNED_IN)
def request_withdrawal(user_task_id: str, json_data: WithdrawalRequest, headers_data: ChangeHeaders) -> Response:
    """Ask the reviewer, who has opened it, to give back what you handed over

    Once. A process asks the reviewer; the user task tells the outcome.
    """
    command = RequestWithdrawal(actor=actor(), user_task_id=user_task_id, reason=json_data.reason)
    return carry_out(command, headers_data)


def _page(query: UserTaskQuery) -> Page[InboxItem]:
    due_before = query.due_before
    if query.overdue:
        now = house().clock.now()
        due_before = min(due_before, now) if due_before else now
    filters = InboxFilter(
        process_definition_key=query.process_definition_key,
        element_id=query.element_id,
        unit_code=query.unit_code,
        business_key=query.business_key,
        text=query.text or "",
        steps=steps_called(query.text or ""),
        due_before=due_before,
    )
    if query.list != "open":
        return _of(InboxList(query.list), filters, query.cursor, query.limit)
    return _open(filters, query.cursor, query.limit)


def _open(filters: InboxFilter, cursor: str | None, limit: int) -> Page[InboxItem]:
    """The actor's own first, then those that may be claimed; the first letter of the cursor says which of the two."""
    mine: Page[InboxItem] = Page(items=(), cursor=None)
    if cursor is None or cursor.startswith("m"):
        mine = _of(InboxList.MINE, filters, cursor[1:] if cursor else None, limit)
        if mine.cursor is not None:
            return Page(items=mine.items, cursor=f"m{mine.cursor}")
    room = limit - len(mine.items)
    if room == 0:
        return Page(items=mine.items, cursor="c")
    # with another letter it is none of ours, and is refused as it stands
    mark = None if cursor is None or cursor.startswith("m") else cursor.removeprefix("c")
    claimable = _of(InboxList.CLAIMABLE, filters, mark or None, room)
    goes_on = f"c{claimable.cursor}" if claimable.cursor is not None else None
    return Page(items=[*mine.items, *claimable.items], cursor=goes_on)


def _of(which: InboxList, filters: InboxFilter, cursor: str | None, limit: int) -> Page[InboxItem]:
    return house().dispatcher.query(inbox, actor(), which, filters=filters, cursor=cursor, limit=limit)
