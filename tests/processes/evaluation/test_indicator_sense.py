"""The name of an indicator says which way it runs, where it says so."""

from __future__ import annotations

import pytest

from processes.budget_performance.evaluation.indicator_sense import certain_sense, sense_of
from processes.budget_performance.monitoring import Operator

MORE, LESS = Operator.AT_LEAST, Operator.AT_MOST


@pytest.mark.parametrize(
    ("levels", "sense"),
    [
        (("产出", "质量", "验收合格率"), MORE),
        (("产出", "成本", "单位造价"), LESS),
        (("成本", "经济成本", "成本控制数"), LESS),
        (("成本", "经济成本", "成本节约率"), MORE),
        (("效益", "社会效益", "群众投诉次数"), LESS),
        (("效益", "社会效益", "投诉处理率"), MORE),
        (("满意度", "服务对象满意度", "家长评价"), MORE),
        (("满意度", "服务对象满意度", "有效投诉率"), LESS),
        (("产出", "数量", "改造教室"), None),
        (("产出", "时效", "申报办结时限"), None),
        (("效益", "社会效益", "场馆开放时间"), MORE),
    ],
)
def test_what_a_name_says_for_certain(levels, sense):
    assert certain_sense(*levels) is sense


@pytest.mark.parametrize(
    ("name", "unit", "sense"),
    [
        ("改造教室", "间", MORE),
        ("办理时限", "个工作日", LESS),
        ("申报办结时限", "工作日", LESS),
        ("服务时间", "小时", MORE),
        ("抢修响应时间", "分钟", LESS),
    ],
)
def test_where_a_name_says_nothing_more_is_better_but_for_spans_of_time(name, unit, sense):
    assert sense_of("产出", "数量", name, unit) is sense
