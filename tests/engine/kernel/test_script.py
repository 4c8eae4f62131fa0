"""Script tasks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import events
from tests.builders import ProcessBuilder, error
from tests.engine.kernel.test_variables import LONG


def scripted(text: str, **fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().script("s", text, **fields).user_task("after").end()
    return process.chain("start", "s", "after", "end")


def test_each_entry_of_the_context_becomes_a_variable(play) -> None:
    running = play(scripted("{a: amount + 1, b: a * 2}").build()).start(amount=Decimal(1))
    assert running.variables == {"amount": Decimal(1), "a": Decimal(2), "b": Decimal(4)}


def test_with_a_result_variable_the_value_goes_there(play) -> None:
    running = play(scripted("amount + 1", into="more").build()).start(amount=Decimal(1))
    assert running.variables == {"amount": Decimal(1), "more": Decimal(2)}


def test_a_script_that_gives_no_context_is_an_incident(play) -> None:
    running = play(scripted("amount").build()).start(amount=Decimal(1))
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == (
        "script",
        "Expected a context from script 's', but found a number.",
    )
    running.set(amount={"fixed": True}).retry("s")
    assert running.variables["fixed"] is True


def failing() -> ProcessBuilder:
    return ProcessBuilder("p").start().script("s", LONG, into="x").user_task("mend").end().chain("start", "s", "end")


@pytest.mark.parametrize("code", ["", "other"])
def test_a_failing_script_goes_to_an_error_boundary_event_that_catches_all(play, code) -> None:
    process = failing().boundary("broken", "s", error(code), outputs={"why": "errorMessage"}).chain("broken", "mend")
    running = play(process.build()).start(n=Decimal(10_000_000))
    if code:
        assert running.incidents == ["s"]
        return
    assert running.user_tasks == ["mend"]
    assert "within its budget" in running.variables["why"]
    assert running.last(events.ErrorCaught).element_id == "broken"


def test_a_failing_script_is_caught_by_the_sub_process_around(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("mend").end()
    process.start("i", inside="sub").script("s", LONG, into="x", inside="sub", inputs={"a": "1"}).chain("i", "s")
    process.boundary("broken", "sub", error()).chain("start", "sub", "end").chain("broken", "mend")
    assert play(process.build()).start(n=Decimal(10_000_000)).user_tasks == ["mend"]


def test_today_is_the_day_in_shanghai(play) -> None:
    running = play(scripted("string(today())", into="day").build())
    running.now = running.now.replace(hour=20)
    assert running.start().variables["day"] == "2026-03-03"
