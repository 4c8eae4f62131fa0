"""After 15 September: the project A01 goes on to its result of the year (RULES, example A), the others stand still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Protocol

from engine.model.actor import Actor
from processes.budget_performance.demo import fillings
from processes.budget_performance.demo.stage import Stage
from processes.budget_performance.ledger.payments import PaidSoFar

CODE, OWNER = "A01", "edu1.proj"
#: Paid from January to the end of the month, 万元.
PAID = {9: 600, 10: 660, 11: 700, 12: 736}
#: Values to the end of October, by indicator; those that are not due are left out.
OCTOBER = {"改造教室": 20, "验收合格率": 96, "节点按期完成率": 95, "单位造价": 3150}
#: Values of the year, by indicator (RULES, example A).
YEAR = {
    "改造教室": 24,
    "验收合格率": 96,
    "节点按期完成率": 75,
    "单位造价": 3150,
    "新增学位": 1080,
    "家长满意度": Decimal("87.3"),
}
PARTLY = "管护机制健全性"


class PaymentDoor(Protocol):
    """The door by which payments come in."""

    def payments(self, actor: Actor, rows: list[PaidSoFar]) -> None: ...


def treasury_goes_on(stage: Stage, doors: PaymentDoor) -> Iterator[str]:
    """What was paid on A01 by the end of each month."""
    for month, cumulative in PAID.items():
        yield f"2026-{month + 1:02}-01 08:30" if month < 12 else "2027-01-04 08:30"
        row = PaidSoFar(project_code=CODE, fiscal_year=2026, month=month, cumulative=Decimal(cumulative))
        doors.payments(stage.actor_of("fin.treasury"), [row])


def last_round(stage: Stage, indicators: list[Mapping[str, Any]]) -> Iterator[str]:
    """Monitoring with data to the end of October."""
    case = f"MON-2026-10-{CODE}"
    yield "2026-11-02 09:00"
    stage.send("fin.perf", "round.open", case, {})
    yield "2026-11-05 10:00"
    rows = [_october(each) for each in indicators]
    stage.act(OWNER, case, "fill", {"forecast": 736, "forecast_reason": SAVED, "indicators": rows, "compliance": True})
    yield "2026-11-09 10:00"
    stage.act_whoever(case, "dept-review", fillings.PASSED)
    yield "2026-11-10 10:00"
    stage.act_whoever(case, "summary", {"summary": "本部门项目总体按计划推进，年底前可完成。", "send": True})
    yield "2026-11-13 10:00"
    check = {"decision": "pass", "is_perf_rectify": False, "site_visit": "现场核查与填报数据一致，教室已投入使用。"}
    stage.act_whoever(case, "finance-check", check)


SAVED = "招标节约资金64万元，年底按规定交回财政。"


def _october(indicator: Mapping[str, Any]) -> Mapping[str, Any]:
    actual = OCTOBER.get(indicator["l3"])
    target = Decimal(100) if indicator["op"] == "qualitative" else indicator["target"]
    row: dict[str, Any] = {"l3": indicator["l3"], "possibility": "certain", "forecast_val": target}
    if actual is None:
        return row
    return {**row, "actual": actual, "cause": "按施工计划分批验收，剩余教室12月底前完成。"}


def is_evaluated(stage: Stage, indicators: list[Mapping[str, Any]]) -> Iterator[str]:
    """Self-evaluation of the year, and what becomes of its result."""
    case = f"SELF-2026-{CODE}"
    yield "2027-01-05 09:00"
    stage.send("fin.perf", "selfeval.open", case, {})
    yield "2027-01-15 10:00"
    stage.act(OWNER, case, "fill", _self_evaluation(indicators))
    yield "2027-01-18 10:00"
    stage.act_whoever(case, "unit-sign", fillings.SIGNED)
    yield "2027-01-25 10:00"
    stage.act_whoever(case, "dept-review", {"decision": "pass", "report": "自评材料完整，得分有据，予以通过。"})
    yield "2027-01-27 10:00"
    stage.act_whoever(case, "head-sign", {"signed": True})
    yield "2027-02-02 10:00"
    stage.act_whoever(case, "receive", {"complete": True, "decision": "pass"})
    applied = f"APP-2026-{CODE}"
    yield "2027-02-08 10:00"
    stage.act_whoever(applied, "advise", {"finance_advice": "priority", "remark": "绩效等级为优，优先保障后续资金。"})
    yield "2027-02-09 10:00"
    stage.act_whoever(applied, "check", fillings.PASSED)
    yield "2027-02-10 10:00"
    stage.act_whoever(applied, "approve", fillings.SIGNED)


def _self_evaluation(indicators: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """F-05."""
    return {
        "goal_done": "改造教室24间，新增学位1080个，按期完成年度目标任务。",
        "process": "按实施方案分两批施工，第三方监理全程跟踪，验收后投入使用。",
        "indicators": [_result(each) for each in indicators],
        "conclusion": "项目总体完成较好，节点进度和单位造价有差距。",
        "problems": "暑期施工窗口短，部分节点延后；材料涨价使单位造价略超目标。",
        "improvements": "提前启动招标，锁定主材价格。",
        "compliance": [{"check": "资金使用符合国家财经法规和财务管理制度", "ok": True}],
    }


def _result(indicator: Mapping[str, Any]) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "l3": indicator["l3"],
        "cause": "暑期施工窗口短，材料价格上涨，后续提前组织。",
        "measure": "提前启动招标并锁定主材价格。",
        "evidence": "验收报告、监理月报和学籍系统截图",
    }
    if indicator["l3"] == PARTLY:
        return {**row, "rating": "partly", "ratio": 75}
    if indicator["l1"] == "满意度":
        row |= {"sample": 420, "valid": 405, "method": "paper"}
    return {**row, "actual": YEAR[indicator["l3"]]}
