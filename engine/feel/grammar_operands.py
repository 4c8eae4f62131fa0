"""What an expression begins with: literals, names, brackets, `if`, `for`, `some`, `every`, `function`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from engine.feel.grammar_operators import COMPARISONS, parse_range_end, parse_test
from engine.feel.grammar_types import parse_type
from engine.feel.lexer import KEYWORDS, Token, TokenKind
from engine.feel.names import NameTable, is_name_sign, joined, words_from
from engine.feel.nodes import (
    ContextLiteral,
    For,
    FunctionLiteral,
    If,
    Iterator,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    Quantified,
)
from engine.feel.parsing import Parser, Prefix, Rank
from engine.feel.temporal import parse_temporal
from engine.feel.types import ANY, FeelType


def operand(parser: Parser, token: Token) -> Node:
    """A number, a text or a name."""
    if token.kind in (TokenKind.NUMBER, TokenKind.STRING):
        parser.index += 1
        return Literal(at=token.start, value=token.value)
    if token.kind is TokenKind.NAME:
        return _name(parser, token)
    parser.fail("an expression")


def _name(parser: Parser, token: Token) -> Node:
    declared = parser.names.longest(parser.tokens, parser.index)
    if declared is not None:
        parser.index += declared[1]
        return Name(at=token.start, name=declared[0])
    if token.text in KEYWORDS and token.text != "not":
        parser.fail("an expression")
    words = 1 if parser.names.knows_word(token.text) else max(1, words_from(parser.tokens, parser.index))
    name = joined(parser.tokens[parser.index : parser.index + words])
    parser.index += words
    return Name(at=token.start, name=name)


def _unless_declared(parse: Prefix) -> Prefix:
    """A keyword may begin a declared name, e.g. "if applicable"."""

    def prefix(parser: Parser, token: Token) -> Node:
        if parser.names.longest(parser.tokens, parser.index) is not None:
            return _name(parser, token)
        return parse(parser, token)

    return prefix


def _constant(value: bool | None) -> Prefix:
    def prefix(parser: Parser, token: Token) -> Node:
        parser.index += 1
        return Literal(at=token.start, value=value)

    return prefix


def _temporal(parser: Parser, token: Token) -> Node:
    parser.index += 1
    text = parser.token
    if text.kind is not TokenKind.STRING:
        parser.fail("a text after '@'")
    parser.index += 1
    value = parse_temporal(text.value)
    reason = None if value is not None else f"Expected a date, time or duration after '@', but found {text.text}"
    return Literal(at=token.start, value=value, reason=reason)


def _tested_value(parser: Parser, token: Token) -> Node:
    if not parser.tests_value:
        parser.fail("an expression ('?' stands only in unary tests)")
    parser.index += 1
    return Name(at=token.start, name="?")


def _negation(parser: Parser, token: Token) -> Node:
    parser.index += 1
    return Negation(at=token.start, operand=parser.operand(Rank.NEGATION))


def _parenthesis(parser: Parser, token: Token) -> Node:
    parser.index += 1
    unary = parser.at(*COMPARISONS)
    first = parse_test(parser)
    if parser.at("..") and not unary:
        return parse_range_end(parser, first, token, start_included=False)
    if not parser.at(")"):
        parser.fail("')'")
    parser.advance()
    return first


def _bracket(parser: Parser, token: Token) -> Node:
    parser.index += 1
    if parser.take("]"):
        return ListLiteral(at=token.start, elements=())
    elements = [parser.expression()]
    if parser.at(".."):
        return parse_range_end(parser, elements[0], token, start_included=True)
    while parser.take(","):
        elements.append(parser.expression())
    if not parser.at("]"):
        parser.fail("',' or ']' in a list")
    parser.advance()
    return ListLiteral(at=token.start, elements=tuple(elements))


def _open_range(parser: Parser, token: Token) -> Node:
    parser.index += 1
    start = parser.expression()
    return parse_range_end(parser, start, token, start_included=False)


def _context(parser: Parser, token: Token) -> Node:
    parser.index += 1
    entries: list[tuple[str, int, Node]] = []
    with parser.scope() as names:
        while not parser.at("}"):
            at = parser.token.start
            key = _entry_key(parser)
            if parser.at("function"):
                names.declare(key)  # a function may call itself
            entries.append((key, at, parser.expression()))
            names.declare(key)
            if not parser.take(","):
                break
    if not parser.at("}"):
        parser.fail("',' or '}' in a context")
    parser.advance()
    return ContextLiteral(at=token.start, entries=tuple(entries))


def _entry_key(parser: Parser) -> str:
    token = parser.token
    if token.kind is TokenKind.STRING:
        parser.index += 1
        key: str = token.value
    else:
        key = _new_name(parser, "the name of an entry")
    parser.expect(":")
    return key


def _new_name(parser: Parser, what: str, *stops: str) -> str:
    """A name that is being declared: words, numbers and signs up to something else."""
    start = parser.index
    while (
        parser.token.kind in (TokenKind.NAME, TokenKind.NUMBER) or (parser.index > start and is_name_sign(parser.token))
    ) and not parser.at(*stops):
        parser.index += 1
    if parser.index == start or parser.tokens[start].kind is not TokenKind.NAME:
        parser.fail(what, parser.tokens[start])
    return joined(parser.tokens[start : parser.index])


def _if(parser: Parser, token: Token) -> Node:
    branches: list[tuple[Node, Node]] = []
    while True:
        parser.index += 1
        condition = parser.expression()
        parser.expect("then")
        branches.append((condition, parser.expression()))
        parser.expect("else")
        if not parser.at("if") or parser.names.longest(parser.tokens, parser.index) is not None:
            return If(at=token.start, branches=tuple(branches), otherwise=parser.operand(Rank.NOTHING))


def _iterators(parser: Parser, names: NameTable) -> tuple[Iterator, ...]:
    iterators: list[Iterator] = []
    while True:
        parser.index += 1
        at = parser.token.start
        name = _new_name(parser, "the name of an iterator", "in", "return", "satisfies")
        parser.expect("in")
        source = parser.expression()
        end = parser.expression() if parser.take("..") else None
        iterators.append(Iterator(name, at, source, end))
        names.declare(name)
        if not parser.at(","):
            return tuple(iterators)


def _for(parser: Parser, token: Token) -> Node:
    with parser.scope() as names:
        iterators = _iterators(parser, names)
        names.declare("partial")
        parser.expect("return")
        return For(at=token.start, iterators=iterators, body=parser.operand(Rank.NOTHING))


def _quantified(parser: Parser, token: Token) -> Node:
    with parser.scope() as names:
        iterators = _iterators(parser, names)
        parser.expect("satisfies")
        body = parser.operand(Rank.NOTHING)
    return Quantified(at=token.start, every=token.text == "every", iterators=iterators, body=body)


def _function(parser: Parser, token: Token) -> Node:
    if parser.tokens[parser.index + 1].text != "(":
        return _name(parser, token)
    parser.index += 2
    parameters: list[tuple[str, FeelType]] = []
    while not parser.at(")"):
        name = _new_name(parser, "the name of a parameter")
        parameters.append((name, parse_type(parser) if parser.take(":") else ANY))
        if not parser.take(","):
            break
    if not parser.at(")"):
        parser.fail("',' or ')' after a parameter")
    parser.advance()
    if parser.at("external"):
        parser.fail("a FEEL expression as the body of the function (external functions are refused)")
    scope: AbstractContextManager[NameTable] = parser.scope(name for name, _ in parameters)
    with scope:
        body = parser.operand(Rank.NOTHING)
    return FunctionLiteral(at=token.start, parameters=tuple(parameters), body=body)


PREFIXES: Mapping[str, Prefix] = {
    "(": _parenthesis,
    "[": _bracket,
    "]": _open_range,
    "{": _context,
    "@": _temporal,
    "-": _negation,
    "?": _tested_value,
    "true": _unless_declared(_constant(True)),
    "false": _unless_declared(_constant(False)),
    "null": _unless_declared(_constant(None)),
    "if": _unless_declared(_if),
    "for": _unless_declared(_for),
    "some": _unless_declared(_quantified),
    "every": _unless_declared(_quantified),
    "function": _unless_declared(_function),
}
