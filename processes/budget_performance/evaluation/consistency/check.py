"""All findings about a self-evaluation at once, blocking ones first, then by row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from processes.budget_performance.evaluation.consistency.finding import Case, Finding, Severity, consistency_rules
from processes.budget_performance.evaluation.consistency.money import money_findings
from processes.budget_performance.evaluation.consistency.rows import row_findings
from processes.budget_performance.evaluation.consistency.whole_form import whole_form_findings
from processes.budget_performance.evaluation.filled_form import FilledForm
from processes.budget_performance.evaluation.scorecard import Scorecard
from processes.budget_performance.scoring import ScoringRules


def inconsistencies(
    form: FilledForm, card: Scorecard, rule: Mapping[str, Any], scoring: ScoringRules, band_set: str = "2020"
) -> tuple[Finding, ...]:
    """Everything R06c finds in a form that was scored.

    Args:
        rule: the thresholds in force, as `thresholds.rule_context` gives them.
    """
    bands: Mapping[str, Decimal] = scoring.bands[band_set]
    case = Case(form=form, card=card, scoring=scoring, rules=consistency_rules(rule), bands=bands)
    found = [*whole_form_findings(case), *money_findings(case)]
    for row in card.rows:
        found.extend(row_findings(row, case))
    return tuple(sorted(found, key=lambda each: (each.severity is Severity.WARNING, each.row or 0)))


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Whether the form cannot be signed."""
    return any(each.severity is Severity.BLOCKING for each in findings)
