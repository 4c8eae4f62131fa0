"""The words of the pages: labels that fit, numbers in the form the language has for them, sentences of the history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import DeployDefinitions, StartProcessInstance
from engine.scheduler import run_due_work
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office

SOUND = {
    "cause": "两次招标均无供应商响应，采购失败。",
    "kind": "money",
    "rows__0__text": "重新招标",
    "rows__0__share": "100",
}
#: first -> second; while second is open, a reminder starts `urge` beside it.
URGED = bpmn(
    "urged",
    '<startEvent id="start"/>'
    + user_task("first", groups="project_owner")
    + user_task("second", groups="project_owner")
    + '<boundaryEvent id="late" attachedToRef="second" cancelActivity="false"><timerEventDefinition>'
    "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
    + user_task("urge", groups="project_owner")
    + '<endEvent id="end"/><endEvent id="urged_end"/>'
    + flows("start first", "first second", "second end", "late urge", "urge urged_end"),
)
WAITING = bpmn(
    "waits",
    '<startEvent id="start"/><intermediateCatchEvent id="day" name="等到年底"><timerEventDefinition>'
    '<timeDuration>P30D</timeDuration></timerEventDefinition></intermediateCatchEvent><endEvent id="end"/>'
    + flows("start day", "day end"),
)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "5 working days left"),
        (5, "1 working day left"),
        (7, "1 working day overdue"),
        (14, "5 working days overdue"),
    ],
)
def test_english_counts_one_day_and_two_days(office: Office, days: int, words: str):
    office.start()
    office.clock.move_to(office.clock.now() + timedelta(days=days))

    assert f">{words}<" in office.reader("edu1.proj", language="en").get("/inbox?list=claimable").text


def test_what_is_done_is_labelled_with_the_day_it_was_done(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    reader.post(f"{reader.first_link('/inbox?list=claimable', '填报纠偏措施')}/complete", **SOUND)

    page = reader.get("/inbox?list=done").text

    assert 'data-label="办结"' in page and 'data-label="到期"' not in page


def test_the_history_says_who_did_what_and_leads_to_what_was_filed(office: Office):
    instance = office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")
    reader.post(f"{path}/complete", **SOUND)

    page = office.reader("edu.head").get(f"/instances/{instance}").text

    assert f'<b>示范一中项目责任人</b> 办结了 <a href="{path}">填报纠偏措施</a>' in page
    assert "</time>事项到达：部门审核措施</li>" in page


def test_the_history_says_where_the_work_went_back_to(office: Office):
    instance = office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    owner.post(f"{owner.first_link('/inbox?list=claimable', '填报纠偏措施')}/complete", **SOUND)
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    reviewer.post(f"{check}/return", element_id="measure", comment="请补充证明材料。")

    assert "退回了 部门审核措施 → 填报纠偏措施" in reviewer.get(f"/instances/{instance}").text


def test_a_return_is_offered_to_steps_from_which_the_work_comes_back_only(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"urged.bpmn": URGED}))
    office.start_of("urged", "U-1", "2101")
    reader = office.reader("edu1.proj")
    reader.post(f"{reader.first_link('/inbox?list=claimable', 'first')}/complete")
    second = reader.first_link("/inbox?list=claimable", "second")

    assert '<option value="first">' in reader.get(second).text

    office.clock.move_to(office.clock.now() + timedelta(hours=2))
    run_due_work(office.dispatcher)
    reader.post(f"{reader.first_link('/inbox?list=claimable', 'urge')}/complete")

    page = reader.get(second).text
    assert '<option value="first">' in page and '<option value="urge">' not in page


def test_a_process_that_waits_says_for_what(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"waits.bpmn": WAITING}))
    started = office.dispatcher.dispatch(
        StartProcessInstance(actor=DESIGNER, process_definition_key="waits", unit_code="2101")
    )

    page = office.reader("edu.head").get(f"/instances/{started.process_instance_id}").text

    assert "正在等待：等到年底" in page


def test_whose_step_it_is_stands_in_the_list_also_before_somebody_takes_it(office: Office):
    office.start()

    assert '填报纠偏措施 <span class="soft small">待认领</span>' in office.reader("edu.head").get("/instances").text
