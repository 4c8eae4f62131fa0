"""Return 退回: back to an earlier user task, where nothing can be stranded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import events
from engine.kernel.graph import People
from engine.kernel.state import BRANCH_THRESHOLD
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, cycle, many, timer


def in_a_row() -> ProcessBuilder:
    process = ProcessBuilder("p").start().user_task("fill", due="5WD").user_task("check").user_task("sign").end()
    return process.chain("start", "fill", "check", "sign", "end")


def forked() -> ProcessBuilder:
    """fill, then two branches (a1, a2 and b), then sign."""
    process = ProcessBuilder("p").start().user_task("fill").parallel("split").user_task("a1").user_task("a2")
    process.user_task("b").parallel("join").user_task("sign").end()
    process.chain("start", "fill", "split", "a1", "a2", "join", "sign", "end")
    return process.chain("split", "b", "join")


@pytest.mark.parametrize("target", ["fill", "check"])
def test_a_return_opens_the_earlier_step_anew(play, target) -> None:
    running = play(in_a_row().build()).start().complete("fill").complete("check")
    running.return_to("sign", target, remark="sum is wrong")
    assert running.user_tasks == [target]
    assert running.variables == {"remark": "sum is wrong"}
    assert running.last(events.UserTaskCancelled).cause == "return"
    while running.user_tasks:
        running.complete(running.user_tasks[0])
    assert running.outcome == ("completed", "end")


def test_due_dates_begin_anew(play) -> None:
    running = play(in_a_row().build()).start()
    first = running.last(events.UserTaskCreated).due_at
    running.complete("fill")
    running.now = running.now.replace(day=20)
    running.return_to("check", "fill")
    assert running.last(events.UserTaskCreated).due_at > first


def counted() -> ProcessBuilder:
    """A return to fill goes through a step that counts it, as the one that is drawn does."""
    people = People(form_key="fill", returns_through="count")
    process = ProcessBuilder("p").start().user_task("fill", people=people).user_task("check").exclusive("passed")
    process.script("count", "(if n = null then 0 else n) + 1", into="n").user_task("sign").end()
    process.chain("start", "fill", "check", "passed", "sign", default=True).chain("sign", "end")
    return process.chain("passed", "count", when="agree = false").chain("count", "fill")


def test_a_return_goes_through_the_step_that_its_target_names(play) -> None:
    running = play(counted().build()).start().complete("fill").complete("check", agree=False)
    assert (running.user_tasks, running.variables["n"]) == (["fill"], 1)

    running.complete("fill").return_to("check", "fill", remark="sum is wrong")

    assert running.user_tasks == ["fill"]
    assert (running.variables["n"], running.variables["remark"]) == (2, "sum is wrong")
    assert running.path.count("count") == 2


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("sign", "no way leads there"),
        ("check", "Expected another user task beside 'check' to return to, but found 'check'"),
        ("start", "Expected another user task beside 'check' to return to, but found 'start'"),
        ("nowhere", "Expected another user task beside 'check' to return to, but found 'nowhere'"),
    ],
)
def test_only_an_earlier_user_task_can_be_returned_to(play, target, message) -> None:
    running = play(in_a_row().build()).start().complete("fill")
    with pytest.raises(WrongState, match=message):
        running.return_to("check", target)
    assert running.user_tasks == ["check"]


@pytest.mark.parametrize("done", [[], ["a1"], ["b"], ["a1", "a2"]])
def test_a_return_before_the_fork_takes_the_other_branch_along(play, done) -> None:
    running = play(forked().build()).start().complete("fill")
    for name in done:
        running.complete(name)
    running.return_to(running.user_tasks[0], "fill")
    assert running.user_tasks == ["fill"]
    for name in ("fill", "b", "a1", "a2", "sign"):
        running.complete(name)
    assert running.has_ended


@pytest.mark.parametrize("b_is_done", [False, True])
def test_a_return_inside_a_branch_leaves_the_other_branch_alone(play, b_is_done) -> None:
    running = play(forked().build()).start().complete("fill").complete("a1")
    if b_is_done:
        running.complete("b")
    running.return_to("a2", "a1").complete("a1").complete("a2")
    if not b_is_done:
        running.complete("b")
    assert running.user_tasks == ["sign"]


@pytest.mark.parametrize("target", ["a1", "a2", "b"])
def test_a_return_into_a_branch_behind_its_join_is_refused(play, target) -> None:
    running = play(forked().build()).start().complete("fill").complete("a1").complete("a2").complete("b")
    with pytest.raises(WrongState, match="a join between them also waits for another branch"):
        running.return_to("sign", target)
    assert running.return_to("sign", "fill").user_tasks == ["fill"]


def test_a_loop_around_a_fork_does_not_make_the_other_branch_an_earlier_one(play) -> None:
    process = ProcessBuilder("p").start().exclusive("again").parallel("split").user_task("a1").user_task("a2")
    process.user_task("b").parallel("join").user_task("check").exclusive("ok?").end()
    process.chain("start", "again", "split", "a1", "a2", "join", "check", "ok?", "end", when="ok")
    process.chain("split", "b", "join").chain("ok?", "again", default=True)
    running = play(process.build()).start(ok=False).complete("a1")
    running.return_to("a2", "a1")
    assert running.user_tasks == ["b", "a1"]
    with pytest.raises(WrongState):
        running.return_to("a1", "b")
    running.complete("a1").complete("a2").complete("b", ok=True).complete("check")
    assert running.has_ended


def test_alternatives_before_a_fork_can_be_returned_to(play) -> None:
    process = ProcessBuilder("p").start().exclusive("x").user_task("t1").user_task("t2").exclusive("merge")
    process.parallel("split").user_task("a").user_task("b").parallel("join").end()
    process.chain("start", "x", "t1", when="n = 1").chain("x", "t2", default=True).chain("t1", "merge").chain(
        "t2", "merge"
    )
    process.chain("merge", "split", "a", "join", "end").chain("split", "b", "join")
    running = play(process.build()).start(n=Decimal(1)).complete("t1").return_to("a", "t1")
    assert running.user_tasks == ["t1"]


def test_a_token_that_may_have_come_past_the_target_makes_the_return_refused(play) -> None:
    """Two branches run into one another without a join: it cannot be told which of the two is the target's."""
    process = ProcessBuilder("p").start().parallel("split").user_task("a").user_task("b").exclusive("merge")
    process.user_task("c").end().chain("start", "split", "a", "merge", "c", "end").chain("split", "b", "merge")
    running = play(process.build()).start().complete("a").complete("b")
    assert running.user_tasks == ["c", "c"]
    with pytest.raises(WrongState, match="'c' may not come from there"):
        running.return_to("c", "a")
    # when the other one has gone there is no doubt
    running.complete("c").return_to("c", "a")
    assert running.user_tasks == ["a"]


