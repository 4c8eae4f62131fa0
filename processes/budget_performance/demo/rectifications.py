"""The rectifications of 2026 that rest on the results of 2025 (ORG.md, sections 5 and 8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from processes.budget_performance.demo.district import title_of
from processes.budget_performance.demo.doors import Doors
from processes.budget_performance.demo.stage import Stage
from processes.budget_performance.ledger.findings import Finding

A03, B02, A07 = "RECT-2026-001", "RECT-2026-002", "RECT-2026-003"
#: Opened by the monitoring of July.
A09, A03_RED = "RECT-2026-004", "RECT-2026-005"
ISSUES_A09 = (
    {
        "category": "money",
        "fact": "基金出资到位750万元后滞留基金账户，未按进度投向项目。",
        "requirement": "制定投放计划，明确储备项目和投放时间。",
        "severity": "grave",
        "amount": Decimal(750),
    },
)
ISSUES_A03_RED = (
    {
        "category": "output",
        "fact": "设备采购两次流标，7月底仅购置5台，执行率18.46%。",
        "requirement": "调整采购方式，10月底前完成设备采购和安装。",
        "severity": "grave",
    },
)

#: What the re-checks and the key evaluation of 2025 have found, in the order in which it was taken over.
FINDINGS = (
    Finding(
        project_code="A03",
        fiscal_year=2025,
        source="spot_check",
        issues=[
            {
                "category": "truth",
                "fact": "自评98分，复核79分：设备验收、培训人次无佐证材料，自评结果失实。",
                "requirement": "重新填报自评表，补齐验收单和培训签到表，建立佐证材料归档制度。",
                "severity": "grave",
            },
            {
                "category": "management",
                "fact": "设备采购两次流标后未及时调整采购方案，年末集中支付。",
                "requirement": "制定采购进度计划，明确责任人和完成时限。",
                "severity": "light",
            },
        ],
    ),
    Finding(
        project_code="B02",
        fiscal_year=2025,
        source="key",
        issues=[
            {
                "category": "output",
                "fact": "改造管网闭水试验资料不全，2.1公里管段未提供检测报告。",
                "requirement": "补做闭水试验并提交检测报告。",
                "severity": "light",
            },
            {
                "category": "money",
                "fact": "工程预付款比例高于合同约定，多付36万元。",
                "requirement": "在下期进度款中抵扣多付部分，并说明原因。",
                "severity": "grave",
                "amount": Decimal(36),
            },
        ],
    ),
    Finding(
        project_code="A07",
        fiscal_year=2025,
        source="spot_check",
        issues=[
            {
                "category": "goal",
                "fact": "自评100分，复核88分：重复投诉率口径与绩效目标不一致。",
                "requirement": "统一重复投诉率统计口径，重新核定完成值。",
                "severity": "light",
            },
        ],
    ),
)

#: A key evaluation that ends with 差 has to be rectified; ORG.md 8.5 leaves number and day open.
POOR_A09 = Finding(
    project_code="A09",
    fiscal_year=2025,
    source="key",
    issues=[
        {
            "category": "effect",
            "fact": "重点评价58.5分，等级为差：撬动社会资本1.1倍，低于目标2.5倍，返投比例不足七成。",
            "requirement": "修订基金管理办法，明确返投要求和退出条件，提出资金压减方案。",
            "severity": "serious",
            "amount": Decimal(750),
        },
    ],
)


def key_evaluation_of_a09(stage: Stage, doors: Doors) -> Iterator[str]:
    """Raised on 14 September as RECT-2026-007; the notice is to be written within 20 days."""
    yield "2026-09-14 10:30"
    fin_perf = stage.actor_of("fin.perf")
    (taken,) = doors.findings(fin_perf, [POOR_A09])
    _open(stage, taken.rect_no, POOR_A09, taken.unit_code)


def key_evaluation_of_b02(stage: Stage) -> Iterator[str]:
    """Plan accepted on 9 July, carried out in August; the report waits for the head of the department."""
    yield "2026-05-25 09:30"
    _open(stage, B02, FINDINGS[1], "2301")
    yield "2026-05-27 10:00"
    _write_notice(stage, B02, FINDINGS[1], "住建局分管排水的副局长", "王工 0477-8590021")
    yield "2026-05-28 15:00"
    stage.act("fin.perf.lead", B02, "issue", {"decision": "sign"})
    yield "2026-06-02 09:10"
    stage.act("hous.head", B02, "receive", {"received": True, "responsible": "hous1.proj"})
    yield "2026-07-01 16:40"
    stage.act("hous1.proj", B02, "plan", _plan(FINDINGS[1], "hous1.proj", date(2026, 8, 31)))
    yield "2026-07-03 11:00"
    stage.act("hous.perf", B02, "dept-review", {"decision": "pass"})
    yield "2026-07-09 14:30"
    stage.act("fin.perf", B02, "accept", {"decision": "pass"})
    yield "2026-09-04 17:00"
    for _ in FINDINGS[1].issues:
        stage.act("hous1.proj", B02, "carry-out", progress())


def spot_check_of_a03(stage: Stage) -> Iterator[str]:
    """Received on 29 July; the plan is due on 28 August and does not come."""
    yield "2026-07-20 09:00"
    _open(stage, A03, FINDINGS[0], "2202")
    yield "2026-07-23 10:20"
    _write_notice(stage, A03, FINDINGS[0], "卫健局分管基层卫生的副局长", "李科 0477-8590018")
    yield "2026-07-24 09:40"
    stage.act("fin.perf.lead", A03, "issue", {"decision": "sign"})
    yield "2026-07-29 10:00"
    stage.act("health.head", A03, "receive", {"received": True, "responsible": "health2.proj"})


def spot_check_of_a07(stage: Stage) -> Iterator[str]:
    """The plan was filed on 9 September; the department has not looked at it."""
    yield "2026-08-05 09:00"
    _open(stage, A07, FINDINGS[2], "28")
    yield "2026-08-06 11:00"
    _write_notice(stage, A07, FINDINGS[2], "街道综治中心主任", "赵主任 0477-8590033")
    yield "2026-08-07 16:00"
    stage.act("fin.perf.lead", A07, "issue", {"decision": "sign"})
    yield "2026-08-11 09:00"
    stage.act("street.head", A07, "receive", {"received": True, "responsible": "street.proj"})
    yield "2026-09-09 15:30"
    stage.act("street.proj", A07, "plan", _plan(FINDINGS[2], "street.proj", date(2026, 10, 30)))


def supervisor_urges(stage: Stage) -> Iterator[str]:
    """Five working days late, the plan of A03 on 4 and the report of B02 on 14 September are urged."""
    yield "2026-09-07 10:30"
    said = "采购负责人休假，方案初稿已完成，要求三个工作日内报送。"
    stage.act("gov.sup", f"{A03}:plan", "urge", urged("health2.proj", date(2026, 9, 7), said))
    yield "2026-09-14 15:00"
    said = "施工单位检测报告尚缺一份，要求补齐后立即签署报送。"
    stage.act("gov.sup", f"{B02}:report", "urge", urged("hous.head", date(2026, 9, 14), said))


def urged(contacted: str | None, on: date, said: str) -> Mapping[str, Any]:
    """The supervisor's record of a contact; with the office where nobody has taken the late work."""
    return {
        "contacted": title_of(contacted) if contacted else "承办科室",
        "contacted_on": on.isoformat(),
        "way": "phone",
        "said": said,
    }


