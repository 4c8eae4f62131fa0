"""What is said about a diagram that is to be deployed, and about its test cases.

`diagrams.toml` holds a table a code: `zh`, `en`, and `mend_zh`, `mend_en` where something can be done about it;
`diagram_words.toml` the words that the engine puts into facts, in Chinese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_PLACE = re.compile(r"\{(\w+)\}")
#: Facts that hold words of the engine; others are names and texts of the designer, which stay as they are.
_WORDED = frozenset({"cause", "expected", "found", "here", "kind", "place", "subject", "there"})


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as a person reads it."""

    message: str
    #: "" where nothing needs doing.
    mend: str


@cache
def diagram_texts() -> Mapping[str, Mapping[str, str]]:
    """Code → zh, en, mend_zh, mend_en."""
    return _read("diagrams.toml")


@cache
def diagram_words() -> Mapping[str, str]:
    """Word of the engine → Chinese."""
    return _read("diagram_words.toml")


def say_of_diagram(code: str, language: str, element_id: str, facts: Mapping[str, Any]) -> Said | None:
    """A finding in the reader's language; None for a code that is not about diagrams."""
    texts = diagram_texts().get(code)
    if texts is None:
        return None
    values = {"element": element_id, **facts}
    if language != "en":
        values = {name: _worded(name, value) for name, value in values.items()}
    message, mend = (
        _PLACE.sub(lambda place: str(values.get(place[1], place[0])), texts.get(name, ""))
        for name in (language, f"mend_{language}")
    )
    return Said(message, mend)


def in_language(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A line of a deployment's report with message and mend in the reader's language."""
    said = say_of_diagram(entry["code"], language, entry["element_id"], entry.get("facts", {}))
    return dict(entry) if said is None else {**entry, "message": said.message, "mend": said.mend}


def _worded(name: str, value: Any) -> Any:
    return diagram_words().get(value, value) if name in _WORDED and isinstance(value, str) else value


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
