"""Signals and links."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import events
from tests.builders import ProcessBuilder, link, signal


def listening() -> ProcessBuilder:
    """Three waits for a signal in one instance: a catch event, a boundary event, and one in a called process."""
    process = (
        ProcessBuilder("p").start().parallel("split").catch("wait", signal("stop")).user_task("a").user_task("work")
    )
    process.user_task("b").call("call", "review").end()
    process.boundary("told", "work", signal("stop"), interrupting=False).chain("told", "b")
    process.chain("start", "split", "wait", "a", "end").chain("split", "work", "end").chain("split", "call", "end")
    return process


def review() -> ProcessBuilder:
    process = ProcessBuilder("review").start().catch("hear", signal("stop")).user_task("c").end()
    return process.chain("start", "hear", "c", "end")


def test_a_broadcast_reaches_every_wait_of_the_instance_and_its_called_processes(play) -> None:
    running = play(listening().build(), review().build()).start()
    running.broadcast("other")
    assert running.user_tasks == ["work"]
    running.broadcast("stop", reason="over")
    assert sorted(running.user_tasks) == ["a", "b", "c", "work"]
    assert running.variables == {"reason": "over"}


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_a_thrown_signal_reaches_the_instance_itself_and_is_told_to_the_others(play, kind) -> None:
    process = listening().user_task("before")
    getattr(process, kind)("shout", signal("stop"), inputs={"reason": '"over"'})
    process.chain("split", "before", "shout")
    running = play(process.build(), review().build()).start().complete("before")
    assert sorted(running.user_tasks) == ["a", "b", "c", "work"]
    thrown = running.last(events.SignalThrown)
    assert (thrown.name, thrown.variables) == ("stop", {"reason": "over"})


def test_an_interrupting_boundary_event_on_a_signal_thrown_inside_stops_the_thrower(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("after").end()
    process.start("s", inside="sub").throw("shout", signal("stop"), inside="sub").user_task("never", inside="sub")
    process.boundary("told", "sub", signal("stop")).chain("s", "shout", "never")
    process.chain("start", "sub", "end").chain("told", "after")
    running = play(process.build()).start()
    assert running.user_tasks == ["after"]
    assert "never" not in running.path


def test_a_signal_end_event_ends_its_scope_after_those_who_heard_it(play) -> None:
    process = ProcessBuilder("p").start().end("shout", signal("stop")).event_sub_process("esp")
    process.start("heard", signal("stop"), inside="esp", interrupting=False).user_task("note", inside="esp")
    process.end("noted", inside="esp").chain("start", "shout").chain("heard", "note", "noted")
    running = play(process.build()).start()
    assert running.user_tasks == ["note"]
    assert running.complete("note").outcome == ("completed", "noted")


def test_a_link_goes_on_at_the_catch_event_of_its_name(play) -> None:
    process = ProcessBuilder("p").start().exclusive("x").throw("to_a", link("A")).throw("also_a", link("A"))
    process.catch("from_a", link("A")).end()
    process.chain("start", "x", "to_a", when="n = 1").chain("x", "also_a", default=True).chain("from_a", "end")
    for number, throw in ((1, "to_a"), (2, "also_a")):
        running = play(process.build()).start(n=Decimal(number))
        assert running.path == ["start", "x", throw, "from_a", "end"]
        assert running.has_ended


def test_links_of_one_name_at_two_levels_do_not_meet(play) -> None:
    process = ProcessBuilder("p").start().throw("out", link("A")).catch("in", link("A")).sub_process("sub").end()
    process.start("s", inside="sub").throw("inner_out", link("A"), inside="sub").catch(
        "inner_in", link("A"), inside="sub"
    )
    process.end("e", inside="sub").chain("start", "out").chain("in", "sub", "end").chain("s", "inner_out")
    process.chain("inner_in", "e")
    running = play(process.build()).start()
    assert running.path == ["start", "out", "in", "sub", "s", "inner_out", "inner_in", "e", "end"]
