"""What was filed is read by those who come after: as it was filed, on the page where it is reviewed or mended."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.commands import DeployDefinitions, StartProcessInstance
from tests.api.rest.visiting import Doors, Visitor
from tests.house import bpmn, flows, properties, user_task
from tests.web.office import DESIGNER, Office, Reader

A_CAUSE = "两次招标均无供应商响应，采购失败。"
SOUND = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
ESTIMATES = bpmn(
    "estimates",
    '<startEvent id="start"/>'
    + user_task("estimate", groups="project_owner", attributes='camunda:formKey="estimate"')
    + user_task(
        "check",
        groups="dept_perf",
        attributes='camunda:formKey="check"',
        inside=properties(fourEyesWith="estimate"),
    )
    + '<endEvent id="end"/>'
    + flows("start estimate", "estimate check", "check end"),
)


def to_be_estimated(office: Office, business_key: str = "EST-1") -> tuple[Reader, str]:
    """An estimate under a ceiling of 300; who writes it and the page of the open user task."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"estimates.bpmn": ESTIMATES}))
    office.dispatcher.dispatch(
        StartProcessInstance(
            actor=DESIGNER,
            process_definition_key="estimates",
            business_key=business_key,
            unit_code="2101",
            variables={"ceiling_amount": Decimal(300)},
        )
    )
    owner = office.reader("edu1.proj")
    return owner, owner.first_link("/inbox?list=claimable", "estimate")


@pytest.fixture
def estimated(office: Office) -> tuple[Reader, str]:
    """An estimate was filed under a ceiling of 300; its author and the page of the closed user task."""
    owner, path = to_be_estimated(office)
    sent = owner.post(
        f"{path}/complete",
        kind="money",
        items__0__name="设备",
        items__0__nature="lump",
        items__0__price="60",
        plan__0__month="1",
        plan__0__planned="20",
        plan__1__month="2",
        plan__1__planned="40",
        plan__2__month="3",
    )
    assert sent.status_code == 303, sent.text
    return owner, path


@pytest.fixture
def program(office: Office) -> Visitor:
    """Speaks with the doors for who has filed the estimate."""
    return Doors(office.app, office.district, office.dispatcher).visitor("edu1.proj")


def test_a_program_reads_what_has_become_of_a_document_beside_it(estimated: tuple[Reader, str], program: Visitor):
    (filed,) = program.get(f"/api/v1{estimated[1]}").json["documents"]

    assert filed["later"] == {"granted": 75, "more": 15}
    assert filed["content"].keys().isdisjoint(filed["later"])


def test_a_program_reads_nothing_where_nothing_is_known_yet(office: Office, program: Visitor):
    owner, path = to_be_estimated(office, "EST-2")
    assert owner.post(f"{path}/complete", kind="money").status_code == 303

    (filed,) = program.get(f"/api/v1{path}").json["documents"]

    assert filed["later"] == {}


def test_a_closed_user_task_shows_what_was_brought_along_and_calculated_then(estimated: tuple[Reader, str]):
    owner, path = estimated

    page = owner.get(path).text

    assert 'data-given="budget">300.00<' in page
    assert 'data-given="rate">20.00<' in page
    assert 'data-given="plan/1/so_far">60.00<' in page


def test_a_field_that_was_hidden_when_it_was_filed_stays_hidden(estimated: tuple[Reader, str]):
    owner, path = estimated

    assert 'data-field="reason" hidden' in owner.get(path).text


def test_what_has_become_of_it_since_stands_on_what_was_filed(office: Office, estimated: tuple[Reader, str]):
    owner, path = estimated
    reviewer = office.reader("edu.perf")

    page = owner.get(path).text
    assert 'data-given="granted">75.00<' in page
    assert 'data-given="more">15.00<' in page
    assert 'data-given="granted">75.00<' in reviewer.get(reviewer.first_link("/inbox?list=claimable", "check")).text


def test_who_does_not_see_the_case_does_not_see_what_has_become_of_it(office: Office, estimated: tuple[Reader, str]):
    _, path = estimated

    answer = office.reader("health.head").get(path)

    assert answer.status_code == 404
    assert "75.00" not in answer.text


