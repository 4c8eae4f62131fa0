"""Start, end and what stands between them in a row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import changes, events
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder


def approval() -> ProcessBuilder:
    process = ProcessBuilder("approval")
    process.start().user_task("fill", groups="project_owner", due="5WD").user_task("check").end()
    return process.chain("start", "fill", "check", "end")


def test_a_process_runs_from_user_task_to_user_task_to_its_end(play) -> None:
    running = play(approval().build()).start(amount=Decimal(5))
    assert running.user_tasks == ["fill"]
    running.complete("fill", amount=Decimal(7))
    assert running.user_tasks == ["check"]
    assert running.variables == {"amount": Decimal(7)}
    running.complete("check")
    assert running.has_ended
    assert running.outcome == ("completed", "end")
    assert running.path == ["start", "fill", "check", "end"]


def test_a_second_completion_is_refused(play) -> None:
    running = play(approval().build()).start()
    token = running.last(events.UserTaskCreated).token
    running.complete("fill")
    with pytest.raises(WrongState, match=f"Expected token {token} to rest as user-task, but it is not there any more"):
        running.apply(changes.Complete(part=0, token=token))


def test_an_ended_instance_takes_no_change(play) -> None:
    running = play(approval().build()).start().complete("fill").complete("check")
    with pytest.raises(WrongState, match="Expected a running instance, but it has ended"):
        running.apply(changes.DeliverSignal(name="any"))
