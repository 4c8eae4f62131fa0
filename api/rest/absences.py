"""Absences 代办安排: who stands in for whom, in which post and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.absence import Absence
from api.identity.absence_rules import LONGEST_REASON, Wanted
from api.identity.gate import SIGNED_IN, open_to
from api.rest.models import Closed
from api.rest.wire import answer
from engine.model.calendar import local_day

absences = APIBlueprint("absences", __name__, url_prefix="/api/v1/absences", tag="Absences")

_Code = Annotated[str, Field(min_length=1, max_length=100)]


class PostOfAbsence(Closed):
    role: _Code
    unit_code: _Code


class NewAbsence(Closed):
    user_id: _Code | None = Field(default=None, description="Who is away; null = you.")
    post: PostOfAbsence | None = Field(default=None, description="The post that is stood in; null = all posts.")
    first_on: date = Field(description="In Asia/Shanghai, included.")
    last_on: date = Field(description="In Asia/Shanghai, included.")
    stand_in: _Code = Field(description="Who does the work meanwhile.")
    reason: Annotated[str, Field(max_length=LONGEST_REASON)]


class AbsenceView(BaseModel):
    """Who stands in for whom."""

    id: str
    user_id: str = Field(description="Who is away.")
    post: PostOfAbsence | None = Field(description="null = all posts.")
    first_on: date
    last_on: date
    stand_in: str
    reason: str
    set_by: str
    set_at: datetime
    ended_by: str | None = Field(description="null: not ended before its last day.")
    ended_at: datetime | None
    state: Literal["current", "coming", "past"]


class Absences(BaseModel):
    items: list[AbsenceView]


@absences.get("")
@absences.output(Absences)
@open_to(SIGNED_IN)
def list_absences() -> Response:
    """Who stands in for you, for whom you stand in, and for the people of your units where you are their head

    Those with the latest first day come first; nothing is ever deleted.
    """
    return answer({"items": [_view(each) for each in house().absences.listed(actor())]})


@absences.post("")
@absences.input(NewAbsence)
@absences.output(AbsenceView, 201)
@open_to(SIGNED_IN)
def set_absence(json_data: NewAbsence) -> Response:
    """Arrange that somebody stands in

    For yourself; as head of a unit, for the people of it and of those below; as administrator, for everybody. The same
    request may come twice: what stands there already is told again.
    """
    post = json_data.post
    wanted = Wanted(
        user_id=json_data.user_id or actor().user_id,
        post=(post.role, post.unit_code) if post is not None else None,
        first_on=json_data.first_on,
        last_on=json_data.last_on,
        stand_in=json_data.stand_in,
        reason=json_data.reason,
    )
    return answer(_view(house().absences.set(actor(), wanted)), 201)


@absences.post("/<absence_id>/end")
@absences.output(AbsenceView)
@open_to(SIGNED_IN)
def end_absence(absence_id: str) -> Response:
    """End an arrangement now, before its last day; one that was ended stays as it was"""
    return answer(_view(house().absences.end(actor(), absence_id)))


def _view(absence: Absence) -> Mapping[str, Any]:
    told = {name: getattr(absence, name) for name in AbsenceView.model_fields if name not in ("post", "state")}
    post = None if absence.post is None else {"role": absence.post[0], "unit_code": absence.post[1]}
    return told | {"post": post, "state": absence.state(local_day(house().clock.now()))}
