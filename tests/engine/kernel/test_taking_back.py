"""Withdraw 撤回: back to the user task before, whose work goes on; by the rule of returns, but no return."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.kernel import events
from engine.kernel.graph import EventDefinition, EventKind, People, Timer, TimerKind
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, feel, many
from tests.playing import NOW

#: Long before the day of the play: told anew, nothing would be due then.
DUE = datetime(2026, 1, 9, 10, 0, tzinfo=UTC)


def in_a_row() -> ProcessBuilder:
    process = ProcessBuilder("p").start().user_task("fill", due="5WD").user_task("check").user_task("sign").end()
    return process.chain("start", "fill", "check", "sign", "end")


def test_the_work_goes_on_and_is_due_when_it_was(play) -> None:
    running = play(in_a_row().build()).start().complete("fill", amount=3).take_back("check", "fill", DUE)

    assert running.user_tasks == ["fill"]
    assert (running.last(events.UserTaskCreated).due_at, running.last(events.UserTaskCreated).due_rule) == (DUE, "5WD")
    assert running.last(events.UserTaskCancelled).cause == "withdrawal"
    assert running.variables == {"amount": 3}
    running.complete("fill", amount=4)
    assert running.variables["amount"] == 4
    assert running.complete("check").complete("sign").outcome == ("completed", "end")


def test_work_that_never_was_due_is_not_due_now(play) -> None:
    running = play(in_a_row().build()).start().complete("fill").take_back("check", "fill", None)
    assert running.last(events.UserTaskCreated).due_at is None


def test_a_step_that_counts_returns_is_not_passed(play) -> None:
    people = People(form_key="fill", returns_through="count")
    process = ProcessBuilder("p").start().user_task("fill", people=people).user_task("check").exclusive("passed")
    process.script("count", "(if n = null then 0 else n) + 1", into="n").user_task("sign").end()
    process.chain("start", "fill", "check", "passed", "sign", default=True).chain("sign", "end")
    process.chain("passed", "count", when="agree = false").chain("count", "fill")

    running = play(process.build()).start().complete("fill").take_back("check", "fill")

    assert running.user_tasks == ["fill"]
    assert "count" not in running.path
    assert "n" not in running.variables


def warned_of() -> ProcessBuilder:
    """Somebody is told when it is ten days late."""
    ten_days = feel('task_due_at + duration("P10D")')
    late = EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DATE, ten_days))
    return in_a_row().boundary("late", "fill", late, interrupting=False).end("told").chain("late", "told")


def test_timers_of_the_step_count_from_the_instant_it_is_due(play) -> None:
    due_at = NOW + timedelta(days=1)
    running = play(warned_of().build()).start().complete("fill").take_back("check", "fill", due_at)
    assert running.due("late") == due_at + timedelta(days=10)


def test_what_was_told_of_late_work_is_not_told_again(play) -> None:
    running = play(warned_of().build()).start().complete("fill").take_back("check", "fill", NOW - timedelta(days=11))
    assert running.waiting == []


def test_what_a_fork_behind_it_has_opened_goes_with_it(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill").parallel("split").user_task("a").user_task("b")
    process.parallel("join").end().chain("start", "fill", "split", "a", "join", "end").chain("split", "b", "join")
    running = play(process.build()).start().complete("fill").take_back("b", "fill")
    assert running.user_tasks == ["fill"]
    running.complete("fill").complete("a").complete("b")
    assert running.has_ended


def test_a_loop_of_reviews_goes_as_a_whole(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill").user_task("score", loop=many(times="3")).end()
    running = play(process.chain("start", "fill", "score", "end").build()).start().complete("fill")
    assert running.take_back("score", "fill").user_tasks == ["fill"]


def test_the_work_of_one_child_of_a_loop_is_not_taken_back(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill", loop=many(times="1")).user_task("check").end()
    running = play(process.chain("start", "fill", "check", "end").build()).start().complete("fill")
    with pytest.raises(WrongState, match="other children would begin anew"):
        running.take_back("check", "fill")
    assert running.user_tasks == ["check"]


def test_nothing_is_taken_back_from_behind_a_join_of_others(play) -> None:
    process = ProcessBuilder("p").start().parallel("split").user_task("a").user_task("b").parallel("join")
    process.user_task("sign").end().chain("start", "split", "a", "join", "sign", "end").chain("split", "b", "join")
    running = play(process.build()).start().complete("a").complete("b")
    with pytest.raises(WrongState, match="a join between them also waits for another branch"):
        running.take_back("sign", "a")
    assert running.user_tasks == ["sign"]
