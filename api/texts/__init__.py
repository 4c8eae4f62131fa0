"""What is said to people, in Chinese and in English, by the stable code of what happened.

`problems.toml` holds a table a code: `zh` and `en`, with facts as {name}. Pages and REST answers read the same file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_PLACE = re.compile(r"\{(\w+)\}")


@cache
def problem_texts() -> Mapping[str, Mapping[str, str]]:
    """Code → language → text with places for facts."""
    return tomllib.loads((Path(__file__).parent / "problems.toml").read_text(encoding="utf-8"))


def say(codes: Iterable[str], language: str, facts: Mapping[str, Any]) -> str | None:
    """The text of the first code that has one, with the facts put in; None when none has."""
    for code in codes:
        text = problem_texts().get(code, {}).get(language)
        if text is not None:
            return _PLACE.sub(lambda place: _shown(facts.get(place.group(1)), language), text)
    return None


def _shown(fact: Any, language: str) -> str:
    if fact is None:
        return "–"
    if isinstance(fact, list | tuple):
        return ("、" if language == "zh" else ", ").join(str(each) for each in fact)
    return str(fact)
