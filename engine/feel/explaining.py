"""Why an expression gives what it gives: the values of its parts, and the reasons for its nulls.

A part that stands outside of loops and functions means the same when it is evaluated alone, so that is what is done:
slow, but true whatever the compiler makes of the whole.

    amount > budget and grade = "优"     false
    ├ amount > budget                   false
    │ ├ amount                          150
    │ └ budget                          200
    └ grade = "优"                       true
      └ grade                           优
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel.budget import NullReason
from engine.feel.functions import FeelFunction
from engine.feel.nodes import (
    Between,
    Call,
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    If,
    In,
    Literal,
    Node,
    Quantified,
    UnaryComparison,
)
from engine.feel.parsing import Extents
from engine.feel.preparation import compile_expression, parts_of
from engine.feel.values import FunctionValue
from engine.model.errors import EngineError

#: Parts that are shown; a longer expression is not explained by more of them.
MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expression with its value."""

    text: str
    value: Any
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole expression with its parts, and why there are nulls."""

    whole: Part
    reasons: tuple[NullReason, ...]


def explain(
    source: str,
    context: Mapping[str, Any],
    *,
    names: Iterable[str] = (),
    functions: Mapping[str, FeelFunction] | None = None,
    now: datetime | None = None,
) -> Explanation:
    """Evaluate an expression and its parts.

    Args and errors are those of `compile_expression` and `Expression.evaluate`. Parts whose value is the text itself
    (literals) and those that nothing was asked of (the other branch of an `if`) are left out.
    """
    told = frozenset(names)
    found = compile_expression(source, names=told, functions=functions).evaluate_explained(context, now)
    tree, extents = parts_of(source, names=told, functions=functions)
    explainer = _Explainer(source, extents, context, told, functions, now)
    return Explanation(Part(source.strip(), found.value, explainer.parts_below(tree)), found.warnings)


class _Explainer:
    def __init__(
        self,
        source: str,
        extents: Extents,
        context: Mapping[str, Any],
        names: frozenset[str],
        functions: Mapping[str, FeelFunction] | None,
        now: datetime | None,
    ) -> None:
        self._source = source
        self._extents = extents
        self._context = context
        self._names = names
        self._functions = functions
        self._now = now
        self._left = MOST_PARTS

    def parts_below(self, node: Node) -> tuple[Part, ...]:
        """The parts of a node that can be asked alone, in the order of the text."""
        found: list[Part] = []
        for child in self._asked(node):
            part = self._part(child)
            if part is None:
                # a part without a text or value of its own: what is below it stands in its place
                found += self.parts_below(child)
            else:
                found.append(part)
        return tuple(found)

    def _part(self, node: Node) -> Part | None:
        extent = self._extents.get(id(node))
        if extent is None or isinstance(node, Literal | UnaryComparison) or self._left <= 0:
            return None
        text = self._source[extent[1] : extent[2]]
        try:
            value = self._value(text)
        except EngineError:
            return None
        if isinstance(value, FunctionValue):
            return None
        self._left -= 1
        return Part(text, value, self.parts_below(node))

    def _value(self, text: str) -> Any:
        """The value of a part alone. Raises EngineError."""
        expression = compile_expression(text, names=self._names, functions=self._functions)
        return expression.evaluate(self._context, self._now)

    def _asked(self, node: Node) -> Iterable[Node]:
        """The children that see what the whole sees, and that were evaluated."""
        match node:
            case ContextLiteral() | FunctionLiteral():
                return ()
            case For() | Quantified():
                return (node.iterators[0].source, *([node.iterators[0].end] if node.iterators[0].end else ()))
            case Filter():
                return (node.base,)
            case In() | Between():
                return node.children()
            case Call():
                return node.arguments
            case If():
                return self._taken(node)
            case _:
                return node.children()

    def _taken(self, node: If) -> Iterable[Node]:
        """The conditions up to the one that held, and its branch."""
        asked: list[Node] = []
        for condition, branch in node.branches:
            asked.append(condition)
            if self._holds(condition):
                return (*asked, branch)
        return (*asked, node.otherwise)

    def _holds(self, condition: Node) -> bool:
        extent = self._extents.get(id(condition))
        try:
            return extent is not None and self._value(self._source[extent[1] : extent[2]]) is True
        except EngineError:
            return False
