"""What a step may know besides state and change: frozen for the step, so that same input gives same output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Protocol

from engine.model.value import empty_dict, value


@value()
class DecisionAnswer:
    """The answer of a decision with what explains it."""

    value: Any
    #: "key:version" of the decision that answered.
    ref: str
    #: JSON-ready explanation: inputs, matched rules with annotation, outputs.
    explanation: Mapping[str, Any] = field(default_factory=empty_dict)


class DecisionPort(Protocol):
    """Evaluates deployed decisions."""

    def __call__(self, key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> DecisionAnswer:
        """Answer for the context. Raises ExecutionFailed when the decision is absent or fails.

        Args:
            binding: deployment | latest | version | versionTag
            version: the version or its tag; for "deployment" the "key:version" of the process that asks.
        """
        ...


class DeadlinePort(Protocol):
    """Turns what a diagram says about time into instants, by the working calendar and the configured deadlines."""

    def due_at(self, rule: Any, start: datetime) -> datetime:
        """Due instant of a user task: `rule` is "5WD", "30D", "due.<process>.<step>", ISO text, a date, an instant
        or a duration. Day-based rules end at 18:00 Asia/Shanghai of the last day. Raises ExecutionFailed."""
        ...

    def fires_at(self, rule: Any, start: datetime) -> datetime:
        """Instant of a timer event: as due_at, but durations are exact and working days end at the same time of day."""
        ...


@value()
class Environment:
    """Now, and the ports that were frozen for this step."""

    #: Aware, UTC.
    now: datetime
    decide: DecisionPort
    deadlines: DeadlinePort
    #: Extra variables every expression may read, e.g. {"calendar_version": "2026-1"}; recorded in the events.
    versions: Mapping[str, str] = field(default_factory=empty_dict)
    #: Upper bound of node executions in one change; a loop without a wait becomes an incident.
    step_limit: int = 100_000
