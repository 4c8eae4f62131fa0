"""The headings of the official form 项目支出绩效自评表, in the words of several provinces."""

from __future__ import annotations

import re

from forms.sheet import Sheet, SheetCell
from processes.budget_performance.evaluation.filled_form import Source
from processes.budget_performance.evaluation.printed_numbers import plain

#: More characters than a heading or label has.
LONGEST = 100
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOISE = re.compile(r"[\s:：、,，。.*★]+")

#: Column of the indicator table -> what its heading says, without brackets and spaces.
INDICATOR_COLUMNS = {
    "l1": r"一级指标",
    "l2": r"二级指标",
    "l3": r"三级指标(?:名称)?|(?:绩效)?指标名称|指标内容",
    "nature": r"指标性质|计算符号",
    "target": r"(?:年度|年初|预期|全年|绩效|计划|目标)*(?:指标值|目标值|计划值|设定值)|年初设定指标值",
    "unit": r"(?:度量|计量|指标)单位|单位",
    "actual": r"(?:全年|年度|实际|指标)*(?:完成值|实际值|完成情况|完成指标值|完成数)",
    "weight": r"(?:指标|标准)?(?:分值|权重)(?:权重)?|标准分",
    "score": r"(?:自评|实际|评价)?得分|自评分(?:值|数)?",
    "cause": r"(?:偏差|未完成|偏离|扣分|差异|偏差大或未完成)+.*(?:原因|分析|说明|措施).*|原因分析.*|备注|说明",
}
#: Column of the money table -> heading.
MONEY_COLUMNS = {
    "initial": r"年初预算(?:数|金额|安排数)?|年初批复预算数?|年初数",
    "adjusted": r"(?:全年|调整后|调整)预算(?:数|金额)|调整后预算|全年预算",
    "spent": r"(?:全年|预算|实际|年度|资金)?执行(?:数|金额)|(?:全年|实际)支出(?:数|金额)?",
    "weight": r"分值|权重|标准分",
    "rate": r"(?:预算|资金)?执行率",
    "score": r"(?:自评)?得分",
    "reason": r"原因.*|说明|备注|未.*原因.*",
}
_INDICATOR = {name: re.compile(words) for name, words in INDICATOR_COLUMNS.items()}
_MONEY = {name: re.compile(words) for name, words in MONEY_COLUMNS.items()}

#: Row of the money table -> its label; the first that fits counts.
_SOURCES = (
    (Source.TOTAL, re.compile(r"(?:年度|项目|预算|本年)*(?:财政)?(?:资金|预算|支出)?(?:总额|总计|合计|总数)")),
    (Source.CARRY_OVER, re.compile(r"(?:其中)?.*(?:结转|结余).*")),
    (Source.SPECIAL_ACCOUNT, re.compile(r"(?:其中)?.*专户.*")),
    (Source.SUPERIOR, re.compile(r"(?:其中)?.*(?:上级|中央|省级|自治区|市级).*(?:资金|补助|拨款|转移支付).*")),
    (Source.FISCAL, re.compile(r"(?:其中)?.*(?:财政|地方|本级|县级|区级).*(?:拨款|资金).*")),
    (Source.OWN, re.compile(r"(?:其中)?.*(?:单位|自筹|自有|事业).*(?:资金|收入)?")),
    (Source.OTHER, re.compile(r"(?:其中)?.*其[他它].*")),
)

TOTAL = re.compile(r"总分(?:值)?|总计|合计|得分合计|自评总分|总得分|总分值合计")
#: What follows the table of indicators.
AFTER = re.compile(
    r"评价结论|自评结论|存在(?:的)?问题.*|改进措施|注\d*|备注|说明|填[表报]人.*|项目负责人.*|财务负责人.*|联系人.*|其他.*说明.*"
)
GOAL = re.compile(r"(?:年度)?(?:预期|总体|设定|绩效)*目标|年初设定目标|项目年度目标|预期目标")
GOAL_DONE = re.compile(r"(?:全年|年度|目标|实际|总体)*(?:完成|实现)情况(?:综述)?")
HEAD = {
    "project_name": re.compile(r"项目(?:\(?政策\)?)?名称"),
    "department": re.compile(r"(?:主管|项目主管)(?:部门|单位)(?:及代码)?|预算部门"),
    "unit": re.compile(r"(?:项目)?(?:实施|预算|承担|申报)单位"),
}
YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*年度?")


def heading(text: str) -> str:
    """A heading without brackets, spaces and colons: "年度\\n指标值（A）" → "年度指标值"; "" for a longer text."""
    if len(text) > LONGEST:
        return ""
    return _NOISE.sub("", _BRACKETS.sub("", plain(text)))


def column_of(text: str, *, money: bool) -> str | None:
    """The column a heading stands for, or None."""
    words = heading(text)
    return next((name for name, form in (_MONEY if money else _INDICATOR).items() if form.fullmatch(words)), None)


def columns_in(sheet: Sheet, row: int, *, money: bool) -> dict[str, SheetCell]:
    """The headings of a row, each the first time it occurs."""
    found: dict[str, SheetCell] = {}
    for cell in sheet.row_cells(row):
        name = column_of(cell.text, money=money)
        if name is not None:
            found.setdefault(name, cell)
    return found


def header_columns(sheet: Sheet, row: int) -> dict[str, SheetCell]:
    """The headings of the indicators where 三级指标 stands in this row: its own, and those one row above it.

    Some forms print 绩效指标 over the three levels, and the other headings beside it.
    """
    own = columns_in(sheet, row, money=False)
    if "l3" not in own:
        return own
    filled = {cell.column for cell in sheet.row_cells(row)}
    above = {
        name: cell
        for name, cell in columns_in(sheet, row - 1, money=False).items()
        if cell.column not in filled and name not in own
    }
    return own | above


def points_in(text: str) -> str | None:
    """Points that a title prints: "预算执行情况（20分）" → "20"."""
    found = re.search(r"([0-9]+(?:\.[0-9]+)?)\s*分", plain(text))
    return found[1] if found else None


def amounts_of_the_year(sheet: Sheet, row: int, columns: dict[str, SheetCell]) -> dict[str, SheetCell]:
    """The money columns with 年度预算数 as the adjusted budget where the form has no other; elsewhere it is a title."""
    year = next((cell for cell in sheet.row_cells(row) if heading(cell.text) in ("年度预算数", "预算数")), None)
    return {**columns, "adjusted": year} if year is not None and "adjusted" not in columns else columns


def source_of(text: str) -> Source | None:
    """The source of money a label names, or None."""
    words = heading(text).removeprefix("其中")
    return next((source for source, form in _SOURCES if form.fullmatch(words)), None)


def level_of(text: str) -> tuple[str, str | None]:
    """A first- or second-level label and the points it prints: "产出指标（50分）" → ("产出", "50")."""
    words = re.sub(r"[0-9]+(?:\.[0-9]+)?\s*分", "", heading(text))
    return words.removesuffix("指标") or words, points_in(text)
