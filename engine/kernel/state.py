"""The state of one root instance: a value. What is open, and the variables; never what happened.

A root instance is a set of parts. Each called process is a part of its own (own row, own blob); so is each child of a
multi-instance body with more than `BRANCH_THRESHOLD` children. A step copies only the parts it touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: Above this many children of one multi-instance body, each child is a part of its own.
BRANCH_THRESHOLD = 200


class PartKind(StrEnum):
    INSTANCE = "instance"
    BRANCH = "branch"


class WaitKind(StrEnum):
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"


class TokenState(StrEnum):
    """Why a token rests where it is."""

    USER_TASK = "user-task"
    SERVICE = "service"
    CALL = "call"
    SCOPE = "scope"  # a sub-process or multi-instance body runs inside
    EVENT = "event"  # waits for its wait(s)
    JOIN = "join"  # arrived at a joining gateway
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that rests at a node."""

    number: int
    node: int
    scope: int
    state: TokenState
    #: Flow index by which it came; -1 if by none. Joins decide by it.
    flow: int = -1


@dataclass(frozen=True, slots=True)
class Wait:
    """A subscription: of a resting token (catch, event-based gateway, boundary) or of a scope (event sub-process)."""

    number: int
    kind: WaitKind
    #: The event node that will be triggered.
    node: int
    scope: int
    #: The token that waits or whose activity the boundary event sits on; None for event sub-processes.
    token: int | None = None
    name: str = ""
    correlation_key: str = ""
    due_at: datetime | None = None
    #: Cycle timers: firings left after this one; None = for ever.
    repeats: int | None = 0
    #: Cycle timers: the rule that gives the next instant, as evaluated.
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where variables live: instance, sub-process with local data, multi-instance body or child, event sub-process."""

    number: int
    #: Enclosing scope number in the same part (or, for a branch, in the owning part); None at the top.
    parent: int | None
    #: The sub-process or multi-instance node this scope executes; -1 at the top.
    node: int
    #: The token that waits for this scope to end; None at the top.
    token: int | None
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: Multi-instance body: counters and collected outputs.
    counters: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Part:
    """One process instance of the root, or one branch of a big multi-instance body."""

    number: int
    kind: PartKind
    graph_ref: str
    business_key: str
    #: (part, token) that waits for this one; None for the root.
    parent: tuple[int, int] | None
    scopes: Mapping[int, Scope] = field(default_factory=dict[int, Scope])
    tokens: Mapping[int, Token] = field(default_factory=dict[int, Token])
    waits: Mapping[int, Wait] = field(default_factory=dict[int, Wait])


@dataclass(frozen=True, slots=True)
class State:
    """A root instance from wait to wait. Empty `parts` = it has ended."""

    parts: Mapping[int, Part]
    #: The next number for a part, scope, token or wait.
    next_number: int
