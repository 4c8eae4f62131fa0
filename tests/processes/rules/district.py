"""The fifteen projects of the model district: figures of three monitoring rounds of 2026, as the rules need them."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from processes.budget_performance.monitoring import Accumulation, MonitoringInputs, Operator, Reading, monitoring_inputs
from processes.budget_performance.thresholds import read_thresholds, rule_context

AUGUST = 8
#: Values of earlier rounds that do not follow from the payments: (month, project, indicator) → value.
REPORTED = {
    (4, "A03", "采购按期完成率"): Decimal(70),
    (7, "D02", "返还企业"): Decimal(180),
    (7, "D02", "稳定岗位"): Decimal(4400),
}

PROJECTS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("district.json").read_text("utf-8"), parse_int=Decimal, parse_float=Decimal
)
RULE = rule_context(read_thresholds(), date(2026, 9, 15))


def readings(project: dict[str, Any], month: int) -> list[Reading]:
    """What the project reported for a month: in proportion to the payments before August, half-up to the unit."""
    return [
        Reading(
            name=name,
            weight=weight,
            operator=Operator(operator),
            accumulation=Accumulation(accumulation),
            target=target,
            actual=_actual(project, month, name, actual, unit, accumulation),
            is_due=is_due,
        )
        for name, weight, operator, target, actual, unit, accumulation, is_due in project["indicators"]
    ]


def inputs(project: dict[str, Any], month: int) -> MonitoringInputs:
    """Inputs of R04 at the end of a month."""
    return monitoring_inputs(
        month=month,
        paid=project["cumulative"][month - 1],
        adjusted_budget=project["budget"],
        readings=readings(project, month),
        rule=RULE,
        cash_plan=project.get("cash_plan"),
    )


def _actual(
    project: dict[str, Any], month: int, name: str, august: Decimal | None, unit: str, accumulation: str
) -> Decimal | None:
    if (month, project["code"], name) in REPORTED:
        return REPORTED[month, project["code"], name]
    if august is None or month == AUGUST or accumulation == Accumulation.STATE:
        return august
    share = august * project["cumulative"][month - 1] / project["cumulative"][AUGUST - 1]
    return share.quantize(Decimal("0.1") if unit == "公里" else Decimal(1), ROUND_HALF_UP)
