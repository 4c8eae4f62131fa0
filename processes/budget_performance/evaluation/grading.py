"""The grade of a score by decision R03."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine.dmn import Decision, read_decisions

_TABLE = Path(__file__).parents[1] / "R03.dmn"


def grade_of(score: Decimal, rule: Mapping[str, Any]) -> str:
    """优, 良, 中 or 差. 90 → 优, 89.99 → 良.

    Args:
        score: points, 0–100.
        rule: the thresholds in force, as `thresholds.rule_context` gives them.
    """
    return _decision().evaluate({"score": score, "rule": rule}).value


@cache
def _decision() -> Decision:
    return read_decisions(_TABLE.read_bytes()).decisions["R03"]
