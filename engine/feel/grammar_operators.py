"""What stands between and after operands: arithmetic, comparison, logic, paths, filters, calls."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.grammar_types import parse_type
from engine.feel.lexer import Token, TokenKind
from engine.feel.names import joined, words_from
from engine.feel.nodes import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Logic,
    Node,
    Path,
    RangeLiteral,
    UnaryComparison,
)
from engine.feel.parsing import Infix, Parser, Rank

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def _arithmetic(operators: tuple[str, ...], rank: Rank) -> Infix:
    def parse(parser: Parser, left: Node, token: Token) -> Node:
        rest = [(token.text, token.start, parser.operand(rank))]
        while parser.at(*operators):
            operator = parser.advance()
            rest.append((operator.text, operator.start, parser.operand(rank)))
        return Arithmetic(at=token.start, first=left, rest=tuple(rest))

    return Infix(rank, parse)


def _logic(operator: str, rank: Rank) -> Infix:
    def parse(parser: Parser, left: Node, token: Token) -> Node:
        operands = [left, parser.operand(rank)]
        while parser.take(operator):
            operands.append(parser.operand(rank))
        return Logic(at=token.start, operator=operator, operands=tuple(operands))

    return Infix(rank, parse)


def _comparison(parser: Parser, left: Node, token: Token) -> Node:
    right = parser.operand(Rank.COMPARISON)
    return Comparison(at=token.start, operator=token.text, left=left, right=right)


def _between(parser: Parser, left: Node, token: Token) -> Node:
    low = parser.operand(Rank.COMPARISON)
    parser.expect("and")
    return Between(at=token.start, value=left, low=low, high=parser.operand(Rank.COMPARISON))


def _in(parser: Parser, left: Node, token: Token) -> Node:
    if not parser.at("("):
        return In(at=token.start, value=left, tests=(parse_test(parser, in_operator=True),))
    opening = parser.advance()
    tests = [parse_test(parser)]
    if parser.at(".."):
        tests = [parse_range_end(parser, tests[0], opening, start_included=False)]
    else:
        while parser.take(","):
            tests.append(parse_test(parser))
        parser.expect(")")
    if len(tests) == 1:
        tests = [parser.continued(tests[0], Rank.COMPARISON)]
    return In(at=token.start, value=left, tests=tuple(tests))


def _instance_of(parser: Parser, left: Node, token: Token) -> Node:
    parser.expect("of")
    return InstanceOf(at=token.start, value=left, type=parse_type(parser))


def _path(parser: Parser, left: Node, token: Token) -> Node:
    name_token = parser.token
    if name_token.kind is not TokenKind.NAME:
        parser.fail("the name of an entry after '.'")
    name, length = name_token.text, 1
    words = words_from(parser.tokens, parser.index)
    if words > 1:
        name, length = joined(parser.tokens[parser.index : parser.index + words]), words
    declared = parser.names.longest(parser.tokens, parser.index)
    if declared is not None and declared[1] >= length:
        name, length = declared
    parser.index += length
    return Path(at=name_token.start, base=left, name=name)


def _filter(parser: Parser, left: Node, token: Token) -> Node:
    with parser.scope(("item",)):
        condition = parser.expression()
    parser.expect("]")
    return Filter(at=token.start, base=left, condition=condition)


def _call(parser: Parser, left: Node, token: Token) -> Node:
    names: list[str] = []
    arguments: list[Node] = []
    by_name = _parameter_name_length(parser) > 0
    if not parser.at(")"):
        while True:
            if by_name:
                names.append(_parameter_name(parser))
            arguments.append(parser.expression())
            if not parser.take(","):
                break
    if not parser.at(")"):
        parser.fail("',' or ')' after an argument")
    parser.advance()
    return Call(at=left.at, function=left, arguments=tuple(arguments), names=tuple(names))


def _parameter_name_length(parser: Parser) -> int:
    """How many tokens before a ':' make a parameter name; 0 if an argument is given by position."""
    end = parser.index
    while parser.tokens[end].kind is TokenKind.NAME:
        end += 1
    token = parser.tokens[end]
    return end - parser.index if token.kind is TokenKind.SYMBOL and token.text == ":" else 0


def _parameter_name(parser: Parser) -> str:
    length = _parameter_name_length(parser)
    if length == 0:
        parser.fail("the name of a parameter and ':'")
    name = joined(parser.tokens[parser.index : parser.index + length])
    parser.index += length + 1
    return name


def parse_test(parser: Parser, *, in_operator: bool = False) -> Node:
    """One test: `< 5`, `= x`, a range, or an expression."""
    if parser.at(*COMPARISONS):
        token = parser.advance()
        operand = parser.operand(Rank.COMPARISON)
        return UnaryComparison(at=token.start, operator=token.text, operand=operand)
    return parser.operand(Rank.COMPARISON) if in_operator else parser.expression()


def parse_range_end(parser: Parser, start: Node, opening: Token, *, start_included: bool) -> Node:
    """A range from its `..` on."""
    parser.expect("..")
    end = parser.expression(ends_range=True)
    closing = parser.token
    if not parser.take("]", ")", "["):
        parser.fail("']', ')' or '[' to end the range")
    return RangeLiteral(
        at=opening.start, start=start, end=end, start_included=start_included, end_included=closing.text == "]"
    )


INFIXES: Mapping[str, Infix] = {
    "or": _logic("or", Rank.OR),
    "and": _logic("and", Rank.AND),
    **{operator: Infix(Rank.COMPARISON, _comparison) for operator in COMPARISONS},
    "between": Infix(Rank.COMPARISON, _between),
    "in": Infix(Rank.COMPARISON, _in),
    "+": _arithmetic(("+", "-"), Rank.SUM),
    "-": _arithmetic(("+", "-"), Rank.SUM),
    "*": _arithmetic(("*", "/"), Rank.PRODUCT),
    "/": _arithmetic(("*", "/"), Rank.PRODUCT),
    "**": _arithmetic(("**",), Rank.POWER),
    "instance": Infix(Rank.INSTANCE, _instance_of),
    ".": Infix(Rank.POSTFIX, _path),
    "[": Infix(Rank.POSTFIX, _filter),
    "(": Infix(Rank.POSTFIX, _call),
}
