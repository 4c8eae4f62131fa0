"""Built-in functions on texts (DMN 1.3, table 76), but for those with regular expressions: see `engine.feel.regex`.

Characters are counted, not bytes or half surrogates: 🐎 is one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.budget import Run
from engine.feel.errors import NullResult
from engine.feel.library.registration import function, with_run
from engine.feel.numbers import whole
from engine.feel.types import type_name


def _substring(text: str, start: Decimal, length: Decimal | None) -> str:
    begin = whole(start)
    count = len(text) if length is None else whole(length)
    if not begin or begin < -len(text):
        raise NullResult(f"expected a start from 1 on, or from -{len(text)} to -1, but found {start}")
    if count is None or (length is not None and count < 1):
        raise NullResult(f"expected a length of at least 1, but found {length}")
    begin = begin - 1 if begin > 0 else len(text) + begin
    return text[begin : begin + count]


def _contains(text: str, match: str) -> bool:
    return match in text


def _before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


def _after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


def _join(run: Run, parts: list[Any], delimiter: str | None) -> str:
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif part is not None:
            raise NullResult(f"expected texts, but found a {type_name(part)}")
    run.charge_text(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)


FUNCTIONS = (
    function("substring", "string: string", "start position: number", "length: number?", result=_substring),
    function("string length", "string: string", result=len),
    function("upper case", "string: string", result=str.upper),
    function("lower case", "string: string", result=str.lower),
    function("substring before", "string: string", "match: string", result=_before),
    function("substring after", "string: string", "match: string", result=_after),
    function("contains", "string: string", "match: string", result=_contains),
    function("starts with", "string: string", "match: string", result=str.startswith),
    function("ends with", "string: string", "match: string", result=str.endswith),
    with_run("string join", "list: list", "delimiter: string?", result=_join),
)
