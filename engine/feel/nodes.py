"""The syntax tree. `at` is the offset of the token that gives the node its meaning, `height` its nesting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    at: int
    height: int = field(init=False, default=1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "height", 1 + max((child.height for child in self.children()), default=0))

    def children(self) -> Iterable[Node]:
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(_Node):
    """A value; `reason` says why a literal such as `@"x"` is null."""

    value: Any
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(_Node):
    """A variable, a parameter, an iterator, or `?`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(_Node):
    """`base.name`."""

    base: Node
    name: str

    def children(self) -> Iterable[Node]:
        return (self.base,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(_Node):
    """`base[condition]` or `base[index]`."""

    base: Node
    condition: Node

    def children(self) -> Iterable[Node]:
        return (self.base, self.condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(_Node):
    """`function(a, b)` or `function(x: a, y: b)`."""

    function: Node
    arguments: tuple[Node, ...]
    #: As many as there are arguments, or empty when they are given by position.
    names: tuple[str, ...] = ()

    def children(self) -> Iterable[Node]:
        return (self.function, *self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(_Node):
    """`first + a - b …`, operators of one rank from left to right."""

    first: Node
    #: (operator, offset of the operator, operand)
    rest: tuple[tuple[str, int, Node], ...]

    def children(self) -> Iterable[Node]:
        return (self.first, *(operand for _, _, operand in self.rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(_Node):
    """`-operand`."""

    operand: Node

    def children(self) -> Iterable[Node]:
        return (self.operand,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(_Node):
    """`a and b and …` or `a or b or …`."""

    operator: str
    operands: tuple[Node, ...]

    def children(self) -> Iterable[Node]:
        return self.operands


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(_Node):
    """`left < right` and the like."""

    operator: str
    left: Node
    right: Node

    def children(self) -> Iterable[Node]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(_Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node

    def children(self) -> Iterable[Node]:
        return (self.value, self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class In(_Node):
    """`value in test` or `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]

    def children(self) -> Iterable[Node]:
        return (self.value, *self.tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryComparison(_Node):
    """`< operand` as a test, or as a range when it stands in parentheses: `(< 10)`."""

    operator: str
    operand: Node

    def children(self) -> Iterable[Node]:
        return (self.operand,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeLiteral(_Node):
    """`[start..end)` and the like."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool

    def children(self) -> Iterable[Node]:
        return (self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceOf(_Node):
    """`value instance of type`."""

    value: Node
    type: FeelType

    def children(self) -> Iterable[Node]:
        return (self.value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class If(_Node):
    """`if c then a else if d then b else e`, with the chain of `else if` kept flat."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node

    def children(self) -> Iterable[Node]:
        return (*(node for branch in self.branches for node in branch), self.otherwise)


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in source` or `name in source..end`."""

    name: str
    at: int
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class For(_Node):
    """`for x in a, y in b return body`."""

    iterators: tuple[Iterator, ...]
    body: Node

    def children(self) -> Iterable[Node]:
        return (*_sources(self.iterators), self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(_Node):
    """`some x in a satisfies body` or `every …`."""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node

    def children(self) -> Iterable[Node]:
        return (*_sources(self.iterators), self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLiteral(_Node):
    """`[a, b]`."""

    elements: tuple[Node, ...]

    def children(self) -> Iterable[Node]:
        return self.elements


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLiteral(_Node):
    """`{a: 1, b: a + 1}`."""

    entries: tuple[tuple[str, int, Node], ...]

    def children(self) -> Iterable[Node]:
        return (value for _, _, value in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLiteral(_Node):
    """`function(a: number, b) body`."""

    parameters: tuple[tuple[str, FeelType], ...]
    body: Node

    def children(self) -> Iterable[Node]:
        return (self.body,)


Node: TypeAlias = (
    Literal | Name | Path | Filter | Call | Arithmetic | Negation | Logic | Comparison | Between | In | UnaryComparison
    | RangeLiteral | InstanceOf | If | For | Quantified | ListLiteral | ContextLiteral | FunctionLiteral
)  # fmt: skip


def _sources(iterators: tuple[Iterator, ...]) -> list[Node]:
    return [node for iterator in iterators for node in (iterator.source, iterator.end) if node is not None]
