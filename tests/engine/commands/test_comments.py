"""Communicate 沟通: who sees a case as a whole writes about it, and nothing of the case changes; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.commands import AddComment, CancelProcessInstance, SuspendProcessInstance
from engine.model.clock import FixedClock
from engine.model.comment import LONGEST_COMMENT, CommentInvalid, CommentsNotShared
from engine.model.errors import NotFound
from engine.queries import comments, instance_history, process_instance_detail
from tests.doubles import MONDAY, OPERATOR, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task

UNIT = frozenset({"21"})
LI = person("li.wei", "clerk@21", units=UNIT)
CHEN = person("chen.lin", "head@21", units=UNIT)
#: Has work in the case without seeing its unit.
EXPERT = person("exp.a", "expert@21")
#: Started it without seeing its unit.
STARTER = person("sun.qi", permissions=frozenset({"start", "deploy"}))
OVERSEER = person("ops.a", permissions=frozenset({"oversee", "operate"}))
FOREIGN = person("he.hua", "clerk@23", units=frozenset({"23"}))

WORK = bpmn(
    "work",
    '<startEvent id="s"/><parallelGateway id="both"/>'
    + user_task("fill")
    + user_task("advise", groups="expert")
    + '<parallelGateway id="join"/><endEvent id="e"/>'
    + flows("s both", "both fill", "both advise", "fill join", "advise join", "join e"),
)


@pytest.fixture
def office(build: Callable[..., House]) -> House:
    house = build(collaborators(FixedClock(MONDAY)))
    house.deploy(work=WORK)
    return house


@pytest.fixture
def case(office: House) -> str:
    return office.start("work", "PRJ:A01:2026", actor=STARTER).process_instance_id


def write(house: House, case: str, text: str, *, actor: Any = LI, key: str | None = None) -> Any:
    return house.dispatcher.dispatch(AddComment(actor=actor, process_instance_id=case, text=text), key)


def read(house: House, case: str, actor: Any = LI, **how: Any) -> list[tuple[str, str]]:
    return [(each.written_by, each.text) for each in house.ask(comments, actor, case, **how).items]


def test_comments_stand_in_the_order_in_which_they_were_written(office: House, case: str) -> None:
    write(office, case, "请补充合同附件。")
    office.move_to(MONDAY + timedelta(minutes=5))
    kept = write(office, case, "已补充。\r\n\r\n见附件二。  ", actor=CHEN)

    assert read(office, case) == [("li.wei", "请补充合同附件。"), ("chen.lin", "已补充。\n\n见附件二。")]
    last = office.ask(comments, LI, case).items[-1]
    assert (last.id, last.process_instance_id) == (kept.comment_id, case)
    assert last.written_at == MONDAY + timedelta(minutes=5)


def test_nothing_of_the_case_changes(office: House, case: str) -> None:
    before = office.ask(process_instance_detail, CHEN, case).instance
    told = len(office.ask(instance_history, CHEN, case).items)
    write(office, case, "请补充合同附件。")
    assert office.ask(process_instance_detail, CHEN, case).instance == before
    assert len(office.ask(instance_history, CHEN, case).items) == told
    # what somebody has read just before still counts
    office.dispatcher.dispatch(
        SuspendProcessInstance(actor=OPERATOR, process_instance_id=case, reason="核查"), expected_version=before.version
    )


def test_sent_twice_it_is_written_once(office: House, case: str) -> None:
    first = write(office, case, "请补充合同附件。", key="once-1")
    assert write(office, case, "请补充合同附件。", key="once-1") == first
    assert len(read(office, case)) == 1


def test_a_suspended_and_an_ended_case_are_talked_about(office: House, case: str) -> None:
    office.dispatcher.dispatch(SuspendProcessInstance(actor=OPERATOR, process_instance_id=case, reason="核查"))
    write(office, case, "为什么挂起？")
    office.dispatcher.dispatch(CancelProcessInstance(actor=OPERATOR, process_instance_id=case, reason="不再实施"))
    write(office, case, "已按规定归档。")
    assert len(read(office, case)) == 2


@pytest.mark.parametrize("actor", [STARTER, EXPERT, OVERSEER], ids=["starter", "has work in it", "overseer"])
def test_who_does_not_see_the_whole_neither_reads_nor_writes(office: House, case: str, actor: Any) -> None:
    write(office, case, "请补充合同附件。")
    office.ask(process_instance_detail, actor, case)
    with pytest.raises(CommentsNotShared):
        read(office, case, actor)
    with pytest.raises(CommentsNotShared):
        write(office, case, "我也说一句", actor=actor)


def test_for_who_must_not_know_of_it_there_is_nothing(office: House, case: str) -> None:
    with pytest.raises(NotFound):
        read(office, case, FOREIGN)
    with pytest.raises(NotFound):
        write(office, case, "我也说一句", actor=FOREIGN)
    with pytest.raises(NotFound):
        write(office, "none", "我也说一句")


def test_who_does_a_blind_step_is_left_out_until_all_are_in(office: House) -> None:
    rate = user_task("rate", inside=properties(blind="ratings"))
    office.deploy(work=bpmn("work", '<startEvent id="s"/>' + rate + '<endEvent id="e"/>' + flows("s rate", "rate e")))
    started = office.start("work", "PRJ:A02:2026")
    case = started.process_instance_id
    write(office, case, "专家意见倾向于不通过。", actor=CHEN)
    with pytest.raises(CommentsNotShared):
        read(office, case)
    with pytest.raises(CommentsNotShared):
        write(office, case, "我打九十分")
    office.complete(LI, started.opened_user_tasks[0])
    assert len(read(office, case)) == 1


@pytest.mark.parametrize(
    ("text", "fits"), [("好", True), ("长" * LONGEST_COMMENT, True), ("长" * 2001, False), (" \n", False)]
)
def test_a_comment_has_its_limits(office: House, case: str, text: str, fits: bool) -> None:
    if fits:
        write(office, case, text)
        return
    with pytest.raises(CommentInvalid) as refusal:
        write(office, case, text)
    assert [fault["code"] for fault in refusal.value.faults] == ["comment-length"]


def test_a_called_process_shares_the_thread_of_its_case(office: House) -> None:
    call = '<callActivity id="call" calledElement="work"/>'
    office.deploy(
        outer=bpmn("outer", f'<startEvent id="s"/>{call}<endEvent id="e"/>' + flows("s call", "call e"))
    )
    root = office.start("outer", "PRJ:A03:2026").process_instance_id
    family = office.ask(process_instance_detail, CHEN, root).family
    (called,) = [each.id for each in family if each.id != root]
    write(office, called, "在调用的流程里写的。")
    assert read(office, root) == read(office, called) == [("li.wei", "在调用的流程里写的。")]


@pytest.mark.parametrize("latest_first", [False, True])
def test_pages_go_on_where_they_ended(office: House, case: str, latest_first: bool) -> None:
    for number in range(5):
        write(office, case, f"第{number}条")
    found: list[str] = []
    cursor = None
    while True:
        page = office.ask(comments, LI, case, latest_first=latest_first, cursor=cursor, limit=2)
        found.extend(each.text for each in page.items)
        cursor = page.cursor
        if cursor is None:
            break
    assert found == [f"第{number}条" for number in (range(4, -1, -1) if latest_first else range(5))]
