"""P06 self-evaluation: the form's head and indicators, the score of R06, and the receipt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from engine.model.errors import ExecutionFailed
from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.consistency import findings_on, note_for_reviewers, what_blocks
from processes.budget_performance.handlers.reading import (
    ZERO,
    given,
    must_be_filed,
    object_key,
    registered,
    rows_of,
    rules_in_force,
    section_of,
)
from processes.budget_performance.ledger.budgets import ObjectKey, approved_amounts
from processes.budget_performance.ledger.evaluations import Result, record_result
from processes.budget_performance.ledger.goals import Goal, newest_goal
from processes.budget_performance.ledger.measures import Measure, keep_measures
from processes.budget_performance.ledger.payments import paid_by
from processes.budget_performance.ledger.writing import next_number
from processes.budget_performance.monitoring import Operator
from processes.budget_performance.scoring import (
    Finding,
    IndicatorResult,
    Rounding,
    ScoringRules,
    Total,
    scoring_rules,
    total_score,
)

HUNDRED = 100
DECEMBER = 12
BANDS = "2020"

#: What the owner reads when the form comes back, by finding; what was overspent, the consistency check says.
_EXECUTION_REASON = "预算执行率偏低，须说明原因"
_ASKED = {Finding.EXPLANATION_NEEDED: "明显超额完成", Finding.CAUSE_NEEDED: "未得满分"}
#: What an indicator has to be explained by (FORMS F-05): key and title.
_EXPLAINED_BY = {"cause": "偏差原因", "measure": "改进措施"}


def open_form(call: ServiceCall) -> Mapping[str, Any]:
    """evaluation.open: final payments and the approved goal as the form F-05 shows them."""
    key = object_key(call)
    row, goal = registered(call, key), _goal(call, key)
    initial, adjusted = approved_amounts(call.connection, key) or (ZERO, ZERO)
    rules = rules_in_force(call)
    r06, r06b, r06c, r03 = (section_of(rules, each) for each in ("R06", "R06b", "R06c", "R03"))
    return {
        "project": row["project"],
        "project_key": row["project_key"],
        "owner": row["owner"],
        "unit_code": row["unit_code"],
        "goal_year": goal.goal_year,
        "spent": paid_by(call.connection, key.tenant_id, key.project_code, key.fiscal_year, DECEMBER),
        "budget_initial": initial,
        "budget_adj": adjusted,
        "exec_weight": _execution_weight(goal),
        "indicators": [_shown(each) for each in goal.indicators],
        "scoring_rules": {
            "reason_below_rate": r06["reason_below_rate"],
            "over_achievement": r06["over_achievement"],
            "satisfaction_sample": r06["satisfaction_sample"],
            **r06[f"bands_{BANDS}"],
            # how the campaign rounds is frozen with the form (R06b)
            "places": r06b["places"],
            "cut": r06b["cut"],
            "from_printed_rate": r06b["from_printed_rate"],
            "hardly_spent": r06c["hardly_spent"],
            "budget_cut": r06c["budget_cut"],
            "excellent": r03["excellent"],
            "good": r03["good"],
            "medium": r03["medium"],
        },
    }


def score(call: ServiceCall) -> Mapping[str, Any]:
    """evaluation.score: the score of R06 from the values of the form, with weights and targets of the approved goal.

    return_comment names what blocks signing (R06c) and the rows that still want a reason; null when nothing does.
    consistency_note tells those who review it what does not fit together; null when everything does.
    """
    key = object_key(call)
    form, goal = must_be_filed(call, "F-05"), _goal(call, key)
    initial, adjusted = approved_amounts(call.connection, key) or (ZERO, ZERO)
    spent = paid_by(call.connection, key.tenant_id, key.project_code, key.fiscal_year, DECEMBER)
    answers = {row["l3"]: row for row in rows_of(form, "indicators")}
    in_force = rules_in_force(call)
    rules = _as_opened(call, scoring_rules(in_force))
    total = total_score(
        execution_weight=_execution_weight(goal),
        spent=spent,
        adjusted_budget=adjusted,
        results=[_result(each, answers.get(each["l3"], {})) for each in goal.indicators],
        rules=rules,
        band_set=BANDS,
    )
    findings = findings_on(
        form,
        goal=goal.indicators,
        money={
            "budget_initial": initial,
            "budget_adj": adjusted,
            "spent": spent,
            "exec_weight": _execution_weight(goal),
        },
        rule=in_force,
        scoring=rules,
        band_set=BANDS,
    )
    missing = [*what_blocks(findings), *_unexplained(total, goal, form, answers)]
    return {
        "self_score": total.points,
        "self_score_exact": total.exact,
        "consistency_note": note_for_reviewers(findings),
        "return_comment": "；".join(missing) + "。" if missing else None,
    }


def freeze(call: ServiceCall) -> Mapping[str, Any]:
    """evaluation.freeze: result and measures into the ledger, and a numbered receipt."""
    key, form = object_key(call), must_be_filed(call, "F-05")
    result = Result(
        project_code=key.project_code,
        fiscal_year=key.fiscal_year,
        kind="self",
        score=given(call, "self_score"),
        grade=given(call, "grade"),
    )
    record_result(call.connection, key.tenant_id, result, call.actor.user_id, call.now)
    promised = [Measure(content=row["measure"]) for row in rows_of(form, "indicators") if row.get("measure")]
    if form.get("improvements"):
        promised.append(Measure(content=form["improvements"]))
    keep_measures(call.connection, key, "self", promised, call.now)
    number = next_number(call.connection, key.tenant_id, f"RECEIPT-{key.fiscal_year}")
    return {"receipt_no": f"RECEIPT-{key.fiscal_year}-{number:03}"}


def _goal(call: ServiceCall, key: ObjectKey) -> Goal:
    goal = newest_goal(call.connection, key.tenant_id, key.project_code, key.fiscal_year)
    if goal is None:
        raise ExecutionFailed(
            f"Expected a confirmed goal of {key.project_code} for {key.fiscal_year}, but found none.",
            project_code=key.project_code,
            fiscal_year=key.fiscal_year,
        )
    return goal


def _execution_weight(goal: Goal) -> Any:
    """What the indicators leave of the 100 points."""
    return HUNDRED - sum((row["weight"] for row in goal.indicators), ZERO)


def _shown(indicator: Mapping[str, Any]) -> dict[str, Any]:
    names = ("l1", "l2", "l3", "nature", "target", "target_text", "unit_name", "weight")
    return {name: indicator[name] for name in names}


def _as_opened(call: ServiceCall, rules: ScoringRules) -> ScoringRules:
    """The rules with the rounding that held when the form was opened, whatever the campaign's setting is now (R06b)."""
    opened = call.variables.get("scoring_rules") or {}
    if opened.get("places") is None:
        return rules
    rounding = Rounding(
        places=int(opened["places"]), cut=bool(opened["cut"]), from_printed_rate=bool(opened["from_printed_rate"])
    )
    return dataclasses.replace(rules, rounding=rounding)


def _result(indicator: Mapping[str, Any], answer: Mapping[str, Any]) -> IndicatorResult:
    return IndicatorResult(
        name=indicator["l3"],
        weight=indicator["weight"],
        operator=Operator(indicator["nature"]),
        target=indicator["target"],
        actual=answer.get("actual"),
        rating=answer.get("rating"),
        ratio=answer.get("ratio"),
    )


def _unexplained(
    total: Total, goal: Goal, form: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    missing: list[str] = []
    for number, finding in total.findings:
        if finding is Finding.EXECUTION_REASON_NEEDED and not form.get("exec_reason"):
            missing.append(_EXECUTION_REASON)
        if number is None or finding not in _ASKED:
            continue
        name = goal.indicators[number]["l3"]
        answer = answers.get(name, {})
        absent = [title for key, title in _EXPLAINED_BY.items() if not answer.get(key)]
        if absent:
            missing.append(f"“{name}”{_ASKED[finding]}，须填写{'和'.join(absent)}")
    return missing


HANDLERS: Mapping[str, ServiceHandler] = {
    "evaluation.open": open_form,
    "evaluation.score": score,
    "evaluation.freeze": freeze,
}
