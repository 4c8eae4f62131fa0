"""From asking for an extension to the moved due day, through engine, diagram, form, table and ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.commands import CompleteUserTask, RequestExtension
from engine.model.actor import Actor, StandingIn
from engine.model.calendar import local_day
from engine.queries import user_task_detail
from engine.scheduler import run_due_work
from tests.doubles import person
from tests.processes.district_office import OWNER, UNIT, DistrictOffice
from tests.processes.test_through_the_engine import check, monitoring_form, open_round

RECTIFICATION = "RECT-2026-001"
REASON = "设备到货推迟，验收须延后三周"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    office = DistrictOffice.in_folder(tmp_path)
    yield office
    office.close()


def at_work(office: DistrictOffice) -> None:
    """A red round has led to a rectification; its plan is accepted on 1 September 2026."""
    key = open_round(office, "A03")
    office.do("fill", key, monitoring_form("A03"))
    check(office, key, is_perf_rectify=True, rectify_advise="三十日内完成采购并报送进度")
    issue = {
        "no": 1, "category": "management", "fact": "设备采购两次招标失败，进度滞后", "basis": "项目管理办法",
        "requirement": "三十日内重新组织采购并报进度", "amount": 20, "severity": "grave",
    }  # fmt: skip
    notice = {"issues": [issue], "responsible_post": "主任", "contact": "李工", "signer": "科长"}
    office.do("notice", RECTIFICATION, notice)
    office.do("issue", RECTIFICATION, {"decision": "sign"})
    office.do("receive", RECTIFICATION, {"received": True, "responsible": OWNER})
    plan = {
        "issues": [{"no": 1, "cause": "技术参数设置不合理导致流标", "measures": "聘请专家重新论证采购参数",
                    "responsible": "李工", "due": "2026-10-15"}],
        "milestones": [{"issue_no": 1, "date": "2026-09-20", "result": "发布采购公告"}],
    }  # fmt: skip
    office.do("plan", RECTIFICATION, plan)
    office.do("dept-review", RECTIFICATION, {"decision": "pass"})
    office.do("accept", RECTIFICATION, {"decision": "pass"})


def test_a_granted_extension_moves_the_work_and_what_hangs_on_it(office: DistrictOffice) -> None:
    at_work(office)
    owner, work = office.task_of("carry-out", RECTIFICATION)
    assert local_day(work.due_at) == date(2026, 11, 2)  # type: ignore[arg-type]
    office.at_time("2026-10-20 09:00")
    request = RequestExtension(actor=owner, user_task_id=work.id, until=date(2026, 11, 20), reason=REASON)
    office.dispatcher.dispatch(request)

    approver, _ = office.task_of("approve", f"{RECTIFICATION}:carry-out")
    assert approver.user_id == "finance_perf"
    office.do("approve", f"{RECTIFICATION}:carry-out", {"decision": "grant", "until": "2026-11-20"})

    owner, work = office.task_of("carry-out", RECTIFICATION)
    assert local_day(work.due_at) == date(2026, 11, 20)  # type: ignore[arg-type]
    variables = office.ask(user_task_detail, owner, work.id).variables
    assert variables["complete_due_on"] == date(2026, 11, 20)


def test_without_an_answer_everything_stays_as_it_was(office: DistrictOffice) -> None:
    at_work(office)
    owner, work = office.task_of("carry-out", RECTIFICATION)
    office.at_time("2026-10-20 09:00")
    request = RequestExtension(actor=owner, user_task_id=work.id, until=date(2026, 11, 20), reason=REASON)
    office.dispatcher.dispatch(request)
    office.at_time("2026-10-22 18:00")
    run_due_work(office.dispatcher)
    run_due_work(office.dispatcher)

    owner, work = office.task_of("carry-out", RECTIFICATION)
    assert local_day(work.due_at) == date(2026, 11, 2)  # type: ignore[arg-type]
    assert office.ask(user_task_detail, owner, work.id).extension.state == "refused"


def standing_in(actor: Actor, away: Actor) -> Actor:
    return replace(actor, stands_in=(StandingIn(user_id=away.user_id, groups=away.groups),))


APPROVER = person("finance_perf", f"finance_perf@{UNIT}")
LI = person("li.si")


@pytest.mark.parametrize("is_asked_by_a_stand_in", [True, False], ids=["asked for him", "decided for him"])
def test_what_a_stand_in_asks_or_decides_counts_for_both_when_nobody_decides_on_the_own_request(
    office: DistrictOffice, is_asked_by_a_stand_in: bool
) -> None:
    at_work(office)
    owner, work = office.task_of("carry-out", RECTIFICATION)
    office.at_time("2026-10-20 09:00")
    # asked by another for the owner, who decides for the approver; or asked by the approver, for whom another decides
    asker = standing_in(LI if is_asked_by_a_stand_in else APPROVER, owner)
    decider = standing_in(owner if is_asked_by_a_stand_in else LI, APPROVER)
    office.dispatcher.dispatch(
        RequestExtension(actor=asker, user_task_id=work.id, until=date(2026, 11, 20), reason=REASON)
    )
    _, decision = office.task_of("approve", f"{RECTIFICATION}:carry-out")
    granted = {"decision": "grant", "until": "2026-11-20"}
    office.dispatcher.dispatch(CompleteUserTask(actor=decider, user_task_id=decision.id, submission=granted))

    assert local_day(office.task_of("carry-out", RECTIFICATION)[1].due_at) == date(2026, 11, 2)  # type: ignore[arg-type]
    assert office.ask(user_task_detail, owner, work.id).extension.state == "asked"
