"""Which way an indicator runs when its target prints no comparator: more is better, or less is."""

from __future__ import annotations

import re

from processes.budget_performance.monitoring import Operator

#: Costs and things nobody wants more of.
_LESS = re.compile(
    r"成本|造价|单价|费用|开支|投诉|上访|信访|事故|伤亡|死亡|差错|错误率|失误|违规|违纪|违法|逾期|超支|超标|发案|发病|流失率"
    r"|损失|误差|失业率|空置率|故障率|返工|拖欠|欠薪|排放|能耗|变更率|退货|召回|调整次数|结余率|结转率"
)
#: Spans of time in which something has to be done.
_SPAN = re.compile(r"时间|时长|时限|周期|工期|用时|天数|耗时")
#: Savings, and good rates of bad things.
_MORE = re.compile(
    r"节约|节省|降低率|下降|减少|压减|满意|合格|达标|完成率|覆盖|及时|准确|知晓|参与|到位|保障率|达成|利用率|就业率|提高|提升"
    r"|增长|零投诉|办结|处理率|查处|整改率|化解率|治理|开放"
)
#: Spans of time that are better long.
_LASTING = re.compile(r"(?:运行|服务|开放|营业|使用)(?:时间|时长|天数)")
_TIME_UNITS = ("天", "日", "小时", "工作日", "个工作日", "分钟", "个小时")


def is_cost(level_1: str, level_2: str) -> bool:
    return "成本" in level_1 or "成本" in level_2


def certain_sense(level_1: str, level_2: str, level_3: str) -> Operator | None:
    """The way an indicator runs by its name, or None where the name does not say: 投诉次数 → ≤, 满意度 → ≥."""
    if _LASTING.search(level_3):
        return Operator.AT_LEAST
    if _SPAN.search(level_3):
        # 办结时限: what is good to have is here to be had soon
        return None
    if _MORE.search(level_3):
        return Operator.AT_LEAST
    if _LESS.search(level_3) or is_cost(level_1, level_2):
        return Operator.AT_MOST
    # 投诉率 may stand under 满意度
    return Operator.AT_LEAST if "满意度" in level_1 or "满意度" in level_2 else None


def sense_of(level_1: str, level_2: str, level_3: str, unit: str) -> Operator:
    """The way an indicator runs; where nothing says otherwise, more is better."""
    certain = certain_sense(level_1, level_2, level_3)
    if certain is not None:
        return certain
    if _SPAN.search(level_3) and unit in _TIME_UNITS:
        return Operator.AT_MOST
    return Operator.AT_LEAST
