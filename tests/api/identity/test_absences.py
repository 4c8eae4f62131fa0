"""Absences 代办安排: who may set them, what they must be like, and what they give to whom, on which days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.identity.absence import Absence
from api.identity.absence_rules import Wanted
from api.identity.organisation import PostEntry, give_post
from api.identity.refusals import AbsenceNotFound, NotTheirHead, UnsoundAbsence
from engine.model.actor import StandingIn
from engine.model.identifiers import Uuid7Source
from engine.store.database import write_transaction
from tests.api.conftest import District
from tests.api.district import CATALOGUE, NOW, TENANT

TODAY = date(2026, 9, 15)
#: The head of the school is away, and the performance officer of the bureau above stands in.
HEAD_AWAY: Mapping[str, Any] = {
    "user_id": "edu1.head",
    "first_on": TODAY,
    "last_on": date(2026, 9, 18),
    "stand_in": "edu.perf",
    "reason": "外出培训",
}


def wanted(**others: Any) -> Wanted:
    return Wanted(**{**HEAD_AWAY, **others})


def set_by(district: District, login: str, **others: Any) -> Absence:
    return district.absences.set(district.front_desk.actor_of(login), wanted(**others))


def codes(refusal: pytest.ExceptionInfo[UnsoundAbsence]) -> list[str]:
    return [fault["code"] for fault in refusal.value.faults]


def give(district: District, user_id: str, role: str, unit: str) -> None:
    ids = Uuid7Source()
    with write_transaction(district.database) as connection:
        entry = PostEntry(user_id=user_id, role=role, unit=unit)
        give_post(connection, TENANT, entry, CATALOGUE, lambda: ids.make(NOW))


def test_a_stand_in_has_the_groups_and_the_sight_of_the_posts_and_none_of_the_permissions(district: District) -> None:
    before = district.front_desk.actor_of("exp.a")
    set_by(district, "edu.head", user_id="edu.perf", stand_in="exp.a")
    away, actor = district.front_desk.actor_of("edu.perf"), district.front_desk.actor_of("exp.a")

    assert actor.stands_in == (StandingIn(user_id="edu.perf", groups=frozenset({"dept_perf@21"}), is_whole=True),)
    assert (actor.groups, actor.roles, actor.permissions) == (before.groups, before.roles, before.permissions)
    assert before.visible_units == frozenset()
    assert actor.visible_units == away.visible_units == frozenset({"21", "2101", "2102"})
    assert away.stands_in == ()


@pytest.mark.parametrize(
    ("days_from_now", "is_there"),
    [(-1, False), (0, True), (3, True), (4, False)],
    ids=["before", "first", "last", "after"],
)
def test_it_lasts_from_the_first_day_to_the_last_in_shanghai(
    small_district: District, days_from_now: int, is_there: bool
) -> None:
    set_by(small_district, "edu1.head", first_on=TODAY, last_on=TODAY + timedelta(days=3))
    # a minute after midnight there is the evening before in UTC
    small_district.clock.move_to(datetime(2026, 9, 14, 16, 1, tzinfo=UTC) + timedelta(days=days_from_now))

    assert bool(small_district.front_desk.actor_of("edu.perf").stands_in) is is_there


@pytest.mark.parametrize(
    ("login", "person", "may"),
    [
        pytest.param("edu1.head", "edu1.head", True, id="the person"),
        pytest.param("edu.head", "edu1.head", True, id="the head of the department above"),
        pytest.param("edu1.head", "edu1.proj", True, id="the head of the unit"),
        pytest.param("admin", "edu1.head", True, id="who administers"),
        pytest.param("edu.perf", "edu1.head", False, id="a colleague"),
        pytest.param("edu1.head", "edu.head", False, id="the head of a unit below"),
        pytest.param("health.head", "edu1.head", False, id="the head of another department"),
        pytest.param("designer", "edu1.head", False, id="who designs processes"),
        pytest.param("edu.head", "nobody", False, id="nobody is there"),
    ],
)
def test_the_person_heads_above_and_administrators_may_set_and_end_it(
    small_district: District, login: str, person: str, may: bool
) -> None:
    stand_in = "exp.a"
    if not may:
        with pytest.raises(NotTheirHead):
            set_by(small_district, login, user_id=person, stand_in=stand_in)
        return
    found = set_by(small_district, login, user_id=person, stand_in=stand_in)
    actor = small_district.front_desk.actor_of(login)
    ended = small_district.absences.end(actor, found.id)
    assert (ended.ended_by, ended.ended_at) == (login, NOW)
    assert small_district.absences.end(actor, found.id) == ended
    assert small_district.front_desk.actor_of(stand_in).stands_in == ()
    assert [each.state(TODAY) for each in small_district.absences.listed(actor)] == ["past"]


def test_a_head_does_not_give_away_what_his_people_do_in_units_that_are_not_his(small_district: District) -> None:
    give(small_district, "edu1.proj", "project_owner", "2201")
    with pytest.raises(NotTheirHead):
        set_by(small_district, "edu1.head", user_id="edu1.proj", stand_in="exp.a")
    with pytest.raises(NotTheirHead):
        set_by(
            small_district, "edu1.head", user_id="edu1.proj", stand_in="exp.a", post=("project_owner", "2201")
        )
    own = set_by(small_district, "edu1.head", user_id="edu1.proj", stand_in="exp.a", post=("project_owner", "2101"))
    assert own.post == ("project_owner", "2101")
    (standing,) = small_district.front_desk.actor_of("exp.a").stands_in
    assert (standing.groups, standing.is_whole) == (frozenset({"project_owner@2101"}), False)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({"first_on": None, "last_on": None}, ["absence-first-on", "absence-last-on"]),
        ({"last_on": TODAY - timedelta(days=1), "first_on": TODAY - timedelta(days=2)}, ["absence-past"]),
        ({"first_on": TODAY + timedelta(days=9)}, ["absence-days"]),
        ({"last_on": TODAY + timedelta(days=366)}, ["absence-too-long"]),
        ({"reason": "  "}, ["absence-reason"]),
        ({"reason": "长" * 201}, ["absence-reason"]),
        ({"post": ("dept_head", "21")}, ["absence-post"]),
        ({"stand_in": "edu1.head"}, ["absence-same-person"]),
        ({"stand_in": "nobody"}, ["absence-stand-in"]),
        ({"stand_in": ""}, ["absence-stand-in"]),
        ({"stand_in": "designer"}, ["absence-duties"]),
        (
            {"stand_in": "edu1.head", "reason": "", "last_on": None, "post": ("x", "21")},
            ["absence-last-on", "absence-reason", "absence-post", "absence-same-person"],
        ),
    ],
)
def test_what_is_unsound_is_told_all_at_once(
    small_district: District, others: dict[str, Any], expected: list[str]
) -> None:
    with pytest.raises(UnsoundAbsence) as refusal:
        set_by(small_district, "edu1.head", **others)
    assert codes(refusal) == expected


def test_a_year_is_the_longest(small_district: District) -> None:
    assert set_by(small_district, "edu1.head", last_on=TODAY + timedelta(days=365)).last_on == date(2027, 9, 15)


@pytest.mark.parametrize(("away", "stand_in"), [("edu1.proj", "edu.perf"), ("edu.perf", "edu1.proj")])
def test_who_files_a_project_does_not_stand_in_for_who_reviews_it_nor_the_other_way_round(
    small_district: District, away: str, stand_in: str
) -> None:
    with pytest.raises(UnsoundAbsence) as refusal:
        set_by(small_district, away, user_id=away, stand_in=stand_in)
    (fault,) = refusal.value.faults
    assert (fault["code"], fault["reason"]) == ("absence-duties", "填报项目的人不得审核项目")
    eligible = small_district.absences.eligible(
        small_district.front_desk.actor_of(away), wanted(user_id=away, stand_in="")
    )
    assert stand_in not in {each.user_id for each in eligible}


def test_nobody_stands_in_on_both_sides(small_district: District) -> None:
    set_by(small_district, "edu1.proj", user_id="edu1.proj", stand_in="exp.a")
    with pytest.raises(UnsoundAbsence) as refusal:
        set_by(small_district, "edu.perf", user_id="edu.perf", stand_in="exp.a")
    assert codes(refusal) == ["absence-duties"]


def test_a_technical_role_stands_in_for_technical_roles_alone(small_district: District) -> None:
    with pytest.raises(UnsoundAbsence):
        set_by(small_district, "admin", user_id="admin", stand_in="fin.perf")
    assert set_by(small_district, "admin", user_id="admin", stand_in="designer").stand_in == "designer"


def test_a_role_that_comes_later_takes_the_stand_in_away_and_back(small_district: District) -> None:
    set_by(small_district, "edu1.proj", user_id="edu1.proj", stand_in="exp.a")
    assert small_district.front_desk.actor_of("exp.a").stands_in_for == {"edu1.proj"}
    give(small_district, "exp.a", "dept_perf", "22")

    actor = small_district.front_desk.actor_of("exp.a")
    assert actor.stands_in == ()
    assert actor.visible_units == frozenset({"22", "2201"})


def test_nothing_is_passed_on(small_district: District) -> None:
    set_by(small_district, "edu1.head", stand_in="exp.a")
    set_by(small_district, "exp.a", user_id="exp.a", stand_in="disc.recv", first_on=TODAY, last_on=TODAY)

    assert small_district.front_desk.actor_of("disc.recv").stands_in_for == {"exp.a"}
    assert small_district.front_desk.actor_of("disc.recv").stands_in[0].groups == frozenset({"expert@00"})
    # who is away already is not asked to stand in
    with pytest.raises(UnsoundAbsence) as refusal:
        set_by(small_district, "edu.head", user_id="edu.head", stand_in="exp.a")
    assert codes(refusal) == ["absence-stand-in-away"]


def test_absences_of_one_post_do_not_overlap_and_those_ended_early_do_not_count(small_district: District) -> None:
    first = set_by(small_district, "edu1.head", last_on=TODAY + timedelta(days=3))
    with pytest.raises(UnsoundAbsence) as refusal:
        set_by(small_district, "edu1.head", first_on=first.last_on, last_on=first.last_on, post=("unit_head", "2101"))
    assert codes(refusal) == ["absence-overlap"]
    day_after = first.last_on + timedelta(days=1)
    set_by(small_district, "edu1.head", first_on=day_after, last_on=day_after)
    small_district.absences.end(small_district.front_desk.actor_of("edu1.head"), first.id)
    set_by(small_district, "edu1.head", last_on=TODAY + timedelta(days=2), stand_in="exp.a")


def test_asked_for_twice_it_is_set_once(district: District) -> None:
    first = set_by(district, "edu1.head")
    assert set_by(district, "edu1.head") == first
    assert len(district.absences.listed(district.front_desk.actor_of("edu1.head"))) == 1


def test_each_is_told_of_what_concerns_him(small_district: District) -> None:
    found = set_by(small_district, "edu1.head", stand_in="edu.perf")
    told = {
        login: [each.id for each in small_district.absences.listed(small_district.front_desk.actor_of(login))]
        for login in ("edu1.head", "edu.perf", "edu.head", "admin", "edu1.proj", "health.head", "fin.perf")
    }
    assert {login for login, ids in told.items() if ids == [found.id]} == {"edu1.head", "edu.perf", "edu.head", "admin"}
    assert all(not ids for login, ids in told.items() if login in ("edu1.proj", "health.head", "fin.perf"))
    with pytest.raises(AbsenceNotFound):
        small_district.absences.end(small_district.front_desk.actor_of("health.head"), found.id)
    with pytest.raises(NotTheirHead):
        small_district.absences.end(small_district.front_desk.actor_of("edu.perf"), found.id)


def test_one_that_is_over_is_not_ended(small_district: District) -> None:
    found = set_by(small_district, "edu1.head", last_on=TODAY)
    small_district.clock.move_to(NOW + timedelta(days=1))
    with pytest.raises(UnsoundAbsence) as refusal:
        small_district.absences.end(small_district.front_desk.actor_of("edu1.head"), found.id)
    assert codes(refusal) == ["absence-over"]
