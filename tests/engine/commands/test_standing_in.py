"""Stand-in 代办: what somebody who is away could do, done by another, under both names; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.commands import (
    ClaimUserTask,
    CompleteUserTask,
    OpenUserTask,
    ReleaseUserTask,
    RequestExtension,
    ReturnUserTask,
    SaveDraft,
    WithdrawUserTask,
)
from engine.model.actor import Actor, StandingIn
from engine.model.clock import FixedClock
from engine.model.deadline import Deadlines
from engine.model.errors import FourEyesViolated, NotACandidate, NotFound, NotTheAssignee
from engine.model.withdrawal import NotTheSubmitter
from engine.queries import InboxList, documents, inbox_counts, instance_history, overdue, user_task_detail
from tests.builders_calendar import CALENDAR_2026
from tests.doubles import MONDAY, ListedForms, collaborators, person
from tests.extending import deciding
from tests.house import PLAN_AND_REVIEW, House, bpmn, flows, properties, user_task

UNIT = frozenset({"21"})
ZHANG = person("zhang.san", "clerk@21", units=UNIT)
#: In the same office, with nothing to do with it.
LI = person("li.si")
HEAD = person("wang.wu", "head@21", units=UNIT)
#: Given to one person by name.
BY_NAME = bpmn(
    "named",
    '<startEvent id="s"/>'
    + user_task("write", groups="", attributes='camunda:assignee="zhang.san" camunda:dueDate="5WD"')
    + '<endEvent id="e"/>'
    + flows("s write", "write e"),
)
PLAN = {"measure": "加快进度", "amount": "12.50"}


def standing_in(actor: Actor, *away: Actor, units: frozenset[str] = UNIT, is_whole: bool = True) -> Actor:
    """The actor while others are away: their groups and their sight, by way of `stands_in`."""
    stands_in = tuple(StandingIn(user_id=each.user_id, groups=each.groups, is_whole=is_whole) for each in away)
    return replace(actor, stands_in=stands_in, visible_units=(actor.visible_units or frozenset()) | units)


LI_FOR_ZHANG = standing_in(LI, ZHANG)


@pytest.fixture
def planned(build: Callable[..., House]) -> House:
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure", "amount")})))
    house.deploy(rectification=PLAN_AND_REVIEW, named=BY_NAME)
    return house


def told(house: House, actor: Actor, instance_id: str, *kinds: str) -> list[tuple[str, str, str | None]]:
    page = house.ask(instance_history, actor, instance_id, kinds=kinds)
    return [(each.kind, each.actor, each.acted_for) for each in page.items]


def test_a_stand_in_finds_the_offered_work_and_loses_it_when_the_absence_ends(planned: House) -> None:
    planned.start("rectification", "R-1")

    (item,) = planned.inbox(LI_FOR_ZHANG)
    assert (item.element_id, item.on_behalf_of) == ("plan", "zhang.san")
    assert planned.ask(user_task_detail, LI_FOR_ZHANG, item.id).may_claim
    assert planned.inbox(LI) == []
    with pytest.raises(NotFound):
        planned.ask(user_task_detail, LI, item.id)


def test_what_a_stand_in_claims_is_of_the_one_who_is_away_and_is_there_when_he_comes_back(planned: House) -> None:
    moved = planned.start("rectification", "R-1")
    (item,) = planned.inbox(LI_FOR_ZHANG)
    planned.dispatcher.dispatch(ClaimUserTask(actor=LI_FOR_ZHANG, user_task_id=item.id))
    planned.dispatcher.dispatch(ClaimUserTask(actor=LI_FOR_ZHANG, user_task_id=item.id))

    (mine,) = planned.inbox(LI_FOR_ZHANG, InboxList.MINE)
    (his,) = planned.inbox(ZHANG, InboxList.MINE)
    assert (mine.assignee, mine.on_behalf_of) == ("zhang.san", "zhang.san")
    assert (his.assignee, his.on_behalf_of) == ("zhang.san", None)
    assert planned.inbox(LI, InboxList.MINE) == []
    assert told(planned, ZHANG, moved.process_instance_id, "UserTaskClaimed") == [
        ("UserTaskClaimed", "li.si", "zhang.san")
    ]
    planned.dispatcher.dispatch(ReleaseUserTask(actor=LI_FOR_ZHANG, user_task_id=item.id))
    assert [each.id for each in planned.inbox(ZHANG)] == [item.id]


@pytest.mark.parametrize("is_claimed", [False, True])
def test_what_a_stand_in_completes_tells_both_names(planned: House, is_claimed: bool) -> None:
    moved = planned.start("rectification", "R-1")
    (item,) = planned.inbox(LI_FOR_ZHANG)
    if is_claimed:
        planned.dispatcher.dispatch(ClaimUserTask(actor=ZHANG, user_task_id=item.id))
    planned.dispatcher.dispatch(CompleteUserTask(actor=LI_FOR_ZHANG, user_task_id=item.id, submission=PLAN))

    closed = planned.ask(user_task_detail, ZHANG, item.id).user_task
    assert (closed.closed_by, closed.closed_for, closed.assignee) == ("li.si", "zhang.san", "zhang.san")
    (filed,) = planned.ask(documents, ZHANG, "R-1")
    assert (filed.filed_by, filed.filed_for) == ("li.si", "zhang.san")
    assert told(planned, ZHANG, moved.process_instance_id, "UserTaskCompleted", "DocumentFiled") == [
        ("DocumentFiled", "li.si", "zhang.san"),
        ("UserTaskCompleted", "li.si", "zhang.san"),
    ]
    (done,) = planned.inbox(LI, InboxList.DONE)
    assert done.on_behalf_of == "zhang.san"


def test_work_given_by_name_is_reached_by_the_stand_in_and_still_by_the_person(planned: House) -> None:
    planned.start("named", "N-1")
    planned.start("named", "N-2")

    first, second = planned.inbox(LI_FOR_ZHANG, InboxList.MINE)
    assert planned.ask(inbox_counts, LI_FOR_ZHANG, now=MONDAY).mine == 2
    planned.dispatcher.dispatch(OpenUserTask(actor=LI_FOR_ZHANG, user_task_id=first.id))
    planned.dispatcher.dispatch(SaveDraft(actor=LI_FOR_ZHANG, user_task_id=first.id, content={"x": 1}))
    planned.dispatcher.dispatch(CompleteUserTask(actor=LI_FOR_ZHANG, user_task_id=first.id, submission={}))
    planned.dispatcher.dispatch(CompleteUserTask(actor=ZHANG, user_task_id=second.id, submission={}))

    assert planned.ask(user_task_detail, ZHANG, first.id).user_task.closed_for == "zhang.san"
    his = planned.ask(user_task_detail, ZHANG, second.id).user_task
    assert (his.closed_by, his.closed_for) == ("zhang.san", None)


def test_who_stands_in_no_more_is_refused_what_was_given_by_name(planned: House) -> None:
    planned.start("named", "N-1")
    (item,) = planned.inbox(ZHANG, InboxList.MINE)
    with pytest.raises(NotTheAssignee):
        seeing = replace(LI, visible_units=UNIT)
        planned.dispatcher.dispatch(CompleteUserTask(actor=seeing, user_task_id=item.id, submission={}))


def test_who_stands_in_for_one_post_of_several_reaches_what_was_offered_to_that_post_alone(planned: House) -> None:
    planned.start("named", "N-1")
    planned.start("rectification", "R-1")
    (offered,) = planned.inbox(ZHANG)
    planned.dispatcher.dispatch(ClaimUserTask(actor=ZHANG, user_task_id=offered.id))
    for_the_post = standing_in(LI, ZHANG, is_whole=False)
    for_another = standing_in(LI, replace(ZHANG, groups=frozenset({"archivist@21"})), is_whole=False)

    assert [each.element_id for each in planned.inbox(for_the_post, InboxList.MINE)] == ["plan"]
    assert planned.inbox(for_another, InboxList.MINE) == []
    with pytest.raises(NotTheAssignee):
        planned.dispatcher.dispatch(CompleteUserTask(actor=for_another, user_task_id=offered.id, submission=PLAN))


def test_who_may_do_it_in_the_own_right_stands_in_for_nobody(planned: House) -> None:
    moved = planned.start("rectification", "R-1")
    both = standing_in(person("li.si", "clerk@21", units=UNIT), ZHANG)
    (item,) = planned.inbox(both)
    assert item.on_behalf_of is None
    planned.dispatcher.dispatch(CompleteUserTask(actor=both, user_task_id=item.id, submission=PLAN))

    assert planned.ask(user_task_detail, both, item.id).user_task.closed_for is None
    assert told(planned, both, moved.process_instance_id, "UserTaskCompleted") == [
        ("UserTaskCompleted", "li.si", None)
    ]


@pytest.mark.parametrize(
    ("filer", "reviewer"),
    [
        pytest.param(LI_FOR_ZHANG, replace(ZHANG, groups=frozenset({"head@21"})), id="filed for him by another"),
        pytest.param(LI_FOR_ZHANG, person("li.si", "head@21", units=UNIT), id="filed for another"),
        pytest.param(ZHANG, standing_in(LI, replace(ZHANG, groups=HEAD.groups)), id="filed by the one stood in for"),
        pytest.param(
            person("li.si", "clerk@21", units=UNIT), standing_in(LI, HEAD), id="reviews for another what he filed"
        ),
        pytest.param(LI_FOR_ZHANG, standing_in(LI, HEAD), id="files for one and reviews for another"),
        pytest.param(
            LI_FOR_ZHANG, standing_in(person("zhao.liu"), replace(ZHANG, groups=HEAD.groups)), id="for the same"
        ),
    ],
)
@pytest.mark.parametrize("act", ["claim", "complete", "return"])
def test_what_is_filed_or_reviewed_for_somebody_counts_for_both(
    planned: House, filer: Actor, reviewer: Actor, act: str
) -> None:
    planned.start("rectification", "R-1")
    (plan,) = planned.inbox(filer)
    planned.dispatcher.dispatch(CompleteUserTask(actor=filer, user_task_id=plan.id, submission=PLAN))
    (review,) = planned.inbox(HEAD)
    command = {
        "claim": ClaimUserTask(actor=reviewer, user_task_id=review.id),
        "complete": CompleteUserTask(actor=reviewer, user_task_id=review.id, submission={}),
        "return": ReturnUserTask(actor=reviewer, user_task_id=review.id, element_id="plan", comment="请补充材料"),
    }[act]

    with pytest.raises(FourEyesViolated):
        planned.dispatcher.dispatch(command)


def test_a_review_by_a_stand_in_who_had_no_part_is_returned_under_both_names(planned: House) -> None:
    moved = planned.start("rectification", "R-1")
    (plan,) = planned.inbox(ZHANG)
    planned.dispatcher.dispatch(CompleteUserTask(actor=ZHANG, user_task_id=plan.id, submission=PLAN))
    for_the_head = standing_in(LI, HEAD)
    (review,) = planned.inbox(for_the_head)
    planned.dispatcher.dispatch(
        ReturnUserTask(actor=for_the_head, user_task_id=review.id, element_id="plan", comment="请补充材料")
    )

    assert told(planned, HEAD, moved.process_instance_id, "UserTaskReturned") == [
        ("UserTaskReturned", "li.si", "wang.wu")
    ]
    closed = planned.ask(user_task_detail, HEAD, review.id).user_task
    assert (closed.state, closed.closed_by, closed.closed_for) == ("cancelled", "li.si", "wang.wu")


def _deadlines(_connection: Any) -> Deadlines:
    return Deadlines(CALENDAR_2026, lambda key, _on: {"due.extension.longest": "30D"}.get(key))


WITHDRAWABLE = bpmn(
    "work",
    '<startEvent id="s"/>'
    + user_task("fill", inside=properties(returning="none"))
    + user_task("check", groups="head")
    + '<endEvent id="e"/>'
    + flows("s fill", "fill check", "check e"),
)


@pytest.mark.parametrize(
    ("filer", "taker", "acted_for"),
    [
        pytest.param(ZHANG, LI_FOR_ZHANG, "zhang.san", id="a stand-in takes back what the person filed"),
        pytest.param(LI_FOR_ZHANG, LI_FOR_ZHANG, "zhang.san", id="and what he filed himself"),
        pytest.param(LI_FOR_ZHANG, ZHANG, None, id="the person takes back what was filed for him"),
    ],
)
def test_what_was_submitted_is_taken_back_for_the_person_whose_work_it_is(
    house: House, filer: Actor, taker: Actor, acted_for: str | None
) -> None:
    house.deploy(work=WITHDRAWABLE)
    moved = house.start("work", "W-1")
    (fill,) = house.inbox(filer)
    house.dispatcher.dispatch(CompleteUserTask(actor=filer, user_task_id=fill.id, submission={}))
    house.dispatcher.dispatch(WithdrawUserTask(actor=taker, user_task_id=fill.id))

    (again,) = house.inbox(ZHANG, InboxList.MINE)
    assert (again.element_id, again.assignee) == ("fill", "zhang.san")
    assert told(house, ZHANG, moved.process_instance_id, "UserTaskWithdrawn") == [
        ("UserTaskWithdrawn", taker.user_id, acted_for)
    ]


def test_who_stands_in_no_more_does_not_take_back_what_he_filed_for_another(house: House) -> None:
    house.deploy(work=WITHDRAWABLE)
    house.start("work", "W-1")
    (fill,) = house.inbox(LI_FOR_ZHANG)
    house.dispatcher.dispatch(CompleteUserTask(actor=LI_FOR_ZHANG, user_task_id=fill.id, submission={}))

    with pytest.raises(NotTheSubmitter):
        house.dispatcher.dispatch(WithdrawUserTask(actor=LI, user_task_id=fill.id))


def test_a_stand_in_gets_no_permission_and_starts_nothing_for_the_person(planned: House) -> None:
    assert LI_FOR_ZHANG.permissions == frozenset()
    assert LI_FOR_ZHANG.roles == frozenset()
    assert LI_FOR_ZHANG.groups == frozenset()


def test_a_colleague_is_not_a_candidate_by_sight_alone(planned: House) -> None:
    planned.start("rectification", "R-1")
    (item,) = planned.inbox(ZHANG)
    with pytest.raises(NotACandidate):
        planned.dispatcher.dispatch(ClaimUserTask(actor=replace(LI, visible_units=UNIT), user_task_id=item.id))


def test_late_work_of_the_person_stands_in_the_list_of_the_stand_in(planned: House) -> None:
    planned.start("named", "N-1")
    out_of_sight = replace(LI_FOR_ZHANG, visible_units=frozenset())
    late = planned.inbox(ZHANG, InboxList.MINE)[0].due_at
    assert late is not None
    page = planned.ask(overdue, out_of_sight, now=late.replace(year=2027), calendar=CALENDAR_2026)
    assert [each.assignee for each in page.items] == ["zhang.san"]


def test_an_extension_asked_for_by_a_stand_in_says_for_whom(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), deadlines=_deadlines))
    house.deploy(named=BY_NAME, extension=deciding())
    moved = house.start("named", "N-1")
    (item,) = house.inbox(LI_FOR_ZHANG, InboxList.MINE)
    house.dispatcher.dispatch(
        RequestExtension(
            actor=LI_FOR_ZHANG, user_task_id=item.id, until=date(2026, 3, 20), reason="招标延期，设备四月才能到货"
        )
    )

    assert told(house, ZHANG, moved.process_instance_id, "ExtensionAsked") == [
        ("ExtensionAsked", "li.si", "zhang.san")
    ]
    (decision,) = house.inbox(HEAD)
    asked = house.ask(user_task_detail, HEAD, decision.id).variables["asked"]
    assert (asked["asked_by"], asked["asked_for"]) == ("li.si", "zhang.san")
