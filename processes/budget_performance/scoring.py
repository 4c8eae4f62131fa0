"""The score of a self-evaluation or re-check (RULES R06, R06b): pure arithmetic over Decimal.

Points are 0..weight, rates are percent 0–100, amounts are 万元. Every score keeps its exact value beside the rounded
one; rounding happens per indicator and the rounded points are added up (R06.6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from processes.budget_performance.monitoring import Operator

HUNDRED = Decimal(100)
ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Rounding:
    """How a campaign rounds its scores (R06b): offices publish four ways, so it is a setting, frozen per form."""

    #: Decimal places, 0–2.
    places: int = 2
    #: True cuts off, False rounds half-up.
    cut: bool = False
    #: True: the execution score follows the printed (already rounded) rate, not the exact one.
    from_printed_rate: bool = False

    def apply(self, exact: Decimal) -> Decimal:
        return exact.quantize(ONE.scaleb(-self.places), ROUND_DOWN if self.cut else ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class ScoringRules:
    """The thresholds of R06 and R06b in force, see `thresholds.toml`."""

    #: actual / target above this must be explained (R06.3).
    over_achievement: Decimal
    too_low_least: Decimal
    too_low_slope: Decimal
    #: Band set → band → lowest percent of the weight; the third band begins at 0.
    bands: Mapping[str, Mapping[str, Decimal]]
    #: Deduction code (FORMS F-06) → share of the score that is kept.
    kept: Mapping[str, Decimal]
    #: Execution rate in percent below which a reason is needed.
    reason_below_rate: Decimal
    rounding: Rounding = field(default_factory=Rounding)


class Finding(StrEnum):
    """What must be explained or mended before the form can be signed."""

    OVERSPENT = "overspent"
    EXECUTION_REASON_NEEDED = "execution-reason-needed"
    EXPLANATION_NEEDED = "over-achievement-explanation-needed"
    CAUSE_NEEDED = "cause-needed"


@dataclass(frozen=True, kw_only=True)
class Score:
    """Points of one row."""

    weight: Decimal
    #: Before rounding; kept for ever (R06b).
    exact: Decimal
    #: As the form shows it.
    points: Decimal
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IndicatorResult:
    """One indicator row of a self-evaluation or re-check (FORMS F-05, F-06)."""

    name: str
    weight: Decimal
    operator: Operator
    #: None for a qualitative indicator.
    target: Decimal | None = None
    actual: Decimal | None = None
    #: Qualitative: "met" | "partly" | "not", and the percent of the weight inside that band.
    rating: str | None = None
    ratio: Decimal | None = None
    #: The reviewer holds that the target was set too low (R06.3).
    target_too_low: bool = False
    #: Re-check: deduction codes of F-06 that apply, e.g. "NO_EVIDENCE".
    deductions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Total:
    """The score of a whole form."""

    #: None when there is no budget and the rest is scaled up to 100 (R06.1).
    execution: Score | None
    indicators: tuple[Score, ...]
    #: Sum of the rounded points, at most 100.
    points: Decimal
    #: Sum of the exact points, at most 100.
    exact: Decimal

    @property
    def findings(self) -> tuple[tuple[int | None, Finding], ...]:
        """Row number (from 0; None = the execution row) and finding."""
        rows: list[tuple[int | None, Score]] = [(None, self.execution)] if self.execution else []
        rows += list(enumerate(self.indicators))
        return tuple((row, finding) for row, score in rows for finding in score.findings)


def scoring_rules(rule: Mapping[str, Any]) -> ScoringRules:
    """The rules from the thresholds in force, as `thresholds.rule_context` gives them."""
    r06, r06b = rule["R06"], rule["R06b"]
    kept = {
        "NO_EVIDENCE": ZERO,
        "SURVEY_MISSING": ZERO,
        "UNRELATED": ZERO,
        "MISMATCH": ZERO,
        "PAYMENT_AS_QUANTITY": ZERO,
        "DUPLICATE": ZERO,
        "NOT_ASSESSABLE_S": ZERO,
        "NOT_ASSESSABLE_M": r06["not_assessable_medium"],
        "NOT_ASSESSABLE_L": r06["not_assessable_light"],
        "PARTIAL": r06["partial"],
        # the corrected value or the reviewer's hand does the deducting
        "VALUE_WRONG": ONE,
        "OVER_UNEXPLAINED": ONE,
    }
    return ScoringRules(
        over_achievement=r06["over_achievement"],
        too_low_least=r06["too_low_least"],
        too_low_slope=r06["too_low_slope"],
        bands={"2020": r06["bands_2020"], "2018": r06["bands_2018"]},
        kept=kept,
        reason_below_rate=r06["reason_below_rate"],
        rounding=Rounding(places=int(r06b["places"]), cut=r06b["cut"], from_printed_rate=r06b["from_printed_rate"]),
    )


def execution_score(
    weight: Decimal,
    spent: Decimal,
    adjusted_budget: Decimal,
    rules: ScoringRules,
    printed_rate: Decimal | None = None,
) -> Score | None:
    """B = w × min(1, spent / adjusted budget); None when the budget is 0 (R06.1; SCF: executed / adjusted).

    Below 90 % a reason is needed; spending more than the budget is capped and reported. Series (w = 10): 736 of 800 →
    9.20; 251.89 of 251.89 → 10.00; 120 of 100 → 10.00 and "overspent".

    Args:
        printed_rate: percent as the form prints it, for campaigns that reckon from it (R06b); without it, the rate with
            2 places.

    Raises:
        ValueError: the budget or the spending is negative.
    """
    if adjusted_budget < 0 or spent < 0:
        raise ValueError(f"Expected amounts of 0 or more, but found {spent} spent of {adjusted_budget} 万元.")
    if adjusted_budget == 0:
        return None
    rate = HUNDRED * spent / adjusted_budget
    if rules.rounding.from_printed_rate:
        rate = rate.quantize(Decimal("0.01"), ROUND_HALF_UP) if printed_rate is None else printed_rate
        exact = weight * min(HUNDRED, rate) / HUNDRED
    else:
        exact = weight * min(spent, adjusted_budget) / adjusted_budget
    findings: list[Finding] = []
    if spent > adjusted_budget:
        findings.append(Finding.OVERSPENT)
    if rate < rules.reason_below_rate:
        findings.append(Finding.EXECUTION_REASON_NEEDED)
    return Score(weight=weight, exact=exact, points=rules.rounding.apply(exact), findings=tuple(findings))


def quantitative_points(weight: Decimal, operator: Operator, target: Decimal, actual: Decimal) -> Decimal:
    """Points of a quantitative indicator before rounding, 0..weight (R06.2; FORM17: B/A and A/B, never above w).

    ≥: w × min(1, actual / target). ≤: w if actual ≤ target, else w × target / actual. =: w if equal, else
    w × smaller / larger. Series: ≥100 actual 96, w 15 → 14.40; ≤3000 actual 3150, w 10 → 9.5238…; =12 actual 9,
    w 8 → 6. A target that is missed earns nothing where it or the value is below 0: what was to fall may have risen,
    and a share of a negative number means nothing. ≥5 actual -2 → 0.
    """
    reached = {
        Operator.AT_LEAST: actual >= target,
        Operator.AT_MOST: actual <= target,
        Operator.EQUAL: actual == target,
    }[operator]
    if reached:
        return weight
    smaller, larger = sorted((target, actual))
    return weight * smaller / larger if smaller >= 0 else ZERO


def range_points(weight: Decimal, low: Decimal, high: Decimal, actual: Decimal) -> Decimal:
    """Points of a target that is a range, before rounding (R06.2 applied to the limit that is missed).

    Inside: w; below: w × actual / low; above: w × high / actual. Series for 5–10, w 10: 8 → 10; 4 → 8; 12.5 → 8.
    """
    if low <= actual <= high:
        return weight
    missed = low if actual < low else high
    return quantitative_points(weight, Operator.EQUAL, missed, actual)


def qualitative_points(weight: Decimal, rating: str, ratio: Decimal, bands: Mapping[str, Decimal]) -> Decimal:
    """Points of a qualitative indicator: w × ratio, the ratio lying in the band of its rating (R06.4).

    Band set 2020: met [80, 100], partly [60, 80), not [0, 60) percent of w; 2018: 80, 50. Example: partly, 75 %, w 10 →
    7.50.

    Raises:
        ValueError: unknown rating, or the ratio lies outside its band.
    """
    limits = {
        "met": (bands["met"], HUNDRED),
        "partly": (bands["partly"], bands["met"]),
        "not": (ZERO, bands["partly"]),
    }
    if rating not in limits:
        raise ValueError(f"Expected a rating of met, partly or not, but found {rating!r}.")
    low, high = limits[rating]
    if not (low <= ratio < high or ratio == high == HUNDRED):
        raise ValueError(f"Expected {rating!r} to stand for {low}–{high} %, but found {ratio} %.")
    return weight * ratio / HUNDRED


def too_low_points(weight: Decimal, target: Decimal, actual: Decimal, rules: ScoringRules) -> Decimal:
    """Points when the reviewer finds that the target was set too low (R06.3; idea 10 MEM, formula PROP).

    s = w × max(0.60, 1 − 0.5 × (actual / target − 1.30)), never above w. Example: target 30, actual 48, w 10 → 8.50.
    """
    ratio = actual / target
    share = max(rules.too_low_least, ONE - rules.too_low_slope * (ratio - rules.over_achievement))
    return weight * min(ONE, share)


def indicator_score(result: IndicatorResult, rules: ScoringRules, band_set: str = "2020") -> Score:
    """Points of one indicator row (R06.2–6).

    A row without a value scores 0. Of several deductions that apply the severest counts once (R06.5, PD26: no evidence,
    no survey, unrelated, mismatched, payment as quantity or counted before → 0; not assessable serious 0, medium 0.4,
    light 0.7; one of several tasks undone 0.7).

    Raises:
        ValueError: an unknown deduction code, or values outside their range.
    """
    unknown = sorted(set(result.deductions) - set(rules.kept))
    if unknown:
        raise ValueError(f"Expected deduction codes of F-06 for {result.name!r}, but found {', '.join(unknown)}.")
    findings: list[Finding] = []
    exact = _exact_points(result, rules, band_set, findings)
    exact *= min((rules.kept[code] for code in result.deductions), default=ONE)
    points = rules.rounding.apply(exact)
    if exact < result.weight:
        findings.append(Finding.CAUSE_NEEDED)
    return Score(weight=result.weight, exact=exact, points=points, findings=tuple(findings))


def total_score(
    *,
    execution_weight: Decimal,
    spent: Decimal,
    adjusted_budget: Decimal,
    results: Sequence[IndicatorResult],
    rules: ScoringRules,
    band_set: str = "2020",
) -> Total:
    """Score = B + Σ sᵢ, never above 100 (R06).

    Without a budget B does not apply and the total is Σ sᵢ × 100 / (100 − w_B). Example A of R06: 9.20 + 15.00 + 14.40
    + 7.50 + 9.52 + 20.00 + 7.50 + 9.70 = 92.82.
    """
    execution = execution_score(execution_weight, spent, adjusted_budget, rules)
    scores = tuple(indicator_score(result, rules, band_set) for result in results)
    points, exact = sum((s.points for s in scores), ZERO), sum((s.exact for s in scores), ZERO)
    if execution is None:
        scale = HUNDRED - execution_weight
        points, exact = rules.rounding.apply(points * HUNDRED / scale), exact * HUNDRED / scale
    else:
        points, exact = points + execution.points, exact + execution.exact
    return Total(execution=execution, indicators=scores, points=min(HUNDRED, points), exact=min(HUNDRED, exact))


def hand_set_score(
    weight: Decimal, points: Decimal, reason: str, *, reason_length: int = 10, bonus: bool = False
) -> Score:
    """A score set by a reviewer, standing beside the computed one (R06b).

    Raises:
        ValueError: outside 0..weight (above it only where the form's rules allow a bonus), or the reason is too short.
    """
    if points < 0 or (points > weight and not bonus):
        raise ValueError(f"Expected a score from 0 to {weight}, but found {points}.")
    if len(reason.strip()) < reason_length:
        raise ValueError(f"Expected a reason of at least {reason_length} characters, but found {len(reason.strip())}.")
    return Score(weight=weight, exact=points, points=points)


def spread_evenly(points: Decimal, rows: int) -> tuple[Decimal, ...]:
    """Points of a group over its indicators, 2 places, the remainder on the last (R06b). 20 over 3: 6.67 6.67 6.66."""
    if rows < 1:
        raise ValueError(f"Expected at least one row, but found {rows}.")
    share = (points / rows).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return (share,) * (rows - 1) + (points - share * (rows - 1),)


def _exact_points(result: IndicatorResult, rules: ScoringRules, band_set: str, findings: list[Finding]) -> Decimal:
    if result.operator is Operator.QUALITATIVE:
        if result.rating is None or result.ratio is None:
            return ZERO
        return qualitative_points(result.weight, result.rating, result.ratio, rules.bands[band_set])
    if result.target is None:
        raise ValueError(f"Expected a target for indicator {result.name!r}, but found none.")
    if result.actual is None:
        return ZERO
    if _is_over_achieved(result.operator, result.target, result.actual, rules):
        findings.append(Finding.EXPLANATION_NEEDED)
        if result.target_too_low:
            return too_low_points(result.weight, result.target, result.actual, rules)
    return quantitative_points(result.weight, result.operator, result.target, result.actual)


def _is_over_achieved(operator: Operator, target: Decimal, actual: Decimal, rules: ScoringRules) -> bool:
    return operator is Operator.AT_LEAST and target > 0 and actual > target * rules.over_achievement
