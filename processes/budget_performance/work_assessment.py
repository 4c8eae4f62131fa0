"""The score of a unit's performance work (RULES R13): pure arithmetic over Decimal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

HUNDRED = Decimal(100)
ZERO = Decimal(0)


def work_assessment_score(
    rates: Mapping[str, Decimal | None], rule: Mapping[str, Any], *, deducted: Decimal = ZERO, bonus: Decimal = ZERO
) -> Decimal:
    """Score = Σ rate·w × 100 / Σ applicable w − deductions + bonus, in [0, 100], 2 places half-up (R13; S-81).

    Args:
        rates: dimension → rate 0–1; None or absent = does not apply to this unit.
        rule: thresholds in force, as `thresholds.rule_context` gives them.
        deducted: points, e.g. by R16.
        bonus: points; counts up to `rule.R13.bonus_most`.

    Example: rates 1, .95, .9, 1, .8, .6, 1, 1 with 2 deducted → 87.50.

    Raises:
        ValueError: an unknown dimension, a rate outside 0–1, or no dimension applies.
    """
    weights = rule["R13"]["weights"]
    applicable = {dimension: rate for dimension, rate in rates.items() if rate is not None}
    wrong = sorted(d for d, rate in applicable.items() if d not in weights or not 0 <= rate <= 1)
    if wrong or not applicable:
        raise ValueError(f"Expected rates from 0 to 1 of {', '.join(weights)}, but found {', '.join(wrong) or 'none'}.")
    reached = sum((rate * weights[dimension] for dimension, rate in applicable.items()), ZERO)
    most = sum((weights[dimension] for dimension in applicable), ZERO)
    score = reached * HUNDRED / most - deducted + min(bonus, rule["R13"]["bonus_most"])
    return min(HUNDRED, max(ZERO, score)).quantize(Decimal("0.01"), ROUND_HALF_UP)
