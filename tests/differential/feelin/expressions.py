"""Expressions made by chance over the grammar: trees whose closed parts can be asked one by one.

Numbers are whole or end in binary fractions (.5, .25), quotients divide by powers of two: what binary arithmetic does
to 0.1 is tested by name and would only cover up the rest here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any


@dataclass(frozen=True)
class Tree:
    """A part of an expression."""

    #: What it is: "+", "for", "count", "literal" …
    op: str
    source: str
    parts: tuple[Tree, ...] = ()
    #: Variables of loops around that it reads; with any it means nothing on its own.
    reads: frozenset[str] = frozenset()

    def closed(self) -> Iterator[Tree]:
        """All parts that mean something on their own, this one last."""
        for part in self.parts:
            yield from part.closed()
        if not self.reads:
            yield self


#: What every expression sees.
CONTEXT: Mapping[str, Any] = {
    "amount": Decimal("12.5"),
    "score": Decimal(88),
    "grade": "优",
    "is_new": True,
    "start": date(2026, 3, 1),
    "marks": [Decimal(3), Decimal(1), Decimal(2), Decimal(1)],
    "rows": [
        {"n": Decimal(1), "kind": "money", "due": date(2026, 5, 31)},
        {"n": Decimal("2.5"), "kind": "other", "due": None},
        {"n": None, "kind": "money", "due": date(2025, 12, 1)},
    ],
    "project": {"code": "A01", "amount": Decimal(300), "open": False},
    "missing": None,
}

_LEAVES: Mapping[str, tuple[str, ...]] = {
    "number": ("0", "1", "2", "3", "10", "0.5", "2.25", "(-1)", "100", "amount", "score", "missing"),
    "text": ('""', '"a"', '"ab"', '"优"', '"money"', '"绩效 目标"', '"A01"', "grade", "missing"),
    "boolean": ("true", "false", "is_new", "missing"),
    "date": ('date("2026-03-01")', '@"2025-12-31"', 'date("2024-02-29")', "start", "missing"),
    "duration": ('duration("P1D")', 'duration("PT36H")', '@"P30D"'),
    "months": ('duration("P1Y")', 'duration("P14M")', '@"P1M"'),
    "numbers": ("[]", "[1]", "[1, 2, 3]", "[2, null, 1]", "[0, 0.5]", "marks", "missing"),
    "texts": ("[]", '["a"]', '["a", "b", "a"]', '["优", null]', "rows.kind", "missing"),
    "contexts": ("[]", '[{n: 1, kind: "a"}]', "rows", "missing"),
    "context": ("{}", "{n: 1}", '{n: 2, kind: "money"}', "project", "missing"),
    "range": ("[1..3]", "(0..2.5]", "[1..3)", '["a".."c"]', '[date("2026-01-01")..date("2026-12-31")]'),
}

#: By type: what it is, its form, and the types of its parts. "number>text" is the body of a loop over numbers.
_RULES: Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "number": (
        ("+", "({} + {})", ("number", "number")),
        ("-", "({} - {})", ("number", "number")),
        ("*", "({} * {})", ("number", "number")),
        ("/", "({} / 2)", ("number",)),
        ("**", "({} ** 2)", ("number",)),
        ("minus", "(-{})", ("number",)),
        ("if", "(if {} then {} else {})", ("boolean", "number", "number")),
        ("abs", "abs({})", ("number",)),
        ("floor", "floor({})", ("number",)),
        ("ceiling", "ceiling({})", ("number",)),
        ("decimal", "decimal({}, 1)", ("number",)),
        ("modulo", "modulo({}, 3)", ("number",)),
        ("min", "min({})", ("numbers",)),
        ("max", "max({})", ("numbers",)),
        ("max", "max({}, {})", ("number", "number")),
        ("sum", "sum({})", ("numbers",)),
        ("mean", "mean({})", ("numbers",)),
        ("product", "product({})", ("numbers",)),
        ("median", "median({})", ("numbers",)),
        ("count", "count({})", ("numbers",)),
        ("count", "count({})", ("contexts",)),
        ("string length", "string length({})", ("text",)),
        ("index", "{}[1]", ("numbers",)),
        ("index", "{}[-1]", ("numbers",)),
        ("path", "{}.n", ("context",)),
        ("path", "{}.month", ("date",)),
        ("path", "{}.days", ("duration",)),
        ("number", 'number({}, ",", ".")', ("text",)),
    ),
    "text": (
        ("+", "({} + {})", ("text", "text")),
        ("if", "(if {} then {} else {})", ("boolean", "text", "text")),
        ("string", "string({})", ("number",)),
        ("string", "string({})", ("date",)),
        ("string", "string({})", ("numbers",)),
        ("string", "string({})", ("context",)),
        ("upper case", "upper case({})", ("text",)),
        ("lower case", "lower case({})", ("text",)),
        ("substring", "substring({}, 2)", ("text",)),
        ("substring", "substring({}, -1, 1)", ("text",)),
        ("substring before", "substring before({}, {})", ("text", "text")),
        ("substring after", "substring after({}, {})", ("text", "text")),
        ("string join", 'string join({}, "、")', ("texts",)),
        ("index", "{}[2]", ("texts",)),
        ("path", "{}.kind", ("context",)),
    ),
    "boolean": (
        ("=", "({} = {})", ("number", "number")),
        ("=", "({} = {})", ("text", "text")),
        ("=", "({} = {})", ("numbers", "numbers")),
        ("=", "({} = {})", ("date", "date")),
        ("=", "({} = {})", ("context", "context")),
        ("!=", "({} != {})", ("number", "number")),
        ("!=", "({} != {})", ("text", "text")),
        ("<", "({} < {})", ("number", "number")),
        ("<=", "({} <= {})", ("number", "number")),
        (">", "({} > {})", ("text", "text")),
        (">=", "({} >= {})", ("date", "date")),
        ("<", "({} < {})", ("duration", "duration")),
        ("and", "({} and {})", ("boolean", "boolean")),
        ("or", "({} or {})", ("boolean", "boolean")),
        ("not", "not({})", ("boolean",)),
        ("between", "({} between {} and {})", ("number", "number", "number")),
        ("in", "({} in {})", ("number", "range")),
        ("in", "({} in ({}, {}))", ("text", "text", "text")),
        ("in", "({} in > {})", ("number", "number")),
        ("instance of", "({} instance of number)", ("number",)),
        ("instance of", "({} instance of string)", ("text",)),
        ("instance of", "({} instance of date)", ("date",)),
        ("some", "(some {v} in {} satisfies {})", ("numbers", "number>boolean")),
        ("every", "(every {v} in {} satisfies {})", ("texts", "text>boolean")),
        ("contains", "contains({}, {})", ("text", "text")),
        ("starts with", "starts with({}, {})", ("text", "text")),
        ("ends with", "ends with({}, {})", ("text", "text")),
        ("list contains", "list contains({}, {})", ("numbers", "number")),
        ("list contains", "list contains({}, {})", ("texts", "text")),
        ("odd", "odd({})", ("number",)),
        ("before", "before({}, {})", ("number", "number")),
        ("path", "{}.open", ("context",)),
    ),
    "date": (
        ("+", "({} + {})", ("date", "duration")),
        ("-", "({} - {})", ("date", "duration")),
        ("+", "({} + {})", ("date", "months")),
        ("if", "(if {} then {} else {})", ("boolean", "date", "date")),
        ("date", "date({})", ("text",)),
        ("date", "date(2026, {}, 28)", ("number",)),
    ),
    "duration": (
        ("-", "({} - {})", ("date", "date")),
        ("+", "({} + {})", ("duration", "duration")),
        ("duration *", "({} * {})", ("duration", "number")),
    ),
    "months": (
        ("years and months duration", "years and months duration({}, {})", ("date", "date")),
        ("+", "({} + {})", ("months", "months")),
    ),
    "numbers": (
        ("list", "[{}, {}]", ("number", "number")),
        ("for", "(for {v} in {} return {})", ("numbers", "number>number")),
        ("for", "(for {v} in {} return {})", ("contexts", "context>number")),
        ("for", "(for {v} in 1..3 return {})", ("number>number",)),
        ("filter", "{}[item > {}]", ("numbers", "number")),
        ("filter", "{}[item != {}]", ("numbers", "number")),
        ("path", "{}.n", ("contexts",)),
        ("filtered path", "{}[kind = {}].n", ("contexts", "text")),
        ("append", "append({}, {})", ("numbers", "number")),
        ("concatenate", "concatenate({}, {})", ("numbers", "numbers")),
        ("union", "union({}, {})", ("numbers", "numbers")),
        ("distinct values", "distinct values({})", ("numbers",)),
        ("reverse", "reverse({})", ("numbers",)),
        ("flatten", "flatten([{}, {}])", ("numbers", "numbers")),
        ("sublist", "sublist({}, 2)", ("numbers",)),
        ("remove", "remove({}, 1)", ("numbers",)),
        ("insert before", "insert before({}, 1, {})", ("numbers", "number")),
        ("index of", "index of({}, {})", ("numbers", "number")),
        ("sort", "sort({}, function(a, b) a < b)", ("numbers",)),
        ("mode", "mode({})", ("numbers",)),
        ("if", "(if {} then {} else {})", ("boolean", "numbers", "numbers")),
    ),
    "texts": (
        ("list", "[{}, {}]", ("text", "text")),
        ("for", "(for {v} in {} return {})", ("texts", "text>text")),
        ("filter", "{}[contains(item, {})]", ("texts", "text")),
        ("split", 'split({}, "b")', ("text",)),
        ("distinct values", "distinct values({})", ("texts",)),
    ),
    "contexts": (
        ("filter", "{}[n > {}]", ("contexts", "number")),
        ("filter", "{}[kind = {}]", ("contexts", "text")),
        ("filter", "{}[{}]", ("contexts", "boolean")),
        ("list", "[{}, {}]", ("context", "context")),
        ("for", "(for {v} in {} return {})", ("numbers", "number>context")),
        ("get entries", "get entries({})", ("context",)),
    ),
    "context": (
        ("context", "{{n: {}, kind: {}}}", ("number", "text")),
        ("context", "{{a: {}, n: a + 1}}", ("number",)),
        ("index", "{}[1]", ("contexts",)),
        ("context put", 'context put({}, "n", {})', ("context", "number")),
        ("context merge", "context merge([{}, {}])", ("context", "context")),
    ),
    "range": (
        ("range", "[{}..{}]", ("number", "number")),
        ("range", "({}..{}]", ("date", "date")),
    ),
}
TYPES = tuple(_RULES)
#: What grows inside loops, where parts cannot be asked one by one: nothing that is known to differ.
_SOBER = frozenset({
    "+", "-", "*", "/", "minus", "abs", "floor", "ceiling", "if", "=", "!=", "<", "<=", "and", "or", "not", "contains",
    "starts with", "upper case", "string length", "path", "context", "list", "for", "some", "every",
})  # fmt: skip


class Grower:
    """Grows trees; the same seed gives the same trees."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        #: Variables of the loops around, each with its type.
        self._bound: list[tuple[str, str]] = []

    def tree(self, depth: int = 3) -> Tree:
        """A tree of any type."""
        return self._grow(self._chance.choice(TYPES), depth)

    def _grow(self, wanted: str, depth: int) -> Tree:
        if not self._bound and self._chance.random() < 0.03:
            # what does not fit is null, by rule; but over ranges with strange ends feelin loops for ever
            wanted = self._chance.choice([each for each in TYPES if each != "range"])
        if depth <= 0 or self._chance.random() < 0.1:
            return self._leaf(wanted)
        rules = [rule for rule in _RULES[wanted] if not self._bound or rule[0] in _SOBER]
        if not rules:
            return self._leaf(wanted)
        op, form, wanted_parts = self._chance.choice(rules)
        name = f"v{len(self._bound)}"
        parts: list[Tree] = []
        reads: set[str] = set()
        for each in wanted_parts:
            element, _, body = each.rpartition(">")
            if element:
                self._bound.append((name, element))
            part = self._grow(body, depth - 1)
            if element:
                self._bound.pop()
            parts.append(part)
            reads |= part.reads - ({name} if element else set())
        return Tree(op, form.format(*(part.source for part in parts), v=name), tuple(parts), frozenset(reads))

    def _leaf(self, wanted: str) -> Tree:
        bound = [name for name, kind in self._bound if kind == wanted]
        if bound and self._chance.random() < 0.7:
            name = self._chance.choice(bound)
            return Tree("variable", name, reads=frozenset({name}))
        return Tree("leaf", self._chance.choice(_LEAVES[wanted]))
