"""Opinions on a user task: who was asked, what they have said, and asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, Moved, OpinionRequest
from api.rest.wire import answer
from engine.commands import RequestOpinion
from engine.model.opinion import Opinion
from engine.queries import may_ask_opinions, opinions_at, user_task_detail

opinions = APIBlueprint("opinions", __name__, url_prefix="/api/v1/user-tasks", tag="User tasks")


class OpinionView(BaseModel):
    """What one person was asked at a user task, and what came of it."""

    id: str
    user_task_id: str
    asked_by: str
    asked_at: datetime
    of: str = Field(description="Who is asked.")
    question: str
    until: date | None = Field(description="The last day to answer; null = as the process says.")
    state: Literal["asked", "given", "lapsed"] = Field(description="lapsed: nobody answered in time.")
    answered_at: datetime | None
    given_by: str | None
    opinion: str


class Opinions(BaseModel):
    items: list[OpinionView] = Field(description="Oldest first.")
    may_ask: bool = Field(description="Whether you may ask somebody now.")


@opinions.get("/<user_task_id>/opinions")
@opinions.output(Opinions)
@open_to(SIGNED_IN)
def list_opinions(user_task_id: str) -> Response:
    """What others were asked at a user task, and have said"""
    dispatcher, me = house().dispatcher, actor()
    detail = dispatcher.query(user_task_detail, me, user_task_id)
    found = dispatcher.query(opinions_at, me, detail.user_task)
    may_ask = dispatcher.query(may_ask_opinions, me, detail)
    return answer({"items": [_view(each) for each in found], "may_ask": may_ask})


@opinions.post("/<user_task_id>/opinions")
@opinions.input(OpinionRequest)
@opinions.input(ChangeHeaders, location="headers")
@opinions.output(Moved)
@open_to(SIGNED_IN)
def request_opinion(user_task_id: str, json_data: OpinionRequest, headers_data: ChangeHeaders) -> Response:
    """Ask colleagues for an opinion on a user task of yours

    Each has a user task of his own for it. Yours is due when it was, and may be completed without waiting.
    """
    command = RequestOpinion(
        actor=actor(),
        user_task_id=user_task_id,
        of=tuple(json_data.of),
        question=json_data.question,
        until=json_data.until,
    )
    return carry_out(command, headers_data)


def _view(opinion: Opinion) -> Mapping[str, Any]:
    return {name: getattr(opinion, name) for name in OpinionView.model_fields}
