"""Cells of decision tables: when a value passes their tests (DMN 1.3, 8.3.3 and 10.3.2.8)."""

from __future__ import annotations

from typing import Any

from engine.feel.budget import Run
from engine.feel.comparison import is_member
from engine.feel.compile_tests import Test, any_of, compile_test
from engine.feel.compiling import Compiler, Lexical
from engine.feel.nodes import Between, Call, Comparison, In, InstanceOf, Logic, Name, Node, Quantified, UnaryComparison
from engine.feel.parser import ParsedTests

#: Nodes whose value is a boolean, whatever they are about.
_CONDITIONS = (Between, Call, Comparison, In, InstanceOf, Logic, Quantified)


def test_of(compiler: Compiler, parsed: ParsedTests) -> Test:
    """One test for all of a cell; `?` is slot 1 of the frame it runs in."""
    if not parsed.tests:
        return lambda run, scope, value: True
    lexical = Lexical(None, {"?": 1})
    test = any_of([_cell_test(compiler, test, lexical) for test in parsed.tests])
    return _negated(test) if parsed.negated else test


def _cell_test(compiler: Compiler, node: Node, lexical: Lexical) -> Test:
    lexical.read.discard("?")
    test = compile_test(compiler, node, lexical)
    if isinstance(node, UnaryComparison):
        return test
    if "?" not in lexical.read or isinstance(node, Name):
        return _lenient(compiler, node, lexical, test)
    code = compiler.compile(node, lexical)

    def decides(run: Run, scope: Any, value: Any) -> bool | None:
        answer = code(run, scope)
        return answer if answer is None or isinstance(answer, bool) else is_member(run, value, answer)

    return decides


def _lenient(compiler: Compiler, node: Node, lexical: Lexical, test: Test) -> Test:
    """A condition that does not read `?` also holds when it is simply true: `amount > limit` under any input."""
    if not isinstance(node, _CONDITIONS):
        return test
    code = compiler.compile(node, lexical)

    def holds(run: Run, scope: Any, value: Any) -> bool | None:
        if not isinstance(value, bool):
            answer = code(run, scope)
            if isinstance(answer, bool):
                return answer
        return test(run, scope, value)

    return holds


def _negated(test: Test) -> Test:
    def negation(run: Run, scope: Any, value: Any) -> bool | None:
        held = test(run, scope, value)
        return None if held is None else not held

    return negation
