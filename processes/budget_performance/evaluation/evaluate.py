"""One self-evaluation from a file to its findings: read, scored, graded, checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from processes.budget_performance.evaluation.consistency.check import inconsistencies
from processes.budget_performance.evaluation.consistency.finding import Finding
from processes.budget_performance.evaluation.filled_form import FilledForm
from processes.budget_performance.evaluation.from_document import from_json
from processes.budget_performance.evaluation.from_sheet import from_xlsx
from processes.budget_performance.evaluation.grading import grade_of
from processes.budget_performance.evaluation.scorecard import Scorecard, scorecard
from processes.budget_performance.scoring import Rounding, scoring_rules

BAND_SETS = ("2020", "2018")
_ZIP, _OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What is to be said about a self-evaluation."""

    form: FilledForm
    card: Scorecard
    rounding: Rounding
    band_set: str
    #: Of the computed total; of the total with scores set by hand; of the printed one (None where none is printed).
    grade: str
    grade_standing: str
    grade_printed: str | None
    #: Name of the scheme of weights, where it is a known one (R06, R06b).
    scheme: str
    findings: tuple[Finding, ...]


def read_filled_form(content: bytes, sheet_name: str = "") -> FilledForm:
    """The self-evaluation in a file, .xlsx or JSON, whatever it is called.

    Raises:
        Invalid: it cannot be read; holds every fault.
    """
    if content.startswith((_ZIP, _OLD_EXCEL)):
        return from_xlsx(content, sheet_name)
    return from_json(content)


def evaluate(
    form: FilledForm, rule: Mapping[str, Any], rounding: Rounding | None = None, band_set: str = "2020"
) -> Evaluation:
    """Score, grade and check a form.

    Args:
        rule: the thresholds in force, as `thresholds.rule_context` gives them.
        rounding: the campaign's setting (R06b); without it, that of the thresholds.
        band_set: "2020" or "2018" (R06.4).
    """
    scoring = scoring_rules(rule)
    if rounding is not None:
        scoring = dataclasses.replace(scoring, rounding=rounding)
    card = scorecard(form, scoring, band_set)
    printed = form.total if form.total is not None and 0 <= form.total <= 100 else None
    return Evaluation(
        form=form,
        card=card,
        rounding=scoring.rounding,
        band_set=band_set,
        grade=grade_of(card.total, rule),
        grade_standing=grade_of(card.total_standing, rule),
        grade_printed=grade_of(printed, rule) if printed is not None else None,
        scheme=_scheme(card.groups, rule),
        findings=inconsistencies(form, card, rule, scoring, band_set),
    )


def _scheme(groups: Mapping[str, Decimal], rule: Mapping[str, Any]) -> str:
    """The known scheme whose points these are, in this order; "" where the form has its own."""
    points = [value for value in groups.values() if value]
    return next((str(each["zh"]) for each in rule["R06b"]["schemes"] if list(each["points"]) == points), "")
