"""Names that a decision table reads though no requirement of its decision declares them.

Camunda's tables read the variables of the process directly: their files have neither input data nor requirements. So a
decision that declares no input at all takes what is given under the name. One that declares inputs has most likely
misspelt one: DMN 6.3.1 lets it see what it requires, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.dmn.elements import DecisionTable, Literal
from engine.dmn.item_types import find_type
from engine.dmn.linking import DecisionNode
from engine.dmn.places import Faults
from engine.dmn.sources import Compilation
from engine.feel.types import FeelType

_BRACKETS = re.compile(r"\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeclared:
    """A name, and where it is read first."""

    name: str
    #: Id of the column, or of the cell.
    element_id: str
    #: What the column is called; the name itself in a cell.
    label: str
    type_ref: str
    #: Surely a name of its own, not the entry of an item that a filter looks at.
    is_sure: bool


def undeclared_names(node: DecisionNode, compilation: Compilation) -> tuple[Undeclared, ...]:
    """Each name once, in the order in which the table reads them; of other logic none is told.

    Where the decision declares inputs only the expressions of its columns are looked at.
    """
    table = node.element.logic
    if not isinstance(table, DecisionTable):
        return ()
    found: dict[str, Undeclared] = {}
    for each in _read(table, compilation, cells=not node.inputs):
        known = found.get(each.name)
        if known is None or (each.is_sure and not known.is_sure):
            found[each.name] = each
    return tuple(found.values())


def types_of(names: tuple[Undeclared, ...], types: Mapping[str, FeelType]) -> dict[str, FeelType]:
    """The type that its column gives to each name."""
    # a type that is unknown was found fault with when the column was compiled
    return {each.name: find_type(types, each.type_ref, each.element_id, Faults()) for each in names}


def _read(table: DecisionTable, compilation: Compilation, *, cells: bool) -> Iterator[Undeclared]:
    for clause in table.inputs:
        text = clause.expression.text
        for name in sorted(compilation.strange.get(clause.expression.id, ())):
            yield Undeclared(
                name=name,
                element_id=clause.id,
                label=clause.label,
                type_ref=clause.expression.type_ref if text == name else "",
                is_sure=_stands_outside_brackets(name, text),
            )
    if cells:
        for rule in table.rules:
            for cell in (*rule.inputs, *rule.outputs):
                yield from _read_in_cell(cell, compilation)


def _read_in_cell(cell: Literal, compilation: Compilation) -> Iterator[Undeclared]:
    for name in sorted(compilation.strange.get(cell.id, ())):
        sure = _stands_outside_brackets(name, cell.text)
        yield Undeclared(name=name, element_id=cell.id, label=name, type_ref="", is_sure=sure)


def _stands_outside_brackets(name: str, text: str) -> bool:
    """`items[price > 10]` reads `items` for sure, and `price` perhaps of each item."""
    shorter = _BRACKETS.sub(" ", text)
    while shorter != text:
        text, shorter = shorter, _BRACKETS.sub(" ", shorter)
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None

