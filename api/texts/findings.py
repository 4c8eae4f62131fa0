"""What the analysis of a decision table finds, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from api.texts.diagrams import say_of_diagram
from engine.dmn import Finding
from engine.feel import format_value

_ANY_INPUT = "任意输入"


def finding_text(finding: Finding, language: str) -> str:
    """One sentence; the engine's own English where the language has none."""
    said = say_of_diagram(finding.code, language, finding.element_id, finding.facts)
    if said is not None:
        return said.message
    text = _chinese().get(finding.code) if language == "zh" else None
    if text is None:
        return finding.message
    return text.format(**_facts(finding))


def mend_text(finding: Finding, language: str) -> str:
    """What can be done about it; "" where the sentence says it."""
    said = say_of_diagram(finding.code, language, finding.element_id, finding.facts)
    return finding.mend if said is None else said.mend


def example_text(finding: Finding) -> str:
    """The input that shows it: `score = 59, kind = "policy"`; "" without one."""
    return ", ".join(f"{label} = {_shown(value)}" for label, value in finding.example.items())


def _facts(finding: Finding) -> Mapping[str, Any]:
    return {
        **finding.facts,
        "rules": "、".join(map(str, finding.rules)),
        "example": example_text(finding) or _ANY_INPUT,
    }


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else format_value(value)


@cache
def _chinese() -> Mapping[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
