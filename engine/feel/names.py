"""Names with spaces and signs: which tokens together are one name.

FEEL allows `Loan amount`, `Monthly-Salary` and `applicant's age` as names, so that only the declared names say where
one ends (DMN 1.3, 10.3.1.5). The longest declared name wins. Undeclared words that follow one another are taken as one
name, because nothing else may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from engine.feel.budget import Budget
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.feel.lexer import KEYWORDS, Token, TokenKind, tokenize

_SINGLE_WORD = re.compile(r"[^\W\d]\w*")
_SIGNS = frozenset("./-'+*?")
_NAMES_BUDGET = Budget(max_source_chars=512)

#: A declared name as (text, whether space stands before it) of each token, and its normal form.
_Pattern = tuple[tuple[tuple[str, bool], ...], str]


class NameTable:
    """Names known at one place of the text, the innermost scope first."""

    def __init__(self, names: Iterable[str], outer: NameTable | None = None) -> None:
        self._outer = outer
        self._single: set[str] = set()
        self._patterns: dict[str, list[_Pattern]] = {}
        for name in names:
            self.declare(name)

    def declare(self, name: str) -> None:
        """Make a name known here."""
        if _SINGLE_WORD.fullmatch(name):
            self._single.add(name)
            return
        pattern = _pattern(name)
        if pattern is not None:
            patterns = self._patterns.setdefault(pattern[0][0][0], [])
            patterns.append(pattern)
            patterns.sort(key=lambda known: -len(known[0]))

    def knows_word(self, word: str) -> bool:
        """Whether a single word is declared here or further out."""
        return any(word in table._single for table in self._chain())

    def longest(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest declared name of several tokens that begins at a token, and how many tokens it takes."""
        best: tuple[str, int] | None = None
        for table in self._chain():
            for pieces, name in table._patterns.get(tokens[index].text, ()):
                if best is not None and len(pieces) <= best[1]:
                    break
                if _fits(pieces, tokens, index):
                    best = name, len(pieces)
                    break
        return best

    def _chain(self) -> Iterator[NameTable]:
        table: NameTable | None = self
        while table is not None:
            yield table
            table = table._outer


def joined(tokens: list[Token]) -> str:
    """The normal form of the name that some tokens make: one space where the text has any."""
    text = tokens[0].text
    for before, token in pairwise(tokens):
        text += token.text if before.end == token.start else f" {token.text}"
    return text


def words_from(tokens: list[Token], index: int) -> int:
    """How many tokens from here on are words that may make an undeclared name."""
    end = index
    while tokens[end].kind is TokenKind.NAME and tokens[end].text not in KEYWORDS:
        end += 1
    return end - index


def is_name_sign(token: Token) -> bool:
    """Whether a symbol may stand inside the name of a context entry or parameter."""
    return token.kind is TokenKind.SYMBOL and token.text in _SIGNS


@lru_cache(maxsize=4096)
def _pattern(name: str) -> _Pattern | None:
    try:
        tokens = tokenize(name, _NAMES_BUDGET)[:-1]
    except (FeelSyntaxError, FeelBudgetExceeded):
        return None
    if not tokens or tokens[0].kind is not TokenKind.NAME:
        return None
    pieces = [(tokens[0].text, False)]
    pieces += [(token.text, before.end != token.start) for before, token in pairwise(tokens)]
    return tuple(pieces), joined(tokens)


def _fits(pieces: tuple[tuple[str, bool], ...], tokens: list[Token], index: int) -> bool:
    if index + len(pieces) >= len(tokens):
        return False
    return all(
        tokens[index + step].text == text
        and (step == 0 or (tokens[index + step].start != tokens[index + step - 1].end) == spaced)
        for step, (text, spaced) in enumerate(pieces)
    )
