"""Taking back what was handed over on its page, and asking the reviewer for it."""

from __future__ import annotations

import re

import pytest

from engine.commands import DeployDefinitions
from tests.web.office import DESIGNER, Office
from tests.withdrawing import answering

TAKEN = "撤回…</button>"
ASKED = "申请撤回…</button>"
REASON = "附件传错，需要更换"
CAUSE = "供应商两次流标，采购没有完成。"
FILED = {"cause": CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}


@pytest.fixture
def path(office: Office) -> str:
    """Page of the measures that their owner has submitted."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"withdrawal.bpmn": answering()}))
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    answer = owner.post(f"{path}/complete", **FILED)
    assert answer.status_code == 303, answer.text
    return path


def review(office: Office) -> str:
    return office.reader("edu.perf").first_link("/inbox?list=claimable", "部门审核措施")


def test_the_list_leads_to_what_was_submitted(office: Office) -> None:
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{path}/complete", **FILED)
    assert f'<a href="{path}">看提交的内容</a>' in owner.get("/inbox").text


def test_unopened_work_is_taken_back_and_its_page_opens(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    page = owner.get(path).text
    assert TAKEN in page and "审核人还没有打开" in page

    answer = owner.post(f"{path}/withdraw", reason="数字还要核对")

    assert answer.status_code == 303
    assert answer.location != path
    again = owner.get(answer.location).text
    assert "已撤回，请接着办理，办好后重新提交。" in again
    assert "供应商两次流标" in again and "已带入您" in again
    assert "撤回后由提交人接着办理：示范一中项目责任人" in again
    assert "数字还要核对" in again
    assert TAKEN not in owner.get(path).text
    assert "部门审核措施" not in office.reader("edu.perf").get("/inbox?list=claimable").text


def test_what_the_reviewer_has_opened_meanwhile_is_refused_and_can_be_asked_for(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    assert TAKEN in owner.get(path).text
    reviewer = office.reader("edu.perf")
    assert reviewer.get(review(office)).status_code == 200

    refused = owner.post(f"{path}/withdraw", reason="数字还要核对")

    assert refused.status_code == 409
    assert re.search(r"教育局绩效经办已于\d{4}-\d\d-\d\d \d\d:\d\d打开，不能直接撤回", refused.text)
    # the dialog stands open, asks now, and has kept what was typed
    dialog = refused.text.partition('id="withdrawal-dialog"')[2]
    assert "data-open-now" in dialog.partition(">")[0]
    assert f'action="{path}/withdrawal-request"' in dialog and ">数字还要核对</textarea>" in dialog


def test_the_reviewer_reads_who_asks_and_why_and_is_led_to_the_answer(office: Office, path: str) -> None:
    reviewer, owner = office.reader("edu.perf"), office.reader("edu1.proj")
    waiting = review(office)
    reviewer.post(f"{waiting}/claim")
    page = owner.get(path).text
    assert ASKED in page and "须由审核人在1个工作日内答复" in page

    answer = owner.post(f"{path}/withdrawal-request", reason=REASON)

    assert (answer.status_code, answer.location) == (303, path)
    page = owner.get(path).text
    assert "已申请撤回，审核人答复前审核照常进行。" in page
    assert "示范一中项目责任人 申请撤回，等待审核人答复" in page and ASKED not in page
    page = reviewer.get(waiting).text
    assert "申请撤回：" in page and REASON in page
    question = re.search(r'<a href="([^"]+)">去答复</a>', page)
    assert question
    page = reviewer.get(question[1]).text
    assert "申请撤回的环节：填报纠偏措施" in page
    reviewer.post(f"{question[1]}/complete", granted="true", by="edu.perf")


def test_the_reason_of_a_request_is_told_in_the_dialog(office: Office, path: str) -> None:
    office.reader("edu.perf").post(f"{review(office)}/claim")
    refused = office.reader("edu1.proj", language="en").post(f"{path}/withdrawal-request", reason="no")
    assert refused.status_code == 422
    dialog = refused.text.partition('id="withdrawal-dialog"')[2]
    assert "<li>Expected a reason of 5 to 500 characters, but found 2.</li>" in dialog
    assert ">no</textarea>" in dialog


def test_it_is_not_offered_to_others_nor_after_the_review(office: Office, path: str) -> None:
    for login in ("edu.perf", "edu.head", "edu1.head"):
        assert TAKEN not in office.reader(login).get(path).text
    assert office.reader("edu.head").post(f"{path}/withdraw").status_code == 403
    assert office.reader("health.proj").post(f"{path}/withdraw").status_code == 404
    office.reader("edu.perf").post(f"{review(office)}/complete", decision="pass")
    owner = office.reader("edu1.proj")
    page = owner.get(path).text
    assert TAKEN not in page and ASKED not in page
    refused = owner.post(f"{path}/withdraw")
    assert refused.status_code == 409 and "已经没有等待审核的内容可以撤回" in refused.text


def test_the_page_says_why_a_review_has_gone(office: Office, path: str) -> None:
    waiting = review(office)
    office.reader("edu1.proj").post(f"{path}/withdraw")
    page = office.reader("edu.perf").get(waiting).text
    assert "提交人已撤回" in page or "已取消" in page


def test_coming_back_after_signing_in_again_shows_the_work(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    assert owner.get(f"{path}/withdraw").location == path
    assert owner.get(f"{path}/withdrawal-request").location == path
