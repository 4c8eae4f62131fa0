"""FEEL as data: the syntax tree of an expression as nested lists that travel as JSON.

SpiffWorkflow gets its conditions and scripts in this form. No text is ever run as Python: `python_table` walks the
lists and knows a Python function for each head. What has no counterpart there is refused, and the case is then not
comparable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, cast

from engine.bpmn.opinion.python_table import FUNCTIONS
from engine.feel import DaysTimeDuration, nodes
from engine.feel.budget import DEFAULT_BUDGET
from engine.feel.library import BUILTINS
from engine.feel.names import NameTable
from engine.feel.parser import parse_expression

#: `[head, …]` with nested plans, texts, or lists of them.
Plan: TypeAlias = list[Any]


#: Head of a timer rule that stands for the instants our side was told.
TOLD = "told"


class NoCounterpart(ValueError):
    """The expression uses something that the table of Python counterparts does not have."""


def plan_of(source: str, functions: Iterable[str] = ()) -> Plan:
    """The plan of a FEEL expression, which must be valid; `functions` are those it calls beside the built-in ones.

    Raises:
        NoCounterpart: the table has not all that it uses.
    """
    return _plan(parse_expression(source, NameTable((*BUILTINS, *functions)), {}, DEFAULT_BUDGET))


def constant(value: Any) -> Plan:
    """The plan that gives a value. Raises NoCounterpart for a type that Python and FEEL do not share."""
    if value is None or isinstance(value, bool | str):
        return ["value", value]
    if isinstance(value, Decimal | int | float):
        return ["number", str(value)]
    if isinstance(value, datetime):
        return ["instant", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, DaysTimeDuration):
        return ["span", value.nanoseconds // 1000]
    if isinstance(value, list):
        return ["list", [constant(each) for each in cast("list[Any]", value)]]
    if isinstance(value, dict):
        return ["context", [[key, constant(each)] for key, each in cast("dict[str, Any]", value).items()]]
    raise NoCounterpart(f"a value of type {type(value).__name__}")


def to_text(plan: Plan) -> str:
    """A plan as it stands in an XML text."""
    return json.dumps(plan, ensure_ascii=False)


def _plan(node: nodes.Node) -> Plan:
    translate = _TRANSLATORS.get(type(node))
    if translate is None:
        raise NoCounterpart(type(node).__name__)
    return translate(node)


def _all(given: tuple[nodes.Node, ...]) -> list[Plan]:
    return [_plan(node) for node in given]


def _arithmetic(node: nodes.Arithmetic) -> Plan:
    plan = _plan(node.first)
    for operator, _, operand in node.rest:
        plan = [operator, plan, _plan(operand)]
    return plan


def _call(node: nodes.Call) -> Plan:
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    if name in ("today", "now") and not node.arguments:
        return [name]
    if name not in FUNCTIONS or node.names:
        raise NoCounterpart(f"the function {name or '(computed)'}")
    return ["call", name, _all(node.arguments)]


def _quantified(node: nodes.Quantified | nodes.For) -> Plan:
    if len(node.iterators) != 1 or node.iterators[0].end is not None:
        raise NoCounterpart("several iterators")
    iterator = node.iterators[0]
    head = "for" if isinstance(node, nodes.For) else "every" if node.every else "some"
    return [head, iterator.name, _plan(iterator.source), _plan(node.body)]


def _in(node: nodes.In) -> Plan:
    return ["any", [_test(node.value, test) for test in node.tests]]


def _test(value: nodes.Node, test: nodes.Node) -> Plan:
    if isinstance(test, nodes.UnaryComparison):
        return [test.operator, _plan(value), _plan(test.operand)]
    if isinstance(test, nodes.RangeLiteral):
        low = ">=" if test.start_included else ">"
        high = "<=" if test.end_included else "<"
        return ["all", [[low, _plan(value), _plan(test.start)], [high, _plan(value), _plan(test.end)]]]
    return ["in", _plan(value), _plan(test)]


_TRANSLATORS: dict[type, Callable[[Any], Plan]] = {
    nodes.Literal: lambda node: constant(node.value),
    nodes.Name: lambda node: ["variable", node.name],
    nodes.Path: lambda node: ["path", _plan(node.base), node.name],
    nodes.Filter: lambda node: ["filter", _plan(node.base), _plan(node.condition)],
    nodes.Call: _call,
    nodes.Arithmetic: _arithmetic,
    nodes.Negation: lambda node: ["negative", _plan(node.operand)],
    nodes.Logic: lambda node: ["all" if node.operator == "and" else "any", _all(node.operands)],
    nodes.Comparison: lambda node: [node.operator, _plan(node.left), _plan(node.right)],
    nodes.Between: lambda node: [
        "all",
        [[">=", _plan(node.value), _plan(node.low)], ["<=", _plan(node.value), _plan(node.high)]],
    ],
    nodes.In: _in,
    nodes.If: lambda node: [
        "if",
        [[_plan(condition), _plan(chosen)] for condition, chosen in node.branches],
        _plan(node.otherwise),
    ],
    nodes.For: _quantified,
    nodes.Quantified: _quantified,
    nodes.ListLiteral: lambda node: ["list", _all(node.elements)],
    nodes.ContextLiteral: lambda node: ["context", [[name, _plan(value)] for name, _, value in node.entries]],
}
