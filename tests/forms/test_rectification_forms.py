"""F-10: notice, receipt, plan, work on an issue, report, verification, closure."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.forms.library import LIBRARY, texts
from tests.processes.drawn import ROWS

D = Decimal
ISSUES = [
    {"no": D(1), "category": "management", "fact": "设备采购两次招标失败，进度严重滞后", "basis": "项目管理办法第九条",
     "requirement": "三十日内重新组织采购并报进度", "amount": D(20), "severity": "grave"},
    {"no": D(2), "category": "truth", "fact": "培训签到台账缺失，人次无法核实", "basis": "自评管理办法",
     "requirement": "补建培训台账并附签到记录", "severity": "light"},
]  # fmt: skip
CONTEXT: dict[str, Any] = {
    "rect_no": "RECT-2026-001",
    "source": "spot_check",
    "project": {"code": "A03", "name": "社区卫生服务能力提升"},
    "red": False,
    "issues": ISSUES,
    "open_issues": ISSUES,
    "complete_limit_on": date(2026, 11, 9),
    "failed_count": D(0),
}
NOTICE: dict[str, Any] = {
    "issues": ISSUES,
    "responsible_post": "中心主任",
    "contact": "李工 0477-1234567",
    "signer": "绩效科科长",
}


def test_a_notice_shows_the_time_that_is_given() -> None:
    document = LIBRARY.check("F-10a", NOTICE, CONTEXT).document
    assert (document["plan_days"], document["complete_days"]) == (D(30), D(60))

    assert LIBRARY.prefilled("F-10a", CONTEXT | {"red": True})["plan_days"] == D(10)


def test_a_notice_shows_the_time_that_is_configured_in_days_or_working_days() -> None:
    limits = {"plan": {"days": None, "working_days": D(15)}, "complete": {"days": D(45), "working_days": None}}

    document = LIBRARY.check("F-10a", NOTICE, CONTEXT | {"notice_limits": limits}).document

    assert (document["plan_working_days"], document["complete_days"]) == (D(15), D(45))
    assert not document.keys() & {"plan_days", "complete_working_days"}


def test_a_notice_of_a_case_that_began_without_them_shows_the_delivered_times() -> None:
    delivered = {key: row["rule"] for key, row in ROWS.items() if key.startswith("due.rectification.")}

    for red, plan in ((False, "due.rectification.plan"), (True, "due.rectification.plan.red")):
        document = LIBRARY.prefilled("F-10a", CONTEXT | {"red": red})
        assert f"{document['plan_days']}D" == delivered[plan]
        assert f"{document['complete_days']}D" == delivered["due.rectification.carry_out"]


def test_the_issues_of_a_notice_become_the_variable_issues() -> None:
    variables = LIBRARY.check("F-10a", NOTICE, CONTEXT).variables

    assert [issue["no"] for issue in variables["issues"]] == [D(1), D(2)]


@pytest.mark.parametrize(
    ("values", "path", "text"),
    [
        ({"issues": []}, "issues", "“整改事项”必须填写。"),
        ({"issues": [ISSUES[0], ISSUES[0]]}, "issues", "整改事项的序号有重复。"),
        ({"issues": [ISSUES[0] | {"fact": "滞后"}]}, "issues/0/fact",
         "“整改事项”第 1 行“问题事实”至少 10 个字（当前 2 个）。"),
        ({"issues": [ISSUES[0] | {"severity": "terrible"}]}, "issues/0/severity",
         "“整改事项”第 1 行“严重程度”应为 一般、较重、严重 之一（当前“terrible”）。"),
        ({"signer": ""}, "signer", "“签发人”必须填写。"),
    ],
)  # fmt: skip
def test_a_notice_is_complete(values: dict[str, Any], path: str, text: str) -> None:
    assert texts("F-10a", NOTICE | values, CONTEXT)[path] == text


def test_a_receipt_names_who_answers() -> None:
    assert texts("F-10-receipt", {"received": True}, CONTEXT) == {"responsible": "“整改责任人”必须填写。"}
    assert texts("F-10-receipt", {"received": False, "responsible": "health2.proj"}, CONTEXT) == {
        "received": "签收后方可提交。"
    }


PLAN: dict[str, Any] = {
    "issues": [
        {"no": 1, "cause": "技术参数设置不合理导致流标", "measures": "聘请专家重新论证采购参数", "responsible": "李工",
         "due": "2026-10-15"},
        {"no": 2, "cause": "档案管理责任没有落实到人", "measures": "指定专人管理并补齐签到记录", "responsible": "张工",
         "due": "2026-09-30"},
    ],
    "milestones": [
        {"issue_no": 1, "date": "2026-09-15", "result": "完成采购公告"},
        {"issue_no": 2, "date": "2026-09-10", "result": "完成台账补建"},
    ],
}  # fmt: skip


def plan(**first: Any) -> dict[str, Any]:
    """The good plan with other values for its first issue."""
    changed = copy.deepcopy(PLAN)
    changed["issues"][0].update(first)
    return changed


@pytest.mark.parametrize(
    ("submission", "path", "text"),
    [
        (plan(due="2026-11-10"), "issues/0/due", "完成时限 2026-11-10 晚于整改期限 2026-11-09。"),
        (plan(recover="20.5"), "issues/0/recover", "应收回资金 20.5 万元大于涉及金额 20 万元。"),
        (plan(cause="不清楚"), "issues/0/cause", "“整改事项”第 1 行“原因分析”至少 10 个字（当前 3 个）。"),
        (plan() | {"milestones": PLAN["milestones"][:1]}, "issues/1", "第 2 项没有里程碑。"),
        (plan() | {"milestones": [*PLAN["milestones"], {"issue_no": 3, "date": "2026-09-20", "result": "完成"}]},
         "milestones/2/issue_no", "没有第 3 项整改事项。"),
        (plan() | {"milestones": [*PLAN["milestones"], {"issue_no": "", "date": "2026-09-20", "result": "完成"}]},
         "milestones/2/issue_no", "“里程碑”第 3 行“事项序号”必须填写。"),
        (plan() | {"milestones": [*PLAN["milestones"], {"issue_no": "三", "date": "2026-09-20", "result": "完成"}]},
         "milestones/2/issue_no", "“里程碑”第 3 行“事项序号”必须是数字（当前“三”）。"),
        (plan() | {"issues": PLAN["issues"][:1]}, "issues/1/cause", "“整改事项”第 2 行“原因分析”必须填写。"),
    ],
)  # fmt: skip
def test_a_plan_covers_every_issue_in_time(submission: dict[str, Any], path: str, text: str) -> None:
    assert texts("F-10b", submission, CONTEXT)[path] == text


def test_a_good_plan_is_accepted_with_the_issues_as_issued() -> None:
    document = LIBRARY.check("F-10b", PLAN, CONTEXT).document

    assert document["issues"][0]["requirement"] == "三十日内重新组织采购并报进度"


WORK: dict[str, Any] = {
    "done": "已重新论证参数并于九月完成招标",
    "evidence": [{"name": "中标通知书", "document_no": "招字〔2026〕18号"}],
    "recovered": 20,
    "state": "done",
    "can_continue": True,
}
AT_WORK = CONTEXT | {"issue": ISSUES[0]}


@pytest.mark.parametrize(
    ("values", "path", "text"),
    [
        ({"evidence": []}, "evidence", "“佐证材料”必须填写。"),
        ({"evidence": [{"document_no": "1"}]}, "evidence/0/name", "“佐证材料”第 1 行“名称”必须填写。"),
        ({"recovered": 21}, "recovered", "已收回资金 21 万元大于涉及金额 20 万元。"),
        ({"can_continue": False}, "reason", "“无法继续实施的原因”必须填写。"),
        ({"can_continue": None}, "can_continue", "“可以继续实施”必须填写。"),
    ],
)
def test_work_on_an_issue_is_shown_with_evidence(values: dict[str, Any], path: str, text: str) -> None:
    assert texts("F-10c-progress", WORK | values, AT_WORK) == {path: text}


def test_work_on_an_issue_tells_how_far_it_is() -> None:
    checked = LIBRARY.check("F-10c-progress", WORK, AT_WORK)

    assert checked.variables == {
        "state": "done",
        "can_continue": True,
        "done": WORK["done"],
        "recovered": D(20),
        "system_built": None,
    }
    assert checked.document["issue_no"] == D(1)


#: What the process gathers of the work on each issue.
RESULTS = [
    {"no": D(1), "fact": ISSUES[0]["fact"], "state": "done", "done": WORK["done"], "recovered": D(20)},
    {"no": D(2), "fact": ISSUES[1]["fact"], "state": "partly", "done": "补建了一半培训台账",
     "system_built": "台账管理办法"},
]  # fmt: skip


def test_a_report_is_signed_or_returned() -> None:
    context = CONTEXT | {"results": RESULTS}

    assert LIBRARY.prefilled("F-10c", context)["results"] == RESULTS
    assert texts("F-10c", {"decision": "sign"}, context) == {"report": "“整改情况报告”必须填写。"}
    assert texts("F-10c", {"decision": "return"}, context) == {"comment": "“退回意见”必须填写。"}


def test_a_verification_finds_on_every_open_issue() -> None:
    both = {"issues": [{"no": 1, "verified": "closed"}, {"no": 2, "verified": "partly", "note": "签到记录仍缺两期"}]}

    document = LIBRARY.check("F-10d-verify", both, CONTEXT).document
    assert (document["all_closed"], document["completion"]) == (False, D(50))
    assert texts("F-10d-verify", {"issues": [{"no": 1, "verified": "not"}]}, CONTEXT) == {
        "issues/0/note": "“逐项核查”第 1 行“说明”必须填写。",
        "issues/1/verified": "“逐项核查”第 2 行“核查结论”必须填写。",
    }
    assert texts("F-10d-verify", both, CONTEXT | {"red": True}) == {"site_visit": "“现场核查记录”必须填写。"}


def test_who_verifies_sees_what_was_done_on_each_open_issue() -> None:
    context = CONTEXT | {"open_issues": ISSUES[1:], "results": RESULTS, "failed_count": D(1)}
    found = {"issues": [{"no": 2, "verified": "partly", "note": "签到记录仍缺两期", "done": "改写的落实情况"}]}

    document = LIBRARY.check("F-10d-verify", found, context).document

    (row,) = document["issues"]
    assert (row["state"], row["done"], row["system_built"]) == ("partly", "补建了一半培训台账", "台账管理办法")
    # one of two was closed before
    assert (document["issue_count"], document["failed_count"], document["completion"]) == (D(2), D(1), D(50))


def test_a_closure_tells_how_long_it_took_and_whether_it_was_in_time() -> None:
    context = CONTEXT | {"issued_on": date(2026, 8, 3), "complete_due_on": date(2026, 9, 7)}
    letter = {"letter_no": "整改销〔2026〕1号", "closed_on": "2026-09-07", "text": "经核查整改到位，同意销号。"}

    document = LIBRARY.check("F-10d", letter, context).document
    assert (document["age_days"], document["on_time"]) == (D(35), True)
    assert LIBRARY.check("F-10d", letter | {"closed_on": "2026-09-08"}, context).document["on_time"] is False
    assert texts("F-10d", letter | {"closed_on": "2026-08-02"}, context) == {
        "closed_on": "销号日期 2026-08-02 早于通知书签发日期 2026-08-03。"
    }


def test_a_decision_after_failure_is_reasoned() -> None:
    assert texts("F-10-decision", {"measure": "interview"}, CONTEXT) == {"reason": "“理由”必须填写。"}
