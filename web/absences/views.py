"""The list of arrangements, the form to make one, and the search for people who could stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.absence import Absence
from api.identity.directory import Person
from api.identity.gate import SIGNED_IN, open_to
from api.identity.refusals import UnsoundAbsence
from engine.model.calendar import local_day
from web.absences.asked import Asked, faults_by_field, read_asked
from web.naming import group_name, person_name
from web.parts import language
from web.user_task.people import SHOWN, Offer, Offers, as_offer
from web.words import say

absence_pages = Blueprint("absence", __name__, url_prefix="/absences")

#: Arrangements that are over are shown up to so many.
PAST_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One arrangement as it is shown."""

    absence: Absence
    #: current | coming | past
    state: str
    #: What is stood in, as people say it.
    post: str
    #: Whether the visitor may end it now.
    may_end: bool
    #: The stand-in is away as well: nobody does the work.
    is_alone: bool


@dataclass(frozen=True)
class StandInField:
    """The field by which the stand-in is chosen, as the templates of forms know fields."""

    title: str
    faults: Sequence[str] = ()
    id: str = "stand_in"
    path: str = "stand_in"
    is_list: bool = False


@absence_pages.get("")
@open_to(SIGNED_IN)
def listed() -> str:
    """Own arrangements, and those of people whom the visitor may arrange for: current, coming, past."""
    people = house().absences.people(actor())
    lines = _lines(house().absences.listed(actor()), {actor().user_id, *(each.user_id for each in people)})
    groups = [(state, [each for each in lines if each.state == state]) for state in ("current", "coming", "past")]
    return render_template(
        "absences.html",
        groups=[(state, each[:PAST_SHOWN] if state == "past" else each) for state, each in groups if each],
        people=[as_offer(each) for each in people],
        me=actor().user_id,
    )


@absence_pages.get("/new")
@open_to(SIGNED_IN)
def new() -> str:
    """An empty form, for the visitor or for somebody the visitor may arrange for."""
    return _form(Asked(_whose()))


@absence_pages.post("/new")
@open_to(SIGNED_IN)
def set_one() -> Response | tuple[str, int]:
    """Arrange it, and go to the list."""
    asked = read_asked(request.form, _whose())
    try:
        found = house().absences.set(actor(), asked.wanted)
    except UnsoundAbsence as refused:
        return _form(replace(asked, faults=faults_by_field(refused.faults))), 422
    flash(
        say(
            "已安排：%(absent)s %(first)s 至 %(last)s 由%(name)s代办。",
            language(),
            absent=person_name(found.user_id),
            first=found.first_on,
            last=found.last_on,
            name=person_name(found.stand_in),
        )
    )
    flash(_kept_as(asked.user_id), "taken")
    return redirect(url_for("absence.listed"), code=303)


@absence_pages.get("/people")
@open_to(SIGNED_IN)
def people() -> str:
    """Those who could stand in, for a search."""
    chosen = request.args.get("chosen", "")
    offers = _offers(Asked(_whose()), request.args.get("text", ""), chosen)
    return render_template("people_offered.html", field=StandInField(say("代办人", language())), offers=offers)


@absence_pages.post("/<absence_id>/end")
@open_to(SIGNED_IN)
def end(absence_id: str) -> Response:
    """End one now."""
    found = house().absences.end(actor(), absence_id)
    flash(
        say(
            "已提前结束：%(name)s不再代%(absent)s办理。",
            language(),
            name=person_name(found.stand_in),
            absent=person_name(found.user_id),
        )
    )
    return redirect(url_for("absence.listed"), code=303)


@absence_pages.get("/<absence_id>/end")
@open_to(SIGNED_IN)
def come_back(absence_id: str) -> Response:
    """After signing in again on the page that a button was sent to: the list."""
    return redirect(url_for("absence.listed"))


def _whose() -> str:
    return request.args.get("user") or actor().user_id


def _form(asked: Asked) -> str:
    away = house().absences.person(actor(), asked.user_id)
    field = StandInField(say("代办人", language()), asked.faults.get("stand_in", ()))
    return render_template(
        "absence_new.html",
        asked=asked,
        away=as_offer(away),
        is_mine=asked.user_id == actor().user_id,
        posts=_posts(away),
        field=field,
        chosen=_chosen(asked),
        offers=_offers(asked, "", asked.stand_in),
        source=url_for("absence.people", user=asked.user_id),
        today=local_day(house().clock.now()).isoformat(),
        kept_as=_kept_as(asked.user_id),
    )


def _posts(away: Person) -> list[tuple[str, str]]:
    seats = [f"{role}@{unit}" for role, unit in away.posts]
    return [(seat, group_name(seat)) for seat in seats]


def _chosen(asked: Asked) -> tuple[Offer, ...]:
    eligible = house().absences.eligible(actor(), asked.wanted)
    return tuple(as_offer(each) for each in eligible if each.user_id == asked.stand_in)


def _offers(asked: Asked, text: str, chosen: str) -> Offers:
    found = [each for each in house().absences.eligible(actor(), asked.wanted, text) if each.user_id != chosen]
    return Offers(tuple(as_offer(each) for each in found[:SHOWN]), max(0, len(found) - SHOWN))


def _kept_as(user_id: str) -> str:
    """Where the window keeps what is typed, until it is taken."""
    return f"{url_for('absence.new', user=user_id)} {actor().user_id}"


def _lines(absences: Sequence[Absence], theirs: set[str]) -> list[Line]:
    today = local_day(house().clock.now())
    away = {each.user_id for each in absences if each.state(today) == "current"}
    return [
        Line(
            absence=each,
            state=(state := each.state(today)),
            post=group_name("@".join(each.post)) if each.post else say("全部岗位", language()),
            may_end=state != "past" and each.user_id in theirs,
            is_alone=state == "current" and each.stand_in in away,
        )
        for each in absences
    ]
