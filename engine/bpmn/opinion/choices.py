"""Values that decide: for each variable that a condition reads, values that make the condition true and others."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.feel import Expression, nodes
from engine.feel.budget import DEFAULT_BUDGET
from engine.feel.library import BUILTINS
from engine.feel.names import NameTable
from engine.feel.parser import parse_expression
from engine.kernel.graph import Graph, MultiInstance, StandardLoop


@dataclass(slots=True)
class Choice:
    """What a variable may be: one of some values, or a context with parts that are chosen each."""

    values: list[Any] = field(default_factory=list[Any])
    parts: dict[str, Choice] = field(default_factory=dict[str, "Choice"])

    def pick(self, chance: random.Random) -> Any:
        if self.parts:
            return {name: part.pick(chance) for name, part in self.parts.items()}
        return chance.choice(self.values) if self.values else None


def choices(graphs: Iterable[Graph]) -> dict[str, Choice]:
    """Choices by variable, in the order in which the conditions name them."""
    found: dict[str, Choice] = {}
    for graph in graphs:
        for expression in _conditions(graph):
            names = NameTable((*BUILTINS, *expression.functions))
            _collect(parse_expression(expression.source, names, {}, DEFAULT_BUDGET), found)
    return found


def _conditions(graph: Graph) -> Iterator[Expression]:
    for flow in graph.flows:
        if flow.condition is not None:
            yield flow.condition
    for node in graph.nodes:
        if isinstance(node.loop, StandardLoop) and node.loop.condition is not None:
            yield node.loop.condition
        elif isinstance(node.loop, MultiInstance):
            yield from (each for each in (node.loop.completion_condition, node.loop.cardinality) if each is not None)


def _collect(tree: nodes.Node, found: dict[str, Choice]) -> None:
    """Walk a condition; `decides` says that a bare name stands where true or false is asked for."""
    pending: list[tuple[nodes.Node, bool]] = [(tree, True)]
    while pending:
        node, decides = pending.pop(0)
        if isinstance(node, nodes.Comparison):
            for subject, other in ((node.left, node.right), (node.right, node.left)):
                choice = _choice_of(subject, found)
                if choice is not None and not _is_subject(other):
                    choice.values.extend(_around(other))
        elif isinstance(node, nodes.In):
            choice = _choice_of(node.value, found)
            if choice is not None:
                choice.values.extend(value for test in node.tests for value in _tested(test))
        elif decides and _is_subject(node):
            choice = _choice_of(node, found)
            if choice is not None:
                choice.values.extend([True, False])
        elif isinstance(node, nodes.Call):
            pending.extend((argument, True) for argument in node.arguments)
        else:
            pending.extend((child, isinstance(node, nodes.Logic)) for child in node.children())


def _is_subject(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name | nodes.Path)


def _choice_of(node: nodes.Node, found: dict[str, Choice]) -> Choice | None:
    """The choice behind a name or path; None for anything else, and for the counters of loops."""
    parts: list[str] = []
    while isinstance(node, nodes.Path):
        parts.append(node.name)
        node = node.base
    if not isinstance(node, nodes.Name) or node.name.startswith(("nrOf", "loopCounter")):
        return None
    choice = found.setdefault(node.name, Choice())
    for part in reversed(parts):
        choice = choice.parts.setdefault(part, Choice())
    return choice


def _tested(test: nodes.Node) -> list[Any]:
    if isinstance(test, nodes.UnaryComparison):
        return _around(test.operand)
    if isinstance(test, nodes.ListLiteral | nodes.RangeLiteral):
        return [value for child in test.children() for value in _around(child)]
    return _around(test)


def _around(node: nodes.Node) -> list[Any]:
    """The value that a condition names, and others beside it."""
    value = node.value if isinstance(node, nodes.Literal) else Decimal(1)
    if isinstance(value, bool):
        return [True, False]
    if isinstance(value, Decimal):
        return [value, value - 1, value + 1]
    return [value, f"not {value}"] if isinstance(value, str) else [value]
