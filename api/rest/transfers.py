"""Transferring user tasks within a unit: to whom, and doing it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor
from api.identity.gate import SIGNED_IN, open_to
from api.receivers import receivers_of
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, Moved, TransferOrder
from api.rest.wire import answer
from engine.commands import TransferUserTask
from engine.queries import Receiver

transfers = APIBlueprint("transfers", __name__, url_prefix="/api/v1/user-tasks", tag="User tasks")


class ColleagueView(BaseModel):
    """Somebody of the unit where the user task is done."""

    user_id: str
    title: str
    unit_code: str = Field(description="Home unit.")
    may_receive: bool
    code: str | None = Field(description="Why not, as the refusal would say: transfer-to-assignee, transfer-to-filer …")


class ColleagueList(BaseModel):
    items: list[ColleagueView]


@transfers.get("/<user_task_id>/colleagues")
@transfers.output(ColleagueList)
@open_to(SIGNED_IN)
def list_colleagues(user_task_id: str) -> Response:
    """The people of the unit where a user task is done, for who may transfer it

    Who holds a role that it is offered to comes first.
    """
    return answer({"items": [_view(each) for each in receivers_of(user_task_id)]})


@transfers.post("/<user_task_id>/transfer")
@transfers.input(TransferOrder)
@transfers.input(ChangeHeaders, location="headers")
@transfers.output(Moved)
@open_to(SIGNED_IN)
def transfer_user_task(user_task_id: str, json_data: TransferOrder, headers_data: ChangeHeaders) -> Response:
    """Give a user task to another person of the unit

    For who holds the permission `transfer` in the unit where it is done, or above. Due instant, ladder and candidates
    stay; what the former assignee has typed and not submitted goes along as the receiver's draft.
    """
    command = TransferUserTask(actor=actor(), user_task_id=user_task_id, to=json_data.to, reason=json_data.reason)
    return carry_out(command, headers_data)


def _view(found: Receiver) -> dict[str, Any]:
    return {
        "user_id": found.user_id,
        "title": found.title,
        "unit_code": found.unit_code,
        "may_receive": found.bar is None,
        "code": found.bar["code"] if found.bar is not None else None,
    }
