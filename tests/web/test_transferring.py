"""Giving work to another person of the unit on its page: the dialog, the notice of the receiver, and that no word is
lost.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import pytest

from api.identity import accounts
from api.identity.organisation import import_organisation, read_organisation
from engine.commands import DeployDefinitions
from engine.store.database import write_transaction
from tests.api.conftest import cheap_hash
from tests.api.district import CATALOGUE, CONTENT, NOW, TENANT
from tests.house import bpmn, flows, properties, user_task
from tests.web.office import DESIGNER, Office, Reader

OFFERED = 'data-open="transfer-dialog"'
REASON = "项目责任人病假两周"
TYPED = {"cause": "两次招标均无供应商响应", "kind": "money"}


def hire(office: Office, *people: tuple[str, str, str, str]) -> None:
    """More people: account, title, unit, role."""
    users = [{"username": who, "title": title, "unit": unit, "role": role} for who, title, unit, role in people]
    organisation = read_organisation({**CONTENT, "users": [*CONTENT["users"], *users]}, CATALOGUE)
    ids = count()
    with write_transaction(office.district.database) as connection:
        import_organisation(connection, TENANT, organisation, CATALOGUE, lambda: f"more-{next(ids)}", NOW)
        for who, *_ in people:
            accounts.set_password_hash(connection, TENANT, who, cheap_hash())


@pytest.fixture
def path(office: Office) -> str:
    """Of a piece of work that the project owner has taken and begun."""
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{path}/claim")
    owner.post(f"{path}/draft", **TYPED)
    return path


def give(reader: Reader, path: str, to: str = "edu1.head", reason: str = REASON):
    return reader.post(f"{path}/transfer", to=to, reason=reason)


def dialog_of(page: str) -> str:
    return page.partition('<dialog id="transfer-dialog"')[2].partition("</dialog>")[0]


def test_the_head_gives_it_and_is_told(office: Office, path: str) -> None:
    head = office.reader("edu1.head")
    page = head.get(path).text
    assert OFFERED in page
    assert re.findall(r'name="to" value="([^"]+)"', dialog_of(page)) == ["edu1.head"]
    assert "示范一中校长" in dialog_of(page) and "open-now" not in dialog_of(page)

    answer = give(head, path)

    assert (answer.status_code, answer.location) == (303, path)
    page = head.get(path).text
    assert "已转给 示范一中校长 办理。" in page
    assert f'data-taken="{path}/transfer edu1.head"' in page
    assert "您于 2026-09-15 10:00 从示范一中项目责任人处接过此事项：" in page
    assert "示范一中校长 转给 示范一中校长" in page.partition("为什么由此办理")[2]
    assert "填报纠偏措施" in head.get("/inbox?list=mine").text


def test_the_receiver_reads_at_the_top_who_gave_it_when_and_why_and_goes_on(office: Office, path: str) -> None:
    hire(office, ("edu1.two", "示范一中项目副责任人", "2101", "project_owner"))
    give(office.reader("edu1.head"), path, "edu1.two")

    page = office.reader("edu1.two").get(path).text

    notice = page.partition('<div class="record">')[0]
    assert "示范一中校长 于 2026-09-15 10:00 转给您办理：" in notice and REASON in notice
    assert "示范一中项目责任人 填写、没有提交的内容已带入下表，请核对后继续。" in notice
    form = page.partition("data-filling")[2]
    assert TYPED["cause"] in form
    margin = page.partition("办理经过")[2]
    assert "转办了 填报纠偏措施：示范一中项目责任人 → 示范一中项目副责任人" in re.sub(r"<[^>]+>|\s+(?=：)", "", margin)
    assert REASON in margin


def test_the_former_one_is_told_who_has_it_and_loses_no_word(office: Office, path: str) -> None:
    owner = office.reader("edu1.proj")
    give(office.reader("edu1.head"), path)

    page = owner.get(path).text

    assert "示范一中校长 于 2026-09-15 10:00 将此事项由 您 转给 示范一中校长 办理：" in page and REASON in page
    assert "您填写、没有提交的内容已交给接办人，您的一份仍在下表。" in page and TYPED["cause"] in page
    assert "填报纠偏措施" not in owner.get("/inbox?list=mine").text
    # the form was open all the time
    late = owner.post(f"{path}/complete", cause="打到一半的新内容", kind="money")
    assert late.status_code == 403
    assert "任务“填报纠偏措施”由 示范一中校长 办理，您不是办理人。" in late.text
    assert "您在本窗口填写、没有来得及保存的内容" in late.text and "打到一半的新内容" in late.text


def test_a_draft_of_the_receivers_own_is_compared_not_overwritten(office: Office, path: str) -> None:
    hire(office, ("edu1.two", "示范一中项目副责任人", "2101", "project_owner"))
    two, head = office.reader("edu1.two"), office.reader("edu1.head")
    office.reader("edu1.proj").post(f"{path}/release")
    two.post(f"{path}/draft", cause="我的想法", kind="money")
    office.reader("edu1.proj").post(f"{path}/claim")

    give(head, path, "edu1.two")

    page = two.get(path).text
    assert "您在此已有草稿，示范一中项目责任人 填写、没有提交的内容另存了一份，请比较后选择。" in page
    assert "我的想法" in page.partition("data-filling")[2]
    compared = two.get(f"{path}/draft/versions").text
    assert "我的想法" in compared and TYPED["cause"] in re.sub(r"</?mark>", "", compared)


def test_what_was_filed_before_a_return_is_brought_along(office: Office, path: str) -> None:
    hire(office, ("edu1.two", "示范一中项目副责任人", "2101", "project_owner"))
    filed = {"cause": "两次招标均无供应商响应，采购失败。", "rows__0__text": "重新招标", "rows__0__share": "100"}
    office.reader("edu1.proj").post(f"{path}/complete", kind="money", **filed)
    perf = office.reader("edu.perf")
    check = perf.first_link("/inbox?list=claimable", "部门审核措施")
    perf.post(f"{check}/return", element_id="measure", comment="请补充材料")
    owner, head = office.reader("edu1.proj"), office.reader("edu1.head")
    again = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{again}/claim")

    give(head, again, "edu1.two")

    page = office.reader("edu1.two").get(again).text
    assert "已带入示范一中项目责任人 2026-09-15 10:00 提交的内容，请核对。" in page
    assert "两次招标均无供应商响应，采购失败。" in page.partition("data-filling")[2]


def test_every_fault_stands_in_the_open_dialog_with_what_was_typed(office: Office, path: str) -> None:
    hire(office, ("edu1.two", "示范一中项目副责任人", "2101", "project_owner"))
    answer = give(office.reader("edu1.head"), path, "edu1.two", "忙")
    assert answer.status_code == 422 and "转办有 1 处需要修改。" in answer.text
    dialog = dialog_of(answer.text)
    assert f'data-open-now data-again="{path}"' in dialog and "data-fresh" not in dialog
    assert "<li>转办原因应有 2 至 500 个字，现有 1 个。</li>" in dialog
    assert 'value="edu1.two" required checked' in dialog and ">忙</textarea>" in dialog
    english = give(office.reader("edu1.head", language="en"), path, "", "")
    assert "The transfer has 2 faults." in english.text
    assert "Say who is to have it." in dialog_of(english.text)


def test_it_is_offered_to_who_answers_for_the_unit_alone(office: Office, path: str) -> None:
    for login in ("edu1.proj", "edu.perf", "fin.dir", "fin.perf"):
        reader = office.reader(login)
        assert OFFERED not in reader.get(path).text
        refused = give(reader, path)
        assert refused.status_code == 403 and "才可以转办" not in refused.text
        assert "只有事项所在单位的主要负责人或其上级部门的主要负责人可以转办。" in refused.text
    assert OFFERED in office.reader("edu.head").get(path).text
    assert give(office.reader("health.head"), path).status_code == 404


def test_the_list_of_what_is_overdue_leads_to_the_open_dialog(office: Office, path: str) -> None:
    office.clock.move_to(office.clock.now() + timedelta(days=30))
    link = f'href="{path}?transfer="'
    for login, leads in (("edu1.head", True), ("edu.head", True), ("fin.dir", False), ("edu1.proj", False)):
        assert (link in office.reader(login).get("/overdue").text) is leads, login
    head = office.reader("edu1.head")
    assert f'data-open-now data-again="{path}"' in head.get(f"{path}?transfer=").text
    give(head, path)
    assert f'data-taken="{path}/transfer edu1.head"' in head.get(path).text


def test_who_cannot_have_it_is_listed_with_the_reason(office: Office, path: str) -> None:
    filed = {"cause": "两次招标均无供应商响应，采购失败。", "rows__0__text": "重新招标", "rows__0__share": "100"}
    office.reader("edu1.proj").post(f"{path}/complete", kind="money", **filed)
    hire(office, ("edu.tech", "教育局流程设计员", "21", "process_designer"))
    check = office.reader("edu.perf").first_link("/inbox?list=claimable", "部门审核措施")
    dialog = dialog_of(office.reader("edu.head").get(check).text)
    assert re.findall(r'name="to" value="([^"]+)"', dialog) == ["edu.perf", "edu.head"]
    assert "不能接办的人（1）" in dialog
    assert "教育局流程设计员的岗位与这一事项不相容：流程设计员和系统管理员不得担任业务角色。" in dialog


def test_where_nobody_can_have_it_the_dialog_says_why(office: Office) -> None:
    hire(office, ("edu2.head", "示范二小校长", "2102", "unit_head"))
    office.start("PRJ:A02:2026", "2102")
    head = office.reader("edu2.head")
    path = head.first_link("/inbox?list=claimable", "填报纠偏措施")
    head.post(f"{path}/claim")
    dialog = dialog_of(head.get(path).text)
    assert "本单位现在没有可以接办的人。" in dialog and "已经由示范二小校长办理，请另选一人。" in dialog
    assert "<textarea" not in dialog


def test_finished_and_never_transferred_work_is_not_offered(office: Office) -> None:
    work = user_task("t", groups="project_owner", inside=properties(transfer="none"))
    body = '<startEvent id="s"/>' + work + '<endEvent id="e"/>' + flows("s t", "t e")
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"kept.bpmn": bpmn("kept", body)}))
    office.start_of("kept", "PRJ:A01:2026", "2101")
    path = office.reader("edu1.proj").first_link("/inbox?list=claimable", "t")
    head = office.reader("edu1.head")
    assert OFFERED not in head.get(path).text
    refused = give(head, path)
    assert refused.status_code == 409 and "这一步不办理转办。" in refused.text
    office.reader("edu1.proj").post(f"{path}/complete")
    assert OFFERED not in head.get(path).text


def test_the_history_of_the_case_tells_it_in_both_languages(office: Office, path: str) -> None:
    give(office.reader("edu1.head"), path)
    address = re.search(r'href="(/instances/[^"]+)"', office.reader("edu1.head").get(path).text)
    assert address is not None
    for language, word in (("zh", "转办了"), ("en", "transferred")):
        page = office.reader("edu1.head", language=language).get(address[1]).text
        assert word in page and "→ 示范一中校长" in page and REASON in page


def test_coming_back_after_signing_in_again_shows_the_work(office: Office, path: str) -> None:
    assert office.reader("edu1.head").get(f"{path}/transfer").location == path
