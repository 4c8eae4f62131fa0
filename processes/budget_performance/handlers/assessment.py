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


def search(call: ServiceCall) -> Mapping[str, Any]:
    """assessment.search: objects of a like name, for the applicant to say why his is no duplicate (S-68)."""
    return {"duplicates": [*_look_alikes(call)]}


def formal_check(call: ServiceCall) -> Mapping[str, Any]:
    """assessment.formal_check: livelihood standards not above the superior ones (S-15), and objects of a like name
    that came in since the search and are not explained yet (S-68).

    duplicates: what stands on the form, and what has come in since.
    """
    form = must_be_filed(call, "F-03-A")
    known = {row["project_code"]: row for row in rows_of(form, "duplicates")}
    duplicates = [{**found, **known.get(found["project_code"], {})} for found in _look_alikes(call)]
    faults = [*_above_standard(form), *_unexplained(duplicates)]
    return {"faults": faults, "has_faults": bool(faults), "duplicates": duplicates}


def score(call: ServiceCall) -> Mapping[str, Any]:
    """assessment.score: mean and spread of the ratings, and every veto that a rater has found (R02); and from what on
    finance has the object assessed independently (P01.15).
    """
    ratings, rules = given(call, "ratings"), rules_in_force(call)
    panel = panel_score([row["score"] for row in ratings], rules)
    limits = section_of(rules, "P01")
    return {
        "score": panel.score,
        "spread": panel.spread,
        "needs_discussion": panel.needs_discussion,
        "panel_size": Decimal(len(ratings)),
        "vetoes": sorted({veto for row in ratings for veto in row.get("vetoes") or ()}),
        "commission": {name: limits[f"commission_{name}"] for name in ("annual_amount", "total_amount", "score_gap")},
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


def _look_alikes(call: ServiceCall) -> Iterable[dict[str, str]]:
    """Code, name and unit only: what else is known of the objects of other units is not the applicant's business."""
    key = object_key(call)
    name = registered(call, key)["project_name"]
    for code, other, unit in others_of_the_year(call.connection, key.tenant_id, key.project_code, key.fiscal_year):
        if is_alike(name, other):
            yield {"project_code": code, "project_name": other, "unit_code": unit}


def _unexplained(duplicates: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for each in duplicates:
        if not each.get("reason"):
            code, name = each["project_code"], each["project_name"]
            yield f"与现有对象 {code}《{name}》名称相近，须在“疑似重复对象”中说明不属于重复的理由。"


HANDLERS: Mapping[str, ServiceHandler] = {
    "assessment.search": search,
    "assessment.formal_check": formal_check,
    "assessment.score": score,
    "assessment.register": register_result,
}
