"""The official form 项目支出绩效自评表 as offices lay it out, built cell by cell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

#: RULES R06, example A, as the Ministry's form prints it: l1, l2, l3, target, actual, weight, score, cause.
EXAMPLE_A: tuple[tuple[Any, ...], ...] = (
    ("产出指标", "数量指标", "改造教室", "≥24间", "24间", 15, 15, ""),
    ("产出指标", "质量指标", "验收合格率", "≥100百分比", "96%", 15, 14.4, "部分批次材料返工，加强进场检验"),
    ("产出指标", "时效指标", "节点按期完成率", "＝１００％", "75%", 10, 7.5, "暑期施工窗口短，提前招标"),
    ("产出指标", "成本指标", "单位造价", "≤3000元/㎡", "3150元/㎡", 10, 9.52, "主材涨价，锁定价格"),
    ("效益指标", "社会效益指标", "新增学位", "≥1,080个", "1080个", 20, 20, ""),
    ("效益指标", "可持续影响指标", "管护机制健全性", "健全", "制度已出台，人员未到位", 10, 7.5, "年内配齐管护人员"),
    ("满意度指标", "服务对象满意度指标", "家长满意度", "不低于90%", "87.3%", 10, 9.7, "施工噪声，错峰作业"),
)
MONEY: tuple[tuple[Any, ...], ...] = (
    ("年度资金总额", 800, 800, 736, 10, "92.00%", 9.2),
    ("其中：当年财政拨款", 700, 700, 640, "—", "", "—"),
    ("      上年结转资金", 100, 100, 96, "—", "", "—"),
    ("      其他资金", None, None, None, "—", "", "—"),
)
#: Example A as JSON, each value as printed.
DOCUMENT: dict[str, Any] = {
    "fiscal_year": 2025,
    "project_name": "义务教育薄弱环节改善",
    "budget_initial": 800,
    "budget_adj": 800,
    "spent": 736,
    "exec_rate": "92.00%",
    "exec_weight": 10,
    "exec_score": 9.2,
    "indicators": [
        {"l1": l1.removesuffix("指标"), "l2": l2.removesuffix("指标"), "l3": l3, "target": target, "actual": actual,
         "weight": weight, "score": score, "cause": cause}
        for l1, l2, l3, target, actual, weight, score, cause in EXAMPLE_A
    ],
    "total": 92.82,
}  # fmt: skip


def with_indicator(number: int, **changes: Any) -> dict[str, Any]:
    """The document with one indicator changed, counted from 1."""
    rows = [dict(each) for each in DOCUMENT["indicators"]]
    rows[number - 1] |= changes
    return {**DOCUMENT, "indicators": rows}


def ministry_form(
    indicators: Sequence[Sequence[Any]] = EXAMPLE_A,
    money: Sequence[Sequence[Any]] = MONEY,
    *,
    total: Any = 92.82,
    changes: Mapping[str, Any] | None = None,
) -> bytes:
    """The layout of 财预〔2020〕10号 with its merged cells; `changes` puts other values into cells."""
    book = Workbook()
    sheet = book.active
    sheet.title = "自评表"
    sheet["A1"] = "项目支出绩效自评表"
    sheet.merge_cells("A1:I1")
    sheet["A2"] = "（2025年度）"
    sheet.merge_cells("A2:I2")
    _put(sheet, 3, ["项目名称", "", "义务教育薄弱环节改善"], "A3:B3", "C3:I3")
    _put(
        sheet, 4, ["主管部门", "", "区教育局", "", "", "实施单位", "", "区第一小学"], "A4:B4", "C4:E4", "F4:G4", "H4:I4"
    )
    heads = ["项目资金\n（万元）", "", "", "年初\n预算数", "全年\n预算数", "全年\n执行数", "分值", "执行率", "得分"]
    _put(sheet, 5, heads, f"A5:B{5 + len(money)}")
    for number, values in enumerate(money):
        _put(sheet, 6 + number, ["", "", *values])
    row = 6 + len(money)
    _put(
        sheet,
        row,
        ["年度\n总体\n目标", "预期目标", "", "", "", "实际完成情况"],
        f"A{row}:A{row + 1}",
        f"B{row}:E{row}",
        f"F{row}:I{row}",
    )
    goal = ["", "改造教室24间，新增学位1080个。", "", "", "", "教室24间全部交付使用，新增学位1080个。"]
    _put(sheet, row + 1, goal, f"B{row + 1}:E{row + 1}", f"F{row + 1}:I{row + 1}")
    row += 2
    heads = ["绩效\n指标", "一级指标", "二级指标", "三级指标", "年度\n指标值", "实际\n完成值", "分值", "得分"]
    _put(sheet, row, [*heads, "偏差原因分析\n及改进措施"])
    top, before = row + 1, ("", "")
    for number, (l1, l2, *rest) in enumerate(indicators):
        shown = ["", l1 if l1 != before[0] else "", l2 if (l1, l2) != before else "", *rest]
        _put(sheet, top + number, shown)
        before = (l1, l2)
    last = top + len(indicators) - 1
    sheet.merge_cells(f"A{row}:A{last}")
    _merge_down(sheet, top, [each[0] for each in indicators], "B")
    _put(sheet, last + 1, ["总分", "", "", "", "", "", 100, total], f"A{last + 1}:F{last + 1}")
    for address, value in (changes or {}).items():
        # what lies inside a merged area cannot be typed
        if not isinstance(sheet[address], MergedCell):
            sheet[address] = value
    return saved(book)


def sichuan_form(indicators: Sequence[Sequence[Any]], money: Sequence[Sequence[Any]], total: Any) -> bytes:
    """The layout of 四川 510000: columns for sense and unit, a column of reasons, 合计 at the end."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "部门预算项目支出绩效自评表（2023年度）"
    sheet.merge_cells("A1:K1")
    _put(sheet, 2, ["项目名称", "安可替代补助资金项目"])
    _put(sheet, 3, ["主管部门", "司法局部门", "", "", "实施单位", "司法局"])
    _put(sheet, 4, ["项目基本情况", "1.项目年度目标完成情况", "", "项目年度目标", "", "", "年度目标完成情况"])
    _put(sheet, 5, ["", "", "", "采购并完成支付。", "", "", "采购13台并完成支付。"])
    heads = [
        "预算执行情况（10分）",
        "年度预算数（万元）",
        "年初预算",
        "调整后预算数",
        "预算执行数",
        "预算执行率",
        "权重",
        "得分",
        "原因",
    ]
    _put(sheet, 6, heads)
    for number, values in enumerate(money):
        _put(sheet, 7 + number, ["", *values])
    row = 7 + len(money)
    _put(
        sheet,
        row,
        [
            "绩效指标（90分）",
            "一级指标",
            "二级指标",
            "三级指标",
            "指标性质",
            "指标值",
            "度量单位",
            "完成值",
            "权重",
            "得分",
            "未完成原因分析",
        ],
    )
    for number, values in enumerate(indicators):
        _put(sheet, row + 1 + number, ["", *values])
    row += 1 + len(indicators)
    _put(sheet, row, ["合计", "", "", "", "", "", "", "", 100, total])
    _put(sheet, row + 1, ["评价结论", "较好"])
    _put(sheet, row + 2, ["存在问题", "无"])
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(sheet: Worksheet, row: int, values: Sequence[Any], *merged: str) -> None:
    for column, value in enumerate(values, start=1):
        if value not in ("", None):
            sheet.cell(row, column, value)
    for area in merged:
        sheet.merge_cells(area)


def _merge_down(sheet: Worksheet, top: int, labels: Sequence[str], column: str) -> None:
    """Merge equal labels that stand below each other."""
    start = 0
    for number in range(1, len(labels) + 1):
        if number == len(labels) or labels[number] != labels[start]:
            if number - start > 1:
                sheet.merge_cells(f"{column}{top + start}:{column}{top + number - 1}")
            start = number
