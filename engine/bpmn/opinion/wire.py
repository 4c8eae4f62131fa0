"""What goes to the child process and comes back: JSON, with values as plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.bpmn.opinion import python_table
from engine.bpmn.opinion.cases import Broadcast, Complete, Pass, Receive, Showing, Sight, Step
from engine.bpmn.opinion.plan import NoCounterpart, constant

__all__ = [
    "NoCounterpart",
    "pack_replay",
    "pack_showing",
    "pack_step",
    "pack_values",
    "unpack_replay",
    "unpack_showing",
    "unpack_step",
    "unpack_values",
]


def pack_values(values: Mapping[str, Any]) -> list[Any]:
    """Raises NoCounterpart for a value that Python and FEEL do not share."""
    return constant(dict(values))


def unpack_values(packed: list[Any]) -> dict[str, Any]:
    return python_table.run(packed, {})


def pack_step(step: Step) -> list[Any]:
    if isinstance(step, Complete):
        return ["complete", step.element_id, pack_values(step.variables)]
    if isinstance(step, Receive):
        return ["receive", step.name, pack_values(step.variables)]
    if isinstance(step, Pass):
        return ["pass", step.time.total_seconds(), None]
    return ["broadcast", step.name, None]


def unpack_step(packed: Sequence[Any]) -> Step:
    kind, subject, values = packed
    if kind == "complete":
        return Complete(subject, unpack_values(values))
    if kind == "receive":
        return Receive(subject, unpack_values(values))
    return Pass(timedelta(seconds=subject)) if kind == "pass" else Broadcast(subject)


def pack_replay(replay: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """By element id, what each execution wrote; a text is an error code and stays one."""
    return {
        element_id: [answer if isinstance(answer, str) else pack_values(answer) for answer in answers]
        for element_id, answers in replay.items()
    }


def unpack_replay(packed: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    return {
        element_id: [answer if isinstance(answer, str) else unpack_values(answer) for answer in answers]
        for element_id, answers in packed.items()
    }


def pack_showing(showing: Showing) -> dict[str, Any]:
    return {
        "sights": [[sight.user_tasks, sight.waits, sight.state] for sight in showing.sights],
        "variables": pack_values(showing.variables),
    }


def unpack_showing(packed: Mapping[str, Any]) -> Showing:
    sights = tuple(
        Sight(user_tasks=tuple(user_tasks), waits=tuple(waits), state=state)
        for user_tasks, waits, state in packed["sights"]
    )
    return Showing(sights=sights, variables=unpack_values(packed["variables"]))
