"""Event sub-processes and conditional events."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.kernel import events
from engine.model.errors import ExecutionFailed
from tests.builders import (
    EventDefinition,
    EventKind,
    ProcessBuilder,
    Timer,
    TimerKind,
    condition,
    cycle,
    escalation,
    feel,
    message,
    signal,
    timer,
)
from tests.playing import NOW, Play


def guarded(event, *, interrupting: bool, inside: str | None = None) -> ProcessBuilder:
    """A process (or a sub-process in it) with an event sub-process."""
    process = ProcessBuilder("p").start()
    if inside:
        process.sub_process(inside).start("s", inside=inside)
    process.parallel("split", inside=inside).user_task("a", inside=inside).user_task("b", inside=inside)
    process.end("e", inside=inside).event_sub_process("esp", inside=inside)
    process.start("on", event, inside="esp", interrupting=interrupting).user_task("handle", inside="esp")
    process.end("handled", inside="esp").chain("on", "handle", "handled")
    process.chain("split", "a", "e").chain("split", "b", "e")
    if inside:
        process.user_task("after").end().chain("start", inside, "after", "end").chain("s", "split")
    else:
        process.chain("start", "split")
    return process


EVENTS = [message("stop"), timer("P1D"), signal("stop"), condition("stopped")]


def happen(running: Play, event) -> Play:
    kind = event.kind.value
    if kind == "message":
        return running.deliver("on", reason="over")
    if kind == "timer":
        return running.fire("on")
    return running.broadcast("stop") if kind == "signal" else running.set(stopped=True)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind.value)
@pytest.mark.parametrize("inside", [None, "sub"])
def test_an_interrupting_event_sub_process_takes_everything_in_its_scope_away(play, event, inside) -> None:
    running = happen(play(guarded(event, interrupting=True, inside=inside).build()).start(), event)
    assert (running.user_tasks, running.waiting) == (["handle"], [])
    running.complete("handle")
    if inside:
        assert running.user_tasks == ["after"]
    else:
        assert running.outcome == ("completed", "handled")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind.value)
@pytest.mark.parametrize("inside", [None, "sub"])
def test_one_that_does_not_interrupt_runs_beside_and_the_scope_waits_for_it(play, event, inside) -> None:
    running = happen(play(guarded(event, interrupting=False, inside=inside).build()).start(), event)
    assert running.user_tasks == ["a", "b", "handle"]
    running.complete("a").complete("b")
    assert running.user_tasks == ["handle"]
    running.complete("handle")
    if inside:
        assert (running.user_tasks, running.waiting) == (["after"], [])
    else:
        assert running.has_ended


def test_one_that_does_not_interrupt_may_run_several_times_at_once(play) -> None:
    running = play(guarded(message("news"), interrupting=False).build()).start().deliver("on").deliver("on")
    assert running.user_tasks == ["a", "b", "handle", "handle"]
    assert running.waiting == ["on"]


def test_a_cycle_starts_it_again_and_again(play) -> None:
    running = play(guarded(cycle("R2/PT10M"), interrupting=False).build()).start().fire("on")
    assert running.due("on") == NOW + timedelta(minutes=20)
    running.fire("on")
    assert (running.user_tasks.count("handle"), running.waiting) == (2, [])


def test_an_interrupted_scope_listens_to_no_other_event_sub_process(play) -> None:
    process = guarded(message("stop"), interrupting=True).event_sub_process("other")
    process.start("also", message("news"), inside="other", interrupting=False).end("x", inside="other").chain(
        "also", "x"
    )
    running = play(process.build()).start()
    assert running.waiting == ["on", "also"]
    assert running.deliver("on").waiting == []


def test_what_a_message_brings_is_seen_inside_and_around(play) -> None:
    running = play(guarded(message("stop"), interrupting=False).build()).start().deliver("on", reason="over")
    assert running.variables == {"reason": "over"}


def test_waits_are_cleared_when_the_scope_ends(play) -> None:
    running = play(guarded(timer("P1D"), interrupting=False).build()).start().complete("a").complete("b")
    assert running.has_ended
    assert len(running.all(events.TimerCleared)) == 1


def test_an_event_sub_process_has_its_own_event_sub_processes(play) -> None:
    process = guarded(message("stop"), interrupting=True).event_sub_process("deeper", inside="esp")
    process.start("more", message("more"), inside="deeper").user_task("deep", inside="deeper").chain("more", "deep")
    running = play(process.build()).start().deliver("on")
    assert running.waiting == ["more"]
    assert running.deliver("more").user_tasks == ["deep"]
    assert running.complete("deep").has_ended


def test_a_boundary_event_takes_a_sub_process_away_with_its_event_sub_process(play) -> None:
    process = guarded(message("news"), interrupting=False, inside="sub").boundary("late", "sub", timer("P1D"))
    running = play(process.chain("late", "after").build()).start().deliver("on").fire("late")
    assert (running.user_tasks, running.waiting) == (["after"], [])


def test_a_process_whose_event_sub_process_cannot_tell_its_timer_is_not_started(play) -> None:
    event = EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DURATION, feel("patience")))
    with pytest.raises(ExecutionFailed, match="Expected an instant or a duration for timer 'on', but found null"):
        play(guarded(event, interrupting=True).build()).start()


def test_an_event_sub_process_passes_an_escalation_on_without_catching_it_again(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("told").end()
    process.start("s", inside="sub").throw("tell", escalation("slow"), inside="sub").user_task("work", inside="sub")
    process.event_sub_process("handler", inside="sub")
    process.start("on", escalation("slow"), inside="handler", interrupting=False)
    process.end("again", escalation("slow"), inside="handler").chain("on", "again")
    process.boundary("up", "sub", escalation("slow"), interrupting=False)
    process.chain("s", "tell", "work").chain("start", "sub", "end").chain("up", "told")
    running = play(process.build()).start()
    assert sorted(running.user_tasks) == ["told", "work"]
    assert (running.path.count("handler"), running.incidents) == (1, [])


# --- conditional events -----------------------------------------------------------------------------------------------


def test_a_condition_that_holds_already_passes_at_once(play) -> None:
    process = ProcessBuilder("p").start().catch("wait", condition("amount > 10")).end().chain("start", "wait", "end")
    assert play(process.build()).start(amount=Decimal(11)).has_ended


def test_a_conditional_catch_event_waits_until_its_condition_becomes_true(play) -> None:
    process = ProcessBuilder("p").start().parallel("split").catch("wait", condition("amount > 10")).user_task("set")
    process.user_task("after").chain("start", "split", "wait", "after").chain("split", "set")
    running = play(process.build()).start(amount=Decimal(1))
    assert running.user_tasks == ["set"]
    running.set(amount=Decimal(5))
    assert running.user_tasks == ["set"]
    running.complete("set", amount=Decimal(50))
    assert running.user_tasks == ["after"]


def test_a_conditional_boundary_event_triggers_each_time_its_condition_becomes_true(play) -> None:
    process = ProcessBuilder("p").start().user_task("work").user_task("note").end()
    process.boundary("seen", "work", condition("amount > 10"), interrupting=False)
    process.chain("start", "work", "end").chain("seen", "note")
    running = play(process.build()).start(amount=Decimal(1))
    for amount, notes in ((20, 1), (30, 1), (5, 1), (40, 2)):
        running.set(amount=Decimal(amount))
        assert running.user_tasks.count("note") == notes


def test_a_condition_on_a_variable_a_script_sets_is_seen_within_the_step(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("after").end()
    process.start("s", inside="sub").script("set", "{amount: 50}", inside="sub").user_task("never", inside="sub")
    process.boundary("seen", "sub", condition("amount > 10")).chain("s", "set", "never")
    process.chain("start", "sub", "end").chain("seen", "after")
    running = play(process.build()).start(amount=Decimal(0))
    assert running.user_tasks == ["after"]
    assert "never" not in running.path


def test_a_condition_that_cannot_be_told_counts_as_not_true(play) -> None:
    process = ProcessBuilder("p").start().user_task("work").end()
    process.boundary("seen", "work", condition("amount")).chain("start", "work", "end").chain("seen", "end")
    assert play(process.build()).start(amount=Decimal(1)).user_tasks == ["work"]