def test_while_it_is_filled_in_nobody_knows_what_will_become_of_it(office: Office):
    owner, path = to_be_estimated(office)

    assert 'data-field="granted" hidden' in owner.get(path).text


def test_what_nothing_has_become_of_yet_shows_nothing(office: Office):
    owner, path = to_be_estimated(office, "EST-2")
    assert owner.post(f"{path}/complete", kind="money", items__0__name="设备", items__0__price="60").status_code == 303

    assert 'data-field="granted" hidden' in owner.get(path).text


def test_what_has_become_of_it_is_never_part_of_what_is_submitted(office: Office):
    owner, path = to_be_estimated(office)
    sent = owner.post(f"{path}/complete", kind="money", items__0__name="设备", items__0__price="60", granted="99917")
    assert sent.status_code == 303

    page = owner.get(path).text

    assert 'data-given="granted">75.00<' in page
    assert "99917" not in page


def test_a_reviewer_reads_what_is_to_be_reviewed_above_the_form(office: Office, estimated: tuple[Reader, str]):
    reviewer = office.reader("edu.perf")

    page = reviewer.get(reviewer.first_link("/inbox?list=claimable", "check")).text

    filed, form = page.index('id="filed-head"'), page.index('id="form-head"')
    assert filed < page.index("经费测算表") < form
    assert "<details open>" in page[filed:form] and "300.00" in page[filed:form]
    assert 'id="filed-0-budget' in page and page.count('id="field-budget') == 0


