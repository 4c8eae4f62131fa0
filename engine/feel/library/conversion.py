"""Built-in functions that turn one type into another: string, number, range (DMN 1.3, table 73; `range` is of 1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.feel.budget import Budget, Run
from engine.feel.comparison import ordered
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError, NullResult
from engine.feel.lexer import Token, TokenKind, tokenize
from engine.feel.library.registration import function, with_run
from engine.feel.numbers import ARITHMETIC
from engine.feel.rendering import render
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_temporal, parse_time
from engine.feel.values import Range

_LITERALS = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}


def _string(run: Run, value: Any) -> str | None:
    return None if value is None else render(run, value)


def _number(text: str, grouping: str | None, decimal: str | None) -> Decimal:
    if grouping not in (None, " ", ",", "."):
        raise NullResult(f"expected ' ', ',' or '.' as grouping separator, but found {grouping!r}")
    if decimal not in (None, ",", ".") or (grouping is not None and grouping == (decimal or ".")):
        raise NullResult(f"expected ',' or '.' as decimal separator, unlike the other, but found {decimal!r}")
    if grouping is not None:
        text = text.replace(grouping, "")
    plain = text.replace(decimal or ".", ".") if decimal != "." else text
    if len(plain) > 200 or not plain.isascii() or "_" in plain or not any(character.isdigit() for character in plain):
        raise NullResult(f"expected a number, but found {text[:40]!r}")
    if (decimal == "," and "." in text) or plain != plain.strip():
        raise NullResult(f"expected a number, but found {text[:40]!r}")
    try:
        number = ARITHMETIC.create_decimal(plain)
    except ArithmeticError:
        raise NullResult(f"expected a number, but found {text[:40]!r}") from None
    if not number.is_finite():
        raise NullResult(f"expected a number, but found {text[:40]!r}")
    return number


def _range(text: str) -> Range:
    """A range from its text, of literals only."""
    try:
        tokens = tokenize(text, Budget(max_source_chars=500))
    except (FeelSyntaxError, FeelBudgetExceeded):
        raise NullResult(f"expected a range, but found {text[:40]!r}") from None
    symbols = [token.text for token in tokens if token.kind is TokenKind.SYMBOL]
    opening, closing = tokens[0].text, tokens[-2].text if len(tokens) > 2 else ""
    if symbols.count("..") != 1 or opening not in ("[", "(", "]") or closing not in ("]", ")", "["):
        raise NullResult(f"expected a range, but found {text[:40]!r}")
    middle = next(index for index, token in enumerate(tokens) if token.text == "..")
    start, end = _literal(tokens[1:middle]), _literal(tokens[middle + 1 : -2])
    order = ordered(start, end)
    if order is None or order > 0:
        raise NullResult(f"expected two ends of one type, the lower first, but found {text[:40]!r}")
    return Range(start, end, opening == "[", closing == "]")


def _literal(tokens: Sequence[Token]) -> Any:
    """A number, a text, `@"…"`, or a call like `date("…")`; raises NullResult for anything else."""
    match tokens:
        case [Token(kind=TokenKind.NUMBER | TokenKind.STRING, value=value)]:
            return value
        case [Token(text="-"), Token(kind=TokenKind.NUMBER, value=value)]:
            return ARITHMETIC.minus(value)
        case [Token(text="@"), Token(kind=TokenKind.STRING, value=value)]:
            return parse_temporal(value)
        case [*name, Token(text="("), Token(kind=TokenKind.STRING, value=value), Token(text=")")]:
            parse = _LITERALS.get(" ".join(token.text for token in name))
            if parse is not None:
                return parse(value)
        case _:
            pass
    raise NullResult("expected literals as the ends of the range")


FUNCTIONS = (
    with_run("string", "from", result=_string),
    function("number", "from: string", "grouping separator: string?", "decimal separator: string?", result=_number),
    function("range", "from: string", result=_range),
)
