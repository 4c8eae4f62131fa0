"""From monitoring to result application through the whole engine: diagrams, forms, tables and ledger fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.commands import ReturnUserTask
from engine.commands.return_user_task import NothingToReview
from engine.model.calendar import local_day
from engine.model.errors import Invalid
from engine.queries import user_task_detail
from engine.queries.documents import latest_documents
from engine.scheduler import run_due_work
from engine.store.database import read_transaction, write_transaction
from processes.budget_performance.ledger.applications import application_for
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.evaluations import Result, import_opening_results, results_of
from processes.budget_performance.ledger.rectifications import find
from processes.budget_performance.ledger.rounds import rounds_of
from tests.processes.district_office import OWNER, DistrictOffice
from tests.processes.office import BY_CODE, TENANT, YEAR, Office

D = Decimal
#: A03 in August: second tender failed; 21.15 % paid, indicators far behind.
A03: dict[str, Any] = {"cause_type": ["other"], "cause": "设备采购两次流标，进度滞后"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    office = DistrictOffice.in_folder(tmp_path)
    yield office
    office.close()


def monitoring_form(code: str, possibility: str = "certain") -> dict[str, Any]:
    """F-04 with the August values of ORG section 4."""
    rows: list[dict[str, Any]] = []
    for name, _, nature, target, actual, *_ in BY_CODE[code]["indicators"]:
        row = {"l3": name, "forecast_val": target if nature != "qualitative" else 100, "possibility": possibility}
        rows.append(row | A03 | ({"actual": actual} if actual is not None else {}))
    return {
        "forecast": BY_CODE[code]["budget"],
        "compliance": True,
        "indicators": rows,
        "issues": [{"type": "output", "text": "设备采购进度严重滞后于计划"}],
        "measures": [{"text": "九月底前完成第三次招标并签约", "person": "李工", "due": "2026-09-30"}],
    }


def open_round(office: DistrictOffice, code: str) -> str:
    """The August round of a project, filed and waiting for the department."""
    office.at_time("2026-09-01 09:00")
    office.take_over(code)
    key = f"MON-2026-08-{code}"
    variables = {
        "project_code": code, "fiscal_year": YEAR, "project_key": f"PRJ:{code}:2026", "owner": "health2.proj",
        "is_major": False, "round": "R3", "cutoff": date(2026, 8, 31),
    }  # fmt: skip
    office.begin("dual_monitoring", key, variables)
    office.tell("round.open", key)
    return key


def check(office: DistrictOffice, key: str, **finance: Any) -> None:
    office.do("dept-review", key, {"decision": "pass"})
    office.do("summary", key, {"summary": "部门已核对支付与指标完成情况。", "send": True})
    office.do("finance-check", key, {"decision": "pass", **finance})


def test_a03_is_red_in_august_and_a_rectification_begins(office: DistrictOffice) -> None:
    key = open_round(office, "A03")
    office.do("fill", key, monitoring_form("A03"))
    check(office, key, is_perf_rectify=True, rectify_advise="三十日内完成采购并报送进度")

    with read_transaction(office.database) as connection:
        (closed,) = rounds_of(connection, ObjectKey(tenant_id=TENANT, project_code="A03", fiscal_year=YEAR))
        kept = find(connection, TENANT, "RECT-2026-001")
    assert (closed.e, closed.g, closed.state_min) == (D("21.15"), D("24.67"), D("20.00"))
    assert (closed.level_sys, closed.level_final) == ("red", "red")
    assert (kept.opening.source, kept.opening.is_red, kept.state) == ("monitoring", True, "opened")
    assert kept.issues[0]["fact"] == "设备采购进度严重滞后于计划"
    _, notice = office.task_of("notice", "RECT-2026-001")
    assert notice.due_at is not None and notice.due_at.date() == date(2026, 9, 4)


def test_a_form_five_working_days_late_comes_to_the_supervisor(office: DistrictOffice) -> None:
    key = open_round(office, "A03")
    due_at = office.task_of("fill", key)[1].due_at
    assert due_at is not None
    office.at_time("2026-09-21 08:59")
    run_due_work(office.dispatcher)
    with pytest.raises(AssertionError, match="nobody has 'urge'"):
        office.task_of("urge", f"{key}:fill")

    # due on Tuesday, 15 September; Sunday the 20th is worked
    office.at_time("2026-09-21 09:00")
    run_due_work(office.dispatcher)

    supervisor, urge = office.task_of("urge", f"{key}:fill")
    assert supervisor.user_id == "supervisor"
    assert local_day(urge.due_at) == date(2026, 9, 23)  # type: ignore[arg-type]
    late = office.ask(user_task_detail, supervisor, urge.id).variables["late"]
    assert (late["name"], late["business_key"], late["assignee"]) == ("填报绩效监控表", key, OWNER)
    assert late["due_at"] == due_at
    record = {"contacted": "项目责任人", "contacted_on": "2026-09-22", "way": "phone", "said": "催报。"}
    with pytest.raises(Invalid) as refused:
        office.complete(supervisor, urge.id, record)
    assert {fault["path"] for fault in refused.value.faults} == {"contacted_on", "said"}
    office.do("urge", f"{key}:fill", {**record, "contacted_on": "2026-09-21", "said": "已电话联系，要求两日内报送。"})
    assert office.task_of("fill", key)[1].rung == "red"


def test_the_third_return_by_drawing_or_by_command_comes_to_the_head_of_the_department(office: DistrictOffice) -> None:
    key = open_round(office, "A03")
    for _ in range(2):
        office.do("fill", key, monitoring_form("A03"))
        office.do("dept-review", key, {"decision": "return", "comment": "进度与支付不符"})
    office.do("fill", key, monitoring_form("A03"))
    department, review = office.task_of("dept-review", key)

    back = ReturnUserTask(actor=department, user_task_id=review.id, element_id="fill", comment="仍与支付不符")
    office.dispatcher.dispatch(back)

    head, coordination = office.task_of("coordinate", key)
    assert head.user_id == "dept_head"
    assert local_day(coordination.due_at) == date(2026, 9, 4)  # type: ignore[arg-type]
    detail = office.ask(user_task_detail, head, coordination.id)
    assert (detail.variables["returns"], detail.variables["return_comment"]) == (3, "仍与支付不符")
    agreed = {"held_on": "2026-09-01", "participants": "项目单位、部门绩效经办", "agreed": "按实际支付重填，附凭证。"}
    office.do("coordinate", key, agreed)
    assert local_day(office.task_of("fill", key)[1].due_at) == date(2026, 9, 8)  # type: ignore[arg-type]


def test_a08_is_green_and_the_round_ends(office: DistrictOffice) -> None:
    key = open_round(office, "A08")
    office.do("fill", key, monitoring_form("A08"))
    check(office, key, is_perf_rectify=False)

    with read_transaction(office.database) as connection:
        (closed,) = rounds_of(connection, ObjectKey(tenant_id=TENANT, project_code="A08", fiscal_year=YEAR))
    assert (closed.e, closed.g, closed.level_final) == (D("60.00"), D("66.67"), "green")


def test_a_rectification_runs_from_notice_to_closure(office: DistrictOffice) -> None:
    key = open_round(office, "A03")
    office.do("fill", key, monitoring_form("A03"))
    check(office, key, is_perf_rectify=True, rectify_advise="三十日内完成采购并报送进度")
    key = "RECT-2026-001"
    issue = {
        "no": 1, "category": "management", "fact": "设备采购两次招标失败，进度滞后", "basis": "项目管理办法",
        "requirement": "三十日内重新组织采购并报进度", "amount": 20, "severity": "grave",
    }  # fmt: skip
    office.do("notice", key, {"issues": [issue], "responsible_post": "主任", "contact": "李工", "signer": "科长"})
    office.do("issue", key, {"decision": "sign"})
    office.do("receive", key, {"received": True, "responsible": "health2.proj"})
    plan = {
        "issues": [{"no": 1, "cause": "技术参数设置不合理导致流标", "measures": "聘请专家重新论证采购参数",
                    "responsible": "李工", "due": "2026-10-15"}],
        "milestones": [{"issue_no": 1, "date": "2026-09-20", "result": "发布采购公告"}],
    }  # fmt: skip
    owner, to_plan = office.task_of("plan", key)
    with pytest.raises(NothingToReview):
        office.dispatcher.dispatch(
            ReturnUserTask(actor=owner, user_task_id=to_plan.id, element_id="notice", comment="通知书有误，请重发")
        )
    assert office.do("plan", key, plan).due_at.date() == date(2026, 9, 11)  # type: ignore[union-attr]
    office.do("dept-review", key, {"decision": "pass"})
    office.do("accept", key, {"decision": "pass"})
    work = {
        "done": "已重新论证参数并完成招标签约", "evidence": [{"name": "中标通知书"}], "state": "done",
        "can_continue": True,
    }  # fmt: skip
    office.do("carry-out", key, work)
    office.do("report", key, {"decision": "sign", "report": "设备采购已完成，预计十月底到货。"})
    office.do("verify", key, {"issues": [{"no": 1, "verified": "closed"}], "site_visit": "现场核查合同与到货计划属实"})
    letter = {"letter_no": "整改销〔2026〕1号", "closed_on": "2026-09-01", "text": "同意销号，继续跟踪到货。"}
    office.do("close", key, letter)

    with read_transaction(office.database) as connection:
        assert find(connection, TENANT, key).state == "closed"


def test_a_self_evaluation_is_scored_graded_and_kept(office: DistrictOffice) -> None:
    office.take_over("A03")
    office.at_time("2027-01-05 09:00")
    key = "SELF-2026-A03"
    variables = {"project_code": "A03", "fiscal_year": YEAR, "project_key": "PRJ:A03:2026", "owner": "health2.proj"}
    office.begin("self_evaluation", key, variables)
    office.tell("selfeval.open", key)
    why = {"cause": "设备采购两次流标，进度滞后", "measure": "提前组织采购并落实责任人"}
    rows = [
        {"l3": name, "actual": target, "evidence": "台账", "sample": 60, "valid": 58, "method": "paper", **why}
        for name, _, _, target, *_ in BY_CODE["A03"]["indicators"]
    ]
    form = {
        "goal_done": "各项指标在年底前全部完成。", "process": "下半年集中完成采购与培训。", "indicators": rows,
        "exec_reason": "采购两次流标，合同款跨年支付", "conclusion": "总体完成年度绩效目标。", "problems": "采购偏晚",
        "improvements": "提前采购", "compliance": [{"check": "专款专用", "ok": True}],
        "lint_reason": "年底集中完成，数值与目标一致属实",
    }  # fmt: skip
    office.do("fill", key, form)
    office.do("unit-sign", key, {"decision": "sign"})
    office.do("dept-review", key, {"decision": "pass", "report": "部门复核数据属实，同意报送。"})
    office.do("head-sign", key, {"signed": True})
    office.do("receive", key, {"decision": "pass", "complete": True})

    with read_transaction(office.database) as connection:
        result = results_of(connection, TENANT, "A03", YEAR)["self"]
        filed = {each.form_key for each in latest_documents(connection, TENANT, key)}
    # 10 × 55 / 260 and all indicators in full
    assert (result.score, result.grade) == (D("92.12"), "优")
    assert filed == {"F-05", "sign", "F-05-review", "F-05-report", "F-05-receipt"}


def test_a_medium_result_of_last_year_cuts_the_budget_of_the_next_but_one(office: DistrictOffice) -> None:
    office.at_time("2026-06-01 09:00")
    office.take_over("A03")
    with write_transaction(office.database) as connection:
        Office(connection, office.clock.now()).register("A03", 2025)
        final = Result(project_code="A03", fiscal_year=2025, kind="final", score=D(79), grade="中", source="spot_check")
        import_opening_results(connection, TENANT, [final], "fin.perf", office.clock.now())
    key = "APP-2025-A03"
    office.begin("result_application", key, {"project_code": "A03", "fiscal_year": 2025})
    office.do("advise", key, {"finance_advice": "cut", "amount": 234})
    office.do("check", key, {"decision": "pass"})
    office.do("approve", key, {"decision": "sign"})

    with read_transaction(office.database) as connection:
        kept = application_for(connection, TENANT, "A03", 2027)
    assert kept is not None
    assert (kept.action, kept.base, kept.proposal, kept.amount) == ("improve", D(260), D(234), D(234))