def test_whoever_mends_reads_why_it_came_back(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    owner.post(f"{owner.first_link('/inbox?list=claimable', '填报纠偏措施')}/complete", **SOUND)
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    reviewer.post(f"{check}/return", element_id="measure", comment="请补充采购失败的证明材料。")

    page = owner.get(owner.first_link("/inbox?list=claimable", "填报纠偏措施")).text

    assert page.index("请补充采购失败的证明材料。") < page.index('id="form-head"')
    assert page.count(A_CAUSE) == 1


def test_a_table_without_rows_says_so_where_it_is_only_read(office: Office, estimated: tuple[Reader, str]):
    owner, _ = estimated
    office.start()
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")

    assert "无</span>" in office.reader("edu.head").get(path).text


#: Two issues are carried out apart, then verified.
ISSUES = bpmn(
    "issues",
    '<startEvent id="start"/>'
    + user_task(
        "carry_out",
        groups="project_owner",
        attributes='camunda:formKey="measure"',
        inside='<multiInstanceLoopCharacteristics camunda:collection="= [1, 2]" camunda:elementVariable="issue"/>',
    )
    + user_task("verify", groups="dept_perf", attributes='camunda:formKey="check"')
    + '<endEvent id="end"/>'
    + flows("start carry_out", "carry_out verify", "verify end"),
)
FIRST, SECOND = "第一个事项的原因，已经查清。", "第二个事项的原因，已经查清。"


def issues_carried_out(office: Office) -> tuple[Reader, str, list[str]]:
    """Both were filed at one instant; who filed them, the case, and the pages of the closed user tasks."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"issues.bpmn": ISSUES}))
    case = office.start_of("issues", "RECT-1", "2101")
    owner = office.reader("edu1.proj")
    paths: list[str] = []
    for cause in (FIRST, SECOND):
        paths.append(owner.first_link("/inbox?list=claimable", "carry_out"))
        assert owner.post(f"{paths[-1]}/complete", **{**SOUND, "cause": cause}).status_code == 303
    return owner, case, paths


def test_each_closed_item_of_a_step_shows_its_own_form(office: Office):
    owner, _, paths = issues_carried_out(office)

    forms = [page[page.index('id="form-head"') :] for page in (owner.get(path).text for path in paths)]

    assert [FIRST in form for form in forms] == [True, False]
    assert [SECOND in form for form in forms] == [False, True]


def test_who_verifies_reads_every_item(office: Office):
    issues_carried_out(office)
    reviewer = office.reader("edu.perf")

    page = reviewer.get(reviewer.first_link("/inbox?list=claimable", "verify")).text

    assert FIRST in page and SECOND in page
    assert "次提交" not in page


def test_an_item_does_not_begin_with_what_was_filed_of_another(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"issues.bpmn": ISSUES}))
    office.start_of("issues", "RECT-1", "2101")
    owner = office.reader("edu1.proj")
    first = owner.first_link("/inbox?list=claimable", "carry_out")
    assert owner.post(f"{first}/complete", **{**SOUND, "cause": FIRST}).status_code == 303

    page = owner.get(owner.first_link("/inbox?list=claimable", "carry_out")).text

    assert FIRST in page[: page.index('id="form-head"')]
    assert FIRST not in page[page.index('id="form-head"') :]


def test_the_history_leads_to_the_very_form_of_what_was_filed_at_one_instant(office: Office):
    owner, case, paths = issues_carried_out(office)

    history = owner.get(f"/instances/{case}").text

    assert all(f'办结了 <a href="{path}">' in history for path in paths)


def test_what_was_done_again_is_counted_and_what_was_there_before_stays_within_reach(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    before = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    assert owner.post(f"{before}/complete", **{**SOUND, "cause": FIRST}).status_code == 303
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    reviewer.post(f"{check}/return", element_id="measure", comment="请补充采购失败的证明材料。")
    again = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    assert owner.post(f"{again}/complete", **{**SOUND, "cause": SECOND}).status_code == 303

    page = reviewer.get(reviewer.first_link("/inbox?list=claimable", "部门审核措施")).text

    assert SECOND in page and FIRST not in page
    assert "第 2 次提交" in page
    assert f'先前提交：<a href="{before}">' in page
    old = reviewer.get(before).text
    assert FIRST in old[old.index('id="form-head"') :]


#: What is checked comes back after the head has signed; measure and check have been filed before.
SIGNED = bpmn(
    "signed",
    '<startEvent id="start"/>'
    + user_task("measure", groups="project_owner", attributes='camunda:formKey="measure"')
    + user_task("check", groups="dept_perf", attributes='camunda:formKey="check"')
    + user_task("sign", groups="dept_head", attributes='camunda:formKey="check"')
    + '<endEvent id="end"/>'
    + flows("start measure", "measure check", "check sign", "sign end"),
)


@pytest.fixture
def back(office: Office) -> Office:
    """The head has sent everything back to the beginning."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"signed.bpmn": SIGNED}))
    office.start_of("signed", "SIG-1", "2101")
    owner, reviewer, head = office.reader("edu1.proj"), office.reader("edu.perf"), office.reader("edu.head")
    assert owner.post(f"{owner.first_link('/inbox?list=claimable', 'measure')}/complete", **SOUND).status_code == 303
    check = reviewer.first_link("/inbox?list=claimable", "check")
    filed = reviewer.post(f"{check}/complete", decision="pass", passed_on="true", opinion="同意报送财政部门。")
    assert filed.status_code == 303
    sign = head.first_link("/inbox?list=claimable", "sign")
    sent = head.post(f"{sign}/return", element_id="measure", comment="请补充采购失败的证明材料。")
    assert sent.status_code == 303
    return office


def test_who_fills_in_again_is_told_that_the_own_words_were_brought_along(back: Office):
    owner = back.reader("edu1.proj")

    page = owner.get(owner.first_link("/inbox?list=claimable", "measure")).text

    assert "已带入您 2026-09-15 10:00 提交的内容，请核对。" in page and "没有带入" not in page
    assert A_CAUSE in page[page.index('id="form-head"') :]


def test_a_conclusion_is_drawn_anew_and_the_last_one_is_read_beside_the_form(back: Office):
    owner, reviewer = back.reader("edu1.proj"), back.reader("edu.perf")
    assert owner.post(f"{owner.first_link('/inbox?list=claimable', 'measure')}/complete", **SOUND).status_code == 303

    page = reviewer.get(reviewer.first_link("/inbox?list=claimable", "check")).text

    form = page[page.index('id="form-head"') :]
    assert 'name="passed_on" value="true" checked' in form
    assert 'value="pass" checked' not in form and "同意报送财政部门" not in form
    assert "结论和意见没有带入，请重新填写。" in form
    assert "同意报送财政部门" in page[: page.index('id="form-head"')]
