"""What is said about a self-evaluation, JSON-ready: numbers stay Decimal, everything else is text, list or object."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from processes.budget_performance.evaluation.consistency.check import blocks
from processes.budget_performance.evaluation.consistency.finding import Finding
from processes.budget_performance.evaluation.evaluate import Evaluation
from processes.budget_performance.evaluation.filled_form import FilledForm
from processes.budget_performance.evaluation.printed_numbers import rounded
from processes.budget_performance.evaluation.printed_values import Blank, Day, Level, PrintedValue, Quantity, Range
from processes.budget_performance.evaluation.scorecard import RowScore, money_in_force

HUNDRED = Decimal(100)


def report(evaluation: Evaluation) -> dict[str, Any]:
    """Everything about an evaluation, as `schemas/evaluation_report.schema.json` describes it."""
    form, card, rounding = evaluation.form, evaluation.card, evaluation.rounding
    return {
        "project_name": form.project_name,
        "department": form.department,
        "unit": form.unit,
        "fiscal_year": form.fiscal_year,
        "rounding": {
            "decimals": rounding.places,
            "mode": "cut" if rounding.cut else "half_up",
            "rate": "printed" if rounding.from_printed_rate else "exact",
        },
        "bands": evaluation.band_set,
        "weights": {"groups": [{"name": name, "points": points} for name, points in card.groups.items()],
                    "total": sum(card.groups.values(), Decimal(0)), "scheme": evaluation.scheme},
        "execution": _execution(evaluation),
        "indicators": [_row(row) for row in card.rows],
        "left_out": [each.l3 for each in form.indicators if not each.applies],
        "scale": card.scale,
        "total": {
            "computed": card.total, "exact": card.total_exact, "with_hand_set": card.total_standing,
            "printed": form.total,
        },
        "grade": {
            "computed": evaluation.grade, "with_hand_set": evaluation.grade_standing,
            "printed": evaluation.grade_printed,
        },
        "findings": [_finding(each) for each in evaluation.findings],
        "may_be_signed": not blocks(evaluation.findings),
    }  # fmt: skip


def parsed(value: PrintedValue) -> dict[str, Any]:
    """A printed value as it was understood."""
    found: dict[str, Any] = {"text": value.text, "doubts": [str(doubt) for doubt in value.doubts]}
    match value:
        case Quantity():
            return found | {
                "kind": "quantity",
                "comparator": value.comparator and str(value.comparator),
                "value": value.value,
                "scale": value.scale,
                "unit": value.unit,
                "normalised": value.normalised,
                "normalised_unit": value.unit_counted,
            }
        case Range():
            low, high = value.normalised
            return found | {
                "kind": "range",
                "low": value.low,
                "high": value.high,
                "scale": value.scale,
                "unit": value.unit,
                "normalised": [low, high],
                "normalised_unit": value.unit_counted,
            }
        case Day():
            return found | {
                "kind": "date",
                "year": value.year,
                "month": value.month,
                "day": value.day,
                "years_later": value.years_later,
            }
        case Level():
            return found | {"kind": "level", "achievement": value.achievement and str(value.achievement)}
        case Blank():
            return found | {"kind": "blank"}


def _execution(evaluation: Evaluation) -> dict[str, Any] | None:
    money, score = money_in_force(evaluation.form), evaluation.card.execution
    if money is None:
        return None
    rate = HUNDRED * (money.spent or 0) / money.adjusted if money.adjusted else None
    return {
        "row": money.row or None,
        "budget_initial": money.initial,
        "budget_adjusted": money.adjusted,
        "spent": money.spent,
        "rate": rounded(rate) if rate is not None else None,
        "rate_printed": money.rate,
        "weight": evaluation.card.execution_weight,
        "score": score.points if score else None,
        "exact": score.exact if score else None,
        "printed": money.score,
    }


def _row(row: RowScore) -> dict[str, Any]:
    each, comparison = row.indicator, row.comparison
    ratio = comparison.ratio
    return {
        "number": each.number,
        "row": each.row,
        "place": each.places.get("score", ""),
        "l1": each.l1,
        "l2": each.l2,
        "l3": each.l3,
        "target": parsed(row.target),
        "actual": parsed(row.actual),
        "sense": comparison.operator and str(comparison.operator),
        "reached": comparison.reached,
        "percent": rounded(HUNDRED * ratio) if ratio is not None else None,
        "remarks": [str(remark) for remark in comparison.remarks],
        "weight": row.weight,
        "score": row.points,
        "exact": row.exact,
        "origin": str(row.origin),
        "printed": each.score,
        "difference": row.points - each.score if each.score is not None else None,
        "hand_set": {"points": each.hand_set.points, "reason": each.hand_set.reason} if each.hand_set else None,
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "row": found.row or None,
        "places": list(found.places),
        "message_zh": found.zh,
        "message_en": found.en,
        "basis": found.basis,
        "facts": {name: value for name, value in found.facts.items() if not name.endswith(("_zh", "_en"))},
    }


def title_of(form: FilledForm) -> str:
    """Name of the project and year, as a heading."""
    year = f"（{form.fiscal_year}年度）" if form.fiscal_year else ""
    return f"{form.project_name or '项目支出绩效自评表'}{year}"


def row_of(found: Finding, language: str) -> str:
    """Where a finding stands, for people: "第 14 行 E14"."""
    where = " ".join(found.places)
    if not found.row:
        return where or ("全表" if language == "zh" else "whole form")
    return (f"第 {found.row} 行 {where}" if language == "zh" else f"row {found.row} {where}").strip()
