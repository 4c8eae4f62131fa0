"""Extension of a user task: asked for once and in time, decided by a process, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import CorrelateMessage, RequestExtension, ReturnUserTask, SuspendProcessInstance
from engine.model.clock import FixedClock
from engine.model.deadline import Deadlines
from engine.model.errors import NotACandidate, NotFound, NotTheAssignee, UserTaskAlreadyCompleted
from engine.model.extension import ExtensionAskedBefore, ExtensionInvalid, ExtensionTooLate, NotExtendable
from engine.model.process_instance import InstanceSuspended
from engine.queries import InboxItem, InboxList, instance_history, process_instance_detail, user_task_detail
from engine.scheduler import run_due_work
from engine.store.wait_tables import outbox, timer
from tests.builders_calendar import CALENDAR_2026
from tests.doubles import MONDAY, OPERATOR, FixedLadder, collaborators, person
from tests.extending import deciding
from tests.house import House, bpmn, flows, properties, user_task

LI = person("li.wei", "clerk@21")
ZHAO = person("zhao.min", "clerk@21")
WANG = person("wang.fang", "head@21")
FOREIGN = person("chen.jie", "clerk@22", units=frozenset({"22"}))
#: Five working days after MONDAY, 18:00 Asia/Shanghai.
DUE = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
UNTIL = date(2026, 3, 20)
LATER = datetime(2026, 3, 20, 10, 0, tzinfo=UTC)
REASON = "招标延期，设备四月才能到货"
LADDER = FixedLadder({"due-2": timedelta(days=-2), "yellow": timedelta(days=1)})

_LATE = (
    '<boundaryEvent id="late" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
    "<timeDate>= task_due_at + duration(&quot;P10D&quot;)</timeDate></timerEventDefinition></boundaryEvent>"
    '<endEvent id="told"/>'
)


def worked_on(*, loop: str = "", into: str = "last_day", **others: str) -> bytes:
    task = user_task("t", attributes='camunda:dueDate="5WD"', inside=properties(dueInto=into, **others) + loop)
    body = '<startEvent id="s"/>' + task + _LATE + '<endEvent id="e"/>' + flows("s t", "t e", "late told")
    return bpmn("work", body)


LOOP = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


def deadlines(_connection: Any) -> Deadlines:
    return Deadlines(CALENDAR_2026, lambda key, _on: {"due.extension.longest": "30D"}.get(key))


@pytest.fixture
def office(build: Callable[..., House]) -> House:
    """A house where one piece of work waits and extensions are decided by a process."""
    house = build(collaborators(FixedClock(MONDAY), ladder=LADDER, deadlines=deadlines))
    house.deploy(work=worked_on(), extension=deciding())
    house.start("work", "PRJ:A01:2026")
    return house


def ask_for(house: House, user_task_id: str, *, actor=LI, until: date | None = UNTIL, reason: str = REASON) -> Any:
    command = RequestExtension(actor=actor, user_task_id=user_task_id, until=until, reason=reason)
    return house.dispatcher.dispatch(command)


def decide(house: House, **answer: Any) -> None:
    house.complete(WANG, house.only(WANG).id, {"by": "wang.fang", "until": None, "opinion": None} | answer)


def detail(house: House, user_task_id: str, actor=LI) -> Any:
    return house.ask(user_task_detail, actor, user_task_id)


def rows(house: House, table: Any) -> list[Any]:
    with house.database.connect() as connection:
        return list(connection.execute(select(table)))


def test_a_granted_extension_moves_the_due_instant_the_ladder_and_what_counts_from_it(office: House) -> None:
    open_id = office.only(LI).id
    ask_for(office, open_id)
    asked = office.only(WANG)
    assert asked.business_key == "PRJ:A01:2026:t"

    decide(office, granted=True, until=UNTIL, opinion="同意")

    item = office.only(LI)
    assert (item.id, item.due_at, item.rung) == (open_id, LATER, "")
    found = detail(office, open_id)
    extension = found.extension
    assert (extension.state, extension.asked_by, extension.until) == ("granted", "li.wei", UNTIL)
    assert extension.reason == REASON
    assert (extension.answered_by, extension.granted_until, extension.opinion) == ("wang.fang", UNTIL, "同意")
    assert found.variables["last_day"] == UNTIL
    assert [(rung.key, rung.fires_at) for rung in found.rungs] == [
        ("due-2", LATER - timedelta(days=2)),
        ("yellow", LATER + timedelta(days=1)),
    ]
    (late,) = [row for row in rows(office, timer) if row.kind == "event"]
    assert late.due_at == LATER + timedelta(days=10)
    assert office.complete(LI, open_id).ended is True


def test_the_rungs_fire_anew_by_the_new_due_instant(office: House) -> None:
    open_id = office.only(LI).id
    office.move_to(DUE - timedelta(days=1))
    run_due_work(office.dispatcher)
    ask_for(office, open_id)
    # nobody has decided when it becomes overdue
    office.move_to(DUE + timedelta(days=1, minutes=1))
    run_due_work(office.dispatcher)
    assert office.only(LI).rung == "yellow"

    decide(office, granted=True, until=UNTIL)

    assert office.only(LI).rung == ""
    office.move_to(LATER + timedelta(days=1, minutes=1))
    run_due_work(office.dispatcher)
    told = [row.key.removeprefix(f"rung:{open_id}:") for row in rows(office, outbox)]
    assert sorted(told) == ["due-2", "due-2:2026-03-20", "yellow", "yellow:2026-03-20"]


@pytest.mark.parametrize("answer", [{"granted": False, "opinion": "请按期完成"}, {"granted": None}, {"granted": True}])
def test_what_is_not_granted_until_a_day_stays_due_as_it_was(office: House, answer: dict[str, Any]) -> None:
    open_id = office.only(LI).id
    ask_for(office, open_id)
    before = rows(office, timer)
    decide(office, **answer)
    found = detail(office, open_id)
    assert (found.user_task.due_at, found.extension.state, found.extension.granted_until) == (DUE, "refused", None)
    assert found.extension.opinion == (answer.get("opinion") or "")
    assert rows(office, timer) == before


def test_the_user_tasks_of_a_loop_are_extended_together(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=LADDER, deadlines=deadlines))
    house.deploy(work=worked_on(loop=LOOP), extension=deciding())
    house.start("work", "PRJ:A01:2026")
    first, second, third = house.inbox(LI)
    ask_for(house, second.id)
    assert detail(house, third.id).extension.user_task_id == second.id
    with pytest.raises(ExtensionAskedBefore):
        ask_for(house, first.id)
    house.complete(LI, second.id)

    decide(house, granted=True, until=UNTIL)

    assert {item.due_at for item in house.inbox(LI)} == {LATER}
    assert detail(house, second.id).user_task.due_at == DUE
    assert len([row for row in rows(house, timer) if row.kind == "rung"]) == 2
    (late,) = [row for row in rows(house, timer) if row.kind == "event"]
    assert late.due_at == LATER + timedelta(days=10)
    for item in house.inbox(LI):
        ended = house.complete(LI, item.id).ended
    assert ended


def test_what_is_claimed_and_what_is_put_back_lies_where_it_is_due_now(office: House) -> None:
    item = office.only(LI)
    ask_for(office, item.id)
    office.claim(LI, item.id)
    decide(office, granted=True, until=UNTIL)
    assert office.only(LI, InboxList.MINE).due_at == LATER


def test_the_answer_to_finished_work_is_noted_and_changes_nothing(office: House) -> None:
    item = office.only(LI)
    ask_for(office, item.id)
    office.complete(LI, item.id)
    decide(office, granted=True, until=UNTIL, opinion="同意")
    found = detail(office, item.id)
    assert (found.user_task.due_at, found.extension.state, found.extension.opinion) == (DUE, "granted", "同意")


def test_the_history_tells_what_was_asked_and_answered(office: House) -> None:
    item = office.only(LI)
    ask_for(office, item.id)
    decide(office, granted=True, until=UNTIL, opinion="同意")
    kinds = ["ExtensionAsked", "ExtensionAnswered", "DueMoved"]
    told = office.ask(instance_history, OPERATOR, item.process_instance_id, kinds=kinds).items
    assert [(entry.kind, entry.actor, entry.element_id) for entry in told] == [
        ("ExtensionAsked", "li.wei", "t"),
        ("ExtensionAnswered", "system", "t"),
        ("DueMoved", "system", "t"),
    ]
    assert told[0].payload == {"user_task": item.id, "until": UNTIL, "reason": REASON}
    answer = {"user_task": item.id, "granted": True, "until": UNTIL, "by": "wang.fang", "opinion": "同意"}
    assert told[1].payload == answer
    assert told[2].payload == {"user_task": item.id, "due_at": LATER}


def test_once_is_all_there_is_even_after_a_refusal(office: House) -> None:
    item = office.only(LI)
    ask_for(office, item.id)
    with pytest.raises(ExtensionAskedBefore) as refused:
        ask_for(office, item.id, actor=ZHAO)
    assert refused.value.facts["asked_by"] == "li.wei"
    decide(office, granted=False)
    with pytest.raises(ExtensionAskedBefore):
        ask_for(office, item.id)


@pytest.mark.parametrize(
    ("until", "reason", "codes"),
    [
        (date(2026, 3, 9), REASON, {"extension-day": "until"}),
        (date(2026, 4, 9), REASON, {"extension-day": "until"}),
        (None, " 太忙 ", {"extension-day-missing": "until", "extension-reason": "reason"}),
        (UNTIL, "忙" * 501, {"extension-reason": "reason"}),
    ],
)
def test_all_faults_are_told_at_once(office: House, until: date | None, reason: str, codes: dict[str, str]) -> None:
    with pytest.raises(ExtensionInvalid) as refused:
        ask_for(office, office.only(LI).id, until=until, reason=reason)
    assert {fault["code"]: fault["path"] for fault in refused.value.faults} == codes


def test_the_longest_extension_ends_on_a_working_day(office: House) -> None:
    open_id = office.only(LI).id
    # thirty days after 9 March are 8 April, a Wednesday
    assert ask_for(office, open_id, until=date(2026, 4, 8)).user_task_id == open_id


def test_overdue_work_is_not_extended(office: House) -> None:
    office.move_to(DUE + timedelta(seconds=1))
    with pytest.raises(ExtensionTooLate):
        ask_for(office, office.only(LI).id)


def test_it_is_the_owners_to_ask(office: House) -> None:
    item = office.only(LI)
    with pytest.raises(NotFound):
        ask_for(office, item.id, actor=FOREIGN)
    with pytest.raises(NotACandidate):
        ask_for(office, item.id, actor=person("sun.lei", units=frozenset({"21"})))
    office.claim(LI, item.id)
    with pytest.raises(NotTheAssignee):
        ask_for(office, item.id, actor=ZHAO)
    office.complete(LI, item.id)
    with pytest.raises(UserTaskAlreadyCompleted):
        ask_for(office, item.id)


def test_suspended_work_is_not_extended_and_an_answer_waits(office: House) -> None:
    item = office.only(LI)
    ask_for(office, item.id)
    office.dispatcher.dispatch(
        SuspendProcessInstance(actor=OPERATOR, process_instance_id=item.process_instance_id, reason="核查")
    )
    decide(office, granted=True, until=UNTIL)
    assert detail(office, item.id).extension.state == "asked"
    with pytest.raises(InstanceSuspended):
        ask_for(office, item.id)


@pytest.mark.parametrize("case", ["no rule", "nobody decides", "the diagram forbids it", "never due"])
def test_where_nothing_is_extended_nothing_can_be_asked_for(build: Callable[..., House], case: str) -> None:
    ports: dict[str, Any] = {} if case == "no rule" else {"deadlines": deadlines}
    house = build(collaborators(FixedClock(MONDAY), **ports))
    work = worked_on(extension="none") if case == "the diagram forbids it" else worked_on()
    if case == "never due":
        work = bpmn("work", '<startEvent id="s"/>' + user_task("t") + '<endEvent id="e"/>' + flows("s t", "t e"))
    house.deploy(work=work, **({} if case == "nobody decides" else {"extension": deciding()}))
    house.start("work", "PRJ:A01:2026")
    with pytest.raises(NotExtendable):
        ask_for(house, house.only(LI).id)


def test_only_a_process_answers_nobody_from_outside(office: House) -> None:
    item: InboxItem = office.only(LI)
    ask_for(office, item.id)
    forged = CorrelateMessage(
        actor=OPERATOR, name="task.extended", correlation_key=item.id, variables={"granted": True, "until": UNTIL}
    )
    office.dispatcher.dispatch(forged)
    found = detail(office, item.id)
    assert (found.user_task.due_at, found.extension.state) == (DUE, "asked")


def test_work_that_comes_back_may_be_extended_anew(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), deadlines=deadlines))
    body = '<startEvent id="s"/>' + user_task("t", attributes='camunda:dueDate="5WD"')
    body += user_task("check", groups="head") + '<endEvent id="e"/>' + flows("s t", "t check", "check e")
    house.deploy(work=bpmn("work", body), extension=deciding())
    house.start("work", "PRJ:A01:2026")
    first = house.only(LI).id
    ask_for(house, first)
    decide(house, granted=False)
    house.complete(LI, first)
    house.move_to(MONDAY + timedelta(hours=1))
    check = house.only(WANG).id
    house.dispatcher.dispatch(ReturnUserTask(actor=WANG, user_task_id=check, element_id="t", comment="请补充材料"))
    again = house.only(LI).id
    assert detail(house, again).extension is None
    ask_for(house, again)
    assert detail(house, first).extension.state == "refused"
    running = house.ask(process_instance_detail, OPERATOR, house.only(WANG).process_instance_id)
    assert running.instance.definition_key == "extension"
