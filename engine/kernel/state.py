"""The state of one root instance: a value. What is open, and the variables; never what happened.

A root instance is a set of parts. Each called process is a part of its own (own row, own blob); so are the body and
each child of a parallel multi-instance activity with more than `BRANCH_THRESHOLD` children:

    owner (instance)            body (branch)                 children (branches)
    token BRANCHES  ──inside──► scope with the counters ◄──── scope with loopCounter and the element, token, waits
                                first child's number + how many: children are found by counting, never by a search

A step copies only the parts it touches, so completing a child costs the same among 50 siblings and among 5,000.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.model.value import empty_dict, value

#: Above this many children of one parallel multi-instance body, each child is a part of its own.
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
    SCOPE = "scope"  # a sub-process, event sub-process or loop body runs inside, in the same part
    BRANCHES = "branches"  # a multi-instance body runs inside, in parts of its own
    EVENT = "event"  # waits for its wait(s)
    JOIN = "join"  # arrived at a joining gateway
    INCIDENT = "incident"


class Resume(StrEnum):
    """Where a retry takes up a token with an incident."""

    ENTER = "enter"  # execute the node from its beginning
    COMPLETE = "complete"  # its work is done: outputs, completion condition
    LEAVE = "leave"  # choose the flows


@value()
class Token:
    """A token that rests at a node. Its number is that of one execution of the node and is never used again."""

    number: int
    node: int
    scope: int
    state: TokenState
    #: Flow index by which it came; -1 if by none. Joins decide by it.
    flow: int = -1
    #: What runs or lies inside: number of a scope (SCOPE; local variables of an activity), or of a part (CALL,
    #: BRANCHES).
    inside: int = -1
    #: Where a retry goes on; "" without incident.
    resume: str = ""


@value()
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
    #: Cycle timers: the interval as evaluated, the instant it counts from and how many intervals have passed
    #: ("P1M 2026-01-31T01:00:00+00:00 3"). Conditions: "held" while true, so that only becoming true triggers.
    rule: str = ""


@value()
class Scope:
    """Where variables live: instance, sub-process, loop body or child, event sub-process, activity with inputs."""

    number: int
    #: Enclosing scope number in the same part (or, for a branch, in the owning part); None at the top.
    parent: int | None
    #: The sub-process, loop or activity node this scope executes; -1 at the top.
    node: int
    #: The token that waits for this scope to end; None at the top and for children of a loop.
    token: int | None
    variables: Mapping[str, Any] = field(default_factory=empty_dict)
    #: Loops: `nrOfInstances`, `nrOfCompletedInstances`, `loopCounter`, collected outputs. Others: "interrupted": 1
    #: once an interrupting event sub-process has taken over.
    counters: Mapping[str, Any] = field(default_factory=empty_dict)


@value()
class Part:
    """One process instance of the root, or one branch of a big multi-instance body."""

    number: int
    kind: PartKind
    graph_ref: str
    business_key: str
    #: (part, token) that waits for this one; None for the root.
    parent: tuple[int, int] | None
    scopes: Mapping[int, Scope] = field(default_factory=empty_dict)
    tokens: Mapping[int, Token] = field(default_factory=empty_dict)
    waits: Mapping[int, Wait] = field(default_factory=empty_dict)

    @property
    def top(self) -> Scope:
        """The outermost scope: that of the instance, or of the branch."""
        return next(iter(self.scopes.values()))

    def to_plain(self) -> list[Any]:
        """Nested lists and dicts of text, whole numbers and FEEL values, for the codec."""
        return [
            self.number,
            str(self.kind),
            self.graph_ref,
            self.business_key,
            list(self.parent) if self.parent else None,
            [
                [scope.number, scope.parent, scope.node, scope.token, dict(scope.variables), dict(scope.counters)]
                for scope in self.scopes.values()
            ],
            [
                [token.number, token.node, token.scope, str(token.state), token.flow, token.inside, token.resume]
                for token in self.tokens.values()
            ],
            [
                [
                    wait.number,
                    # `.value` of an enumeration takes ten times as long
                    str(wait.kind),
                    wait.node,
                    wait.scope,
                    wait.token,
                    wait.name,
                    wait.correlation_key,
                    wait.due_at,
                    wait.repeats,
                    wait.rule,
                ]
                for wait in self.waits.values()
            ],
        ]

    @staticmethod
    def from_plain(plain: Sequence[Any]) -> Part:
        """The part `to_plain` was made from."""
        number, kind, graph_ref, business_key, parent, scopes, tokens, waits = plain
        return Part(
            number=number,
            kind=PartKind(kind),
            graph_ref=graph_ref,
            business_key=business_key,
            parent=(parent[0], parent[1]) if parent else None,
            scopes={row[0]: Scope(*row) for row in scopes},
            tokens={row[0]: Token(row[0], row[1], row[2], TokenState(row[3]), *row[4:]) for row in tokens},
            waits={row[0]: Wait(row[0], WaitKind(row[1]), *row[2:]) for row in waits},
        )


@value()
class State:
    """A root instance from wait to wait. Empty `parts` = it has ended."""

    #: May be lazy: the kernel asks for the parts it needs by number and never goes through all of them.
    parts: Mapping[int, Part]
    #: The next number for a part, scope, token or wait.
    next_number: int
