"""What happened in a step, in order. The store maps each event to row changes; together they are the history.

`part` numbers the process instance within its root (0 = the root itself); `token` and `wait` are numbers unique within
the root. Values are FEEL values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from engine.model.value import empty_dict, value


@value()
class Event:
    """Something that happened at an element of a process instance.

    What each step tells several times is made by position: to hand arguments by name costs as much as all the rest.
    """

    part: int
    #: BPMN id of the element.
    element_id: str


@value(kw_only=True)
class InstanceStarted(Event):
    #: The instance itself.
    element_id: str = ""
    graph_ref: str
    business_key: str
    #: Part and token of the call activity; None for a root.
    parent: tuple[int, int] | None
    variables: Mapping[str, Any] = field(default_factory=empty_dict)
    #: How the callee was resolved, e.g. {"binding": "latest"}; empty for a root.
    resolution: Mapping[str, str] = field(default_factory=empty_dict)


@value(kw_only=True)
class InstanceEnded(Event):
    #: The instance itself.
    element_id: str = ""
    #: completed | cancelled
    outcome: str
    #: BPMN ids of the end events reached last, for the caller and the reader.
    end_element_id: str = ""
    reason: str = ""


@value()
class ElementEntered(Event):
    """An activity, event or gateway begins to execute."""

    token: int
    #: Flow id by which the token came; "" for starts and boundary events.
    flow_id: str = ""


@value()
class ElementLeft(Event):
    """It has executed; `flow_ids` are the sequence flows taken."""

    token: int
    flow_ids: tuple[str, ...] = ()


@value(kw_only=True)
class ElementCancelled(Event):
    """It was interrupted: by a boundary event, a return, a terminate end or a cancel."""

    token: int
    cause: str = ""


@value(kw_only=True)
class UserTaskCreated(Event):
    token: int
    name: str
    form_key: str | None
    assignee: str | None
    #: Role keys or groups as the diagram gives them, evaluated; the people port resolves them.
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    lane: str | None
    #: The due rule as evaluated, e.g. "5WD" or "due.goal_review.fill"; "" if none.
    due_rule: str = ""
    properties: Mapping[str, str] = field(default_factory=empty_dict)
    #: Input-mapped local variables plus multi-instance element: what the form is prefilled from.
    local_variables: Mapping[str, Any] = field(default_factory=empty_dict)
    four_eyes_with: tuple[str, ...] = ()
    #: Value of the variable `unit_code` as the element sees it: whose object this is; people are routed by it.
    unit_code: str | None = None


@value()
class UserTaskCompleted(Event):
    token: int


@value(kw_only=True)
class UserTaskCancelled(Event):
    token: int
    cause: str = ""


@value()
class TimerSet(Event):
    wait: int
    due_at: datetime


@value()
class TimerCleared(Event):
    """Fired or no longer needed."""

    wait: int


@value(kw_only=True)
class MessageAwaited(Event):
    wait: int
    name: str
    correlation_key: str


@value()
class MessageWaitClosed(Event):
    wait: int


@value(kw_only=True)
class SignalAwaited(Event):
    wait: int
    name: str


@value()
class SignalWaitClosed(Event):
    wait: int


@value(kw_only=True)
class MessageThrown(Event):
    """To be put into the message table; a transaction of its own delivers it."""

    name: str
    correlation_key: str
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class SignalThrown(Event):
    """Waits of the same root have received it in this step already; other roots get it through the store."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class ServiceRequested(Event):
    """A service node waits for its answer: a local handler at once, or a worker when `external`."""

    token: int
    name: str
    external: bool
    #: Input-mapped variables, or all visible ones where the diagram maps none.
    variables: Mapping[str, Any]
    properties: Mapping[str, str] = field(default_factory=empty_dict)


@value(kw_only=True)
class ServiceWithdrawn(Event):
    """The node was cancelled before the answer."""

    token: int


@value(kw_only=True)
class DecisionMade(Event):
    decision_ref: str
    explanation: Mapping[str, Any]


@value()
class VariablesChanged(Event):
    """Values written to a scope, in the order they happened."""

    scope: int
    values: Mapping[str, Any]


@value(kw_only=True)
class ErrorCaught(Event):
    error_code: str
    message: str = ""


@value(kw_only=True)
class EscalationRaised(Event):
    escalation_code: str


@value(kw_only=True)
class IncidentOpened(Event):
    """The token stays at the element until somebody retries, or the instance is cancelled."""

    token: int
    message: str
    #: expression | script | service | decision | call | mapping | step-limit | no-flow
    kind: str


@value(kw_only=True)
class IncidentResolved(Event):
    token: int
