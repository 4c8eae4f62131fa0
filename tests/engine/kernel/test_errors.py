"""Errors and escalations: who catches what."""

from __future__ import annotations

import pytest

from engine.kernel import events
from tests.builders import ProcessBuilder, error, escalation


def nested(end_event, *, levels: int = 2) -> ProcessBuilder:
    """Sub-processes one inside the other; the innermost has a user task, a sibling branch and a throwing end."""
    process = ProcessBuilder("p").start()
    outer: str | None = None
    for level in range(levels):
        process.sub_process(f"sub{level}", inside=outer)
        if level:
            process.start(f"s{level - 1}", inside=outer).chain(f"s{level - 1}", f"sub{level}")
        outer = f"sub{level}"
    process.start("s", inside=outer).parallel("split", inside=outer).user_task("a", inside=outer)
    process.user_task("b", inside=outer).end("bad", end_event, inside=outer).user_task("after").end()
    process.chain("s", "split", "a", "bad").chain("split", "b")
    return process.chain("start", "sub0", "after", "end")


@pytest.mark.parametrize("host", ["sub0", "sub1"])
def test_an_error_goes_outwards_to_the_nearest_boundary_event_for_it(play, host) -> None:
    process = nested(error("E1")).user_task("mend").boundary("other", "sub1", error("E2"))
    inside = None if host == "sub0" else "sub0"
    process.boundary("caught", host, error("E1")).user_task("handle", inside=inside).chain("caught", "handle")
    running = play(process.build()).start().complete("a")
    assert running.user_tasks == ["handle"]
    assert running.last(events.ErrorCaught).element_id == "caught"
    assert [event.element_id for event in running.all(events.UserTaskCancelled)] == ["b"]


def test_an_error_that_nothing_catches_is_an_incident(play) -> None:
    running = play(nested(error("E1")).build()).start().complete("a")
    assert (running.incidents, running.user_tasks) == (["bad"], ["b"])
    assert running.last(events.IncidentOpened).kind == "error"


def test_an_escalation_that_nothing_catches_is_forgotten(play) -> None:
    running = play(nested(escalation("slow")).build()).start().complete("a").complete("b")
    assert running.last(events.EscalationRaised).escalation_code == "slow"
    assert running.user_tasks == ["after"]


def test_an_escalation_boundary_event_that_interrupts_takes_the_sub_process_away(play) -> None:
    process = (
        nested(escalation("slow")).user_task("urge").boundary("told", "sub0", escalation("slow")).chain("told", "urge")
    )
    running = play(process.build()).start().complete("a")
    assert running.user_tasks == ["urge"]


def test_an_escalation_boundary_event_that_does_not_interrupt_lets_it_go_on(play) -> None:
    process = nested(escalation("slow")).user_task("urge")
    process.boundary("told", "sub0", escalation(), interrupting=False).chain("told", "urge")
    running = play(process.build()).start().complete("a")
    assert running.user_tasks == ["b", "urge"]
    assert running.complete("b").user_tasks == ["urge", "after"]


def test_an_intermediate_escalation_interrupts_its_own_thrower(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("urge").end()
    process.start("s", inside="sub").throw("tell", escalation("slow"), inside="sub").user_task("never", inside="sub")
    process.boundary("told", "sub", escalation("slow")).chain("s", "tell", "never")
    process.chain("start", "sub", "end").chain("told", "urge")
    running = play(process.build()).start()
    assert running.user_tasks == ["urge"]
    assert "never" not in running.path


def test_an_escalation_brings_its_inputs_to_the_catcher(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("urge").end()
    process.start("s", inside="sub").throw("tell", escalation("slow"), inside="sub", inputs={"days": "10"})
    process.boundary("told", "sub", escalation(), interrupting=False, outputs={"late_by": "days"})
    process.chain("s", "tell").chain("start", "sub", "end").chain("told", "urge")
    assert play(process.build()).start().variables == {"late_by": 10}


def event_sub_process(event, *, interrupting: bool = True) -> ProcessBuilder:
    process = nested(error("E1") if event.kind.value == "error" else escalation("E1"), levels=1)
    process.event_sub_process("esp", inside="sub0")
    process.start("caught", event, inside="esp", interrupting=interrupting).user_task("handle", inside="esp")
    return process.end("handled", inside="esp").chain("caught", "handle", "handled")


def test_an_error_event_sub_process_takes_over_its_scope_before_the_boundary_event(play) -> None:
    process = (
        event_sub_process(error("E1")).boundary("outer", "sub0", error("E1")).user_task("mend").chain("outer", "mend")
    )
    running = play(process.build()).start().complete("a")
    assert running.user_tasks == ["handle"]
    assert running.complete("handle").user_tasks == ["after"]


def test_an_error_thrown_inside_an_error_event_sub_process_is_not_caught_by_itself(play) -> None:
    process = event_sub_process(error()).end("again", error("E2"), inside="esp").exclusive("x", inside="esp")
    process.chain("handle", "x", "again").boundary("outer", "sub0", error("E2")).user_task("mend").chain(
        "outer", "mend"
    )
    running = play(process.build()).start().complete("a").complete("handle")
    assert running.user_tasks == ["mend"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_event_sub_process_may_interrupt_or_not(play, interrupting) -> None:
    running = play(event_sub_process(escalation("E1"), interrupting=interrupting).build()).start().complete("a")
    assert running.user_tasks == (["handle"] if interrupting else ["b", "handle"])
