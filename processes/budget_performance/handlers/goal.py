"""P02 goals: what a form alone cannot check, and the goal as it was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.likeness import is_alike
from processes.budget_performance.handlers.reading import (
    ZERO,
    amount_of,
    given,
    must_be_filed,
    object_key,
    registered,
    rows_of,
    rules_in_force,
    section_of,
)
from processes.budget_performance.ledger.goals import Goal, goals_of_others, keep_goal

HUNDRED = Decimal(100)
#: A goal between review and approval of the budget.
REVIEWED = "0.9"
WEIGHT_SETS = {
    "standard": "weights_standard",
    "with_cost": "weights_with_cost",
    "no_satisfaction": "weights_no_satisfaction",
    "operating": "weights_operating",
}


def validate(call: ServiceCall) -> Mapping[str, Any]:
    """goal.validate: faults of the declaration that stop it, and hints that need an explanation (FORMS F-01).

    formal_fault is what R02b returns before any review: weights that are not those of the weight set.
    """
    form, row = must_be_filed(call, "F-01"), registered(call, object_key(call))
    formal = list(_weight_faults(call, form))
    errors = [*formal, *_amount_faults(form)]
    warnings = list(_hints(call, form, row))
    if warnings and not form.get("lint_reason"):
        errors.append("有规范性提示，须填写说明：" + "；".join(warnings))
    return {
        "errors": errors,
        "has_errors": bool(errors),
        "warnings": warnings,
        "formal_fault": bool(formal),
    }


def confirm(call: ServiceCall) -> Mapping[str, Any]:
    """goal.confirm: version 0.9 into the ledger, where the budget takes it up (S-26, S-30)."""
    key, form = object_key(call), must_be_filed(call, "F-01")
    kept = Goal(
        version=REVIEWED,
        grade=given(call, "goal_grade"),
        score=given(call, "goal_score"),
        goal_year=form.get("goal_year") or "",
        floor_basis=form.get("floor_basis") or "table",
        indicators=rows_of(form, "indicators"),
        cash_plan=_by_month(form),
    )
    keep_goal(call.connection, key.tenant_id, key.project_code, key.fiscal_year, kept, call.now)
    return {"goal_version": kept.version}


def _weight_faults(call: ServiceCall, form: Mapping[str, Any]) -> Iterable[str]:
    r06 = section_of(rules_in_force(call), "R06")
    wanted = r06[WEIGHT_SETS.get(form.get("weight_set") or "", "weights_standard")]
    indicators = rows_of(form, "indicators")
    total = sum((amount_of(row.get("weight")) for row in indicators), ZERO)
    if total != HUNDRED - wanted["execution"]:
        yield f"指标分值合计应为 {HUNDRED - wanted['execution']}，实为 {total}。"
    groups = {"成本": "cost", "产出": "output", "效益": "benefit", "满意度": "satisfaction"}
    for title, name in groups.items():
        points = sum((amount_of(row.get("weight")) for row in indicators if row.get("l1") == title), ZERO)
        if points != wanted.get(name, ZERO):
            yield f"{title}指标分值应为 {wanted.get(name, ZERO)}，实为 {points}。"


def _amount_faults(form: Mapping[str, Any]) -> Iterable[str]:
    asked = amount_of(form.get("amount_year"))
    planned = sum(_by_month(form), ZERO)
    if planned != asked:
        yield f"用款计划合计 {planned} 万元，与年度资金 {asked} 万元不一致。"


def _hints(call: ServiceCall, form: Mapping[str, Any], row: Mapping[str, Any]) -> Iterable[str]:
    asked = amount_of(form.get("amount_year"))
    if asked > row["annual_amount"]:
        yield f"年度资金 {asked} 万元大于登记金额 {row['annual_amount']} 万元"
    key, text = object_key(call), form.get("goal_year") or ""
    others = goals_of_others(call.connection, key.tenant_id, key.fiscal_year, row["unit_code"])
    yield from (f"年度目标与{name}（{code}）雷同" for code, name, other in others if is_alike(text, other))


def _by_month(form: Mapping[str, Any]) -> list[Decimal]:
    """Twelve amounts, January first; a month that is not listed is 0."""
    amounts = {int(row["month"]): amount_of(row.get("amount")) for row in rows_of(form, "cash_plan")}
    return [amounts.get(month, ZERO) for month in range(1, 13)]


HANDLERS: Mapping[str, ServiceHandler] = {"goal.validate": validate, "goal.confirm": confirm}
