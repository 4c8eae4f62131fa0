"""Timer events: catch, boundary, cycles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.kernel import changes, events
from engine.kernel.graph import EventDefinition, EventKind, Timer, TimerKind
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, cycle, feel, timer
from tests.playing import NOW


def waiting(event) -> ProcessBuilder:
    return ProcessBuilder("p").start().catch("wait", event).end().chain("start", "wait", "end")


@pytest.mark.parametrize(
    ("event", "due_at"),
    [
        (timer("PT10M"), NOW + timedelta(minutes=10)),
        (timer("P1M"), datetime(2026, 4, 2, 1, 0, tzinfo=UTC)),
        (timer("5WD"), datetime(2026, 3, 9, 1, 0, tzinfo=UTC)),
        (timer("2026-03-05", TimerKind.DATE), datetime(2026, 3, 4, 16, 0, tzinfo=UTC)),
        (timer("2026-03-05T12:00:00+08:00", TimerKind.DATE), datetime(2026, 3, 5, 4, 0, tzinfo=UTC)),
        (cycle("R3/PT10M"), NOW + timedelta(minutes=10)),
        (
            EventDefinition(
                EventKind.TIMER, timer=Timer(TimerKind.DURATION, feel('duration("P" + string(days) + "D")'))
            ),
            NOW + timedelta(days=3),
        ),
        (EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DATE, feel("opens_on"))), NOW + timedelta(hours=3)),
    ],
)
def test_a_timer_catch_event_waits_for_its_instant(play, event, due_at) -> None:
    running = play(waiting(event).build()).start(days=3, opens_on=NOW + timedelta(hours=3))
    assert running.due("wait") == due_at
    assert running.fire("wait").has_ended


A_RULE = "Expected a deadline like 5WD, 30D, P5D, a day, an instant or a due.* key"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("null", "Expected an instant or a duration for timer 'wait', but found null."),
        ('"soon"', f"{A_RULE}, but found 'soon'."),
        ("[1]", f"{A_RULE}, but found a list of 1."),
        ("said", f"{A_RULE}, but found a text of 6 characters."),
        ('"9999-12-31"', "Expected an instant of the years 1900 to 2999, but found another."),
        ('"0001-01-01"', "Expected an instant of the years 1900 to 2999, but found another."),
    ],
)
def test_a_timer_that_cannot_be_told_is_an_incident(play, rule, message) -> None:
    event = EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DURATION, feel(rule)))
    running = play(waiting(event).build()).start(said="secret")
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == ("expression", message)


def hosted(event, *, interrupting: bool = True) -> ProcessBuilder:
    process = ProcessBuilder("p").start().user_task("work").user_task("remind").user_task("after").end()
    process.boundary("late", "work", event, interrupting=interrupting)
    return process.chain("start", "work", "after", "end").chain("late", "remind", "end")


def test_an_interrupting_boundary_timer_takes_the_activity_away(play) -> None:
    running = play(hosted(timer("P1D")).build()).start()
    token = running.last(events.UserTaskCreated).token
    running.fire("late")
    assert running.user_tasks == ["remind"]
    assert running.last(events.UserTaskCancelled).cause == "late"
    with pytest.raises(WrongState):
        running.apply(changes.Complete(part=0, token=token))


def test_completing_in_time_clears_the_timer(play) -> None:
    running = play(hosted(timer("P1D")).build()).start()
    wait = running.last(events.TimerSet).wait
    running.complete("work")
    assert running.last(events.TimerCleared).wait == wait
    with pytest.raises(WrongState, match=f"Expected timer wait {wait} to be open, but it is not"):
        running.apply(changes.FireTimer(part=0, wait=wait))


def test_a_boundary_timer_that_does_not_interrupt_fires_once(play) -> None:
    running = play(hosted(timer("P1D"), interrupting=False).build()).start().fire("late")
    assert running.user_tasks == ["work", "remind"]
    assert running.waiting == []


def test_its_token_outlives_the_host(play) -> None:
    running = play(hosted(timer("P1D"), interrupting=False).build()).start().fire("late").complete("work")
    assert running.user_tasks == ["remind", "after"]
    running.complete("after")
    assert not running.has_ended
    assert running.complete("remind").has_ended


def test_a_cycle_fires_as_often_as_it_says_each_time_with_a_token_and_a_number_of_its_own(play) -> None:
    running = play(hosted(cycle("R3/PT10M"), interrupting=False).build()).start()
    for firing in (1, 2, 3):
        assert running.due("late") == NOW + timedelta(minutes=10 * firing)
        running.fire("late")
        assert running.user_tasks.count("remind") == firing
    assert running.waiting == []
    assert len({event.wait for event in running.all(events.TimerSet)}) == 3


def test_a_cycle_by_months_keeps_the_day_it_began_on(play) -> None:
    running = play(hosted(cycle("R/P1M"), interrupting=False).build())
    running.now = datetime(2026, 1, 31, 1, 0, tzinfo=UTC)
    running.start()
    found = []
    for _ in range(3):
        found.append(running.due("late").date().isoformat())
        running.fire("late")
    assert found == ["2026-02-28", "2026-03-31", "2026-04-30"]


def test_missed_periods_of_a_cycle_coalesce_into_one_firing(play) -> None:
    running = (
        play(hosted(cycle("R/PT10M"), interrupting=False).build()).start().fire("late", late=timedelta(minutes=95))
    )
    assert running.user_tasks == ["work", "remind"]
    assert running.due("late") == NOW + timedelta(minutes=110)


def test_an_interrupting_cycle_fires_once(play) -> None:
    running = play(hosted(cycle("R3/PT10M")).build()).start().fire("late")
    assert (running.user_tasks, running.waiting) == (["remind"], [])


def test_several_boundary_timers_are_set_together_and_cleared_together(play) -> None:
    process = hosted(timer("P2D")).boundary("warn", "work", timer("P1D"), interrupting=False).chain("warn", "remind")
    running = play(process.build()).start()
    assert running.waiting == ["late", "warn"]
    running.fire("warn").fire("late")
    assert running.user_tasks == ["remind", "remind"]
    assert running.waiting == []


def test_a_boundary_timer_sees_the_local_variables_of_its_activity(play) -> None:
    event = EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DURATION, feel("duration(patience)")))
    process = ProcessBuilder("p").start().user_task("work", inputs={"patience": '"P2D"'}).end()
    process.boundary("late", "work", event).chain("start", "work", "end").chain("late", "end")
    assert play(process.build()).start().due("late") == NOW + timedelta(days=2)


def test_a_boundary_event_on_a_sub_process_takes_everything_inside_away(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("mend").end()
    process.start("s", inside="sub").parallel("split", inside="sub").user_task("a", inside="sub")
    process.catch("b", timer("P9D"), inside="sub").chain("s", "split", "a").chain("split", "b")
    process.boundary("late", "sub", timer("P1D")).chain("start", "sub", "end").chain("late", "mend")
    running = play(process.build()).start().fire("late")
    assert (running.user_tasks, running.waiting) == (["mend"], [])
