"""Incidents, retries, the step limit, cancelling."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import changes, events
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, message, signal, timer
from tests.playing import Play


def endless() -> ProcessBuilder:
    process = ProcessBuilder("p").start().exclusive("again").script("count", "{n: n + 1}").exclusive("enough?").end()
    process.chain("start", "again", "count", "enough?", "end", when="n >= limit")
    return process.chain("enough?", "again", default=True)


def test_a_loop_without_a_wait_stops_at_the_step_limit_and_can_be_mended(play) -> None:
    running = play(endless().build(), step_limit=300).start(n=Decimal(0), limit=Decimal(10_000))
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == (
        "step-limit",
        "Expected at most 300 executions in one step, but there are more to come.",
    )
    assert running.variables["n"] == Decimal(100)
    running.set(limit=Decimal(150)).retry(running.incidents[0])
    assert running.has_ended


def test_every_token_on_its_way_is_kept_at_the_step_limit(play) -> None:
    process = ProcessBuilder("p").start().parallel("split").user_task("beside").exclusive("again").abstract("x")
    process.chain("start", "split", "again", "x", "again").chain("split", "beside")
    running = play(process.build(), step_limit=50).start()
    assert len(running.incidents) == 2
    assert "beside" in running.incidents
    assert running.retry("beside").user_tasks == ["beside"]


def test_ten_thousand_automatic_rounds_run_in_one_step() -> None:
    running = Play(endless().build()).start(n=Decimal(0), limit=Decimal(10_000))
    assert running.has_ended


def test_a_token_without_incident_cannot_be_retried(play) -> None:
    process = ProcessBuilder("p").start().user_task("a").end().chain("start", "a", "end")
    running = play(process.build()).start()
    token = running.last(events.UserTaskCreated).token
    with pytest.raises(WrongState, match="to rest as incident, but it rests as user-task"):
        running.apply(changes.Retry(part=0, token=token))


def test_a_retry_that_fails_again_is_an_incident_again(play) -> None:
    process = ProcessBuilder("p").start().script("s", "x").end().chain("start", "s", "end")
    running = play(process.build()).start(x=Decimal(1)).retry("s")
    assert running.incidents == ["s"]
    assert len(running.all(events.IncidentOpened)) == 2
    assert running.set(x={"y": True}).retry("s").has_ended


def test_an_incident_behind_an_event_keeps_what_the_event_brought(play) -> None:
    process = ProcessBuilder("p").start().end()
    process.catch("wait", message("paid"), outputs={"total": "sum(for i in 1..n return i) + amount"})
    running = play(process.user_task("u").chain("start", "wait", "u", "end").build()).start(n=Decimal(10_000_000))
    running.deliver("wait", amount=Decimal(5))
    assert running.incidents == ["wait"]
    running.set(n=Decimal(1)).retry("wait")
    assert running.variables == {"n": Decimal(1), "total": Decimal(6)}


def test_cancelling_closes_everything_that_is_open(play) -> None:
    process = ProcessBuilder("p").start().parallel("split").user_task("a").service("b").catch("c", signal("x"))
    process.sub_process("sub").script("broken", "1").end()
    process.start("s", inside="sub").user_task("d", inside="sub").boundary("t", "d", timer("P1D")).chain("s", "d")
    process.receive("m", message("paid")).chain("start", "split")
    for name in ("a", "b", "c", "sub", "broken", "m"):
        process.chain("split", name)
    running = play(process.build()).start().cancel("over")
    assert running.has_ended
    assert running.last(events.InstanceEnded) == events.InstanceEnded(part=0, outcome="cancelled", reason="over")
    closing = (
        *(events.UserTaskCancelled, events.ServiceWithdrawn, events.SignalWaitClosed, events.TimerCleared),
        *(events.MessageWaitClosed, events.IncidentResolved),
    )
    assert [len(running.all(kind)) for kind in closing] == [2, 1, 1, 1, 1, 1]
