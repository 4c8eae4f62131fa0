"""What FEEL says of an expression, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from api.texts import say
from engine.feel import FeelBudgetExceeded, FeelSyntaxError
from engine.model.errors import EngineError


def expression_refusal(refusal: EngineError, language: str) -> str:
    """The refusal of an expression; the engine's own English sentence where the language has none."""
    if language == "en":
        return refusal.message
    texts = _chinese()
    if isinstance(refusal, FeelSyntaxError):
        expected = texts["expected"].get(refusal.expected, f" {refusal.expected}")
        found = texts["expected"].get(refusal.found, f" {refusal.found}")
        place = refusal.position
        return texts["sentences"]["syntax"].format(line=place.line, column=place.column, expected=expected, found=found)
    if isinstance(refusal, FeelBudgetExceeded):
        limit = texts["limits"].get(refusal.limit, refusal.limit)
        return texts["sentences"]["budget"].format(allowed=refusal.allowed, limit=limit)
    codes = [each.code for each in type(refusal).__mro__ if issubclass(each, EngineError)]
    said = say(codes, language, refusal.facts)
    return f"{said}\n  {refusal.message}" if said else refusal.message


@cache
def _chinese() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
