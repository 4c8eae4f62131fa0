"""What pages say of opinions: who may be asked, what was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from api.house import actor, house
from api.identity.asking import business_roles
from api.texts import say as text_of
from engine.model.calendar import local_day
from engine.model.opinion import LONGEST_WAIT, Opinion
from engine.model.user_task import UserTask
from engine.queries import UserTaskDetail, may_ask_opinions, opinions_at
from web.naming import person_name
from web.parts import ask, language, typed
from web.user_task.people import Offers, offered_people
from web.words import say

#: Where the dialog sends what is asked.
ENDPOINT = "user_task.opinion.request_opinions"
_STATES = {"asked": "待提出", "given": "已提出", "lapsed": "逾期未提出"}


@dataclass(frozen=True)
class Whom:
    """The field of the people to ask, as the people chooser draws one."""

    path: str = "of"
    id: str = "opinion-of"
    title: str = "征求谁的意见"
    is_list: bool = True
    faults: tuple[str, ...] = ()


WHOM = Whom()


@dataclass(frozen=True)
class Askable:
    """What the visitor may ask here, with what was typed before it was refused."""

    earliest: date
    latest: date
    offers: Offers
    chosen: tuple[str, ...] = ()
    question: str = ""
    until: str = ""
    #: It was sent and refused: the dialog stands open again.
    is_open: bool = False

    @property
    def field(self) -> Whom:
        return Whom(title=say(WHOM.title, language()))


def askable_at(detail: UserTaskDetail) -> Askable | None:
    """What the visitor may ask for; None where nobody is asked, or not by the visitor."""
    if not ask(may_ask_opinions, detail):
        return None
    today = local_day(house().clock.now())
    was_sent = request.endpoint == ENDPOINT
    chosen = tuple(dict.fromkeys(request.form.getlist("of"))) if was_sent else ()
    return Askable(
        earliest=today,
        latest=today + LONGEST_WAIT,
        offers=offers_for(detail.user_task, chosen, ""),
        chosen=chosen,
        question=typed("question") if was_sent else "",
        until=request.form.get("until", "") if was_sent else "",
        is_open=was_sent,
    )


def offers_for(user_task: UserTask, chosen: tuple[str, ...], text: str) -> Offers:
    """People who may be asked, but the visitor, whom he stands in for, and those who are chosen; nearest to the unit of
    the case first.
    """
    roles = business_roles(house().gate.desk.catalogue)
    askers = [each for each in (actor().user_id, user_task.on_behalf_of(actor())) if each is not None]
    return offered_people(roles, (*chosen, *askers), text, user_task.unit_code, own_unit=False)


def opinions_of(user_task: UserTask) -> Sequence[Opinion]:
    """What others were asked at a user task and have said, oldest first."""
    return ask(opinions_at, user_task)


def state_words(opinion: Opinion) -> str:
    """Where an opinion stands."""
    return say(_STATES[opinion.state], language())


def by_name(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """A fault that calls somebody by the account says what people call him."""
    if "user_id" not in fault:
        return fault
    named = {**fault, "user_id": person_name(fault["user_id"])}
    return {**fault, "message": text_of([fault["code"]], language(), named) or fault["message"]}


def kept_as(user_task_id: str) -> str:
    """Where the window keeps what is typed, until it is taken."""
    return f"{url_for(ENDPOINT, user_task_id=user_task_id)} {actor().user_id}"
