"""After something was done: what was done, what comes next and with whom, and back to where one was."""

from __future__ import annotations

from html import escape

from engine.commands import DeployDefinitions
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office, Reader

SOUND = {
    "cause": "两次招标均无供应商响应，采购失败。",
    "kind": "money",
    "rows__0__text": "重新招标",
    "rows__0__share": "100",
}


def submit(reader: Reader) -> str:
    """File the first measure that can be claimed; returns the page one comes to."""
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")
    answer = reader.post(f"{path}/complete", **SOUND)
    assert answer.status_code == 303, answer.text
    return reader.client.get(answer.location, headers=reader.headers).text


def test_the_list_says_what_was_submitted_and_who_is_next(office: Office):
    office.start()

    page = submit(office.reader("edu1.proj"))

    assert "已提交：填报纠偏措施。" in page
    assert "下一步：部门审核措施（区教育局 部门绩效经办，" in page
    assert "看整个流程" in page


def test_it_is_said_in_english_too_and_only_once(office: Office):
    office.start()
    reader = office.reader("edu1.proj", language="en")

    assert "Next: 部门审核措施 (区教育局 " in submit(reader)
    assert "Next:" not in reader.get("/inbox").text


def test_the_last_step_says_that_all_is_done(office: Office):
    office.start()
    submit(office.reader("edu1.proj"))
    reviewer = office.reader("edu.perf")
    path = reviewer.first_link("/inbox?list=claimable", "部门审核措施")

    answer = reviewer.post(f"{path}/complete", decision="pass")

    assert "流程已全部办结。" in reviewer.client.get(answer.location, headers=reviewer.headers).text


def test_a_return_says_with_whom_the_work_is_now(office: Office):
    office.start()
    submit(office.reader("edu1.proj"))
    reviewer = office.reader("edu.perf")
    path = reviewer.first_link("/inbox?list=claimable", "部门审核措施")

    answer = reviewer.post(f"{path}/return", element_id="measure", comment="请补充证明材料。")

    page = reviewer.client.get(answer.location, headers=reviewer.headers).text
    assert "已退回：部门审核措施。" in page and "下一步：填报纠偏措施（" in page


def test_the_way_back_leads_to_the_list_with_its_filters(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable&text=A01", "填报纠偏措施")

    page, back = reader.get(path).text, "/inbox?list=claimable&text=A01"

    assert f'href="{escape(back)}">← 待办' in page
    assert f'name="back" value="{escape(back)}"' in page
    assert reader.post(f"{path}/complete", **SOUND, back=back).location == back


def test_nobody_is_sent_to_another_site(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")

    assert reader.post(f"{path}/complete", **SOUND, back="//evil.example/").location == "/inbox"


def test_the_title_of_the_page_tells_one_step_from_the_same_step_of_another_project(office: Office):
    office.start()
    reader = office.reader("edu1.proj")

    page = reader.get(reader.first_link("/inbox?list=claimable", "填报纠偏措施")).text

    assert "<title>填报纠偏措施 · 义务教育薄弱环节改善 · 闭环</title>" in page


def test_who_submits_is_told_that_the_process_has_run_into_an_incident(office: Office):
    failing = bpmn(
        "failing",
        '<startEvent id="start"/>'
        + user_task("measure", groups="project_owner").replace('name="measure"', 'name="填报纠偏措施"')
        + '<exclusiveGateway id="enough"/><endEvent id="end"/>'
        + flows("start measure", "measure enough")
        + '<sequenceFlow id="f" sourceRef="enough" targetRef="end"><conditionExpression>amount &gt; 0'
        "</conditionExpression></sequenceFlow>",
    )
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"failing.bpmn": failing}))
    office.start_of("failing", "PRJ:A01:2026", "2101")
    owner = office.reader("edu1.proj")
    link = owner.first_link("/inbox?list=claimable", "填报纠偏措施")

    owner.post(f"{link}/complete")

    page = owner.get("/inbox").text
    assert "流程在后面的步骤遇到异常，需要运行维护人员处理；您提交的内容已经保存。" in page
