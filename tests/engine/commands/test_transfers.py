"""Transfer 转办 of a user task, on both databases: it stands as it stood, and no word is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.commands import (
    CancelProcessInstance,
    ReleaseUserTask,
    ReturnUserTask,
    SaveDraft,
    SuspendProcessInstance,
)
from engine.model.errors import NotFound, NotTheAssignee, Stale, UserTaskAlreadyCompleted
from engine.model.process_instance import InstanceSuspended
from engine.model.user_task import UserTaskAlreadyClaimed, UserTaskNotOpen
from engine.queries import InboxList, instance_history
from engine.scheduler import run_due_work
from engine.store.wait_tables import outbox, timer
from tests.doubles import MONDAY, OPERATOR, person
from tests.house import PLAN_AND_REVIEW, House, bpmn, flows, user_task
from tests.transferring import A_PLAN, LI, REASON, SUN, TYPED, WANG, ZHAO, detail, make, rows, save, transfer


@pytest.fixture
def office(build: Callable[..., House]) -> House:
    """A house where a plan waits for the clerks of unit 21."""
    house = make(build)
    house.deploy(rectification=PLAN_AND_REVIEW)
    house.start("rectification", "RECT:1")
    return house


# --- what it does


def test_claimed_work_goes_to_the_colleague_as_it_stands(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    timers = rows(office, timer)
    office.move_to(MONDAY + timedelta(hours=3))

    transfer(office, plan.id)

    mine = office.only(ZHAO, InboxList.MINE)
    assert (mine.id, mine.due_at, mine.created_at, mine.rung) == (plan.id, plan.due_at, plan.created_at, "")
    assert office.inbox(LI, InboxList.MINE) == office.inbox(LI) == office.inbox(ZHAO) == []
    assert rows(office, timer) == timers
    assert mine.candidate_groups == ("clerk@21",)
    office.complete(ZHAO, plan.id, A_PLAN)
    assert office.only(ZHAO, InboxList.DONE).assignee == "zhao.min"


def test_work_that_nobody_has_taken_leaves_the_inboxes_of_the_candidates(office: House) -> None:
    plan = office.only(LI)

    transfer(office, plan.id, "sun.lei")

    assert office.inbox(LI) == office.inbox(ZHAO) == []
    assert office.only(SUN, InboxList.MINE).id == plan.id
    with pytest.raises(UserTaskAlreadyClaimed, match=r"it is sun\.lei's"):
        office.claim(LI, plan.id)
    (told,) = detail(office, plan.id).transfers
    assert (told.from_user, told.to_user, told.with_draft) == (None, "sun.lei", False)


def test_the_history_tells_who_gave_it_to_whom_and_why(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    office.move_to(MONDAY + timedelta(hours=3))

    transfer(office, plan.id, reason=f"  {REASON} ")

    kinds = ["UserTaskTransferred"]
    (told,) = office.ask(instance_history, OPERATOR, plan.process_instance_id, kinds=kinds).items
    assert (told.actor, told.element_id, told.at) == ("wang.fang", "plan", MONDAY + timedelta(hours=3))
    assert told.payload == {
        "user_task": plan.id,
        "from_user": "li.wei",
        "to_user": "zhao.min",
        "reason": REASON,
        "with_draft": False,
    }
    (shown,) = detail(office, plan.id, ZHAO).transfers
    assert (shown.by, shown.at, shown.reason) == ("wang.fang", told.at, REASON)


def test_who_only_operates_is_not_told_the_reason(office: House) -> None:
    plan = office.only(LI)
    transfer(office, plan.id)
    admin = person("admin", permissions=frozenset({"oversee"}))
    kinds = ["UserTaskTransferred"]
    (told,) = office.ask(instance_history, admin, plan.process_instance_id, kinds=kinds).items
    assert told.payload == {
        "user_task": plan.id,
        "from_user": None,
        "to_user": "zhao.min",
        "with_draft": False,
    }


def test_the_ladder_climbs_on_and_its_notice_goes_to_who_has_the_work_now(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    transfer(office, plan.id)
    assert plan.due_at is not None
    office.move_to(plan.due_at + timedelta(days=1, minutes=1))
    run_due_work(office.dispatcher)
    assert office.only(ZHAO, InboxList.MINE).rung == "yellow"
    assert all('"assignee":"zhao.min"' in row.payload for row in rows(office, outbox))


def test_the_head_may_take_it_over(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    transfer(office, plan.id, "wang.fang")
    assert office.only(WANG, InboxList.MINE).id == plan.id


# --- what was typed


def test_what_was_typed_comes_along_and_stays_with_its_author(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    save(office, LI, plan.id)

    transfer(office, plan.id)

    received = detail(office, plan.id, ZHAO)
    assert received.draft.content == TYPED and received.may_complete
    assert received.transfers[0].with_draft
    kept = detail(office, plan.id, LI)
    assert kept.draft.content == TYPED and not kept.may_complete
    save(office, ZHAO, plan.id, {"measure": "接着写"})
    assert detail(office, plan.id, LI).draft.content == TYPED
    office.complete(ZHAO, plan.id, A_PLAN)
    assert detail(office, plan.id, LI).draft.content == TYPED


def test_what_the_receiver_had_typed_is_not_overwritten(office: House) -> None:
    plan = office.only(LI)
    own = {"measure": "我的想法"}
    save(office, ZHAO, plan.id, own)
    office.claim(LI, plan.id)
    save(office, LI, plan.id)

    transfer(office, plan.id)

    draft = detail(office, plan.id, ZHAO).draft
    assert (draft.content, draft.revision) == (own, 2)
    (theirs,) = draft.undecided
    assert theirs.content == TYPED
    settled = SaveDraft(
        actor=ZHAO, user_task_id=plan.id, content=TYPED, builds_on=2, settles=theirs.id, decided_against=own
    )
    office.dispatcher.dispatch(settled)
    after = detail(office, plan.id, ZHAO).draft
    assert (after.content, after.undecided) == (TYPED, ())
    assert [each.content for each in after.apart] == [own]


def test_the_same_words_typed_by_both_are_one_draft(office: House) -> None:
    plan = office.only(LI)
    save(office, ZHAO, plan.id)
    office.claim(LI, plan.id)
    save(office, LI, plan.id)
    transfer(office, plan.id)
    draft = detail(office, plan.id, ZHAO).draft
    assert (draft.content, draft.revision, draft.apart) == (TYPED, 1, ())


def test_what_was_left_before_a_return_comes_along_too(office: House) -> None:
    plan = office.only(LI)
    save(office, LI, plan.id)
    office.complete(ZHAO, plan.id, A_PLAN)
    review = office.only(WANG).id
    office.dispatcher.dispatch(
        ReturnUserTask(actor=WANG, user_task_id=review, element_id="plan", comment="请补充材料")
    )
    again = office.only(LI).id
    office.claim(LI, again)

    transfer(office, again, "sun.lei")

    assert detail(office, again, SUN).draft.content == TYPED


def test_the_former_assignee_is_told_who_has_it_and_keeps_what_was_typed(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    save(office, LI, plan.id)
    transfer(office, plan.id)

    with pytest.raises(NotTheAssignee) as refused:
        office.complete(LI, plan.id, A_PLAN)

    assert refused.value.facts["assignee"] == "zhao.min"
    with pytest.raises(NotTheAssignee):
        save(office, LI, plan.id, A_PLAN)
    assert detail(office, plan.id, LI).draft.content == TYPED


def test_who_had_it_without_any_scope_still_sees_it(office: House) -> None:
    plan = office.only(LI)
    transfer(office, plan.id, "sun.lei")
    save(office, SUN, plan.id)

    transfer(office, plan.id, "zhao.min")

    kept = detail(office, plan.id, SUN)
    assert kept.draft.content == TYPED
    assert [(each.from_user, each.to_user) for each in kept.transfers] == [
        (None, "sun.lei"),
        ("sun.lei", "zhao.min"),
    ]
    with pytest.raises(NotTheAssignee) as refused:
        office.complete(SUN, plan.id, A_PLAN)
    assert refused.value.facts["assignee"] == "zhao.min"
    kinds = ["UserTaskTransferred"]
    told = office.ask(instance_history, SUN, plan.process_instance_id, kinds=kinds).items
    assert [each.payload["reason"] for each in told] == [REASON, REASON]
    assert detail(office, plan.id, ZHAO).draft.content == TYPED
    with pytest.raises(NotFound):
        detail(office, plan.id, person("gu.qi"))


# --- afterwards


def test_it_may_be_transferred_again_and_back(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    save(office, LI, plan.id)
    transfer(office, plan.id, "sun.lei")
    save(office, SUN, plan.id, {"measure": "接着写"})

    transfer(office, plan.id, "li.wei", reason="已返岗")

    draft = detail(office, plan.id, LI).draft
    assert draft.content == TYPED
    assert [each.content for each in draft.undecided] == [{"measure": "接着写"}]
    told = [(each.from_user, each.to_user, each.reason) for each in detail(office, plan.id).transfers]
    assert told == [("li.wei", "sun.lei", REASON), ("sun.lei", "li.wei", "已返岗")]


def test_what_was_received_may_be_put_back_for_the_candidates(office: House) -> None:
    plan = office.only(LI)
    transfer(office, plan.id, "sun.lei")
    save(office, SUN, plan.id)

    office.dispatcher.dispatch(ReleaseUserTask(actor=SUN, user_task_id=plan.id))

    assert [office.only(each).id for each in (LI, ZHAO)] == [plan.id, plan.id]
    kept = detail(office, plan.id, SUN)
    assert kept.draft.content == TYPED and not kept.may_complete
    office.complete(LI, plan.id, A_PLAN)
    assert office.inbox(ZHAO) == []


def test_returned_work_begins_anew_with_those_it_is_drawn_for(office: House) -> None:
    plan = office.only(LI)
    transfer(office, plan.id)
    office.complete(ZHAO, plan.id, A_PLAN)
    review = office.only(WANG).id
    office.claim(WANG, review)
    transfer(office, review, "li.wei")
    office.dispatcher.dispatch(
        ReturnUserTask(actor=LI, user_task_id=review, element_id="plan", comment="请补充材料")
    )
    again = office.only(LI)
    assert again.id != plan.id and office.only(ZHAO).id == again.id
    assert detail(office, again.id).transfers == ()


def test_what_is_over_is_not_transferred(office: House) -> None:
    plan = office.only(LI)
    transfer(office, plan.id, "sun.lei")
    save(office, SUN, plan.id)
    office.dispatcher.dispatch(
        CancelProcessInstance(actor=OPERATOR, process_instance_id=plan.process_instance_id, reason="项目终止")
    )
    with pytest.raises(UserTaskNotOpen):
        transfer(office, plan.id)
    assert office.inbox(SUN, InboxList.MINE) == []
    assert detail(office, plan.id, SUN).draft.content == TYPED
    office.start("rectification", "RECT:2")
    done = office.only(LI).id
    office.complete(LI, done, A_PLAN)
    with pytest.raises(UserTaskAlreadyCompleted):
        transfer(office, done)


def test_suspended_work_stays_where_it_is(office: House) -> None:
    plan = office.only(LI)
    office.dispatcher.dispatch(
        SuspendProcessInstance(actor=OPERATOR, process_instance_id=plan.process_instance_id, reason="核查")
    )
    with pytest.raises(InstanceSuspended):
        transfer(office, plan.id)


def test_work_of_a_called_process_is_transferred_in_its_own_place(build: Callable[..., House]) -> None:
    house = make(build)
    call = (
        '<callActivity id="call" calledElement="rectification"><extensionElements>'
        '<camunda:in source="unit_code" target="unit_code"/></extensionElements></callActivity>'
    )
    body = '<startEvent id="s"/>' + call + '<endEvent id="e"/>' + flows("s call", "call e")
    house.deploy(rectification=PLAN_AND_REVIEW, main=bpmn("main", body))
    house.start("main", "RECT:1")
    plan = house.only(LI).id
    transfer(house, plan)
    kinds = ["UserTaskTransferred"]
    (told,) = house.ask(instance_history, OPERATOR, detail(house, plan).user_task.root_id, kinds=kinds).items
    assert (told.element_id, told.part) == ("plan", detail(house, plan).user_task.part)
    house.complete(ZHAO, plan, A_PLAN)
    assert house.complete(WANG, house.only(WANG).id).ended


def test_of_a_step_with_several_items_each_goes_by_itself(build: Callable[..., House]) -> None:
    house = make(build)
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    body = '<startEvent id="s"/>' + user_task("t", inside=loop) + '<endEvent id="e"/>' + flows("s t", "t e")
    house.deploy(work=bpmn("work", body))
    house.start("work", "PRJ:1")
    first, second, third = house.inbox(LI)

    transfer(house, second.id, "sun.lei")

    assert [item.id for item in house.inbox(LI)] == [first.id, third.id]
    assert detail(house, first.id).transfers == detail(house, third.id).transfers == ()
    house.complete(SUN, second.id)
    house.complete(LI, first.id)
    assert house.complete(LI, third.id).ended


# --- at the same time


def test_of_a_transfer_and_a_completion_the_first_wins_and_the_other_is_told(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    # another engine over the same database has not seen it
    other = office.node()
    office.complete(LI, plan.id, A_PLAN)
    with pytest.raises(UserTaskAlreadyCompleted, match=r"li\.wei completed it at"):
        transfer(other, plan.id)
    office.start("rectification", "RECT:2")
    plan = office.only(LI)
    office.claim(LI, plan.id)
    transfer(other, plan.id)
    with pytest.raises(NotTheAssignee, match=r"it is zhao\.min's"):
        office.complete(LI, plan.id, A_PLAN)


def test_who_has_read_an_older_state_is_told(office: House) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    with pytest.raises(Stale, match=r"Expected version 1, but found version 2\."):
        transfer(office, plan.id, expected_version=1)


def test_the_same_request_is_carried_out_once(office: House) -> None:
    plan = office.only(LI)
    first = transfer(office, plan.id, idempotency_key="once")
    assert transfer(office, plan.id, idempotency_key="once") == first
    assert len(detail(office, plan.id).transfers) == 1
