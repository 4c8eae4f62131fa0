"""Exclusive and parallel gateways, implicit splits, joins inside loops."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import events
from engine.kernel.state import TokenState
from tests.builders import ProcessBuilder


def choice() -> ProcessBuilder:
    process = ProcessBuilder("choice").start().exclusive("x").end("small").end("big").end("other")
    process.chain("start", "x", "small", when="amount < 10")
    return process.chain("x", "big", when="amount >= 10").chain("x", "other", default=True)


@pytest.mark.parametrize(("amount", "end"), [(5, "small"), (10, "big"), (None, "other")])
def test_an_exclusive_gateway_takes_the_first_flow_that_holds_else_the_default(play, amount, end) -> None:
    value = Decimal(amount) if amount is not None else None
    assert play(choice().build()).start(amount=value).outcome == ("completed", end)


def test_the_order_of_the_document_decides_where_several_conditions_hold(play) -> None:
    process = ProcessBuilder("p").start().exclusive("x").end("first").end("second")
    process.chain("start", "x", "first", when="true").chain("x", "second", when="true")
    assert play(process.build()).start().outcome == ("completed", "first")


def test_no_flow_to_take_is_an_incident(play) -> None:
    process = ProcessBuilder("p").start().exclusive("x").end("a")
    running = play(process.chain("start", "x", "a", when="ready").build()).start(ready=False)
    assert running.incidents == ["x"]
    assert running.last(events.IncidentOpened).kind == "no-flow"
    running.set(ready=True).retry("x")
    assert running.outcome == ("completed", "a")


def test_a_condition_that_is_no_truth_value_is_an_incident(play) -> None:
    process = ProcessBuilder("p").start().exclusive("x").end("a").end("b")
    process.chain("start", "x", "a", when="amount").chain("x", "b", default=True)
    running = play(process.build()).start(amount=Decimal(5))
    incident = running.last(events.IncidentOpened)
    assert incident.kind == "expression"
    assert incident.message == "Expected the condition of flow 'x>a' to be true or false, but found a number."


def test_an_exclusive_gateway_passes_each_token_by_itself(play) -> None:
    process = ProcessBuilder("p").start().parallel("split").exclusive("merge").user_task("a").end()
    process.chain("start", "split", "merge", "a", "end").chain("split", "merge")
    running = play(process.build()).start()
    assert running.user_tasks == ["a", "a"]
    running.complete("a")
    assert not running.has_ended
    assert running.complete("a").has_ended


def fork() -> ProcessBuilder:
    process = ProcessBuilder("fork").start().parallel("split").user_task("a").user_task("b").parallel("join").end()
    return process.chain("start", "split", "a", "join", "end").chain("split", "b", "join")


def test_a_parallel_gateway_starts_all_branches_in_order_and_waits_for_all(play) -> None:
    running = play(fork().build()).start()
    assert running.user_tasks == ["a", "b"]
    running.complete("b")
    assert running.resting(TokenState.JOIN) == ["join"]
    running.complete("a")
    assert running.outcome == ("completed", "end")


def test_both_branches_write_to_the_same_variables_and_nothing_is_lost(play) -> None:
    running = play(fork().build()).start(a=Decimal(0), b=Decimal(0))
    running.complete("a", a=Decimal(1))
    assert running.variables == {"a": Decimal(1), "b": Decimal(0)}
    running.complete("b", b=Decimal(2))
    assert running.last(events.VariablesChanged).values == {"b": Decimal(2)}


def test_a_second_token_on_the_same_flow_waits_its_turn_at_a_parallel_join(play) -> None:
    """Two tokens come along the first flow before the second flow has any: each is joined with one of the others."""
    process = ProcessBuilder("p").start().parallel("split")
    for name in ("a1", "a2", "b1", "b2"):
        process.user_task(name).chain("split", name)
    process.exclusive("as").exclusive("bs").parallel("join").user_task("after").end()
    process.chain("start", "split").chain("a1", "as", "join", "after", "end").chain("a2", "as")
    process.chain("b1", "bs", "join").chain("b2", "bs")
    running = play(process.build()).start().complete("a1").complete("a2")
    assert running.resting(TokenState.JOIN) == ["join", "join"]
    running.complete("b1")
    assert running.user_tasks == ["b2", "after"]
    assert running.resting(TokenState.JOIN) == ["join"]
    running.complete("b2").complete("after").complete("after")
    assert running.has_ended


def test_a_parallel_join_inside_a_loop_counts_each_round_by_itself(play) -> None:
    process = ProcessBuilder("p").start().exclusive("again").parallel("split").user_task("a").user_task("b")
    process.parallel("join").exclusive("done?").end()
    process.chain("start", "again", "split", "a", "join", "done?", "end", when="done").chain("split", "b", "join")
    process.chain("done?", "again", default=True)
    running = play(process.build()).start(done=False)
    for _ in range(3):
        running.complete("a").complete("b")
        assert running.user_tasks == ["a", "b"]
    running.complete("b").complete("a", done=True)
    assert running.has_ended


def test_several_flows_out_of_an_activity_are_a_parallel_split(play) -> None:
    process = ProcessBuilder("p").start().user_task("a").user_task("b").user_task("c").user_task("d").end()
    process.chain("start", "a", "b", "d", "end").chain("a", "c", "d")
    running = play(process.build()).start().complete("a")
    assert running.user_tasks == ["b", "c"]
    # there is no join: each token executes what follows
    running.complete("b").complete("c")
    assert running.user_tasks == ["d", "d"]
    assert running.complete("d").complete("d").has_ended


@pytest.mark.parametrize(
    ("amount", "followed"), [(5, ["always", "small"]), (50, ["always", "big"]), (20, ["always", "otherwise"])]
)
def test_conditional_flows_out_of_an_activity_are_taken_where_they_hold(play, amount, followed) -> None:
    process = ProcessBuilder("p").start().user_task("a")
    for name in ("always", "small", "big", "otherwise"):
        process.user_task(name)
    process.chain("start", "a", "always").chain("a", "small", when="amount < 10")
    process.chain("a", "big", when="amount > 40").chain("a", "otherwise", default=True)
    running = play(process.build()).start().complete("a", amount=Decimal(amount))
    assert running.user_tasks == followed


def test_an_activity_that_can_leave_by_no_flow_is_an_incident_and_is_not_done_again(play) -> None:
    process = ProcessBuilder("p").start().user_task("a").end()
    process.chain("start", "a", "end", when="ok")
    running = play(process.build()).start().complete("a", ok=False)
    assert (running.incidents, running.user_tasks) == (["a"], [])
    running.set(ok=True).retry("a")
    assert running.has_ended
    assert len(running.all(events.UserTaskCreated)) == 1
