"""P01 ex-ante assessment: the formal check, the score of the raters, the registered result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from engine.model.calendar import local_day
from engine.model.deadline import add_months
from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.likeness import is_alike
from processes.budget_performance.handlers.reading import (
    amount_of,
    given,
    must_be_filed,
    object_key,
    registered,
    rows_of,
    rules_in_force,
    section_of,
)
from processes.budget_performance.ledger.budgets import keep_assessment
from processes.budget_performance.ledger.projects import others_of_the_year
from processes.budget_performance.review_scores import panel_score


def formal_check(call: ServiceCall) -> Mapping[str, Any]:
    """assessment.formal_check: livelihood standards not above the superior ones (S-15), and objects of a like name
    that the application does not mention (S-68).
    """
    form = must_be_filed(call, "F-03-A")
    faults = [*_above_standard(form), *_unmentioned(call, form)]
    return {"faults": faults, "has_faults": bool(faults)}


def score(call: ServiceCall) -> Mapping[str, Any]:
    """assessment.score: mean and spread of the ratings, and every veto that a rater has found (R02)."""
    ratings = given(call, "ratings")
    panel = panel_score([row["score"] for row in ratings], rules_in_force(call))
    return {
        "score": panel.score,
        "spread": panel.spread,
        "needs_discussion": panel.needs_discussion,
        "panel_size": Decimal(len(ratings)),
        "vetoes": sorted({veto for row in ratings for veto in row.get("vetoes") or ()}),
    }


def register_result(call: ServiceCall) -> Mapping[str, Any]:
    """assessment.register: the result into the ledger, valid for the configured months from today."""
    months = section_of(rules_in_force(call), "P01")["valid_months"]
    valid_until = local_day(add_months(call.now, int(months)))
    keep_assessment(
        call.connection,
        object_key(call),
        depth=given(call, "depth"),
        score=given(call, "score"),
        conclusion=given(call, "conclusion"),
        confirmed_amount=call.variables.get("confirmed_amount"),
        valid_until=valid_until,
        now=call.now,
    )
    return {"valid_until": valid_until}


def _above_standard(form: Mapping[str, Any]) -> Iterable[str]:
    for row in rows_of(form, "standard"):
        ours, superior = amount_of(row.get("our_value")), amount_of(row.get("superior_value"))
        if ours > superior:
            yield f"“{row['item']}”标准 {ours} 高于上级标准 {superior}。"
        if row.get("scope") == "wider":
            yield f"“{row['item']}”扩大了保障范围。"


def _unmentioned(call: ServiceCall, form: Mapping[str, Any]) -> Iterable[str]:
    key = object_key(call)
    name, said = registered(call, key)["project_name"], form.get("overlap") or ""
    for code, other in others_of_the_year(call.connection, key.tenant_id, key.project_code, key.fiscal_year):
        if is_alike(name, other) and code not in said and other not in said:
            yield f"与现有对象 {code}《{other}》名称相近，须在“与现有项目关系”中说明。"


HANDLERS: Mapping[str, ServiceHandler] = {
    "assessment.formal_check": formal_check,
    "assessment.score": score,
    "assessment.register": register_result,
}
