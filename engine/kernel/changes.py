"""What can be asked of a running instance. Each is one step of the kernel from wait to wait.

`part` says where the token or wait lives (events and rows carry it), so that a step need not search the other parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from engine.model.value import empty_dict, value


@value(kw_only=True)
class Start:
    """Begin a root instance at a start event (None: the none start, else the message or timer start node id)."""

    graph_ref: str
    business_key: str
    variables: Mapping[str, Any] = field(default_factory=empty_dict)
    start_element_id: str | None = None


@value()
class Complete:
    """A user task (or manual wait) is done; `variables` go to its scope through the output mappings."""

    part: int
    token: int
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class FireTimer:
    """The wait's instant has come."""

    part: int
    wait: int


@value(kw_only=True)
class DeliverMessage:
    """A correlated message reaches one wait of the instance."""

    part: int
    wait: int
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class DeliverSignal:
    """A broadcast signal reaches every wait of that name in the instance."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class AnswerService:
    """A service node's work came back with its result variables."""

    part: int
    token: int
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class RaiseBpmnError:
    """A service node or user task ends in a BPMN error: the error boundary decides, else an incident."""

    part: int
    token: int
    error_code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class FailService:
    """A service node's work failed technically: an error boundary that catches all takes it, else an incident."""

    part: int
    token: int
    message: str


@value(kw_only=True)
class Retry:
    """Execute the node again whose incident is open on this token."""

    part: int
    token: int


@value(kw_only=True)
class ReturnTo:
    """Move from an open user task back to an earlier user task of the same scope (PROCESSES 0.3, Return 退回).

    Cancels the tokens of the scope that lie between the two; refused (WrongState) where that could strand a
    parallel branch.
    """

    part: int
    token: int
    element_id: str
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class TakeBack:
    """Move from an open user task back to the one before it, whose work goes on as if it had not been handed over
    (PROCESSES 0.3, Withdraw 撤回).

    As a return, but no return: nothing counts it, and the work stays due when it was.
    """

    part: int
    #: Of a user task that waits now; the others behind the target are cancelled with it.
    token: int
    element_id: str
    #: When the work was handed over; aware, UTC. Boundary timers of the step that fired before do not fire again.
    handed_over_at: datetime
    #: Aware, UTC; None where it never is due.
    due_at: datetime | None
    due_rule: str = ""


@value(kw_only=True)
class MoveDue:
    """An open user task is due at another instant: boundary timers that count from it are set anew.

    Those of a loop sit on the loop as a whole: one child of it is named for all.
    """

    part: int
    token: int
    #: Aware, UTC.
    due_at: datetime
    #: What the process itself keeps of the new instant.
    variables: Mapping[str, Any] = field(default_factory=empty_dict)


@value(kw_only=True)
class Cancel:
    """End the whole root instance with a reason; every open token, wait and called instance goes with it."""

    reason: str


@value(kw_only=True)
class SetVariables:
    """Change variables of the instance part's top scope; conditional events are evaluated afterwards."""

    part: int
    variables: Mapping[str, Any]


Change = (
    Start
    | Complete
    | FireTimer
    | DeliverMessage
    | DeliverSignal
    | AnswerService
    | RaiseBpmnError
    | FailService
    | Retry
    | ReturnTo
    | TakeBack
    | MoveDue
    | Cancel
    | SetVariables
)
