"""New objects of 2027: one whose assessment was sent back, one whose goals were graded 中 (ORG.md 8.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine import StartProcessInstance
from processes.budget_performance.demo import fillings
from processes.budget_performance.demo.doors import Doors
from processes.budget_performance.demo.stage import Stage
from processes.budget_performance.ledger.projects import Registration

YEAR = 2027
#: 72 points: 中 (R02b).
MEDIUM = {"c1": 7, "c2": 7, "r1": 11, "r2": 11, "a1": 11, "a2": 11, "f1": 7, "f2": 7}
INDICATORS: Mapping[str, Sequence[tuple[str, str, str, str, Any, str, int]]] = {
    "003": (
        ("产出", "数量", "新建智慧泊位", ">=", 800, "个", 25),
        ("产出", "质量", "工程验收合格率", ">=", 100, "%", 15),
        ("产出", "时效", "节点按期完成率", ">=", 100, "%", 10),
        ("效益", "社会效益", "高峰违停下降率", ">=", 30, "%", 30),
        ("满意度", "服务对象", "车主满意度", ">=", 85, "%", 10),
    ),
    "021": (
        ("产出", "数量", "供餐人次", ">=", 54000, "人次", 25),
        ("产出", "质量", "食品抽检合格率", ">=", 100, "%", 15),
        ("产出", "时效", "按时开餐率", ">=", 98, "%", 10),
        ("效益", "社会效益", "服务高龄老人", ">=", 620, "人", 30),
        ("满意度", "服务对象", "就餐老人满意度", ">=", 90, "%", 10),
    ),
}


#: Code -> name, form, 万元 of the year and over all years, last year, unit, department, owner.
OBJECTS: Mapping[str, tuple[str, str, int, int, int, str, str, str]] = {
    "003": ("智慧停车", "infrastructure", 620, 1100, 2028, "23", "23", "hous.proj"),
    "021": ("社区食堂", "purchase_service", 90, 90, 2027, "28", "28", "street.proj"),
}


def smart_parking(stage: Stage, doors: Doors) -> Iterator[str]:
    """EXA-2027-003: full assessment; the investment authority wants the file completed, which is overdue."""
    it = project_of("003")
    yield "2026-08-03 09:30"
    _begin(stage, doors, it)
    case = "EXA-2027-003"
    yield "2026-08-07 10:00"
    stage.act("hous.proj", case, "file", {**fillings.assessment_application(it), **totals(it)})
    yield "2026-08-11 10:00"
    experts = {"experts": ["exp.a", "exp.b", "exp.c"], "avoidance": "经核对，三位专家与项目单位无利害关系。"}
    stage.act_whoever(case, "choose-experts", experts)
    yield "2026-08-17 10:00"
    for expert, points in (("exp.a", 82), ("exp.b", 84), ("exp.c", 83)):
        stage.act(expert, case, "score-full", fillings.assessment_scores(points, it["budget"]))
    yield "2026-08-20 10:00"
    stage.act_whoever(case, "panel", fillings.panel_report(it, it["budget"]))
    yield "2026-08-24 10:00"
    stage.act_whoever(case, "head-sign", {"decision": "agree"})
    yield "2026-09-04 10:00"
    comment = "缺少用地预审意见和运营收益测算，请补正后重新报送。"
    stage.act("ndrc.inv", case, "investment", {"decision": "return", "comment": comment})


def community_canteen(stage: Stage, doors: Doors) -> Iterator[str]:
    """GOAL-2027-021: simple assessment in July; the goals are graded 中 on 8 September."""
    it = project_of("021")
    yield "2026-07-01 09:30"
    _begin(stage, doors, it)
    yield "2026-07-08 10:00"
    stage.act("street.proj", "EXA-2027-021", "file", fillings.assessment_application(it))
    yield "2026-07-13 10:00"
    stage.act_whoever("EXA-2027-021", "score-simple", fillings.assessment_scores(85, it["budget"]))
    yield "2026-07-15 10:00"
    stage.act_whoever("EXA-2027-021", "head-sign", {"decision": "agree"})
    goal = "GOAL-2027-021"
    yield "2026-08-03 10:00"
    stage.send("fin.perf", "budget.open", goal, {})
    yield "2026-08-20 10:00"
    stage.act("street.proj", goal, "fill", fillings.goal_declaration(it))
    yield "2026-08-21 10:00"
    stage.act_whoever(goal, "sign", fillings.SIGNED)
    yield "2026-08-27 10:00"
    stage.act_whoever(goal, "dept-review", fillings.department_review(MEDIUM))
    yield "2026-09-08 10:00"
    stage.act_whoever(goal, "finance-review", fillings.finance_review(MEDIUM, it["budget"]))


def project_of(code: str) -> Mapping[str, Any]:
    """A new object of 2027, as `district.json` describes those of 2026."""
    name, form, annual, total, end, unit, department, owner = OBJECTS[code]
    return {
        "code": code,
        "name": name,
        "form": form,
        "budget": Decimal(annual),
        "total": Decimal(total),
        "start": Decimal(YEAR),
        "end": Decimal(end),
        "unit": unit,
        "department": department,
        "owner": owner,
        "indicators": [
            {
                "l1": l1,
                "l2": l2,
                "l3": l3,
                "op": op,
                "target": Decimal(target),
                "unit": unit_name,
                "weight": Decimal(weight),
                "accumulation": "cumulative" if l2 == "数量" else "state",
                "due": l1 == "产出",
            }
            for l1, l2, l3, op, target, unit_name, weight in INDICATORS[code]
        ],
    }


def totals(it: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the years cost together, where they are not alike."""
    years = fillings.years_of(it)
    rest = it["total"] - it["budget"] * (len(years) - 1)
    amounts = [*([it["budget"]] * (len(years) - 1)), rest]
    return {
        "total": it["total"],
        "by_year": [{"year": year, "amount": amount} for year, amount in zip(years, amounts, strict=True)],
        "financing": [{"source": "区级财政", "amount": it["total"], "is_debt": False, "evidence": "年度预算安排"}],
    }


def _begin(stage: Stage, doors: Doors, it: Mapping[str, Any]) -> None:
    fin_perf = stage.actor_of("fin.perf")
    registration = Registration(
        project_code=it["code"],
        fiscal_year=YEAR,
        project_name=it["name"],
        unit_code=it["unit"],
        department_code=it["department"],
        owner=it["owner"],
        kind="project",
        form=it["form"],
        budget_type="general",
        is_new=True,
        start_year=YEAR,
        end_year=int(it["end"]),
        annual_amount=it["budget"],
        total_amount=it["total"],
    )
    doors.objects(fin_perf, [registration])
    stage.dispatcher.dispatch(
        StartProcessInstance(
            actor=fin_perf,
            process_definition_key="main_loop",
            business_key=f"PRJ:{it['code']}:{YEAR}",
            variables={"project_code": it["code"], "fiscal_year": Decimal(YEAR)},
            unit_code=it["unit"],
        )
    )
