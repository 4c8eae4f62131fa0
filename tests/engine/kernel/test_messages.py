"""Messages: thrown, caught, correlated; send and receive tasks; the event-based gateway."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import changes, events
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, message, signal, timer


def waiting(event, **fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().catch("wait", event, **fields).user_task("after").end()
    return process.chain("start", "wait", "after", "end")


def test_a_message_is_awaited_with_the_business_key_by_default(play) -> None:
    running = play(waiting(message("paid")).build()).start(business_key="PRJ:A01:2026")
    awaited = running.last(events.MessageAwaited)
    assert (awaited.name, awaited.correlation_key) == ("paid", "PRJ:A01:2026")
    running.deliver("wait", amount=Decimal(5))
    assert running.user_tasks == ["after"]
    assert running.variables == {"amount": Decimal(5)}


def test_a_correlation_key_is_an_expression(play) -> None:
    running = play(waiting(message("paid", '"RECT:" + string(no)')).build()).start(no=Decimal(7))
    assert running.last(events.MessageAwaited).correlation_key == "RECT:7"


def test_a_key_that_is_null_is_an_incident(play) -> None:
    running = play(waiting(message("paid", "no")).build()).start()
    assert running.last(events.IncidentOpened).message == (
        "Expected a correlation key for message 'paid', but found null."
    )
    assert running.set(no="x").retry("wait").waiting == ["wait"]


def test_caught_variables_go_through_the_outputs(play) -> None:
    running = play(waiting(message("paid"), outputs={"total": "amount * 2"}).build()).start()
    assert running.deliver("wait", amount=Decimal(5), rest=Decimal(1)).variables == {"total": Decimal(10)}


def test_a_message_is_delivered_to_a_wait_once(play) -> None:
    running = play(waiting(message("paid")).build()).start()
    wait = running.last(events.MessageAwaited).wait
    running.deliver("wait")
    with pytest.raises(WrongState, match=f"Expected message wait {wait} to be open, but it is not"):
        running.apply(changes.DeliverMessage(part=0, wait=wait))


@pytest.mark.parametrize("kind", ["throw", "send", "end"])
def test_a_thrown_message_carries_the_inputs_and_nothing_else(play, kind) -> None:
    process = ProcessBuilder("p").start()
    getattr(process, kind)("tell", message("goal.confirmed", "key"), inputs={"amount": "sum + 1"})
    process.chain("start", "tell")
    running = play(process.build()).start(sum=Decimal(1), key="PRJ:1", secret=True)
    assert running.last(events.MessageThrown) == events.MessageThrown(
        part=0,
        element_id="tell",
        name="goal.confirmed",
        correlation_key="PRJ:1",
        variables={"amount": Decimal(2)},
    )
    assert running.has_ended


def test_a_receive_step_waits_and_may_have_boundary_events(play) -> None:
    process = (
        ProcessBuilder("p").start().receive("wait", message("paid")).user_task("late_next").user_task("after").end()
    )
    process.boundary("late", "wait", timer("P1D")).chain("start", "wait", "after", "end").chain("late", "late_next")
    running = play(process.build()).start()
    assert running.waiting == ["wait", "late"]
    assert running.fire("late").user_tasks == ["late_next"]
    assert running.waiting == []
    running = play(process.build()).start().deliver("wait", a=True)
    assert (running.user_tasks, running.waiting) == (["after"], [])


def test_a_message_boundary_event_that_does_not_interrupt_can_be_triggered_again(play) -> None:
    process = ProcessBuilder("p").start().user_task("work").user_task("note").end()
    process.boundary("told", "work", message("news"), interrupting=False).chain("start", "work", "end").chain(
        "told", "note"
    )
    running = play(process.build()).start().deliver("told", text="a").deliver("told", text="b")
    assert running.user_tasks == ["work", "note", "note"]
    assert len(running.all(events.MessageAwaited)) == 1
    assert running.waiting == ["told"]


def test_an_interrupting_message_boundary_event_brings_its_variables(play) -> None:
    process = ProcessBuilder("p").start().user_task("work").user_task("note").end()
    process.boundary("told", "work", message("stop"), outputs={"why": "reason"}).chain("start", "work", "end")
    running = play(process.chain("told", "note").build()).start().deliver("told", reason="over")
    assert (running.user_tasks, running.variables) == (["note"], {"why": "over"})


def first_of() -> ProcessBuilder:
    process = ProcessBuilder("p").start().event_based("first")
    process.catch("soon", timer("P1D")).catch("later", timer("P3D")).catch("stop", signal("stop"))
    process.receive("paid", message("paid"), outputs={"total": "amount"}).catch("told", message("told"))
    process.chain("start", "first")
    for name in ("soon", "later", "stop", "paid", "told"):
        process.user_task(f"after_{name}").chain("first", name, f"after_{name}")
    return process


@pytest.mark.parametrize("name", ["soon", "later", "stop", "paid", "told"])
def test_the_first_event_behind_an_event_based_gateway_decides(play, name) -> None:
    running = play(first_of().build()).start()
    assert running.waiting == ["soon", "later", "stop", "paid", "told"]
    if name in ("soon", "later"):
        running.fire(name)
    elif name == "stop":
        running.broadcast("stop")
    else:
        running.deliver(name, amount=Decimal(5))
    assert running.user_tasks == [f"after_{name}"]
    assert running.waiting == []
    assert running.path[-2:] == [name, f"after_{name}"]
    if name == "paid":
        assert running.variables == {"total": Decimal(5)}
