"""Scores given by people before the money is approved: experts of an assessment (R02) and the goal review (R02b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)
CENT = Decimal("0.01")

#: Most points of each criterion of the goal review form F-02 (NM24 art. 16; points MEM).
#: 完整性 c 20, 相关性 r 30, 适当性 a 30, 可行性 f 20.
GOAL_REVIEW_POINTS: Mapping[str, Decimal] = {
    "c1": Decimal(10),
    "c2": Decimal(10),
    "r1": Decimal(15),
    "r2": Decimal(15),
    "a1": Decimal(15),
    "a2": Decimal(15),
    "f1": Decimal(10),
    "f2": Decimal(10),
}


@dataclass(frozen=True, kw_only=True)
class PanelScore:
    """What a panel of experts gives together."""

    #: Mean in points 0–100, 2 places half-up.
    score: Decimal
    #: Highest minus lowest of all experts, before any is dropped.
    spread: Decimal
    #: Scores left out of the mean: the lowest and the highest, or none.
    dropped: tuple[Decimal, ...]
    #: The experts are too far apart and discuss again before there is a conclusion.
    needs_discussion: bool


def assessment_score(ratings: Sequence[str], rule: Mapping[str, Any]) -> Decimal:
    """Points 0–100 of one rater: Σ 5 × share over the twenty sub-items of F-03 B (R02).

    Shares: 优 1.0, 良 0.8, 中 0.6, 差 0.3 (PROP). Example: twenty times 良 → 80.00.

    Raises:
        ValueError: a rating is none of these.
    """
    r02 = rule["R02"]
    shares = {"优": Decimal(1), "良": r02["rating_good"], "中": r02["rating_medium"], "差": r02["rating_poor"]}
    unknown = sorted({rating for rating in ratings if rating not in shares})
    if unknown:
        raise ValueError(f"Expected ratings 优, 良, 中 or 差, but found {', '.join(unknown)}.")
    return sum((r02["item_points"] * shares[rating] for rating in ratings), ZERO).quantize(CENT, ROUND_HALF_UP)


def panel_score(scores: Sequence[Decimal], rule: Mapping[str, Any]) -> PanelScore:
    """Mean of the experts; from five on without the highest and the lowest (R02).

    Examples: 84, 86, 88 → 86.00, spread 4; 60, 80, 82, 84, 100 → 82.00, spread 40 → discussion.

    Raises:
        ValueError: no score.
    """
    if not scores:
        raise ValueError("Expected the score of at least one expert, but found none.")
    ordered = sorted(scores)
    counted, dropped = ordered, ()
    if len(ordered) >= rule["R02"]["drop_from"]:
        counted, dropped = ordered[1:-1], (ordered[0], ordered[-1])
    spread = ordered[-1] - ordered[0]
    return PanelScore(
        score=(sum(counted, ZERO) / len(counted)).quantize(CENT, ROUND_HALF_UP),
        spread=spread,
        dropped=dropped,
        needs_discussion=spread > rule["R02"]["spread_max"],
    )


def goal_review_score(points: Mapping[str, Decimal]) -> Decimal:
    """Score 0–100 of the goal review: the sum of its eight criteria (R02b, FORMS F-02).

    Raises:
        ValueError: a criterion is missing, unknown, or outside its points; names them all.
    """
    wrong = sorted(set(points) ^ set(GOAL_REVIEW_POINTS))
    wrong += [key for key, most in GOAL_REVIEW_POINTS.items() if key in points and not 0 <= points[key] <= most]
    if wrong:
        raise ValueError(f"Expected the eight criteria of F-02 within their points, but {', '.join(wrong)} is not.")
    return sum(points.values(), ZERO)
