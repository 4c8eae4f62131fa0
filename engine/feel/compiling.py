"""From syntax tree to Python closures: the frame of the compiler, and how names find their place.

A compiled node is a function `code(run, scope)`. At the top, `scope` is the caller's context, untouched. Inside a loop,
a filter, a function or a context literal it is a frame: a list `[outer scope, value, value, …]`. Where a name is found
is decided when compiling; only the entries of a filtered item, which are unknown then, are looked up when running.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.feel.budget import Run
from engine.feel.functions import FeelFunction
from engine.feel.nodes import Name, Node

Code: TypeAlias = Callable[[Run, Any], Any]
Handler: TypeAlias = Callable[["Compiler", Any, "Lexical | None"], Code]


@dataclass(slots=True)
class Lexical:
    """The names of one frame, seen when compiling. Slot 0 of a frame is the outer scope."""

    outer: Lexical | None
    slots: dict[str, int]
    #: The frame of a filter: names are first looked for among the entries of its item (slot 1).
    filters: bool = False
    #: Names that the body reads.
    read: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name is found."""

    #: Frames to go out.
    hops: int
    #: Slot in that frame; None in the caller's context.
    slot: int | None
    #: Frames of filters on the way, whose items are asked first.
    filters: tuple[int, ...]


class Compiler:
    """Compiles the nodes of one source."""

    def __init__(
        self,
        source: str,
        handlers: Mapping[type, Handler],
        functions: Mapping[str, FeelFunction],
        declared: frozenset[str],
    ) -> None:
        self.source = source
        self.functions = functions
        #: Names the caller says are in the context: they win over functions of that name.
        self.declared = declared
        #: Names read from the caller's context.
        self.free: set[str] = set()
        #: Functions from outside the text that it reads.
        self.called: set[str] = set()
        #: Whether an evaluation must keep account of its cost: there are loops or calls.
        self.needs_run = False
        #: Nodes compiled so far.
        self.count = 0
        self._handlers = handlers

    def compile(self, node: Node, lexical: Lexical | None) -> Code:
        """The code of a node in a lexical scope."""
        self.count += 1
        return self._handlers[type(node)](self, node, lexical)

    def sized(self, node: Node, lexical: Lexical | None) -> tuple[Code, int]:
        """The code of a node and the number of nodes in it, which is what running it once costs in steps."""
        before = self.count
        code = self.compile(node, lexical)
        return code, self.count - before

    def variable(self, node: Node, lexical: Lexical | None) -> str | None:
        """The name of a node that is a plain read of the caller's context, where that context is the scope itself."""
        if lexical is not None or not isinstance(node, Name) or node.name in self.functions:
            return None
        self.free.add(node.name)
        return node.name

    def find(self, name: str, lexical: Lexical | None) -> Place:
        """Where a name is found; names of the context are noted as free."""
        hops = 0
        filters: list[int] = []
        while lexical is not None:
            if lexical.filters:
                filters.append(hops)
            slot = lexical.slots.get(name)
            if slot is not None:
                lexical.read.add(name)
                return Place(hops, slot, tuple(filters))
            lexical = lexical.outer
            hops += 1
        return Place(hops, None, tuple(filters))
