"""Self-evaluations given as documents, evaluated under the shipped thresholds."""

from __future__ import annotations

import json
from typing import Any

from processes.budget_performance.evaluation.evaluate import Evaluation, evaluate, read_filled_form
from processes.budget_performance.scoring import Rounding
from tests.processes.rules.district import RULE


def evaluated(document: dict[str, Any], rounding: Rounding | None = None, band_set: str = "2020") -> Evaluation:
    """A document, read from its JSON as a file would be."""
    form = read_filled_form(json.dumps(document, ensure_ascii=False).encode())
    return evaluate(form, RULE, rounding, band_set)


def codes(found: Evaluation) -> list[str]:
    """Codes of the findings in their order."""
    return [each.code for each in found.findings]


def one_row(**values: Any) -> dict[str, Any]:
    """A form whose whole score is one indicator of 90 points beside 10 for the execution."""
    row = {"l1": "产出", "l2": "质量", "l3": "指标甲", "weight": 90, **values}
    return {"budget_initial": 100, "budget_adj": 100, "spent": 100, "exec_weight": 10, "indicators": [row]}
