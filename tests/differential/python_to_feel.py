"""The reviewed table of Python in SpiffWorkflow's test models: what FEEL says the same.

Works on Python's own syntax tree, never on text, and runs nothing. What is not in the table is refused.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeGuard

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "=", ast.IsNot: "!=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
}  # fmt: skip
#: Python methods and functions without arguments beyond their subject.
_CALLS = {"len": "count", "str": "string", "upper": "upper case", "lower": "lower case", "sum": "sum", "max": "max"}


class NotInTheTable(ValueError):
    """A piece of Python without an entry."""


def expression(source: str) -> str:
    """A Python expression as FEEL. Raises NotInTheTable."""
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except SyntaxError as error:
        raise NotInTheTable(f"{source!r}: {error.msg}") from None
    return _feel(tree.body)


@dataclass(frozen=True)
class Script:
    """A script as a FEEL context, and the names whose values the table could not tell: they are null in it."""

    feel: str
    unknown: frozenset[str]


def script(source: str) -> Script:
    """Assignments as a FEEL context; printing and bare values do nothing.

    Models are compared by where they go, so a value that decides about nothing may be unknown.

    Raises:
        NotInTheTable: the text is no Python.
    """
    try:
        tree = ast.parse(source.strip())
    except SyntaxError as error:
        raise NotInTheTable(f"{source!r}: {error.msg}") from None
    entries: dict[str, str] = {}
    unknown: set[str] = set()
    for statement in tree.body:
        try:
            entries.update(_assignment(statement))
        except NotInTheTable:
            names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and _changes(node)}
            unknown |= names
            entries.update(dict.fromkeys(sorted(names), "null"))
    context = ", ".join(f"{name}: {value}" for name, value in entries.items())
    return Script(f"{{{context}}}", frozenset(unknown))


def _changes(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def names_in(source: str) -> set[str]:
    """Names that a piece of Python reads or writes; none if it is not Python."""
    try:
        tree = ast.parse(source.strip())
    except SyntaxError:
        return set()
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}


def texts_in(source: str) -> set[str]:
    """Names that a method is called on: in the models these are texts."""
    try:
        tree = ast.parse(source.strip())
    except SyntaxError:
        return set()
    called = [node.func.value for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_method(node.func)]
    return {subject.id for subject in called if isinstance(subject, ast.Name)}


def structures_in(source: str) -> set[str]:
    """Names of which a part is read."""
    try:
        tree = ast.parse(source.strip())
    except SyntaxError:
        return set()
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    parts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and id(node) not in called]
    return {subject.id for subject in parts if isinstance(subject, ast.Name)}


def _is_method(node: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute)


def assigned_in(source: str) -> set[str]:
    """Names that a script writes."""
    try:
        tree = ast.parse(source.strip())
    except SyntaxError:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _assignment(statement: ast.stmt) -> dict[str, str]:
    if isinstance(statement, ast.Expr | ast.Pass | ast.Import | ast.ImportFrom):
        return {}
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return {statement.targets[0].id: _feel(statement.value)}
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        sign = _ARITHMETIC.get(type(statement.op))
        if sign is not None:
            name = statement.target.id
            return {name: f"{name} {sign} ({_feel(statement.value)})"}
    raise NotInTheTable(ast.unparse(statement))


def _feel(node: ast.expr) -> str:
    rule = _RULES.get(type(node))
    if rule is None:
        raise NotInTheTable(ast.unparse(node))
    return rule(node)


def _constant(node: ast.Constant) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, int | float):
        return repr(node.value)
    if isinstance(node.value, str):
        return json.dumps(node.value, ensure_ascii=False)
    raise NotInTheTable(repr(node.value))


def _compare(node: ast.Compare) -> str:
    if len(node.ops) != 1:
        raise NotInTheTable(ast.unparse(node))
    left, right = _feel(node.left), _feel(node.comparators[0])
    operation = node.ops[0]
    if isinstance(operation, ast.In):
        return f"list contains({right}, {left})"
    if isinstance(operation, ast.NotIn):
        return f"not(list contains({right}, {left}))"
    return f"{left} {_COMPARISONS[type(operation)]} {right}"


def _binary(node: ast.BinOp) -> str:
    if isinstance(node.left, ast.List) and isinstance(node.op, ast.Mult):
        if len(node.left.elts) != 1:
            raise NotInTheTable(ast.unparse(node))
        return f"(for each in 1..{_feel(node.right)} return {_feel(node.left.elts[0])})"
    sign = _ARITHMETIC.get(type(node.op))
    if sign is None:
        raise NotInTheTable(ast.unparse(node))
    return f"({_feel(node.left)} {sign} {_feel(node.right)})"


def _unary(node: ast.UnaryOp) -> str:
    if isinstance(node.op, ast.Not):
        return f"not({_feel(node.operand)})"
    if isinstance(node.op, ast.USub):
        return f"-({_feel(node.operand)})"
    raise NotInTheTable(ast.unparse(node))


def _call(node: ast.Call) -> str:
    method = isinstance(node.func, ast.Attribute)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    subject = [node.func.value] if isinstance(node.func, ast.Attribute) else node.args
    if name not in _CALLS or len(subject) != 1 or (method and node.args):
        raise NotInTheTable(ast.unparse(node))
    return f"{_CALLS[name]}({_feel(subject[0])})"


def _subscript(node: ast.Subscript) -> str:
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) and node.slice.value.isidentifier():
        return f"{_feel(node.value)}.{node.slice.value}"
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) and node.slice.value >= 0:
        return f"{_feel(node.value)}[{node.slice.value + 1}]"
    raise NotInTheTable(ast.unparse(node))


def _dictionary(node: ast.Dict) -> str:
    pairs: list[str] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise NotInTheTable(ast.unparse(node))
        pairs.append(f"{json.dumps(key.value)}: {_feel(value)}")
    return "{" + ", ".join(pairs) + "}"


_RULES: dict[type[ast.expr], Callable[[Any], str]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: node.id,
    ast.Attribute: lambda node: f"{_feel(node.value)}.{node.attr}",
    ast.Subscript: _subscript,
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: lambda node: (
        "(" + (" and " if isinstance(node.op, ast.And) else " or ").join(_feel(each) for each in node.values) + ")"
    ),
    ast.IfExp: lambda node: f"(if {_feel(node.test)} then {_feel(node.body)} else {_feel(node.orelse)})",
    ast.List: lambda node: "[" + ", ".join(_feel(each) for each in node.elts) + "]",
    ast.Dict: _dictionary,
    ast.Call: _call,
}