def test_several_firings_of_a_boundary_event_are_not_mixed_up(play) -> None:
    process = ProcessBuilder("p").start().user_task("work").user_task("urge").user_task("report").end()
    process.boundary("late", "work", cycle("R/P1D"), interrupting=False)
    process.chain("start", "work", "end").chain("late", "urge", "report")
    running = play(process.build()).start().fire("late").fire("late").complete("urge")
    with pytest.raises(WrongState, match="'urge' may not come from there"):
        running.return_to("report", "urge")
    running.complete("urge")
    with pytest.raises(WrongState, match="'report' may not come from there"):
        running.return_to("report", "urge")
    running.complete("report").return_to("report", "urge")
    assert running.user_tasks == ["work", "urge"]


@pytest.mark.parametrize("count", [3, BRANCH_THRESHOLD + 1])
def test_one_of_several_signers_returns_for_all(play, count) -> None:
    process = ProcessBuilder("p").start().user_task("fill").end()
    process.user_task("sign", loop=many("names", element="name", collect=("agree", "votes"))).user_task("after")
    running = play(process.chain("start", "fill", "sign", "after", "end").build()).start(names=["n"] * count)
    running.complete("fill").complete("sign", agree=True).return_to("sign", "fill", reason="unclear")
    assert running.user_tasks == ["fill"]
    assert set(running.state.parts) == {0}
    assert running.variables["reason"] == "unclear"
    running.complete("fill")
    assert running.user_tasks == ["sign"] * count


def test_a_return_out_of_a_sub_process_is_refused(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill").sub_process("sub").end()
    process.start("s", inside="sub").user_task("check", inside="sub").chain("s", "check").chain(
        "start", "fill", "sub", "end"
    )
    running = play(process.build()).start().complete("fill")
    with pytest.raises(WrongState, match="Expected another user task beside 'check' to return to, but found 'fill'"):
        running.return_to("check", "fill")


def test_timers_and_called_instances_of_the_other_branch_go_with_it(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill").parallel("split").user_task("a").call("call", "review")
    process.boundary("late", "a", timer("P1D")).parallel("join").end().chain("late", "end")
    process.chain("start", "fill", "split", "a", "join", "end").chain("split", "call", "join")
    review = ProcessBuilder("review").start().user_task("look").end().chain("start", "look", "end")
    running = play(process.build(), review.build()).start().complete("fill").return_to("a", "fill")
    assert (running.user_tasks, running.waiting, set(running.state.parts)) == (["fill"], [], {0})


def test_an_inclusive_branch_behaves_as_a_parallel_one(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill").inclusive("split").user_task("a").user_task("b")
    process.inclusive("join").user_task("sign").end()
    process.chain("start", "fill", "split", "a", when="true").chain("split", "b", when="true")
    process.chain("a", "join", "sign", "end").chain("b", "join")
    running = play(process.build()).start().complete("fill").complete("a").complete("b")
    with pytest.raises(WrongState):
        running.return_to("sign", "a")
    running.return_to("sign", "fill").complete("fill").complete("a").return_to("b", "fill")
    assert running.user_tasks == ["fill"]
