"""Types as they are written after `instance of` and after parameters."""

from __future__ import annotations

from functools import lru_cache

from engine.feel.lexer import TokenKind
from engine.feel.names import NameTable, joined
from engine.feel.parsing import Parser
from engine.feel.types import ANY, NAMED_TYPES, ContextType, FeelType, FunctionType, ListType, RangeType

_MAX_DEPTH = 20


def parse_type(parser: Parser, depth: int = 0) -> FeelType:
    """`number`, `list<number>`, `context<a: string>`, `function<number> -> string`, `range<date>`, or a named one."""
    token = parser.token
    if token.kind is not TokenKind.NAME or depth > _MAX_DEPTH:
        parser.fail("a type")
    following = parser.tokens[parser.index + 1]
    if following.text == "<" and following.kind is TokenKind.SYMBOL and token.text in _GENERICS:
        parser.index += 2
        return _GENERICS[token.text](parser, depth + 1)
    name, length = token.text, 1
    known = (NameTable(parser.types) if parser.types else None, _built_in_types())
    found = max((t.longest(parser.tokens, parser.index) or ("", 0) for t in known if t), key=lambda match: match[1])
    if found[1]:
        name, length = found
    if name not in parser.types and name not in NAMED_TYPES:
        parser.fail("a type")
    parser.index += length
    return parser.types[name] if name in parser.types else NAMED_TYPES[name]


@lru_cache(maxsize=1)
def _built_in_types() -> NameTable:
    return NameTable(NAMED_TYPES)


def _list(parser: Parser, depth: int) -> FeelType:
    item = parse_type(parser, depth)
    parser.expect(">")
    return ListType(item)


def _range(parser: Parser, depth: int) -> FeelType:
    item = parse_type(parser, depth)
    parser.expect(">")
    return RangeType(item)


def _context(parser: Parser, depth: int) -> FeelType:
    entries: dict[str, FeelType] = {}
    while True:
        start = parser.index
        while parser.token.kind is TokenKind.NAME:
            parser.index += 1
        if parser.index == start:
            parser.fail("the name of an entry")
        name = joined(parser.tokens[start : parser.index])
        parser.expect(":")
        entries[name] = parse_type(parser, depth)
        if not parser.take(","):
            break
    parser.expect(">")
    return ContextType(entries)


def _function(parser: Parser, depth: int) -> FeelType:
    parameters: list[FeelType] = []
    if not parser.at(">"):
        parameters.append(parse_type(parser, depth))
        while parser.take(","):
            parameters.append(parse_type(parser, depth))
    parser.expect(">")
    result = parse_type(parser, depth) if parser.take("->") else ANY
    return FunctionType(tuple(parameters), result)


_GENERICS = {"list": _list, "range": _range, "context": _context, "function": _function}
