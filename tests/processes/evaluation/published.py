"""Realistic self-evaluations, as JSON documents and as workbooks: a clean one, and what published ones contain.

The amounts, titles and results follow what offices print; names and places are made up.
"""

from __future__ import annotations

import json
from typing import Any

from tests.processes.evaluation.official_form import DOCUMENT, EXAMPLE_A, ministry_form, sichuan_form

#: Everything fits together.
CLEAN = ministry_form()

#: A township's commissions: the total row is empty, results repeat the wording of the form, "百分比" is the unit.
TOWNSHIP = ministry_form(
    [
        ("产出指标（50分）", "数量指标", "基建工程委托业务项目数量", "≥50个", "50", 8, 8, ""),
        ("产出指标（50分）", "质量指标", "委托业务报告合格率", "≥100百分比", "达成预期指标", 12, 12, ""),
        ("产出指标（50分）", "时效指标", "提交报告及时性", "在项目计划完成时间内完成", "达成预期指标", 10, 10, ""),
        ("产出指标（50分）", "成本指标", "项目总成本", "≤900万元", "89.97万元", 20, 20, ""),
        ("效益指标（30分）", "社会效益指标", "对维护市场公平的影响", "效果明显", "效果明显", 30, 30, ""),
        ("效益指标（30分）", "经济效益指标", "", "", "", "", "", ""),
        ("满意度指标（10分）", "满意度指标", "公众满意度", "", "", 10, 10, ""),
    ],
    [("年度资金总额：", 0, 0, 0, 10, "0", 0), ("其中：本年财政拨款", 90, 90, 89.97, "", "", "")],
    total=90,
)
#: A school's heating: template rows left in, targets without units, money as a quantity, a rate that was cut.
SCHOOL = ministry_form(
    [
        ("产出指标", "数量指标", "指标1工程资金金额", "43.2", "37.24", 10, 10, ""),
        ("产出指标", "数量指标", "指标2", "", "", "", "", ""),
        ("产出指标", "数量指标", "……", "", "", "", "", ""),
        ("产出指标", "质量指标", "指标1工程验收合格率", "100", "100", 20, 18, ""),
        ("产出指标", "成本指标", "指标1成本控制率", "≥100%", "100%", 20, 20, ""),
        ("效益指标", "经济效益指标", "指标1安全事故", "0", "0", 30, 30, ""),
        ("满意度指标", "服务对象满意度指标", "指标1学生满意度", "≤90%", "88%", 10, 10, ""),
    ],
    [("年度资金总额", 43.2, 43.2, 37.24, 10, "86.21%", 9), ("其中：当年财政拨款", 43.2, 43.2, 37, "", "", "")],
    total=97,
)
#: Sichuan's form: the budget was added in the year, text of the template stands in the column of reasons.
JUSTICE = sichuan_form(
    [
        ("产出指标", "数量指标", "购买设备数量", "≥", 13, "台", 20, 40, 40, ""),
        ("产出指标", "质量指标", "验收合格率", "=", 100, "%", "0.98", 20, 20, ""),
        ("效益指标", "社会效益指标", "信息泄露率", "≤", 5, "%", 97, 20, 20, ""),
        ("成本指标", "经济成本指标", "成本控制数", "≤", 30, "万元", "完成", 10, 10, ""),
    ],
    [("总额", 0, 3.36, 3.36, "100.00%", 10, 10, "预算执行率未达到90%的需说明原因（100字以内）"),
     ("其中：财政资金", 0, 3.36, 3.36, "100.00%", "/", "/")],
    100,
)  # fmt: skip
#: Typed off a web page: hardly any money spent, everything done, a cut in the year, a reason asked for and not given.
TRAINING: dict[str, Any] = {
    "fiscal_year": 2024,
    "project_name": "农村实用人才培训",
    "budget_initial": 200,
    "budget_adj": 120,
    "spent": "48",
    "exec_rate": "40%",
    "exec_weight": 10,
    "exec_score": 8,
    "exec_reason": "",
    "indicators": [
        {"l1": "产出", "l2": "数量", "l3": "培训人次", "target": "≥2,000人次", "actual": "0.21万人次",
         "weight": 50, "score": 50},
        {"l1": "效益", "l2": "社会效益", "l3": "带动就业", "target": "≥300人", "actual": "320人",
         "weight": 30, "score": 32},
        {"l1": "满意度", "l2": "服务对象", "l3": "学员满意度", "target": "≥90%", "actual": "94%",
         "weight": 12, "score": 10, "hand_set": {"points": 11, "reason": "问卷少"}},
    ],
    "total": 99,
}  # fmt: skip
#: Money that was not there, printed as spent to the last cent.
NO_MONEY: dict[str, Any] = {
    **DOCUMENT,
    "budget_initial": 0,
    "budget_adj": 0,
    "spent": 0,
    "exec_rate": "100%",
    "exec_score": 10,
    "total": 93.62,
    "indicators": [
        {**row, "rating": "partly", "ratio": 90} if row["l3"] == "管护机制健全性" else row
        for row in DOCUMENT["indicators"]
    ],
}
#: More was spent than there was; the cost of the whole is printed in 元 for 万元.
ROAD = ministry_form(
    [*EXAMPLE_A[:3], ("产出指标", "成本指标", "项目总成本", "≤800元", "812元", 10, 9.85, "主材涨价"), *EXAMPLE_A[4:]],
    [("年度资金总额", 800, 800, 812, 10, "101.50%", 10), ("其中：当年财政拨款", 800, 800, 812, "", "", "")],
    total=93.95,
)

FILES: dict[str, bytes] = {
    "clean.xlsx": CLEAN,
    "township.xlsx": TOWNSHIP,
    "school.xlsx": SCHOOL,
    "justice.xlsx": JUSTICE,
    "road.xlsx": ROAD,
    "clean.json": json.dumps(DOCUMENT, ensure_ascii=False).encode(),
    "training.json": json.dumps(TRAINING, ensure_ascii=False).encode(),
    "no_money.json": json.dumps(NO_MONEY, ensure_ascii=False).encode(),
}
