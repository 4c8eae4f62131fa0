"""Text to tokens. Names are cut into words here and put together by `engine.feel.names`, which knows the declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from engine.feel.budget import Budget
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.feel.numbers import ARITHMETIC


class TokenKind(Enum):
    """What a token is."""

    NAME = auto()
    NUMBER = auto()
    STRING = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: TokenKind
    #: As written; of a STRING with its quotes.
    text: str
    #: Offsets in the source, end exclusive.
    start: int
    end: int
    #: Decimal of a NUMBER, text of a STRING.
    value: Any = None

    def __str__(self) -> str:
        return "the end" if self.kind is TokenKind.END else f"{self.text!r}"


#: Words that cannot begin or continue an undeclared name.
KEYWORDS = frozenset((
    "and", "between", "else", "every", "false", "for", "if", "in", "instance", "not", "null", "or", "return",
    "satisfies", "some", "then", "true",
))  # fmt: skip

# Letters of every script and all of the supplementary planes (🐎 is a name), as DMN 1.3, 10.3.1.2 rules 26 to 30 say.
_NAME_START = r"[^\W\d]|[\U00010000-\U000EFFFF]"
_NAME_PART = r"\w|[\u00B7\u0300-\u036F\u203F\u2040]|[\U00010000-\U000EFFFF]"
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:\s|\ufeff|//[^\n]*|/\*(?s:.*?)\*/)+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>(?:{_NAME_START})(?:{_NAME_PART})*)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<symbol>\.\.|\*\*|->|<=|>=|!=|[-+*/=<>()\[\]{{}},:.@?'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))",
    re.DOTALL,
)
_SHORT_ESCAPES = {'"': '"', "\\": "\\", "'": "'", "/": "/", "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def tokenize(source: str, budget: Budget) -> list[Token]:
    """The tokens of a source, the last one END.

    Raises:
        FeelBudgetExceeded: the text or a number in it is too long.
        FeelSyntaxError: a character that no token begins with.
    """
    if len(source) > budget.max_source_chars:
        raise FeelBudgetExceeded("max_source_chars", budget.max_source_chars, "characters of text")
    tokens: list[Token] = []
    offset = 0
    while offset < len(source):
        found = _TOKEN.match(source, offset)
        if found is None or (found.lastgroup == "symbol" and source.startswith("/*", offset)):
            raise FeelSyntaxError(source, offset, expected="FEEL", found=_describe(source, offset))
        kind, text, start, offset = found.lastgroup, found.group(), offset, found.end()
        if kind == "name":
            tokens.append(Token(TokenKind.NAME, text, start, offset))
        elif kind == "symbol":
            tokens.append(Token(TokenKind.SYMBOL, text, start, offset))
        elif kind == "number":
            tokens.append(Token(TokenKind.NUMBER, text, start, offset, _number(source, text, start, budget)))
        elif kind == "string":
            tokens.append(Token(TokenKind.STRING, text, start, offset, unescape(text[1:-1])))
    tokens.append(Token(TokenKind.END, "", len(source), len(source)))
    return tokens


def unescape(text: str) -> str:
    r"""A text literal's characters: `\n`, `\"`, `\u4F18`, `\U01F40E`, surrogate pairs. Others stay: "\d"."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    high, low, basic, wide, short = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if basic:
        return found.group() if 0xD800 <= int(basic, 16) <= 0xDFFF else chr(int(basic, 16))
    if wide:
        return chr(int(wide, 16)) if int(wide, 16) <= 0x10FFFF else found.group()
    return _SHORT_ESCAPES.get(short, found.group())


def _number(source: str, text: str, start: int, budget: Budget) -> Decimal:
    if len(text) > budget.max_digits:
        raise FeelBudgetExceeded("max_digits", budget.max_digits, "digits in a number")
    try:
        return ARITHMETIC.create_decimal(text)
    except ArithmeticError:
        raise FeelSyntaxError(
            source, start, expected="a number between -1E6145 and 1E6145", found=f"{text!r}"
        ) from None


def _describe(source: str, offset: int) -> str:
    if source[offset] == '"':
        return "a text without closing quote"
    if source.startswith("/*", offset):
        return "a comment without end"
    return repr(source[offset])