def warning_of_a09(stage: Stage) -> Iterator[str]:
    """Finance asks for it after the yellow July; received on 21 August, the plan is due on 20 September."""
    yield "2026-08-17 10:00"
    stage.act("fin.perf", A09, "notice", notice_of(ISSUES_A09, "国资中心分管基金的副主任", "孙主任 0477-8590045"))
    yield "2026-08-18 10:00"
    stage.act("fin.perf.lead", A09, "issue", {"decision": "sign"})
    yield "2026-08-21 10:00"
    stage.act("soa.head", A09, "receive", {"received": True, "responsible": "soa.proj"})


def red_of_a03(stage: Stage) -> Iterator[str]:
    """The red July: notice within three working days, a plan within ten days, which the issuer has not accepted yet."""
    yield "2026-09-01 14:00"
    notice = notice_of(ISSUES_A03_RED, "卫健局分管基层卫生的副局长", "李科 0477-8590018")
    stage.act("fin.perf", A03_RED, "notice", notice)
    yield "2026-09-02 14:00"
    stage.act("fin.perf.lead", A03_RED, "issue", {"decision": "sign"})
    yield "2026-09-03 14:00"
    stage.act("health.head", A03_RED, "receive", {"received": True, "responsible": "health2.proj"})
    yield "2026-09-10 14:00"
    stage.act("health2.proj", A03_RED, "plan", plan_for(len(ISSUES_A03_RED), "health2.proj", date(2026, 10, 20)))
    yield "2026-09-11 14:00"
    stage.act("health.perf", A03_RED, "dept-review", {"decision": "pass"})


def _open(stage: Stage, number: str, finding: Finding, unit_code: str) -> None:
    variables = {"business_key": number, "source": finding.source, "unit_code": unit_code}
    stage.send("fin.perf", "rect.open", number, variables)


def _write_notice(stage: Stage, number: str, finding: Finding, post: str, contact: str) -> None:
    stage.act("fin.perf", number, "notice", notice_of(finding.issues, post, contact))


def notice_of(issues: Sequence[Mapping[str, Any]], post: str, contact: str) -> Mapping[str, Any]:
    """F-10 a."""
    rows = [
        {"no": position, "basis": "内蒙古自治区预算绩效管理条例", **issue}
        for position, issue in enumerate(issues, start=1)
    ]
    return {"issues": rows, "responsible_post": post, "contact": contact, "signer": "绩效科科长"}


def _plan(finding: Finding, responsible: str, due: date) -> Mapping[str, Any]:
    return plan_for(len(finding.issues), responsible, due)


def plan_for(issues: int, responsible: str, due: date) -> Mapping[str, Any]:
    """F-10 b, for so many issues."""
    numbers = range(1, issues + 1)
    return {
        "issues": [
            {
                "no": number,
                "cause": "资料归集和过程管理不到位，责任没有落实到人。",
                "measures": "逐项补齐资料，修订内部流程，每周调度一次进展。",
                "responsible": title_of(responsible),
                "due": due.isoformat(),
            }
            for number in numbers
        ],
        "milestones": [
            {"issue_no": number, "date": due.isoformat(), "result": "补充材料报部门审核"} for number in numbers
        ],
    }


def progress() -> Mapping[str, Any]:
    """F-10 c, of one issue."""
    return {
        "done": "已按整改方案完成，材料已报主管部门复核。",
        "evidence": [{"name": "整改佐证材料.pdf", "document_no": "康住建函〔2026〕41号"}],
        "state": "done",
        "can_continue": True,
    }
