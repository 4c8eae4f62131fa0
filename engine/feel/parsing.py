"""The machine that reads tokens with operator ranks (a Pratt parser). The grammar itself is in `grammar_*.py`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import NoReturn, TypeAlias

from engine.feel.budget import Budget
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.feel.lexer import Token, TokenKind, tokenize
from engine.feel.names import NameTable
from engine.feel.nodes import Node
from engine.feel.types import FeelType


class Rank(IntEnum):
    """How tightly an operator binds; higher binds tighter (DMN 1.3, 10.3.1.2 rule 2 and 4)."""

    NOTHING = 0
    OR = 1
    AND = 2
    COMPARISON = 3
    SUM = 4
    PRODUCT = 5
    POWER = 6
    INSTANCE = 7
    NEGATION = 8
    POSTFIX = 9


@dataclass(frozen=True, slots=True)
class Infix:
    """What may follow an operand."""

    rank: Rank
    parse: Callable[[Parser, Node, Token], Node]


Prefix = Callable[["Parser", Token], Node]
#: Identity of a node: the node, where its text begins, and where it ends.
Extents: TypeAlias = dict[int, tuple[Node, int, int]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which function reads what begins with a symbol or word, and what follows one."""

    prefixes: Mapping[str, Prefix]
    infixes: Mapping[str, Infix]
    #: Reads a name, a number or a text.
    operand: Prefix


class Parser:
    """A position in the tokens of one source, the names known there, and the depth so far."""

    def __init__(
        self, source: str, grammar: Grammar, names: NameTable, types: Mapping[str, FeelType], budget: Budget
    ) -> None:
        self.source = source
        self.names = names
        self.types = types
        self.tokens = tokenize(source, budget)
        self.index = 0
        #: Where each operand, and each expression that begins with one, lies; None where nobody asks.
        self.extents: Extents | None = None
        #: Whether `?` may stand for the tested value.
        self.tests_value = False
        self._grammar = grammar
        self._max_depth = budget.max_depth
        self._depth = 0
        #: Whether a `[` may close a range: `[1..10[`.
        self._ends_range = False

    # --- tokens ---

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def advance(self) -> Token:
        token = self.tokens[self.index]
        if token.kind is not TokenKind.END:
            self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these symbols or words."""
        token = self.token
        return token.text in texts and token.kind in (TokenKind.SYMBOL, TokenKind.NAME)

    def take(self, *texts: str) -> bool:
        """Step over the next token if it is one of these."""
        if self.at(*texts):
            self.index += 1
            return True
        return False

    def expect(self, *texts: str) -> Token:
        """Step over one of these symbols or words. Raises FeelSyntaxError."""
        if not self.at(*texts):
            self.fail(" or ".join(f"'{text}'" for text in texts))
        return self.advance()

    def fail(self, expected: str, token: Token | None = None) -> NoReturn:
        """Refuse what stands here."""
        token = token or self.token
        raise FeelSyntaxError(self.source, token.start, expected=expected, found=str(token))

    # --- expressions ---

    def expression(self, *, ends_range: bool = False) -> Node:
        """Read a whole expression: up to a token that cannot continue it."""
        outer, self._ends_range = self._ends_range, ends_range
        node = self.operand(Rank.NOTHING)
        self._ends_range = outer
        return node

    def operand(self, rank: Rank) -> Node:
        """Read what stands right of an operator of this rank."""
        self._depth += 1
        if self._depth > self._max_depth:
            self._refuse_depth()
        token = self.token
        prefix = None
        if token.kind is TokenKind.SYMBOL or token.kind is TokenKind.NAME:
            prefix = self._grammar.prefixes.get(token.text)
        node = (prefix or self._grammar.operand)(self, token)
        if self.extents is not None:
            self.extents[id(node)] = (node, token.start, self.tokens[self.index - 1].end)
        node = self.continued(node, rank)
        self._depth -= 1
        return node

    def continued(self, left: Node, rank: Rank) -> Node:
        """Read on from an operand while operators bind tighter than the rank."""
        while True:
            if left.height > self._max_depth:
                self._refuse_depth()
            token = self.token
            if token.kind is not TokenKind.SYMBOL and token.kind is not TokenKind.NAME:
                return left
            infix = self._grammar.infixes.get(token.text)
            if infix is None or infix.rank <= rank or (token.text == "[" and self._closes_range()):
                return left
            self.index += 1
            inner, left = left, infix.parse(self, left, token)
            if self.extents is not None and id(inner) in self.extents:
                self.extents[id(left)] = (left, self.extents[id(inner)][1], self.tokens[self.index - 1].end)

    @contextmanager
    def scope(self, names: Iterable[str] = ()) -> Generator[NameTable]:
        """Names known only within."""
        outer = self.names
        self.names = NameTable(names, outer)
        yield self.names
        self.names = outer

    def _refuse_depth(self) -> NoReturn:
        raise FeelBudgetExceeded("max_depth", self._max_depth, "levels of nesting")

    def _closes_range(self) -> bool:
        """Whether the `[` here ends a range: nothing follows it that an index or condition could begin with."""
        if not self._ends_range:
            return False
        following = self.tokens[self.index + 1]
        if following.kind is TokenKind.SYMBOL:
            return following.text not in ("(", "[", "{", "-", "@", "?")
        if following.kind is TokenKind.NAME:
            return following.text in ("and", "or", "in", "between", "then", "else", "return", "satisfies", "instance")
        return following.kind is TokenKind.END
