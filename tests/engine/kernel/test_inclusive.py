"""Inclusive gateways: split by conditions, join by what can still come."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import events
from engine.kernel.state import TokenState
from tests.builders import ProcessBuilder, timer


def reviews() -> ProcessBuilder:
    process = ProcessBuilder("reviews").start().inclusive("which")
    process.user_task("finance").user_task("audit").user_task("clerk").inclusive("join").user_task("after").end()
    process.chain("start", "which", "finance", when="amount > 10").chain("which", "audit", when="amount > 100")
    process.chain("which", "clerk", default=True)
    for name in ("finance", "audit", "clerk"):
        process.chain(name, "join")
    return process.chain("join", "after", "end")


@pytest.mark.parametrize(
    ("amount", "expected"), [(5, ["clerk"]), (50, ["finance"]), (500, ["finance", "audit"]), (None, ["clerk"])]
)
def test_every_flow_that_holds_is_taken_else_the_default_and_all_are_joined(play, amount, expected) -> None:
    running = play(reviews().build()).start(amount=Decimal(amount) if amount else None)
    assert running.user_tasks == expected
    for name in expected[:-1]:
        running.complete(name)
        assert "after" not in running.user_tasks
    running.complete(expected[-1])
    assert running.user_tasks == ["after"]
    assert running.complete("after").has_ended


def test_no_flow_to_take_is_an_incident(play) -> None:
    process = ProcessBuilder("p").start().inclusive("which").end("a").end("b")
    process.chain("start", "which", "a", when="x > 1").chain("which", "b", when="x > 2")
    running = play(process.build()).start(x=Decimal(0))
    assert running.last(events.IncidentOpened).kind == "no-flow"
    running.set(x=Decimal(2)).retry("which")
    assert running.outcome == ("completed", "a")


def test_a_join_does_not_wait_for_a_branch_that_ended_elsewhere(play) -> None:
    process = ProcessBuilder("p").start().inclusive("which").user_task("a").user_task("b").exclusive("b?")
    process.end("dead").inclusive("join").end()
    process.chain("start", "which", "a", "join", "end", when=None).chain("which", "b", when="true")
    process.chain("b", "b?", "join", when="go").chain("b?", "dead", default=True)
    running = play(process.build()).start(go=False).complete("a")
    assert running.resting(TokenState.JOIN) == ["join"]
    running.complete("b")
    assert running.outcome == ("completed", "end")


def in_a_loop() -> ProcessBuilder:
    process = ProcessBuilder("p").start().exclusive("again").inclusive("which").user_task("a").user_task("b")
    process.inclusive("join").user_task("check").exclusive("done?").end()
    process.chain("start", "again", "which", "a", when="wants_a").chain("which", "b", when="wants_b")
    process.chain("a", "join").chain("b", "join").chain("join", "check", "done?", "end", when="done")
    return process.chain("done?", "again", default=True)


def test_a_join_in_a_loop_waits_for_its_own_round_only(play) -> None:
    running = play(in_a_loop().build()).start(wants_a=True, wants_b=True, done=False)
    running.complete("a")
    assert running.user_tasks == ["b"]
    running.complete("b")
    assert running.user_tasks == ["check"]
    running.complete("check", wants_b=False)
    assert running.user_tasks == ["a"]
    running.complete("a")
    assert running.user_tasks == ["check"]
    running.complete("check", done=True)
    assert running.has_ended


def test_a_token_inside_a_sub_process_upstream_is_waited_for(play) -> None:
    process = ProcessBuilder("p").start().inclusive("which").user_task("a").sub_process("sub").inclusive("join").end()
    process.start("s", inside="sub").user_task("inner", inside="sub").end("e", inside="sub").chain("s", "inner", "e")
    process.chain("start", "which", "a", "join", "end", when=None).chain("which", "sub", "join")
    running = play(process.build()).start().complete("a")
    assert running.resting(TokenState.JOIN) == ["join"]
    assert running.complete("inner").has_ended


def test_a_boundary_event_upstream_is_waited_for(play) -> None:
    """The token in `a` may reach the join by the boundary event, so the join waits while it is there."""
    process = ProcessBuilder("p").start().inclusive("which").user_task("a").user_task("b").inclusive("join").end()
    process.boundary("late", "a", timer("P1D")).end("by_a")
    process.chain("start", "which", "a", "by_a").chain("which", "b", "join", "end").chain("late", "join")
    running = play(process.build()).start().complete("b")
    assert running.resting(TokenState.JOIN) == ["join"]
    running.fire("late")
    assert running.outcome == ("completed", "end")


def test_parallel_tokens_on_the_same_flow_are_joined_one_after_the_other(play) -> None:
    process = ProcessBuilder("p").start().parallel("split").exclusive("merge").inclusive("join").user_task("x").end()
    process.user_task("late").chain("start", "split", "merge", "join", "x", "end").chain("split", "merge")
    process.chain("split", "late", "join")
    running = play(process.build()).start()
    assert running.resting(TokenState.JOIN) == ["join", "join"]
    running.complete("late")
    assert running.user_tasks == ["x", "x"]
    assert running.complete("x").complete("x").has_ended
