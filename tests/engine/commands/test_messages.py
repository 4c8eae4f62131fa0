"""Messages and signals between instances and from outside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import CorrelateMessage, MessageAccepted, ResumeProcessInstance, SuspendProcessInstance
from engine.commands.correlate_message import NamelessMessage
from engine.model.errors import NotPermitted
from engine.queries import messages, process_instances, user_task_detail
from engine.scheduler import run_due_work
from tests.doubles import MONDAY, OPERATOR, person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")
MESSAGE = '<message id="m" name="budget.approved"/>'
WAITING = bpmn(
    "waiting",
    '<startEvent id="s"/><intermediateCatchEvent id="catch"><messageEventDefinition messageRef="m"/>'
    "</intermediateCatchEvent>" + user_task("t") + '<endEvent id="e"/>' + flows("s catch", "catch t", "t e"),
    outside=MESSAGE,
)
STARTED = bpmn(
    "started",
    '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
    + user_task("t")
    + '<endEvent id="e"/>'
    + flows("s t", "t e"),
    outside=MESSAGE,
)
SENDING = bpmn(
    "sending",
    '<startEvent id="s"/><intermediateThrowEvent id="throw"><extensionElements><camunda:inputOutput>'
    '<camunda:inputParameter name="amount">= 12.5</camunda:inputParameter></camunda:inputOutput></extensionElements>'
    '<messageEventDefinition messageRef="m"/></intermediateThrowEvent><endEvent id="e"/>' + flows("s throw", "throw e"),
    outside=MESSAGE,
)


def send(house: House, key: str, message_id: str | None = None, **variables: object) -> str:
    """Send budget.approved from outside; returns its id."""
    answer = house.dispatcher.dispatch(
        CorrelateMessage(
            actor=OPERATOR, name="budget.approved", correlation_key=key, variables=variables, message_id=message_id
        )
    )
    assert isinstance(answer, MessageAccepted)
    return answer.message_id


def states(house: House) -> list[str]:
    return [each.state for each in house.ask(messages, OPERATOR).items]


def test_a_message_reaches_the_instance_that_waits_for_its_key(house: House) -> None:
    house.deploy(waiting=WAITING)
    house.start("waiting", "PRJ:A01:2026")
    house.start("waiting", "PRJ:A02:2026")

    send(house, "PRJ:A02:2026", amount=736)

    item = house.only(LI)
    assert item.business_key == "PRJ:A02:2026"
    assert str(house.ask(user_task_detail, LI, item.id).variables["amount"]) == "736"
    assert states(house) == ["delivered"]


def test_a_message_that_comes_early_waits_for_its_receiver(house: House) -> None:
    house.deploy(waiting=WAITING)
    send(house, "PRJ:A01:2026")
    assert states(house) == ["buffered"]

    house.start("waiting", "PRJ:A01:2026")

    assert house.only(LI).business_key == "PRJ:A01:2026"
    assert states(house) == ["delivered"]


def test_the_same_message_is_taken_in_once(house: House) -> None:
    house.deploy(waiting=WAITING)
    house.start("waiting", "PRJ:A01:2026")
    send(house, "PRJ:A01:2026", "mail-1")
    house.complete(LI, house.only(LI).id)
    house.start("waiting", "PRJ:A01:2026")

    send(house, "PRJ:A01:2026", "mail-1")

    assert house.inbox(LI) == []
    assert states(house) == ["delivered"]


def test_a_message_starts_an_instance_with_its_key(house: House) -> None:
    house.deploy(started=STARTED)

    send(house, "RECT:1", unit_code="21")

    assert house.only(LI).business_key == "RECT:1"


def test_those_who_wait_come_before_those_who_start(house: House) -> None:
    house.deploy(waiting=WAITING, started=STARTED)
    house.start("waiting", "RECT:1")

    send(house, "RECT:1", unit_code="21")

    assert [each.definition_key for each in house.ask(process_instances, OPERATOR).items] == ["waiting"]


def test_a_message_does_not_start_what_runs_already(house: House) -> None:
    house.deploy(started=STARTED)
    send(house, "RECT:1", unit_code="21")

    send(house, "RECT:1", unit_code="21")

    assert len(house.ask(process_instances, OPERATOR).items) == 1
    assert states(house) == ["buffered", "delivered"]


def test_each_process_that_waits_gets_the_message_once(house: House) -> None:
    house.deploy(waiting=WAITING, second=WAITING.replace(b'"waiting"', b'"second"'))
    house.start("waiting", "PRJ:A01:2026")
    house.start("second", "PRJ:A01:2026")

    send(house, "PRJ:A01:2026")

    assert sorted(item.process_definition_key for item in house.inbox(LI)) == ["second", "waiting"]
    assert states(house) == ["delivered"]


def test_an_instance_sends_to_another_one(house: House) -> None:
    house.deploy(waiting=WAITING, sending=SENDING)
    house.start("waiting", "PRJ:A01:2026")

    sender = house.start("sending", "PRJ:A01:2026")

    variables = house.ask(user_task_detail, LI, house.only(LI).id).variables
    assert str(variables["amount"]) == "12.5"
    (message,) = house.ask(messages, OPERATOR).items
    assert message.sender_instance_id == sender.process_instance_id


def test_a_message_nobody_waits_for_expires_after_400_days(house: House) -> None:
    send(house, "PRJ:A01:2026")
    house.deploy(waiting=WAITING)
    house.move_to(MONDAY + timedelta(days=399, hours=23))
    run_due_work(house.dispatcher)
    assert states(house) == ["buffered"]

    house.move_to(MONDAY + timedelta(days=400))
    house.start("waiting", "PRJ:A01:2026")

    assert house.inbox(LI) == []
    assert states(house) == ["expired"]


def test_a_message_for_a_suspended_instance_waits(house: House) -> None:
    house.deploy(waiting=WAITING)
    started = house.start("waiting", "PRJ:A01:2026")
    where = {"actor": OPERATOR, "process_instance_id": started.process_instance_id}
    house.dispatcher.dispatch(SuspendProcessInstance(**where))
    send(house, "PRJ:A01:2026")
    assert house.inbox(LI) == []

    house.dispatcher.dispatch(ResumeProcessInstance(**where))
    house.move_to(MONDAY + timedelta(minutes=2))
    run_due_work(house.dispatcher)

    assert house.only(LI).business_key == "PRJ:A01:2026"


def test_sending_needs_the_permission_and_a_name(house: House) -> None:
    with pytest.raises(NotPermitted, match="'correlate' to send a message"):
        house.dispatcher.dispatch(CorrelateMessage(actor=LI, name="budget.approved"))
    with pytest.raises(NamelessMessage):
        house.dispatcher.dispatch(CorrelateMessage(actor=OPERATOR, name=""))


def test_a_signal_reaches_every_instance_that_waits_for_it(house: House) -> None:
    signal = '<signal id="g" name="year.closed"/>'
    catch = (
        '<startEvent id="s"/><intermediateCatchEvent id="catch"><signalEventDefinition signalRef="g"/>'
        "</intermediateCatchEvent>" + user_task("t") + '<endEvent id="e"/>' + flows("s catch", "catch t", "t e")
    )
    throw = (
        '<startEvent id="s"/><intermediateThrowEvent id="throw"><signalEventDefinition signalRef="g"/>'
        '</intermediateThrowEvent><endEvent id="e"/>' + flows("s throw", "throw e")
    )
    house.deploy(all=bpmn("listener", catch, outside=signal), one=bpmn("caller", throw, outside=signal))
    for number in range(3):
        house.start("listener", f"K{number}")

    house.start("caller")

    assert sorted(item.business_key for item in house.inbox(LI)) == ["K0", "K1", "K2"]


def test_a_signal_that_is_thrown_twice_in_one_step_reaches_another_instance(house: House) -> None:
    signal = '<signal id="g" name="year.closed"/>'
    throw = '<intermediateThrowEvent id="{0}"><signalEventDefinition signalRef="g"/></intermediateThrowEvent>'
    body = '<startEvent id="s"/>' + throw.format("one") + throw.format("two") + '<endEvent id="e"/>'
    start = '<startEvent id="s"><signalEventDefinition signalRef="g"/></startEvent>' + user_task("t", groups="clerk@21")
    house.deploy(
        all=bpmn(
            "starter",
            start + '<endEvent id="e"/>' + flows("s t", "t e"),
            outside=signal,
        ),
        one=bpmn("caller", body + flows("s one", "one two", "two e"), outside=signal),
    )

    house.start("caller")

    assert len(house.inbox(LI)) == 2
