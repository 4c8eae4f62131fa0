"""What the district's projects come to from September to December 2026: payments, the last round, the self-evaluations.

The values are those of `year_end.json`; ORG.md gives them for A01 only (RULES, example A), the others are invented so
that every grade of R03 occurs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from processes.budget_performance.demo import district
from processes.budget_performance.demo.monitoring import AUGUST, ONE_DECIMAL, filled_report
from processes.budget_performance.demo.preparation import project
from processes.budget_performance.ledger.payments import PaidSoFar

FILE = Path(__file__).with_name("year_end.json")
YEAR = 2026
MONTHS = range(9, 13)
OCTOBER = 10
#: Below this share of the budget the owner explains himself: F-04 asks below 95 %, F-05 below 90 %.
EXPLAINED_BELOW = Decimal("0.95")
CAUSE = "受客观条件和工作组织影响，实际完成与目标有差距。"
EVIDENCE = "验收报告、台账和问卷原件"
MEASURE = "细化年度工作计划，按月调度，落实到具体责任人。"


@cache
def rest_of(code: str) -> Mapping[str, Any]:
    """What became of a project: paid, values by indicator, problems; numbers are Decimal."""
    found = json.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return found[code]


def paid_by(code: str, month: int) -> Decimal:
    """Paid from January to the end of a month from September on, 万元."""
    return rest_of(code)["paid"][month - MONTHS[0]]


def payments(month: int) -> list[PaidSoFar]:
    """What the treasury reports for the end of a month from September on."""
    return [
        PaidSoFar(project_code=each["code"], fiscal_year=YEAR, month=month, cumulative=paid_by(each["code"], month))
        for each in district.content()["projects"]
    ]


def october(code: str) -> Mapping[str, Any]:
    """F-04 with data to the end of October: cumulative values follow the payments, states stay as in August."""
    it, rest = project(code), rest_of(code)
    actual = {each["l3"]: _by_october(it, each) for each in it["indicators"] if each["due"]}
    form = filled_report(it, OCTOBER, paid_by(code, OCTOBER), actual, it["possibility"])
    forecast = rest["paid"][-1]
    why = {"forecast_reason": rest["saved"]} if forecast < it["budget"] * EXPLAINED_BELOW else {}
    return {**form, "forecast": forecast, **why}


def _by_october(it: Mapping[str, Any], indicator: Mapping[str, Any]) -> Decimal:
    august: Decimal = indicator["actual"]
    if indicator["accumulation"] == "state":
        return august
    paid = it["cumulative"][AUGUST.month - 1]
    whole = rest_of(it["code"])["paid"][-1] - paid
    share = (paid_by(it["code"], OCTOBER) - paid) / whole if whole else Decimal(0)
    value = august + (rest_of(it["code"])["values"][indicator["l3"]] - august) * share
    return value.quantize(Decimal("0.1") if indicator["unit"] in ONE_DECIMAL else Decimal(1), ROUND_HALF_UP)


def self_evaluation(code: str) -> Mapping[str, Any]:
    """F-05."""
    it, rest = project(code), rest_of(code)
    is_low = rest["paid"][-1] < it["budget"] * EXPLAINED_BELOW
    sound = {"check": "资金使用符合国家财经法规和财务管理制度", "ok": "violation" not in rest}
    return {
        "goal_done": f"{it['name']}按年度目标组织实施，各项指标完成情况见下表。",
        "process": "按批复的绩效目标和实施方案组织实施，主管部门按季调度，验收后支付。",
        **({"exec_reason": rest["saved"]} if is_low else {}),
        "indicators": [_result(each, rest["values"][each["l3"]]) for each in it["indicators"]],
        "conclusion": "项目总体完成年度任务，资金使用和管理情况如实填报。",
        "problems": rest["problems"],
        "improvements": rest["improvements"],
        "compliance": [sound if sound["ok"] else {**sound, "note": rest["violation"]}],
        "lint_reason": "完成值经主管部门核对台账和验收资料，情况属实。",
    }


def _result(indicator: Mapping[str, Any], value: Decimal) -> Mapping[str, Any]:
    row: dict[str, Any] = {"l3": indicator["l3"], "evidence": EVIDENCE, "cause": CAUSE, "measure": MEASURE}
    if indicator["op"] == "qualitative":
        # the share of the points that was earned; 60 to 80 is "partly" (R06, band set 2020)
        return {**row, "rating": "partly", "ratio": value}
    if indicator["l1"] == "满意度":
        row |= {"sample": 420, "valid": 405, "method": "paper"}
    return {**row, "actual": value}
