"""From text to syntax tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel.budget import Budget
from engine.feel.grammar_operands import PREFIXES, operand
from engine.feel.grammar_operators import INFIXES, parse_test
from engine.feel.lexer import TokenKind
from engine.feel.names import NameTable
from engine.feel.nodes import Node
from engine.feel.parsing import Extents, Grammar, Parser
from engine.feel.types import FeelType

GRAMMAR = Grammar(prefixes=PREFIXES, infixes=INFIXES, operand=operand)


@dataclass(frozen=True, slots=True)
class ParsedTests:
    """The tests of one cell: any of them may hold, or with `negated` none of them."""

    tests: tuple[Node, ...]
    negated: bool = False


def parse_expression(
    source: str,
    names: NameTable,
    types: Mapping[str, FeelType],
    budget: Budget,
    extents: Extents | None = None,
) -> Node:
    """The tree of an expression; `extents` takes where its parts lie. Raises FeelSyntaxError, FeelBudgetExceeded."""
    parser = Parser(source, GRAMMAR, names, types, budget)
    parser.extents = extents
    node = parser.expression()
    if parser.token.kind is not TokenKind.END:
        parser.fail("an operator or the end")
    return node


def parse_unary_tests(source: str, names: NameTable, types: Mapping[str, FeelType], budget: Budget) -> ParsedTests:
    """The trees of the tests of a cell; no tests at all for `-`. Raises FeelSyntaxError, FeelBudgetExceeded."""
    parser = Parser(source, GRAMMAR, names, types, budget)
    parser.tests_value = True
    if parser.at("-") and parser.tokens[1].kind is TokenKind.END:
        return ParsedTests(())
    if parser.at("not") and parser.tokens[1].text == "(" and names.longest(parser.tokens, 0) is None:
        parser.index = 2
        tests = _tests(parser)
        if parser.at(")") and parser.tokens[parser.index + 1].kind is TokenKind.END:
            return ParsedTests(tests, negated=True)
        parser.index = 0  # `not(…)` is only the beginning of an expression
    tests = _tests(parser)
    if parser.token.kind is not TokenKind.END:
        parser.fail("',' or the end")
    return ParsedTests(tests)


def _tests(parser: Parser) -> tuple[Node, ...]:
    tests = [parse_test(parser)]
    while parser.take(","):
        tests.append(parse_test(parser))
    return tuple(tests)
