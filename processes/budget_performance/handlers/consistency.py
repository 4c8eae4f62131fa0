"""R06c on a filed form F-05: what stands in it, held against the approved goal and what was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from processes.budget_performance.evaluation.consistency.check import inconsistencies
from processes.budget_performance.evaluation.consistency.finding import Finding, Severity
from processes.budget_performance.evaluation.from_document import from_document
from processes.budget_performance.evaluation.scorecard import scorecard
from processes.budget_performance.scoring import ScoringRules

#: Asked for by the form itself, in its own words.
_ASKED_BY_THE_FORM = frozenset({"OVER_ACHIEVED", "EXECUTION_REASON_MISSING", "DEDUCTED_WITHOUT_REASON"})


def findings_on(
    form: Mapping[str, Any],
    *,
    goal: Sequence[Mapping[str, Any]],
    money: Mapping[str, Decimal],
    rule: Mapping[str, Any],
    scoring: ScoringRules,
    band_set: str,
) -> tuple[Finding, ...]:
    """Findings about a filed form F-05.

    Args:
        goal: rows of the approved goal; weights and targets are theirs, whatever was filed.
        money: budget_initial, budget_adj, spent and exec_weight as the house knows them.
        rule: the thresholds in force.
    """
    answers = {row["l3"]: row for row in form.get("indicators") or ()}
    known = ("l1", "l2", "l3", "nature", "target", "target_text", "unit_name", "weight")
    rows = [{**answers.get(each["l3"], {}), **{name: each.get(name) for name in known}} for each in goal]
    filled = from_document({**form, **money, "indicators": rows})
    found = inconsistencies(filled, scorecard(filled, scoring, band_set), rule, scoring, band_set)
    return tuple(each for each in found if each.code not in _ASKED_BY_THE_FORM)


def what_blocks(findings: Sequence[Finding]) -> list[str]:
    """What the owner has to mend before anybody signs."""
    return [each.zh.rstrip("。") for each in findings if each.severity is Severity.BLOCKING]


def note_for_reviewers(findings: Sequence[Finding]) -> str | None:
    """What those who sign and review should look at, a line each; None where everything fits together."""
    return "\n".join(f"{each.code} {each.zh}" for each in findings) or None
