"""What the performance section opens for the objects of 2026: their budget, the rounds, the self-evaluations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from processes.budget_performance.demo.doors import Doors
from processes.budget_performance.demo.stage import Stage
from processes.budget_performance.ledger.campaigns import BUDGET, ROUND, SELF_EVALUATION, Opening

YEAR = 2026
GOALS = (
    "各预算单位：2026年预算编制工作现已布置。请各项目责任人按《绩效目标申报表》（F-01）申报绩效目标和资金测算，单位签批后报主管部门"
    "审核；一上截止8月31日，二上截止10月31日。"
)
MONITORING = (
    "各预算单位：现布置2026年绩效运行监控，数据截止{month}月{day}日。请各项目责任人填报《绩效监控表》（F-04），如实反映预算执行"
    "进度和目标完成情况，偏离目标的说明原因和纠偏措施，十个工作日内完成。"
)
SELF_EVALUATIONS = (
    "各预算单位：现布置2026年度项目支出绩效自评。有财政资金的项目都要自评，请项目责任人按《绩效自评表》（F-05）填报完成值并附佐证"
    "材料，2月28日前报送。"
)


def _round(month: int, day: int) -> Opening:
    notice = MONITORING.format(month=month, day=day)
    return Opening(kind=ROUND, fiscal_year=YEAR, month=f"{month:02}", notice=notice)


#: Local instant -> what is opened (ORG.md 8.1).
OF_THE_PLAY: Mapping[str, Opening] = {
    "2025-07-01 09:00": Opening(kind=BUDGET, fiscal_year=YEAR, notice=GOALS),
    "2026-05-06 09:00": _round(4, 30),
    "2026-08-03 09:00": _round(7, 31),
    "2026-09-01 09:00": _round(8, 31),
}
OF_THE_YEAR_END: Mapping[str, Opening] = {
    "2026-11-02 09:00": _round(10, 31),
    "2027-01-05 09:00": Opening(kind=SELF_EVALUATION, fiscal_year=YEAR, notice=SELF_EVALUATIONS),
}


def opens(stage: Stage, doors: Doors, campaigns: Mapping[str, Opening]) -> Iterator[str]:
    """Each of them for all departments."""
    for instant, opening in campaigns.items():
        yield instant
        doors.open_campaign(stage.actor_of("fin.perf"), opening)
