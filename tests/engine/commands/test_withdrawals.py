"""Withdraw 撤回: taken back while nobody has opened it, asked for afterwards, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import (
    CancelProcessInstance,
    CorrelateMessage,
    OpenUserTask,
    ReleaseUserTask,
    RequestExtension,
    RequestWithdrawal,
    ReturnUserTask,
    SaveDraft,
    SuspendProcessInstance,
    WithdrawUserTask,
)
from engine.model.clock import FixedClock
from engine.model.deadline import Deadlines
from engine.model.errors import NotACandidate, NotFound, NotTheAssignee, WrongState
from engine.model.extension import ExtensionAskedBefore
from engine.model.process_instance import InstanceSuspended
from engine.model.user_task import UserTaskNotOpen
from engine.model.withdrawal import (
    NobodyToAsk,
    NothingToWithdraw,
    NotTheSubmitter,
    ReviewNotOpened,
    ReviewOpened,
    WithdrawalAskedBefore,
    WithdrawalReasonInvalid,
    WithdrawnBefore,
)
from engine.queries import InboxList, instance_history, user_task_detail, withdrawable
from engine.scheduler import run_due_work
from engine.store.wait_tables import timer
from tests.builders_calendar import CALENDAR_2026
from tests.doubles import MONDAY, OPERATOR, FixedLadder, collaborators, person
from tests.extending import deciding
from tests.house import House, bpmn, flows, properties, user_task
from tests.withdrawing import answering

UNIT = frozenset({"21"})
LI = person("li.wei", "clerk@21", units=UNIT)
CHEN = person("chen.lin", "clerk@21", units=UNIT)
ZHAO = person("zhao.min", "reviewer@21", units=UNIT)
QIAN = person("qian.yi", "reviewer@21", units=UNIT)
WANG = person("wang.fang", "head@21", units=UNIT)
FOREIGN = person("he.hua", "clerk@22", units=frozenset({"22"}))
#: Five working days after MONDAY, 18:00 Asia/Shanghai.
DUE = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
REASON = "附件传错，需要更换"
LADDER = FixedLadder({"due-2": timedelta(days=-2), "yellow": timedelta(days=1), "red": timedelta(days=9)})


def reviewed(**of_fill: str) -> bytes:
    fill = user_task("fill", attributes='camunda:dueDate="5WD"', inside=properties(returning="none", **of_fill))
    body = '<startEvent id="s"/>' + fill + user_task("check", groups="reviewer") + user_task("sign", groups="head")
    return bpmn("work", body + '<endEvent id="e"/>' + flows("s fill", "fill check", "check sign", "sign e"))


def deadlines(_connection: Any) -> Deadlines:
    return Deadlines(CALENDAR_2026, lambda key, _on: {"due.extension.longest": "30D"}.get(key))


@pytest.fixture
def office(build: Callable[..., House]) -> House:
    """A house where one piece of work waits, and reviewers are asked by a process."""
    house = build(collaborators(FixedClock(MONDAY), ladder=LADDER, deadlines=deadlines))
    house.deploy(work=reviewed(), withdrawal=answering(), extension=deciding())
    house.start("work", "PRJ:A01:2026")
    return house


@pytest.fixture
def handed_over(office: House) -> str:
    """The user task that Li has completed; its review waits."""
    return hand_over(office)


def hand_over(house: House, actor=LI) -> str:
    user_task_id = house.only(actor).id
    house.complete(actor, user_task_id, {"amount": 3})
    return user_task_id


def take_back(house: House, user_task_id: str, *, actor=LI, reason: str = "") -> Any:
    return house.dispatcher.dispatch(WithdrawUserTask(actor=actor, user_task_id=user_task_id, reason=reason))


def ask_back(house: House, user_task_id: str, *, actor=LI, reason: str = REASON) -> Any:
    return house.dispatcher.dispatch(RequestWithdrawal(actor=actor, user_task_id=user_task_id, reason=reason))


def look_at(house: House, actor: Any, user_task_id: str) -> Any:
    return house.dispatcher.dispatch(OpenUserTask(actor=actor, user_task_id=user_task_id))


def detail(house: House, user_task_id: str, actor=LI) -> Any:
    return house.ask(user_task_detail, actor, user_task_id)


def possible(house: House, user_task_id: str, actor=LI) -> str | None:
    found = detail(house, user_task_id, actor)
    with house.database.connect() as connection:
        graph = house.dispatcher.definitions_within(connection, actor.tenant_id).by_ref(found.user_task.definition_ref)
        return withdrawable(connection, actor, found, graph)


def answer(house: House, actor=ZHAO, **values: Any) -> None:
    (asked,) = [
        item
        for which in (InboxList.MINE, InboxList.CLAIMABLE)
        for item in house.inbox(actor, which)
        if item.element_id == "answer"
    ]
    house.complete(actor, asked.id, {"by": actor.user_id, "opinion": None} | values)


def kinds(house: House, root_id: str) -> list[str]:
    return [each.kind for each in house.ask(instance_history, OPERATOR, root_id, limit=200).items]


# --- taken back ---------------------------------------------------------------------------------------------------


def test_unopened_work_is_taken_back_and_goes_on_as_it_was(office: House, handed_over: str) -> None:
    review = office.only(ZHAO)
    before = detail(office, handed_over).user_task
    assert possible(office, handed_over) == "take"
    office.move_to(MONDAY + timedelta(hours=2))

    moved = take_back(office, handed_over, reason="数字还要核对")

    mine = office.only(LI, InboxList.MINE)
    assert moved.opened_user_tasks == (mine.id,)
    assert (mine.element_id, mine.due_at, mine.created_at) == ("fill", DUE, before.created_at)
    assert office.inbox(ZHAO) == []
    assert office.inbox(CHEN) == []
    closed = detail(office, review.id, ZHAO).user_task
    assert (closed.state, closed.closed_by, closed.closed_cause) == ("cancelled", None, "withdrawal")
    assert [step["rule"] for step in detail(office, mine.id).routing] == ["taken-back"]
    history = office.ask(instance_history, LI, mine.process_instance_id, kinds=["UserTaskWithdrawn"]).items
    assert [(each.actor, each.element_id, each.payload["reason"]) for each in history] == [
        ("li.wei", "fill", "数字还要核对")
    ]
    office.complete(LI, mine.id, {"amount": 4})
    assert office.only(ZHAO).element_id == "check"


def test_it_can_be_taken_back_again_and_put_back_for_others(office: House, handed_over: str) -> None:
    take_back(office, handed_over)
    again = office.only(LI, InboxList.MINE).id
    for attempt in (take_back, ask_back):
        with pytest.raises(WithdrawnBefore):
            attempt(office, handed_over)
    office.complete(LI, again)
    with pytest.raises(WithdrawnBefore):
        take_back(office, handed_over)
    take_back(office, again)
    third = office.only(LI, InboxList.MINE)
    assert (third.due_at, detail(office, third.id).user_task.due_rule) == (DUE, "5WD")


def test_late_work_stays_as_late_as_it_was_and_is_not_warned_of_again(office: House) -> None:
    office.move_to(DUE + timedelta(days=1, minutes=1))
    run_due_work(office.dispatcher)
    handed_over = hand_over(office)

    take_back(office, handed_over)

    mine = office.only(LI, InboxList.MINE)
    assert (mine.rung, mine.due_at) == ("yellow", DUE)
    with office.database.connect() as connection:
        rungs = connection.execute(select(timer.c.key, timer.c.due_at).where(timer.c.kind == "rung")).all()
    assert [tuple(rung) for rung in rungs] == [("red", DUE + timedelta(days=9))]


def test_what_was_extended_once_is_not_extended_again_by_taking_it_back(office: House) -> None:
    user_task_id = office.only(LI).id
    until = (DUE + timedelta(days=11)).date()
    office.dispatcher.dispatch(
        RequestExtension(actor=LI, user_task_id=user_task_id, until=until, reason="设备四月才能到货，需要延期")
    )
    office.complete(WANG, office.only(WANG).id, {"granted": True, "until": until, "by": "wang.fang", "opinion": None})
    take_back(office, hand_over(office))
    mine = office.only(LI, InboxList.MINE)
    assert mine.due_at == DUE + timedelta(days=11)
    with pytest.raises(ExtensionAskedBefore):
        office.dispatcher.dispatch(
            RequestExtension(actor=LI, user_task_id=mine.id, until=until, reason="设备四月才能到货，需要延期")
        )


def test_only_who_has_handed_it_over_takes_it_back(office: House, handed_over: str) -> None:
    for actor in (CHEN, ZHAO):
        assert possible(office, handed_over, actor) is None
        with pytest.raises(NotTheSubmitter, match=r"li\.wei has"):
            take_back(office, handed_over, actor=actor)
        with pytest.raises(NotTheSubmitter):
            ask_back(office, handed_over, actor=actor)
    with pytest.raises(NotFound):
        take_back(office, handed_over, actor=FOREIGN)
    with pytest.raises(NotFound):
        ask_back(office, handed_over, actor=FOREIGN)
    with pytest.raises(NothingToWithdraw):
        take_back(office, office.only(ZHAO).id)


def test_what_the_next_person_has_opened_is_not_taken_back(office: House, handed_over: str) -> None:
    look_at(office, QIAN, office.only(ZHAO).id)
    assert possible(office, handed_over) == "ask"
    with pytest.raises(ReviewOpened, match=r"qian\.yi") as refusal:
        take_back(office, handed_over)
    assert refusal.value.facts["opened_by"] == "qian.yi"
    assert office.only(ZHAO).element_id == "check"


def test_claiming_is_opening(office: House, handed_over: str) -> None:
    office.claim(ZHAO, office.only(ZHAO).id)
    with pytest.raises(ReviewOpened, match=r"zhao\.min"):
        take_back(office, handed_over)


def test_who_only_looks_on_opens_nothing(office: House, handed_over: str) -> None:
    review = office.only(ZHAO).id
    with pytest.raises(NotACandidate):
        look_at(office, LI, review)
    with pytest.raises(NotFound):
        look_at(office, FOREIGN, review)
    office.claim(ZHAO, review)
    with pytest.raises(NotTheAssignee):
        look_at(office, QIAN, review)


def test_each_person_opens_once_and_the_submitter_does_not_count(build: Callable[..., House]) -> None:
    both = person("li.wei", "clerk@21", "reviewer@21", units=UNIT)
    house = build(collaborators(FixedClock(MONDAY)))
    house.deploy(work=reviewed())
    house.start("work")
    (first,) = [item for item in house.inbox(both) if item.element_id == "fill"]
    house.complete(both, first.id)
    review = house.only(ZHAO)
    look_at(house, both, review.id)
    look_at(house, both, review.id)
    assert kinds(house, review.process_instance_id).count("UserTaskOpened") == 1
    assert detail(house, review.id, both).was_opened
    assert not detail(house, review.id, ZHAO).was_opened
    take_back(house, first.id)
    assert house.only(both, InboxList.MINE).element_id == "fill"


def test_work_that_has_gone_on_is_not_taken_back(office: House, handed_over: str) -> None:
    office.complete(ZHAO, office.only(ZHAO).id)
    assert possible(office, handed_over) is None
    for attempt in (take_back, ask_back):
        with pytest.raises(NothingToWithdraw):
            attempt(office, handed_over)
    office.complete(WANG, office.only(WANG).id)
    with pytest.raises(NothingToWithdraw):
        take_back(office, handed_over)


def test_work_that_came_back_is_not_taken_back(office: House, handed_over: str) -> None:
    review = office.only(ZHAO).id
    office.dispatcher.dispatch(
        ReturnUserTask(actor=ZHAO, user_task_id=review, element_id="fill", comment="合计不对，请核对")
    )
    with pytest.raises(NothingToWithdraw):
        take_back(office, handed_over)


@pytest.mark.parametrize("files", [{"withdrawal": "none"}], ids=["property"])
def test_a_diagram_may_forbid_it(build: Callable[..., House], files: dict[str, str]) -> None:
    house = build(collaborators(FixedClock(MONDAY)))
    house.deploy(work=reviewed(**files))
    house.start("work")
    user_task_id = hand_over(house)
    assert possible(house, user_task_id) is None
    with pytest.raises(NothingToWithdraw):
        take_back(house, user_task_id)


def test_work_of_somebodys_own_that_comes_next_is_no_review(build: Callable[..., House]) -> None:
    body = '<startEvent id="s"/>' + user_task("plan") + user_task("act", inside=properties(returning="none"))
    house = build(collaborators(FixedClock(MONDAY)))
    house.deploy(work=bpmn("work", body + '<endEvent id="e"/>' + flows("s plan", "plan act", "act e")))
    house.start("work")
    with pytest.raises(NothingToWithdraw):
        take_back(house, hand_over(house))


def test_nothing_is_taken_back_while_the_instance_is_suspended_or_after_it_ended(
    office: House, handed_over: str
) -> None:
    root_id = office.only(ZHAO).process_instance_id
    office.dispatcher.dispatch(SuspendProcessInstance(actor=OPERATOR, process_instance_id=root_id, reason="核查"))
    assert possible(office, handed_over) is None
    for attempt in (take_back, ask_back):
        with pytest.raises(InstanceSuspended):
            attempt(office, handed_over)
    with pytest.raises(InstanceSuspended):
        look_at(office, ZHAO, office.only(ZHAO).id)
    office.dispatcher.dispatch(CancelProcessInstance(actor=OPERATOR, process_instance_id=root_id, reason="项目取消"))
    with pytest.raises(WrongState):
        take_back(office, handed_over)


def test_what_a_reviewer_has_typed_without_opening_is_not_lost(office: House, handed_over: str) -> None:
    review = office.only(ZHAO).id
    office.dispatcher.dispatch(SaveDraft(actor=ZHAO, user_task_id=review, content={"opinion": "同意"}))
    take_back(office, handed_over)
    assert detail(office, review, ZHAO).draft.content == {"opinion": "同意"}
    with pytest.raises(UserTaskNotOpen):
        office.complete(ZHAO, review)


def test_a_reason_may_be_left_out_but_not_be_a_book(office: House, handed_over: str) -> None:
    with pytest.raises(WithdrawalReasonInvalid) as refusal:
        take_back(office, handed_over, reason="长" * 501)
    assert refusal.value.faults[0]["path"] == "reason"


# --- asked for ----------------------------------------------------------------------------------------------------


def asked(house: House, handed_over: str, reviewer=ZHAO) -> str:
    """The review, claimed by the reviewer who is asked to give the work back."""
    review = house.only(reviewer).id
    house.claim(reviewer, review)
    ask_back(house, handed_over)
    return review


def test_a_reviewer_who_has_opened_it_is_asked_and_gives_it_back(office: House, handed_over: str) -> None:
    review = asked(office, handed_over)
    request = detail(office, handed_over).withdrawal
    assert (request.state, request.asked_by, request.reason) == ("asked", "li.wei", REASON)
    assert detail(office, review, ZHAO).asked_back == request
    assert [item.element_id for item in office.inbox(QIAN)] == []
    item = next(item for item in office.inbox(ZHAO, InboxList.MINE) if item.element_id == "answer")
    assert item.business_key == "PRJ:A01:2026:fill"

    answer(office, granted=True, opinion="请尽快改正")

    mine = office.only(LI, InboxList.MINE)
    assert (mine.element_id, mine.due_at) == ("fill", DUE)
    request = detail(office, handed_over).withdrawal
    assert (request.state, request.answered_by, request.opinion) == ("granted", "zhao.min", "请尽快改正")
    assert office.inbox(ZHAO, InboxList.MINE) == []
    told = kinds(office, mine.process_instance_id)
    assert told.index("WithdrawalAsked") < told.index("WithdrawalAnswered") < told.index("UserTaskWithdrawn")


def test_what_was_opened_and_not_claimed_is_asked_of_all_it_was_offered_to(office: House, handed_over: str) -> None:
    look_at(office, ZHAO, office.only(ZHAO).id)
    ask_back(office, handed_over)
    answer(office, QIAN, granted=True)
    assert office.only(LI, InboxList.MINE).element_id == "fill"


def test_what_is_refused_stays_with_the_reviewer_and_is_asked_for_once(office: House, handed_over: str) -> None:
    review = asked(office, handed_over)
    with pytest.raises(WithdrawalAskedBefore):
        ask_back(office, handed_over)
    answer(office, granted=False, opinion="审核已完成大半")
    request = detail(office, handed_over).withdrawal
    assert (request.state, request.opinion) == ("refused", "审核已完成大半")
    assert office.only(ZHAO, InboxList.MINE).id == review
    assert office.inbox(LI, InboxList.MINE) == []
    assert possible(office, handed_over) is None
    with pytest.raises(WithdrawalAskedBefore):
        ask_back(office, handed_over)


@pytest.mark.parametrize("granted", [True, False, None])
def test_an_answer_after_the_review_moves_nothing(office: House, handed_over: str, granted: bool | None) -> None:
    review = asked(office, handed_over)
    office.complete(ZHAO, review)
    answer(office, granted=granted)
    assert detail(office, handed_over).withdrawal.state == "overtaken"
    assert office.inbox(LI, InboxList.MINE) == []
    assert office.only(WANG).element_id == "sign"


def questions(house: House, actor: Any) -> list[str]:
    items = [*house.inbox(actor, InboxList.MINE), *house.inbox(actor, InboxList.CLAIMABLE)]
    return [item.id for item in items if item.element_id == "answer"]


def test_whoever_has_the_review_by_now_is_asked(office: House, handed_over: str) -> None:
    review = asked(office, handed_over)
    (first,) = questions(office, ZHAO)
    assert questions(office, QIAN) == []

    office.dispatcher.dispatch(ReleaseUserTask(actor=ZHAO, user_task_id=review))
    # as long as nobody has it, all that it is offered to are asked
    assert questions(office, ZHAO) == questions(office, QIAN) != [first]

    office.claim(QIAN, review)
    assert questions(office, ZHAO) == []
    with pytest.raises(UserTaskNotOpen):
        office.complete(ZHAO, first, {"granted": True, "by": "zhao.min", "opinion": None})
    answer(office, QIAN, granted=True)
    assert detail(office, handed_over).withdrawal.answered_by == "qian.yi"
    assert office.only(LI, InboxList.MINE).element_id == "fill"


def test_a_new_request_takes_the_place_of_one_that_was_never_answered(office: House, handed_over: str) -> None:
    review = asked(office, handed_over)
    office.dispatcher.dispatch(
        ReturnUserTask(actor=ZHAO, user_task_id=review, element_id="fill", comment="合计不对，请核对")
    )
    again = hand_over(office)
    asked(office, again)
    assert detail(office, handed_over).withdrawal.state == "overtaken"
    answer(office, granted=True)
    assert detail(office, again).withdrawal.state == "granted"


def test_an_answer_that_the_kernel_cannot_follow_is_noted_and_not_tried_for_ever(build: Callable[..., House]) -> None:
    """A parallel branch has come behind the same review meanwhile: going back would strand it."""
    body = (
        '<startEvent id="s"/><parallelGateway id="split"/>' + user_task("fill") + user_task("other", groups="head")
        + '<exclusiveGateway id="meet"/>' + user_task("check", groups="reviewer") + '<endEvent id="e"/>'
        + flows("s split", "split fill", "split other", "fill meet", "other meet", "meet check", "check e")
    )
    house = build(collaborators(FixedClock(MONDAY)))
    house.deploy(work=bpmn("work", body), withdrawal=answering())
    house.start("work", "PRJ:A01:2026")
    handed_over = hand_over(house)
    asked(house, handed_over)
    house.complete(WANG, house.only(WANG).id)
    answer(house, granted=True)
    assert detail(house, handed_over).withdrawal.state == "overtaken"
    assert run_due_work(house.dispatcher).failed == 0


def test_unopened_work_is_not_asked_for(office: House, handed_over: str) -> None:
    with pytest.raises(ReviewNotOpened):
        ask_back(office, handed_over)


def test_nobody_is_asked_where_no_process_asks(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY)))
    house.deploy(work=reviewed())
    house.start("work")
    handed_over = hand_over(house)
    house.claim(ZHAO, house.only(ZHAO).id)
    assert possible(house, handed_over) is None
    with pytest.raises(NobodyToAsk):
        ask_back(house, handed_over)


@pytest.mark.parametrize("reason", ["", "  错 ", "长" * 501])
def test_a_request_needs_a_reason(office: House, handed_over: str, reason: str) -> None:
    office.claim(ZHAO, office.only(ZHAO).id)
    with pytest.raises(WithdrawalReasonInvalid) as refusal:
        ask_back(office, handed_over, reason=reason)
    assert refusal.value.faults[0]["path"] == "reason"


def test_a_message_from_outside_gives_nothing_back(office: House, handed_over: str) -> None:
    review = asked(office, handed_over)
    sent = CorrelateMessage(
        actor=OPERATOR, name="task.withdrawn", correlation_key=handed_over, variables={"granted": True}
    )
    office.dispatcher.dispatch(sent)
    run_due_work(office.dispatcher)
    assert detail(office, handed_over).withdrawal.state == "asked"
    assert detail(office, review, ZHAO).user_task.is_open
