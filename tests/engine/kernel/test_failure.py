"""Failures tell operators what went wrong, and nothing of what people wrote."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.kernel import events
from engine.kernel.graph import Call, EventDefinition, EventKind, NodeKind, People, Timer, TimerKind
from tests.builders import ProcessBuilder, feel, many, message
from tests.playing import Play

#: Gives the text where it is one, else a list.
TEXT = 'if x = "secret" then x else [x]'
SECRET = {"secret": ["secret"]}


def alone(make: Any) -> ProcessBuilder:
    """A process with one node "here"."""
    process = ProcessBuilder("p").start().end()
    make(process)
    return process.chain("start", "here", "end")


def task(**people: Any) -> ProcessBuilder:
    return alone(lambda process: process.user_task("here", people=People(**people)))


def catching(event: EventDefinition) -> ProcessBuilder:
    return alone(lambda process: process.catch("here", event))


def timed(kind: TimerKind) -> ProcessBuilder:
    return catching(EventDefinition(EventKind.TIMER, timer=Timer(kind, feel("x"))))


@pytest.mark.parametrize("x", [SECRET, [SECRET], "secret", 7, None], ids=["context", "list", "text", "number", "null"])
@pytest.mark.parametrize(
    "process",
    [
        task(assignee=feel("[x, x]")),
        task(candidate_users=(feel("{a: x}"),)),
        task(candidate_groups=(feel("[1, x]"),)),
        task(due=feel("[x]")),
        task(due=feel(TEXT)),
        task(priority=feel("[x]")),
        task(priority=feel(TEXT)),
        alone(lambda process: process.user_task("here", loop=many("{a: x}"))),
        alone(lambda process: process.user_task("here", loop=many(times="[x]"))),
        alone(lambda process: process.script("here", "[x]")),
        alone(lambda process: process.node("here", NodeKind.CALL_ACTIVITY, call=Call(feel("[x]")))),
        alone(lambda process: process.node("here", NodeKind.CALL_ACTIVITY, call=Call(feel(TEXT)))),
        timed(TimerKind.DATE),
        timed(TimerKind.DURATION),
        timed(TimerKind.CYCLE),
        catching(message("paid", "[x]")),
    ],
)
def test_an_incident_tells_nothing_of_what_people_wrote(process: ProcessBuilder, x: Any) -> None:
    running = Play(process.build()).start(x=x)

    incident = running.last(events.IncidentOpened)
    assert incident.message.startswith("Expected ")
    assert "secret" not in incident.message
    assert not {"Decimal", "None", "True", "{", "["} & set(re.findall(r"\w+|[{\[]", incident.message))


@pytest.mark.parametrize("x", [SECRET, "secret"])
def test_a_condition_that_is_neither_true_nor_false_tells_nothing_of_it(x: Any) -> None:
    process = ProcessBuilder("p").start().exclusive("here").end().chain("start", "here").chain("here", "end", when="x")

    message_text = Play(process.build()).start(x=x).last(events.IncidentOpened).message

    assert "secret" not in message_text
    assert message_text.startswith("Expected the condition of flow 'here>end' to be true or false, but found a ")
