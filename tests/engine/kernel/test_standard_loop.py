"""Standard loops: while and until."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import events
from tests.builders import ProcessBuilder, again, timer


def looped(loop, **fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().user_task("u", loop=loop, **fields).user_task("after").end()
    return process.chain("start", "u", "after", "end")


def test_an_until_loop_executes_at_least_once_and_goes_on_while_the_condition_holds(play) -> None:
    running = play(looped(again("more")).build()).start(more=False)
    assert running.user_tasks == ["u"]
    running.complete("u", more=True)
    assert running.user_tasks == ["u"]
    assert running.complete("u", more=False).user_tasks == ["after"]


def test_a_while_loop_may_not_execute_at_all(play) -> None:
    running = play(looped(again("more", test_before=True)).build()).start(more=False)
    assert running.user_tasks == ["after"]
    running = play(looped(again("more", test_before=True)).build()).start(more=True)
    assert running.complete("u", more=False).user_tasks == ["after"]


@pytest.mark.parametrize("test_before", [False, True])
def test_a_maximum_ends_the_loop(play, test_before) -> None:
    running = play(looped(again(maximum=2, test_before=test_before)).build()).start()
    assert running.complete("u").user_tasks == ["u"]
    assert running.complete("u").user_tasks == ["after"]


def test_the_rounds_are_counted_from_one(play) -> None:
    loop = again("loopCounter < 3")
    process = (
        ProcessBuilder("p").start().script("s", "{seen: append(seen, loopCounter)}", loop=loop).user_task("u").end()
    )
    running = play(process.chain("start", "s", "u", "end").build()).start(seen=[])
    assert running.variables["seen"] == [Decimal(1), Decimal(2), Decimal(3)]


def test_a_boundary_event_interrupts_the_whole_loop(play) -> None:
    process = (
        looped(again("true")).user_task("late_next").boundary("late", "u", timer("P1D")).chain("late", "late_next")
    )
    running = play(process.build()).start().complete("u")
    assert running.waiting == ["late"]
    assert len(running.all(events.TimerSet)) == 1
    assert running.fire("late").user_tasks == ["late_next"]


def test_a_loop_over_a_sub_process_opens_a_new_scope_each_round(play) -> None:
    process = (
        ProcessBuilder("p").start().sub_process("sub", loop=again("more"), inputs={"own": "0"}).user_task("after").end()
    )
    process.start("s", inside="sub").user_task("u", inside="sub").chain("s", "u").chain("start", "sub", "after", "end")
    running = play(process.build()).start(more=True).complete("u", own=Decimal(1)).complete("u", more=False)
    assert running.user_tasks == ["after"]
    assert running.variables == {"more": False}


def test_a_condition_that_fails_keeps_the_round_with_an_incident(play) -> None:
    running = play(looped(again("more")).build()).start().complete("u", more=Decimal(1))
    assert running.incidents == ["u"]
    assert running.set(more=False).retry("u").user_tasks == ["after"]
