"""Test cases of a process, and what both engines must show alike when they play them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Complete:
    """A person completes the first open user task of this element."""

    element_id: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Pass:
    """Time passes; every timer that falls due fires, in the order of their instants."""

    time: timedelta


@dataclass(frozen=True, slots=True)
class Receive:
    """A message of this name reaches everything that waits for it."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A signal of this name."""

    name: str


Step = Complete | Pass | Receive | Broadcast


@dataclass(frozen=True, slots=True, kw_only=True)
class Raises:
    """An answer of the outside that is a BPMN error."""

    error_code: str


#: What a service handler or a called process outside the test answers.
Answer = Mapping[str, Any] | Raises


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way through a process."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    steps: tuple[Step, ...] = ()
    #: By element id of a service task, or of a call activity whose process is not given: one answer for each
    #: execution, the last one again and again. An element without an entry answers nothing.
    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict[str, tuple[Answer, ...]])
    #: By decision key: the value of each evaluation, the last one again and again.
    decisions: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    #: The start event; None for the none start event.
    start_element_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What can be seen of an instance when it rests."""

    #: Element ids of the open user tasks, sorted; a multi-instance one as often as it is open.
    user_tasks: tuple[str, ...] = ()
    #: Element ids of the events that are waited for, boundary events included, sorted. Not those that let their
    #: host go on: SpiffWorkflow listens for them once, BPMN as long as the host is open (10.5.6).
    waits: tuple[str, ...] = ()
    #: running | ended | failed (a gateway without way out, an expression or script that fails)
    state: str = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A played case: what was seen after the start and after each step, and the variables at the end."""

    sights: tuple[Sight, ...]
    #: Of the instance's top scope, once it has ended; empty before.
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why nothing can be compared."""

    #: Stable, kebab-case.
    cause: str
    reason: str
    #: Where it was met; "" if nowhere in particular.
    element_id: str = ""


class DoesNotFit(Exception):
    """A step of the case completes a user task that is not open."""

    def __init__(self, step: int, element_id: str, open_ones: Iterable[str]) -> None:
        super().__init__(f"step {step}: user task {element_id} is not open")
        self.step = step
        self.element_id = element_id
        #: Element ids of the user tasks that are open.
        self.open = ", ".join(sorted(open_ones)) or "–"
