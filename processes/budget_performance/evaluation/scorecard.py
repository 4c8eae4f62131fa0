"""The score of a whole self-evaluation (R06, R06b): computed beside printed beside hand-set, row by row.

form + rules ─► per indicator: target, result, points ─► execution ─► total, rescaled where rows do not apply ─► grade
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from processes.budget_performance.evaluation.filled_form import FilledForm, Indicator, MoneyRow
from processes.budget_performance.evaluation.held_against import Comparison, compared
from processes.budget_performance.evaluation.indicator_sense import sense_of
from processes.budget_performance.evaluation.printed_values import (
    Achievement,
    Blank,
    Day,
    Level,
    PrintedValue,
    Quantity,
)
from processes.budget_performance.evaluation.reading_values import read_value
from processes.budget_performance.monitoring import Operator
from processes.budget_performance.scoring import (
    Score,
    ScoringRules,
    execution_score,
    spread_evenly,
    too_low_points,
)

HUNDRED = Decimal(100)
ZERO = Decimal(0)

_QUALITATIVE = ("定性", "qualitative")


class Origin(StrEnum):
    """Where the points of a row come from."""

    #: From target and result (R06.2, R06.3).
    COMPUTED = "computed"
    #: From a rating and its share of the weight (R06.4), or from a percentage given as result of a level.
    RATED = "rated"
    #: From the words of the result alone: met = the whole weight, partly = the lowest share of that band.
    ASSUMED = "assumed"
    #: The office's own score: only a person can judge the row.
    PRINTED = "printed"
    #: There is neither a result nor a score: 0.
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class RowScore:
    """One indicator: what its target and result mean, and its points."""

    indicator: Indicator
    target: PrintedValue
    actual: PrintedValue
    comparison: Comparison
    #: The form's, or the row's even part of its group; None where there is neither.
    weight: Decimal | None
    #: Before rounding, kept for ever (R06b).
    exact: Decimal
    points: Decimal
    origin: Origin

    @property
    def standing(self) -> Decimal:
        """The score that counts where a reviewer's hand counts: hand-set, else computed."""
        return self.indicator.hand_set.points if self.indicator.hand_set else self.points


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """The scores of a form."""

    #: None where the form has no execution row, or there was no budget (R06.1).
    execution: Score | None
    #: Points that execution is worth in this form; 0 where it has no such row.
    execution_weight: Decimal
    rows: tuple[RowScore, ...]
    #: 1, or what the rest is multiplied by because something does not apply (R06.1, R06b).
    scale: Decimal
    total: Decimal
    total_exact: Decimal
    #: The total with the scores set by hand in place of the computed ones.
    total_standing: Decimal
    #: Points of each first-level group in the form's order, execution first.
    groups: Mapping[str, Decimal]


def scorecard(form: FilledForm, rules: ScoringRules, band_set: str = "2020") -> Scorecard:
    """Score a form.

    Indicators that do not apply are left out, and so is execution without a budget; the rest is scaled up to 100.
    Example A of R06: 9.20 + 15.00 + 14.40 + 7.50 + 9.52 + 20.00 + 7.50 + 9.70 = 92.82.
    """
    weights = _weights(form)
    rows = tuple(
        _row(indicator, weights.get(indicator.number), form, rules, band_set)
        for indicator in form.indicators
        if indicator.applies
    )
    money = money_in_force(form)
    execution_weight = (money.weight if money else None) or ZERO
    execution = _execution(money, execution_weight, rules)
    left_out = sum((weights.get(each.number) or ZERO for each in form.indicators if not each.applies), ZERO)
    if execution is None:
        left_out += execution_weight
    whole = sum((weight for weight in weights.values()), ZERO) + execution_weight
    scale = HUNDRED / (whole - left_out) if left_out and whole > left_out else Decimal(1)
    scores = [execution] if execution else []

    def total(parts: list[Decimal], *, is_rounded: bool) -> Decimal:
        # scores set by hand may be anything until they are mended
        whole_sum = max(ZERO, min(HUNDRED, sum(parts, ZERO) * scale if scale != 1 else sum(parts, ZERO)))
        return rules.rounding.apply(whole_sum) if is_rounded and scale != 1 else whole_sum

    return Scorecard(
        execution=execution,
        execution_weight=execution_weight,
        rows=rows,
        scale=scale,
        total=total([each.points for each in (*scores, *rows)], is_rounded=True),
        total_exact=total([each.exact for each in (*scores, *rows)], is_rounded=False),
        total_standing=total([each.points for each in scores] + [each.standing for each in rows], is_rounded=True),
        groups=_groups(form, weights, execution_weight),
    )


