"""What the people of the district write into the forms: real values of the district, and plausible sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Filling = Mapping[str, Any]
Project = Mapping[str, Any]

#: The twenty sub-items of the assessment (F-03 B), 5 points each.
SUB_ITEMS = (
    *("necessity_policy_fit", "necessity_duty_fit", "necessity_demand", "necessity_no_overlap"),
    *("economy_budget", "economy_calculation", "economy_cost", "economy_ratio"),
    *("goals_complete", "goals_clear", "goals_content_match", "goals_money_match"),
    *("feasibility_organisation", "feasibility_progress", "feasibility_technique", "feasibility_risk"),
    *("financing_sources", "financing_sharing", "financing_debt", "financing_affordable"),
)
#: Points of the goal review (F-02) that add up to 90 and to 85.
REVIEW_90 = {"c1": 9, "c2": 9, "r1": 14, "r2": 13, "a1": 14, "a2": 13, "f1": 9, "f2": 9}
REVIEW_85 = {**REVIEW_90, "r1": 12, "a1": 13, "f1": 8, "f2": 8}
SIGNED: Filling = {"decision": "sign"}
PASSED: Filling = {"decision": "pass"}
CONFIRMED: Filling = {"confirmed": True}
#: F-MID.
MID_TERM: Filling = {
    "goal_progress": "实施期过半，待遇发放和服务人次按中期目标推进，进度与时间相符。",
    "effect": "受益对象稳定，群众满意度保持在较高水平。",
    "opinion": "continue",
}


def document(name: str, number: str = "") -> list[Filling]:
    """One attached document."""
    return [{"name": name, "document_no": number}]


def years_of(project: Project) -> list[int]:
    return list(range(int(project["start"]), int(project["end"]) + 1))


def indicator_rows(project: Project) -> list[Filling]:
    """The indicators as F-01 and F-03 A list them."""
    return [
        {
            "l1": each["l1"],
            "l2": each["l2"],
            "l3": each["l3"],
            "nature": each["op"],
            **({"target_text": each["target"]} if each["op"] == "qualitative" else {"target": each["target"]}),
            **({"unit_name": each["unit"]} if each["unit"] else {}),
            "accumulation": each["accumulation"],
            "due_month": 1 if each["due"] else 12,
            "weight": each["weight"],
            "explain": f"{each['l3']}＝年度内实际完成数／计划数，按季度统计",
            "eval_std": "达到目标得满分，未达到的按完成比例计分",
            "source": "单位台账、验收资料和统计报表",
        }
        for each in project["indicators"]
    ]


def assessment_application(project: Project) -> Filling:
    """F-03 A."""
    total = project["budget"] * len(years_of(project))
    return {
        "background": f"{project['name']}列入区政府年度重点工作，现有条件与群众需求存在差距。",
        "basis": document("区政府常务会议纪要.pdf", "康政纪要〔2025〕3号"),
        "beneficiaries": "辖区居民和服务对象",
        "beneficiary_count": 3600,
        "overlap": "经查重，与现有项目无交叉重复。",
        "plan": document("实施方案.pdf"),
        "total": total,
        "by_year": [{"year": year, "amount": project["budget"]} for year in years_of(project)],
        "financing": [{"source": "区级财政", "amount": total, "is_debt": False, "evidence": "年度预算安排"}],
        "standard": [
            {"item": "单位成本", "superior_value": 100, "our_value": 100, "scope": "within"}
        ],
        "risk": [{"risk": "招标采购延误", "level": "middle", "measure": "提前编制采购需求，预留两次采购时间"}],
        "indicators": indicator_rows(project),
        "studies": document("可行性研究报告.pdf"),
    }


def assessment_scores(points: int, amount: Decimal) -> Filling:
    """F-03 B with a total of 80 to 100 points: so many sub-items 优, the others 良."""
    excellent = points - 80
    ratings = {name: "优" if number < excellent else "良" for number, name in enumerate(SUB_ITEMS)}
    return {**ratings, "suggested_amount": amount, "opinion": "必要性充分，方案总体可行，建议支持。"}


def panel_report(project: Project, amount: Decimal) -> Filling:
    """F-03 C."""
    return {
        "object": f"{project['name']}的立项背景、内容、目标和资金构成。",
        "work": "查阅资料、现场踏勘、专家独立评分、集中评议。",
        "methods": ["cost_benefit", "comparison"],
        "assessment": "五个维度评分达到支持标准，风险可控。",
        "advice": "加强采购进度管理。",
        "confirmed_amount": amount,
        "signed_by": "评估组组长",
    }


def goal_declaration(project: Project) -> Filling:
    """F-01."""
    budget, years = project["budget"], years_of(project)
    total = budget * len(years)
    monthly = [*([round_down(budget / 12)] * 11)]
    plan = [*monthly, budget - sum(monthly)]
    if project["form"] == "ppp":
        plan = [budget / 4 if month in (3, 6, 9, 12) else Decimal(0) for month in range(1, 13)]
    return {
        "start": f"{years[0]}-01-01",
        "end": f"{years[-1]}-12-31",
        "amount_total": total,
        "amt_fiscal": total,
        **{name: 0 for name in ("amt_superior", "amt_special_account", "amt_own", "amt_other")},
        "amount_year": budget,
        "calc_rows": [{"item": project["name"], "qty": 1, "unit": "项", "price": budget}],
        "cash_plan": [{"month": month, "amount": amount} for month, amount in enumerate(plan, start=1)],
        "floor_basis": "cash_plan" if project["form"] == "ppp" else "table",
        **({"floor_reason": "按合同约定每季度末根据绩效考核结果付费。"} if project["form"] == "ppp" else {}),
        "basis": "区委区政府年度重点工作安排和行业主管部门文件。",
        "basis_files": document("立项依据文件.pdf", "康政办发〔2025〕11号"),
        "investment_opinion_files": document("投资绩效评估意见.pdf"),
        "standard_files": document("保障标准比对表.xlsx"),
        **({"goal_mid": goal_sentence(project, "项目期内")} if len(years) > 1 else {}),
        "goal_year": goal_sentence(project, "年度内"),
        "weight_set": "standard",
        "indicators": indicator_rows(project),
        "lint_reason": "指标权重和目标值经主管部门论证，符合项目实际情况。",
    }


def goal_sentence(project: Project, when: str) -> str:
    """A goal with figures, 30 to 500 characters."""
    parts = "，".join(
        f"{each['l3']}达到{each['target']}{each['unit']}" for each in project["indicators"] if each["op"] == ">="
    )
    return f"{when}完成{project['name']}各项建设和服务任务，{parts}，资金按计划支付，群众满意。"


def department_review(points: Filling) -> Filling:
    """F-02 of the department."""
    comment = {"field": "indicators", "comment": "指标完整，目标值与资金匹配。"}
    return {**points, "decision": "pass", "comments": [comment]}


def finance_review(points: Filling, amount: Decimal) -> Filling:
    """F-02 of the finance division."""
    return {**points, "amount_advice": amount, "comments": [{"field": "indicators", "comment": "同意部门审核意见。"}]}


def round_down(amount: Decimal) -> Decimal:
    """Whole units of ten thousand yuan."""
    return amount.quantize(Decimal(1), rounding="ROUND_DOWN")


def priorities(objects: Sequence[Filling]) -> list[Filling]:
    """The ranking of the budget section: everybody gets what was advised."""
    return [
        {"project_code": each["project_code"], "priority": "livelihood", "amount": each["amount"]} for each in objects
    ]
