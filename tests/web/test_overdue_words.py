"""Whose overdue work a page speaks of: the reader's own, or that of everybody in the reader's scope."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import DeployDefinitions, StartProcessInstance
from engine.model.calendar import local_day
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office


@pytest.fixture
def late(office: Office) -> Office:
    """Two overdue user tasks that nobody has claimed, one at the school and one at the hospital."""
    office.start("PRJ:A01:2026", "2101")
    office.start("PRJ:A03:2026", "2201")
    office.clock.move_to(office.clock.now() + timedelta(days=30))
    return office


@pytest.mark.parametrize(
    ("login", "in_scope"),
    [("fin.perf", 2), ("gov.lead", 2), ("fin.div1", 1), ("edu.perf", 1), ("edu1.proj", 1), ("exp.a", 0), ("admin", 0)],
)
def test_the_inbox_tells_the_own_and_those_in_scope_apart(late: Office, login: str, in_scope: int):
    page = late.reader(login).get("/inbox").text

    assert "您手头没有逾期事项" in page
    if in_scope:
        assert f"您管辖范围内共有 {in_scope} 项逾期" in page
    else:
        assert "管辖范围内共有" not in page


def test_what_one_has_taken_counts_as_the_own(late: Office):
    reader = late.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")
    reader.post(f"{path}/claim")

    page = reader.get("/inbox").text

    assert "您手头有 1 项已逾期" in page
    assert "管辖范围内共有" not in page  # nothing beside it


def test_the_overdue_list_says_whose_it_is(late: Office):
    assert "您管辖范围内：逾期 2 项，今天到期 0 项" in late.reader("fin.perf").get("/overdue").text
    assert "您管辖范围内没有逾期事项" in late.reader("exp.a").get("/overdue").text
    assert "没有符合条件的事项" in late.reader("fin.perf").get("/overdue?rung=red").text
    english = late.reader("fin.perf", language="en")
    assert "In your scope: 2 overdue, 0 due today" in english.get("/overdue").text
    inbox = english.get("/inbox").text
    assert "Nothing of yours is overdue" in inbox and "2 overdue in your scope" in inbox


URGING = bpmn(
    "urging",
    '<startEvent id="s"/>'
    + user_task("urge", groups="finance_perf", attributes='camunda:dueDate="2WD"')
    + '<endEvent id="e"/>'
    + flows("s urge", "urge e"),
)


def test_the_overdue_list_leads_to_the_record_of_the_urge(late: Office):
    supervisor = late.reader("fin.perf")
    assert "督办中" not in supervisor.get("/overdue").text

    late.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"urging.bpmn": URGING}))
    late.start_of("urging", "PRJ:A01:2026:measure", "2101")
    late.start_of("urging", "PRJ:A03:2026:check", "2201")
    page = supervisor.get("/overdue").text
    assert page.count("督办中") == 1

    path = supervisor.first_link("/overdue", "督办中")
    supervisor.post(f"{path}/claim")
    supervisor.post(f"{path}/complete")
    page = supervisor.get("/overdue").text
    assert "督办中" not in page
    assert f"{local_day(late.clock.now())} 已督办" in page
    late_path = supervisor.first_link("/overdue", "填报纠偏措施")
    assert "已督办" in late.reader("edu1.proj").get(late_path).text
    assert "已督办" not in late.reader("exp.a").get("/overdue").text
    assert "Urged on" in late.reader("fin.perf", language="en").get("/overdue").text


def test_an_urge_names_the_late_step_and_is_found_by_the_name_of_the_project(late: Office):
    supervisor = late.reader("fin.perf")
    late.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"urging.bpmn": URGING}))
    late.start_of("urging", "PRJ:A01:2026:measure", "2101")

    for path in ("/inbox?list=claimable&text=薄弱环节", "/instances?text=薄弱环节", "/inbox?list=claimable"):
        assert "逾期环节：填报纠偏措施" in supervisor.get(path).text
    english = late.reader("fin.perf", language="en")
    assert "Late step: 填报纠偏措施" in english.get("/instances?text=薄弱环节").text
    late.clock.move_to(late.clock.now() + timedelta(days=30))
    assert "逾期环节：填报纠偏措施" in supervisor.get("/overdue").text


def test_the_heading_of_an_urge_names_the_case_and_the_late_step(late: Office):
    late.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"urging.bpmn": URGING}))
    late.start_of("urging", "PRJ:A01:2026:measure", "2101")
    reader = late.reader("fin.perf")
    page = reader.get(reader.first_link("/inbox?list=claimable", "urge")).text

    heading = page[page.index("<h1>") : page.index("</p>", page.index("<h1>"))]
    assert "逾期环节：填报纠偏措施" in heading and "PRJ:A01:2026:measure" not in heading


def test_an_urge_leads_to_the_late_work(late: Office):
    supervisor = late.reader("fin.perf")
    work = supervisor.first_link("/overdue", "填报纠偏措施")
    late.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"urging.bpmn": URGING}))
    told = {"late": {"user_task_id": work.rpartition("/")[2], "name": "填报纠偏措施"}}
    begin = StartProcessInstance(
        actor=DESIGNER,
        process_definition_key="urging",
        business_key="PRJ:A01:2026:measure",
        unit_code="2101",
        variables=told,
    )
    late.dispatcher.dispatch(begin)

    urge = supervisor.first_link("/inbox?list=claimable", "urge")

    assert supervisor.first_link(urge, "填报纠偏措施") == work
    assert "逾期事项" not in supervisor.get(work).text


def test_what_is_chosen_changes_the_list_and_not_what_is_said_of_the_scope(late: Office):
    supervisor = late.reader("fin.perf")

    page = supervisor.get("/overdue?unit=2201").text

    assert "逾期 2 项" in page
    assert "PRJ:A03:2026" in page and "PRJ:A01:2026" not in page
    assert '<option value="2201" selected>' in page and '<option value="2101">' in page
    assert "逾期 2 项" in supervisor.get("/overdue?rung=red").text


def test_the_list_of_processes_says_what_is_shown(office: Office):
    assert "您管辖范围内的和您发起的流程" in office.reader("edu.perf").get("/instances").text
    assert "不含业务内容" in office.reader("admin").get("/instances").text
