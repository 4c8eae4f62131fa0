"""A part under work: copy on write, so that a step copies only the tables it touches and reading copies nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel.changes import TakeBack
from engine.kernel.graph import Graph, Node
from engine.kernel.state import Part, PartKind, Scope, Token, Wait


class Draft:
    """One part as the running step sees it. Belongs to one step; `finished` gives the value that outlives it."""

    __slots__ = (
        "_own_scopes",
        "_own_tokens",
        "_own_variables",
        "_own_waits",
        "business_key",
        "gone",
        "graph",
        "kind",
        "last_end",
        "number",
        "parent",
        "part",
        "scopes",
        "tokens",
        "waits",
    )

    def __init__(self, part: Part, graph: Graph) -> None:
        self.part = part
        self.number = part.number
        self.kind = part.kind
        self.graph = graph
        self.business_key = part.business_key
        self.parent = part.parent
        # Shared with the part until first written.
        self.scopes: dict[int, Scope] = part.scopes  # type: ignore[assignment]
        self.tokens: dict[int, Token] = part.tokens  # type: ignore[assignment]
        self.waits: dict[int, Wait] = part.waits  # type: ignore[assignment]
        self._own_scopes = False
        self._own_tokens = False
        self._own_waits = False
        #: Scopes whose variables were copied in this step and may be written in place.
        self._own_variables: set[int] = set()
        #: Set when the part ends: what is still on its way in it is dropped.
        self.gone = False
        #: BPMN id of the end event reached last in this step.
        self.last_end = ""

    @property
    def is_branch(self) -> bool:
        return self.kind is PartKind.BRANCH

    @property
    def top(self) -> Scope:
        return next(iter(self.scopes.values()))

    def put_token(self, token: Token) -> None:
        """Let a token rest, or replace the one of its number."""
        if not self._own_tokens:
            self.tokens = dict(self.tokens)
            self._own_tokens = True
        self.tokens[token.number] = token

    def take_token(self, number: int) -> None:
        """A resting token moves on or ends; no error if it never rested."""
        if number in self.tokens:
            if not self._own_tokens:
                self.tokens = dict(self.tokens)
                self._own_tokens = True
            del self.tokens[number]

    def put_wait(self, wait: Wait) -> None:
        if not self._own_waits:
            self.waits = dict(self.waits)
            self._own_waits = True
        self.waits[wait.number] = wait

    def take_wait(self, number: int) -> None:
        if not self._own_waits:
            self.waits = dict(self.waits)
            self._own_waits = True
        del self.waits[number]

    def put_scope(self, scope: Scope) -> None:
        if not self._own_scopes:
            self.scopes = dict(self.scopes)
            self._own_scopes = True
        self.scopes[scope.number] = scope
        self._own_variables.discard(scope.number)

    def take_scope(self, number: int) -> None:
        if not self._own_scopes:
            self.scopes = dict(self.scopes)
            self._own_scopes = True
        del self.scopes[number]

    def count(self, scope: int, counters: Mapping[str, Any]) -> None:
        """Set counters of a scope; the others stay."""
        before = self.scopes[scope]
        owns_variables = scope in self._own_variables
        together = {**before.counters, **counters}
        self.put_scope(Scope(scope, before.parent, before.node, before.token, before.variables, together))
        if owns_variables:
            self._own_variables.add(scope)

    def set_variables(self, scope: int, values: Mapping[str, Any]) -> None:
        """Write variables of a scope; they are copied once a step."""
        if scope not in self._own_variables:
            before = self.scopes[scope]
            copied = dict(before.variables)
            self.put_scope(Scope(scope, before.parent, before.node, before.token, copied, before.counters))
            self._own_variables.add(scope)
        self.scopes[scope].variables.update(values)  # type: ignore[attr-defined]

    @property
    def is_changed(self) -> bool:
        return self._own_scopes or self._own_tokens or self._own_waits

    def finished(self) -> Part:
        """The part as a value, after the step."""
        part = self.part
        return Part(
            *(part.number, part.kind, part.graph_ref, part.business_key, part.parent),
            self.scopes,
            self.tokens,
            self.waits,
        )


@dataclass(slots=True)
class Visit:
    """A token at a node while the step runs: on its way there, executing, or leaving."""

    draft: Draft
    node: Node
    scope: int
    #: Flow index by which it comes; -1 if by none.
    flow: int = -1
    #: Number of this execution; 0 until it is entered.
    number: int = 0
    #: What a caught event brought along; None if nothing.
    payload: Mapping[str, Any] | None = None
    #: Scope with the local variables of the activity; -1 if it has none.
    local: int = -1
    #: Of a user task whose work goes on: how it was; None = everything is told anew.
    kept: TakeBack | None = None

    @property
    def inner_scope(self) -> int:
        """The innermost scope the node sees."""
        return self.scope if self.local < 0 else self.local
