"""The shipped decision tables, and how a test asks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.dmn import Answer, Decision, read_decisions
from tests.processes.rules.district import RULE

FOLDER = Path(__file__).parents[3] / "processes" / "budget_performance"
FILES = sorted(FOLDER.glob("*.dmn"))
DECISIONS: dict[str, Decision] = {
    key: decision for file in FILES for key, decision in read_decisions(file.read_bytes()).decisions.items()
}


def ask(key: str, **inputs: Any) -> Answer:
    """The answer of a decision under the shipped thresholds."""
    return DECISIONS[key].evaluate({**inputs, "rule": RULE})
