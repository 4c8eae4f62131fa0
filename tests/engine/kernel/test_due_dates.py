"""The due instant of a user task: boundary timers count from it, and go along when it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.kernel import changes, events
from engine.kernel.graph import EventDefinition, EventKind, People, StandardLoop, Timer, TimerKind
from engine.kernel.state import BRANCH_THRESHOLD, TokenState
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, feel, many, timer
from tests.playing import NOW

#: Five working days from NOW, a Monday, at 18:00 Asia/Shanghai.
DUE = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
LATER = DUE + timedelta(days=30)


def after_due(days: int) -> EventDefinition:
    rule = feel(f'task_due_at + duration("P{days}D")')
    return EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DATE, rule))


def hosted(*, loop=None, due: str | None = "5WD", test: str | None = None) -> ProcessBuilder:
    """Two timers sit on the work: `late` counts from its due instant, `nag` from its beginning."""
    process = ProcessBuilder("p").start().user_task("work", due=due, loop=loop).end().end("told").end("nagged")
    process.boundary("late", "work", after_due(3), interrupting=False)
    process.boundary("nag", "work", timer("P1D"), interrupting=False)
    return process.chain("start", "work", "end").chain("late", "told").chain("nag", "nagged")


def move(running, due_at=LATER, **variables):
    part, token = running._token("work", TokenState.USER_TASK)
    return running.apply(changes.MoveDue(part=part, token=token.number, due_at=due_at, variables=variables))


def test_a_boundary_timer_counts_from_the_due_instant(play) -> None:
    running = play(hosted().build()).start()
    assert running.due("late") == DUE + timedelta(days=3)


@pytest.mark.parametrize(
    "loop",
    [
        None,
        many("[1, 2, 3]"),
        many(times="3", sequential=True),
        many(times=str(BRANCH_THRESHOLD + 1)),
        StandardLoop(None, maximum=3),
    ],
    ids=["once", "parallel", "sequential", "branches", "standard loop"],
)
def test_it_goes_along_when_the_due_instant_is_moved(play, loop) -> None:
    running = play(hosted(loop=loop).build()).start()
    nag = running.due("nag")
    assert running.due("late") == DUE + timedelta(days=3)
    move(running, promised="2026-04-08")
    assert running.due("late") == LATER + timedelta(days=3)
    assert running.due("nag") == nag
    assert [type(event) for event in running.events] == [
        events.VariablesChanged,
        events.TimerCleared,
        events.TimerSet,
    ]
    assert running.variables["promised"] == "2026-04-08"
    running.fire("late").fire("nag")
    while running.user_tasks:
        running.complete("work")
    assert running.has_ended


def test_a_timer_that_has_fired_stays_gone(play) -> None:
    running = play(hosted().build()).start().fire("late")
    move(running)
    assert running.waiting == ["nag"]
    assert not any(isinstance(event, events.TimerSet) for event in running.events)


def test_a_variable_of_the_same_name_does_not_hide_it(play) -> None:
    running = play(hosted().build()).start(task_due_at="tomorrow")
    assert running.due("late") == DUE + timedelta(days=3)


def test_without_a_due_rule_such_a_timer_is_an_incident(play) -> None:
    running = play(hosted(due=None).build()).start()
    assert running.incidents == ["work"]
    assert "but found null" in running.last(events.IncidentOpened).message


@pytest.mark.parametrize("when", ["9999-12-31", "9999-12-31T23:59:59-12:00", "0001-01-02", "P8000Y", "P9999Y"])
def test_a_due_instant_near_the_ends_of_the_calendar_is_an_incident_that_can_be_retried(play, when) -> None:
    process = ProcessBuilder("p").start().user_task("work", people=People(due=feel("when"))).end()
    running = play(process.chain("start", "work", "end").build()).start(when=when)
    assert running.incidents == ["work"]
    assert running.last(events.IncidentOpened).message.startswith("Expected ")
    assert running.set(when="5WD").retry("work").user_tasks == ["work"]


def test_only_an_open_user_task_can_be_moved(play) -> None:
    running = play(hosted().build()).start()
    token = running.last(events.UserTaskCreated).token
    with pytest.raises(WrongState, match=f"Expected token {token + 1} to rest as a user task"):
        running.apply(changes.MoveDue(part=0, token=token + 1, due_at=LATER))


def test_a_timer_that_cannot_be_told_by_the_new_instant_leaves_everything_as_it_was(play) -> None:
    process = ProcessBuilder("p").start().user_task("work", due="5WD").end().end("told")
    rule = feel(f'if task_due_at > @"{NOW.date().replace(month=4)}T00:00:00+08:00" then null else task_due_at')
    late = EventDefinition(EventKind.TIMER, timer=Timer(TimerKind.DATE, rule))
    process.boundary("late", "work", late, interrupting=False).chain("start", "work", "end").chain("late", "told")
    running = play(process.build()).start()
    with pytest.raises(WrongState, match="found null"):
        move(running)
    assert running.due("late") == DUE
