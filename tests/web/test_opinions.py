"""Asking colleagues for opinions on the page of the work, and giving them."""

from __future__ import annotations

import re

import pytest
from werkzeug.datastructures import MultiDict

from engine.commands import CompleteUserTask, DeployDefinitions
from tests.opining import opining
from tests.web.office import DESIGNER, Office, Reader

QUESTION = "流标原因是否属实？"
OFFERED = "征求意见…</button>"
CAUSE = "供应商两次流标，采购没有完成。"
FILED = {"cause": CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}


@pytest.fixture
def path(office: Office) -> str:
    """Page of the measures that wait for their owner."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"opinion.bpmn": opining()}))
    office.start()
    return office.reader("edu1.proj").first_link("/inbox?list=claimable", "填报纠偏措施")


def ask(reader: Reader, path: str, *of: str, question: str = QUESTION, until: str = "", once: str = "") -> object:
    token = re.search(r'name="csrf_token" value="([^"]*)"', reader.get("/instances").text)
    assert token
    fields = [("csrf_token", token[1]), ("question", question), ("until", until), ("once", once)]
    data = MultiDict([*fields, *(("of", each) for each in of)])
    return reader.client.post(f"{path}/opinions", data=data, headers=reader.headers)


def give(office: Office, login: str, path: str, opinion: str) -> None:
    """The small process has no form: what is said comes through the engine."""
    said = {"given": True, "by": login, "opinion": opinion}
    actor = office.district.front_desk.actor_of(login)
    command = CompleteUserTask(actor=actor, user_task_id=path.rpartition("/")[2], submission=said)
    office.dispatcher.dispatch(command)


def dialog(page: str) -> str:
    return page.partition('id="opinion-dialog"')[2].partition("</dialog>")[0]


def test_the_dialog_offers_business_people_but_not_oneself(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    page = owner.get(path).text
    assert OFFERED in page
    assert "示范一中校长" in dialog(page)
    assert "示范一中项目责任人" not in dialog(page)
    # neither who runs the engine nor who comes from outside
    for words in ("流程设计员", "系统管理员", "专家"):
        assert "没有找到可选的人员" in owner.get(f"{path}/opinions/people?text={words}").text
    assert "财政局局长" in owner.get(f"{path}/opinions/people?text=局长").text
    assert "财政局局长" not in owner.get(f"{path}/opinions/people?text=局长&chosen=fin.dir").text


def test_each_is_asked_answers_and_all_of_it_stands_at_the_work(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    answer = ask(owner, path, "edu1.head", "health.head", until="2026-09-18")
    assert (answer.status_code, answer.location) == (303, path)
    page = owner.get(path).text
    assert "已征求意见。事项仍由您办理" in page
    assert page.count("待提出") == 2 and "2026-09-18 前" in page

    asked = office.reader("health.head")
    line = asked.get("/inbox").text
    # the place where the work stands, not what tells one opinion from another
    assert "征求意见的事项" in line and "fill#" not in line
    mine = asked.first_link("/inbox", "give")
    shown = asked.get(mine).text
    assert "PRJ:A01:2026</span> · 征求意见的事项" in shown
    # not in his sight: named, and no link
    assert f'<a href="{path}">' not in shown and "填报纠偏措施" in shown
    give(office, "health.head", mine, "属实。\n\n建议改为询价。")

    page = owner.get(path).text
    assert "已提出" in page and '<p class="said">属实。\n\n建议改为询价。</p>' in page
    # who sees the work later reads it there, too
    owner.post(f"{path}/complete", **FILED)
    later = office.reader("edu.perf").get(path).text
    assert QUESTION in later and "加签意见" in later
    assert "征求 卫健局主要负责人 的意见：填报纠偏措施" in later


def test_who_may_see_the_work_is_led_to_it(office: Office, path: str) -> None:
    ask(office.reader("edu1.proj"), path, "edu1.head")
    head = office.reader("edu1.head")
    mine = head.first_link("/inbox", "give")
    assert f'<a href="{path}">填报纠偏措施</a>' in head.get(mine).text
    assert "征求意见的环节：填报纠偏措施" in head.get("/inbox").text


def test_what_is_wrong_is_told_in_the_dialog_with_people_by_their_names(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    ask(owner, path, "edu1.head")
    refused = ask(owner, path, "edu1.head", "designer", question="吗？", until="2026-02-30")
    assert refused.status_code == 422
    shown = dialog(refused.text)
    assert "data-open-now" in shown.partition(">")[0]
    assert "<li>已经征求示范一中校长的意见，尚未提出；提出以后可以再次征求。</li>" in shown
    assert "<li>流程设计员没有可用的业务账号，不能征求其意见。</li>" in shown
    assert "<li>问题应有 5 至 1000 个字，现有 2 个。</li>" in shown
    assert "<li>期限应在 2026-09-15 至 2026-10-15 之间。</li>" in shown
    # nothing typed is lost
    assert ">吗？</textarea>" in shown and re.search(r'value="edu1.head" checked', shown)
    english = ask(office.reader("edu1.proj", language="en"), path)
    assert "<li>Expected somebody to ask, but found nobody.</li>" in english.text


def test_sent_twice_everybody_is_asked_once(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    for _ in range(2):
        assert ask(owner, path, "edu1.head", once="k-1").status_code == 303
    assert owner.get(path).text.count("待提出") == 1


def test_it_is_not_offered_to_who_does_not_have_the_work(office: Office, path: str) -> None:
    office.reader("edu1.proj").post(f"{path}/claim")
    for login in ("edu.perf", "edu1.head"):
        reader = office.reader(login)
        assert OFFERED not in reader.get(path).text
        assert ask(reader, path, "fin.dir").status_code == 403
        assert reader.get(f"{path}/opinions/people").status_code == 403
    outsider = office.reader("health.proj")
    assert ask(outsider, path, "fin.dir").status_code == 404
    assert outsider.get(f"{path}/opinions/people").status_code == 404


def test_coming_back_after_signing_in_again_shows_the_work(office: Office, path: str) -> None:
    assert office.reader("edu1.proj").get(f"{path}/opinions").location == path