def money_in_force(form: FilledForm) -> MoneyRow | None:
    """The row of all money; where it is empty and its parts are not, with the sums of the parts."""
    total = form.money_total
    parts = [row for row in form.money_parts if row.is_filled]
    if total is None or total.is_filled or not parts:
        return total
    return MoneyRow(
        source=total.source,
        title=total.title,
        row=total.row,
        initial=sum((row.initial or ZERO for row in parts), ZERO),
        adjusted=sum((row.adjusted or ZERO for row in parts), ZERO),
        spent=sum((row.spent or ZERO for row in parts), ZERO),
        rate=total.rate,
        weight=total.weight,
        score=total.score,
        reason=total.reason,
        places=total.places,
    )


def _execution(money: MoneyRow | None, weight: Decimal, rules: ScoringRules) -> Score | None:
    if money is None or not weight or money.adjusted is None or min(money.adjusted, money.spent or ZERO) < 0:
        return None
    return execution_score(weight, money.spent or ZERO, money.adjusted, rules, money.rate)


def _weights(form: FilledForm) -> dict[int, Decimal]:
    """Weight of each indicator by its number: the printed one, else its even part of the group's points (R06b)."""
    found = {each.number: each.weight for each in form.indicators if each.weight is not None}
    # points of a second level, 产出/数量, come before those of the first one around it
    for group, points in sorted(form.group_points.items(), key=lambda each: "/" not in each[0]):
        members = [each for each in form.indicators if group in (each.l1, f"{each.l1}/{each.l2}")]
        without = [each.number for each in members if each.number not in found and each.applies]
        rest = points - sum((found.get(each.number, ZERO) for each in members), ZERO)
        if without and rest > 0:
            found |= dict(zip(without, spread_evenly(rest, len(without)), strict=True))
    return found


def _groups(form: FilledForm, weights: Mapping[int, Decimal], execution_weight: Decimal) -> dict[str, Decimal]:
    groups: dict[str, Decimal] = {"预算执行": execution_weight} if execution_weight else {}
    for each in form.indicators:
        groups[each.l1] = groups.get(each.l1, ZERO) + (weights.get(each.number) or ZERO)
    return groups


def _row(
    indicator: Indicator, weight: Decimal | None, form: FilledForm, rules: ScoringRules, band_set: str
) -> RowScore:
    target = read_value(indicator.target, indicator.unit, indicator.nature)
    if indicator.nature in _QUALITATIVE and not isinstance(target, Level | Blank):
        target = Level(text=indicator.target, doubts=target.doubts)
    actual = read_value(indicator.actual)
    unit = target.unit if isinstance(target, Quantity) else indicator.unit
    sense = sense_of(indicator.l1, indicator.l2, indicator.l3, unit)
    comparison = compared(target, actual, sense, form.fiscal_year)
    exact, origin = _points(indicator, weight or ZERO, (target, actual, comparison), rules, band_set)
    return RowScore(
        indicator=indicator,
        target=target,
        actual=actual,
        comparison=comparison,
        weight=weight,
        exact=exact,
        points=rules.rounding.apply(exact),
        origin=origin,
    )


def _points(
    indicator: Indicator,
    weight: Decimal,
    values: tuple[PrintedValue, PrintedValue, Comparison],
    rules: ScoringRules,
    band_set: str,
) -> tuple[Decimal, Origin]:
    target, actual, comparison = values
    ratio = comparison.ratio
    is_over = comparison.operator is Operator.AT_LEAST and ratio is not None and ratio > rules.over_achievement
    if is_over and indicator.target_too_low:
        return too_low_points(weight, comparison.wanted[0], comparison.actual, rules), Origin.COMPUTED
    earned = comparison.earned(weight)
    if earned is not None:
        return earned, Origin.COMPUTED
    bands = rules.bands[band_set]
    if indicator.rating is not None and indicator.ratio is not None:
        # whether the share lies in the band of its rating is a matter of consistency: the points follow from the share
        return weight * min(HUNDRED, max(ZERO, indicator.ratio)) / HUNDRED, Origin.RATED
    if indicator.score is not None:
        return min(weight, max(ZERO, indicator.score)), Origin.PRINTED
    is_words = isinstance(target, Level | Day | Blank)
    if is_words and isinstance(actual, Quantity) and actual.is_percent and actual.value >= 0:
        return weight * min(HUNDRED, actual.value) / HUNDRED, Origin.RATED
    said = Achievement(indicator.rating) if indicator.rating else None
    if said is None and is_words and isinstance(actual, Level):
        said = actual.achievement
    if said is not None:
        lowest = {Achievement.MET: HUNDRED, Achievement.PARTLY: bands["partly"], Achievement.NOT: ZERO}[said]
        return weight * lowest / HUNDRED, Origin.ASSUMED
    return ZERO, Origin.NOTHING
