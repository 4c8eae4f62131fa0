"""A sound declaration of goals (F-01), object A01 of the district, as its owner would file it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

#: What the process knows when the form is filled in.
CONTEXT: dict[str, Any] = {
    "project_code": "A01",
    "project_name": "义务教育薄弱环节改善与能力提升",
    "fiscal_year": Decimal(2026),
    "unit_code": "2101",
    "department_code": "21",
    "owner": "edu1.proj",
    "kind": "project",
    "form": "appropriation",
    "budget_type": "general",
    "is_new": True,
    "livelihood": True,
    "annual_amount": Decimal(800),
    "total_amount": Decimal(1500),
    "start_year": Decimal(2026),
    "end_year": Decimal(2027),
    "depth": "full",
    "investment_opinion": False,
    "assessment_outcome": "supported",
}


def indicator(
    l1: str, l2: str, l3: str, weight: int, nature: str, target: Any, unit: str, **changes: Any
) -> dict[str, Any]:
    """One indicator row; `changes` replace columns."""
    value = {"target_text": target} if nature == "qualitative" else {"target": target, "unit_name": unit}
    return {
        "l1": l1,
        "l2": l2,
        "l3": l3,
        "weight": weight,
        "nature": nature,
        **value,
        "accumulation": "state",
        "due_month": 12,
        "explain": "完成数 ÷ 计划数",
        "eval_std": "按完成比例计分",
        "source": "学校验收资料",
        **changes,
    }


def indicators() -> list[dict[str, Any]]:
    """The seven indicators of A01: 50 output, 30 benefit, 10 satisfaction."""
    return [
        indicator("产出", "数量", "改造教室", 15, ">=", 24, "间", accumulation="cumulative"),
        indicator("产出", "质量", "验收合格率", 15, ">=", 100, "%"),
        indicator("产出", "时效", "节点按期完成率", 10, ">=", 100, "%"),
        indicator("产出", "成本", "单位造价", 10, "<=", 3000, "元/㎡"),
        indicator("效益", "社会效益", "新增学位", 20, ">=", 1080, "个", accumulation="cumulative"),
        indicator("效益", "可持续影响", "管护机制健全性", 10, "qualitative", "健全", ""),
        indicator("满意度", "服务对象", "家长满意度", 10, ">=", 90, "%"),
    ]


def declaration(**changes: Any) -> dict[str, Any]:
    """A whole form; `changes` replace fields."""
    return {
        "start": date(2026, 1, 1),
        "end": date(2027, 12, 31),
        "amount_total": 1500,
        "amt_fiscal": 1500,
        "amt_superior": 0,
        "amt_special_account": 0,
        "amt_own": 0,
        "amt_other": 0,
        "amount_year": 800,
        "calc_rows": [
            {"item": "教室改造", "qty": 24, "unit": "间", "price": 30},
            {"item": "设备购置", "qty": 16, "unit": "套", "price": 5},
        ],
        "cash_plan": [
            {"month": month, "amount": 40 if month == 2 else 76 if month > 2 else 0} for month in range(1, 13)
        ],
        "floor_basis": "table",
        "basis": "《义务教育薄弱环节改善与能力提升工作实施方案》",
        "basis_files": [{"name": "实施方案", "document_no": "示教发〔2025〕12号"}],
        "standard_files": [{"name": "生均校舍标准比对表"}],
        "goal_mid": "两年内完成四所学校薄弱环节改造，新增学位2000个，消除大班额，改善办学条件。",
        "goal_year": "改造教室24间，新增学位1080个，验收合格率100%，家长满意度不低于90%，按节点完成建设任务。",
        "weight_set": "standard",
        "indicators": indicators(),
        **changes,
    }
