"""Signing in one act: what is offered, what is told before anything is sent, and what becomes of each item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from engine.commands import CompleteUserTask, SuspendProcessInstance
from engine.model.actor import system_actor
from engine.queries import instance_history, user_task_detail
from tests.api.district import TENANT
from tests.web.office import Office, Reader
from tests.web.signing import HEAD, actor, open_ids, signing_office, waiting

SYSTEM = system_actor(TENANT)
ONCE = "6d0e9a2c-0000-4000-8000-000000000001"


@pytest.fixture
def office(sqlite_database_url: str, tmp_path: Path) -> Iterator[Office]:
    with signing_office(sqlite_database_url, tmp_path) as opened:
        yield opened


def place(ids: Sequence[str]) -> str:
    return "/batch?" + urlencode([("item", each) for each in ids])


def sign(reader: Reader, ids: Sequence[str], chosen: Sequence[str] | None = None, **fields: object) -> TestResponse:
    """Send the page of a batch with what is ticked, all of it unless said otherwise."""
    named = {"once": ONCE, "item": list(ids if chosen is None else chosen), **fields}
    return reader.post(place(ids), **named)  # type: ignore[arg-type]


def text_of(answer: TestResponse) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]))


def after(reader: Reader, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return text_of(reader.get(answer.location))


def states(office: Office, ids: Sequence[str]) -> list[str]:
    return [office.dispatcher.query(user_task_detail, SYSTEM, each).user_task.state for each in ids]


def filed(office: Office, user_task_id: str) -> list[dict[str, object]]:
    detail = office.dispatcher.query(user_task_detail, SYSTEM, user_task_id)
    return [dict(each.content) for each in detail.documents if each.user_task_id == user_task_id]


def completions(office: Office, user_task_id: str) -> list[str]:
    """Who completed it, by the history."""
    root = office.dispatcher.query(user_task_detail, SYSTEM, user_task_id).user_task.root_id
    entries = office.dispatcher.query(instance_history, SYSTEM, root, kinds=["UserTaskCompleted"], limit=50).items
    return [each.actor for each in entries if each.element_id in ("visa", "letter")]


def ticks(page: str) -> list[tuple[str, bool]]:
    """Items with a tick on the page of a batch, and whether it is set."""
    found = re.findall(r'<input type="checkbox" name="item" value="([^"]+)" autocomplete="off"( checked)?>', page)
    return [(each, bool(checked)) for each, checked in found]


def test_the_list_offers_to_tick_what_may_be_signed_together(office: Office):
    ids = waiting(office, 10, 20)
    waiting(office, 30, process="letters")
    page = office.reader(HEAD).get("/inbox?list=claimable").text

    assert re.findall(r'name="item" value="([^"]+)" data-step="visas/visa/visa"', page) == ids
    assert "全选“单位签批”（2 项）" in page and "一并签批…" in page
    # the one of another step has no other to go with
    assert page.count('name="item"') == 2


def test_work_of_ones_own_is_offered_too_and_work_that_is_done_is_not(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)
    for each in ids:
        assert reader.post(f"/user-tasks/{each}/claim").status_code == 303

    assert reader.get("/inbox").text.count('name="item"') == 2
    assert sign(reader, ids).status_code == 303
    assert 'name="item"' not in reader.get("/inbox?list=done").text


@pytest.mark.parametrize("login", ["edu1.proj", "edu.perf", "edu.head"])
def test_lists_of_others_are_as_they_were(office: Office, login: str):
    waiting(office, 10, 20)
    office.start_of("visas", "visas-8", "2101")
    office.start_of("visas", "visas-9", "2101")

    page = office.reader(login).get("/inbox?list=claimable").text

    assert "一并签批" not in page and "picking" not in page


def test_the_page_says_of_each_what_is_signed_with_its_figures(office: Office):
    ids = waiting(office, 1234, 20)
    page = text_of(office.reader(HEAD).get(place(ids)))

    assert "一并签批 · 单位签批" in page
    assert "visas-1" in page and "示范一中 2026-09-18 还剩 3 个工作日" in page
    assert "用款申请 示范一中项目责任人 2026-09-15 10:00" in page
    assert "金额 1,234.00 万元 批准金额 1,234.00 万元" in page
    # what differs is told above, and the answer is no question
    assert "签批意见 同意" in page and "退回" not in page.partition("签批意见 同意")[2]


def test_nobody_is_asked_what_is_signed_and_each_has_a_document_and_a_record_of_its_own(office: Office):
    ids = waiting(office, 10, 20, 30)
    reader = office.reader(HEAD)

    page = after(reader, sign(reader, ids, comment="同意按申请办理。", decision="return"))

    assert "已签批 3 项：单位签批。" in page
    assert states(office, ids) == ["completed"] * 3
    assert [filed(office, each) for each in ids] == [
        [{"amount": amount, "decision": "sign", "comment": "同意按申请办理。"}] for amount in (10, 20, 30)
    ]
    assert [completions(office, each) for each in ids] == [[HEAD]] * 3


def test_what_is_not_ticked_is_left_alone(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)

    assert sign(reader, ids, ids[:1]).status_code == 303

    assert states(office, ids) == ["completed", "open"]


def test_without_a_tick_nothing_is_signed(office: Office):
    ids = waiting(office, 10, 20)
    answer = sign(office.reader(HEAD), ids, [], comment="同意按申请办理。")

    assert answer.status_code == 422 and "没有勾选任何事项，没有签批。" in text_of(answer)
    assert ticks(answer.text) == [(ids[0], False), (ids[1], False)] and ">同意按申请办理。</textarea>" in answer.text
    assert states(office, ids) == ["open", "open"]


def test_what_is_wrong_everywhere_is_told_once_and_nothing_is_sent(office: Office):
    ids = waiting(office, 10, 20)
    answer = sign(office.reader(HEAD), ids, ids[1:] + ids[:1], comment="短")

    assert answer.status_code == 422
    assert answer.text.count('<p class="fault" id="field-comment-fault"') == 1
    assert '<a href="#field-comment">' in answer.text and "没有签批任何一项。" in text_of(answer)
    assert ">短</textarea>" in answer.text and ticks(answer.text) == [(ids[0], True), (ids[1], True)]
    assert states(office, ids) == ["open", "open"]


def test_what_is_wrong_with_one_alone_keeps_only_that_one(office: Office):
    ids = waiting(office, 10, 500, 20)
    reader = office.reader(HEAD)

    answer = sign(reader, ids)

    assert answer.status_code == 409
    assert "已签批 2 项。以下各项没有签批" in text_of(answer) and "金额 500 万元，须说明理由。" in text_of(answer)
    assert ticks(answer.text) == [(ids[1], True)]
    assert states(office, ids) == ["completed", "open", "completed"]
    # mended on the same page it goes
    assert "已签批 1 项：单位签批。" in after(reader, sign(reader, ids[1:2], comment="设备采购一次付清。"))
    assert states(office, ids) == ["completed"] * 3


def test_what_cannot_be_signed_is_told_before_anything_is_sent(office: Office):
    both = actor(HEAD, "unit_head@2101")
    ids = waiting(office, 10, 20, 30)
    own = waiting(office, 40, filed_by=both, first=4)
    stopped = office.dispatcher.query(user_task_detail, SYSTEM, ids[1]).user_task.root_id
    office.dispatcher.dispatch(SuspendProcessInstance(actor=SYSTEM, process_instance_id=stopped))
    office.dispatcher.dispatch(CompleteUserTask(actor=both, user_task_id=ids[2], submission={"decision": "sign"}))
    reader = office.reader(HEAD)

    answer = reader.get(place([*ids, *own, "none"]))

    assert answer.status_code == 200 and ticks(answer.text) == [(ids[0], True)]
    told = re.findall(r'<p class="fault">([^<]+)</p>', answer.text)
    assert len(told) == 4
    assert "暂停" in told[0] and all("示范一中校长" in each for each in told[1:3]) and told[3] == "没有找到这一项。"


def test_what_somebody_else_was_faster_with_is_told_and_the_others_go(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)
    reader.get(place(ids))
    deputy = actor("deputy", "unit_head@2101")
    office.dispatcher.dispatch(CompleteUserTask(actor=deputy, user_task_id=ids[0], submission={"decision": "sign"}))

    answer = sign(reader, ids, comment="同意按申请办理。")

    assert answer.status_code == 409 and "已签批 1 项。" in text_of(answer)
    assert "deputy" in text_of(answer) and ticks(answer.text) == []
    assert f'href="/user-tasks/{ids[0]}"' in answer.text and ids[1] not in answer.text.partition("<tbody>")[2]
    assert (completions(office, ids[0]), completions(office, ids[1])) == (["deputy"], [HEAD])
    assert "comment" not in filed(office, ids[0])[0]


def test_sent_twice_nothing_is_signed_twice_and_the_answer_is_the_same(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)

    pages = [after(reader, sign(reader, ids, comment="同意按申请办理。")) for _ in range(2)]

    assert all("已签批 2 项：单位签批。" in page for page in pages)
    assert [completions(office, each) for each in ids] == [[HEAD], [HEAD]]


def test_a_refusal_that_is_sent_again_signs_nothing_twice(office: Office):
    ids = waiting(office, 10, 500)
    reader = office.reader(HEAD)

    answers = [sign(reader, ids) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("已签批 1 项。" in text_of(answer) for answer in answers)
    assert completions(office, ids[0]) == [HEAD]


def test_signed_with_other_words_before_is_told_as_done(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)
    assert sign(reader, ids, ids[:1], comment="同意按申请办理。").status_code == 303

    answer = sign(reader, ids, comment="改成另外的意见。")

    assert answer.status_code == 409 and "已签批 1 项。" in text_of(answer)
    assert "示范一中校长" in text_of(answer) and "Idempotency" not in answer.text
    assert filed(office, ids[0])[0]["comment"] == "同意按申请办理。"


def test_work_of_different_steps_is_not_signed_together_but_one_after_the_other(office: Office):
    visas, letters = waiting(office, 10, 20), waiting(office, 30, process="letters")
    reader = office.reader(HEAD)

    page = reader.get(place([*visas, *letters]))

    assert "所选事项分属不同环节" in page.text and ticks(page.text) == []
    assert "单位签批（2 项）" in page.text and "函件签发（1 项）" in page.text
    assert urlencode([("item", each) for each in visas]).replace("&", "&amp;") in page.text
    assert sign(reader, [*visas, *letters]).status_code == 422
    assert states(office, [*visas, *letters]) == ["open"] * 3


def test_a_form_that_does_not_say_so_is_not_signed_in_a_batch(office: Office):
    started = [office.start_of("visas", key, "2101") for key in ("visas-1", "visas-2")]
    memos = [each for instance_id in started for each in open_ids(office, instance_id)]
    reader = office.reader("edu1.proj")

    page = reader.get(place(memos))

    assert page.text.count("这一项不能一并签批，请打开单独办理。") == 2 and ticks(page.text) == []
    assert sign(reader, memos, amount="10").status_code == 422
    assert states(office, memos) == ["open", "open"]


@pytest.mark.parametrize("login", ["health.head", "health.proj"])
def test_what_is_out_of_sight_is_not_there(office: Office, login: str):
    ids = waiting(office, 10, 20)
    reader = office.reader(login)

    assert reader.get(place(ids)).status_code == 404
    assert sign(reader, ids).status_code == 404
    assert states(office, ids) == ["open", "open"]


def test_who_may_see_but_not_sign_is_told_so_and_signs_nothing(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader("edu.head")

    page = reader.get(place(ids)).text

    assert ticks(page) == [] and "签批所选" not in page and len(re.findall('<p class="fault">[^<]+</p>', page)) == 2
    assert sign(reader, ids).status_code == 422
    assert states(office, ids) == ["open", "open"]


def test_a_form_from_elsewhere_signs_nothing(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)

    answer = reader.client.post(place(ids), data={"csrf_token": "made up", "item": ids}, headers=reader.headers)

    assert answer.status_code == 403 and states(office, ids) == ["open", "open"]


def test_who_has_written_a_draft_is_not_made_to_drop_it(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)
    assert reader.post(f"/user-tasks/{ids[0]}/draft", comment="这一项再看一看。").status_code == 200

    page = reader.get(place(ids))

    assert ticks(page.text) == [(ids[0], False), (ids[1], True)]
    assert "一并签批不采用您在这一项里写的草稿。" in page.text


def test_nothing_ticked_leads_back_to_the_list(office: Office):
    reader = office.reader(HEAD)
    reader.get("/inbox?list=claimable")

    answer = reader.get("/batch")

    assert answer.location == "/inbox?list=claimable"
    assert "请先勾选要一并签批的事项。" in after(reader, answer)


def test_more_than_a_hundred_are_told_and_the_first_hundred_listed(office: Office):
    ids = waiting(office, 10)
    answer = office.reader(HEAD).get(place([*ids, *(f"none-{number}" for number in range(102))]))

    assert "一次最多签批 100 项，另有 3 项没有列出" in text_of(answer)
    assert answer.text.count("没有找到这一项。") == 99


def test_the_list_one_came_from_is_where_one_goes(office: Office):
    ids = waiting(office, 10, 20)
    reader = office.reader(HEAD)
    back = "/inbox?list=claimable&text=visas"
    reader.get(back)

    assert f'name="back" value="{back.replace("&", "&amp;")}"' in reader.get(place(ids)).text
    assert sign(reader, ids, back=back).location == back


def test_it_is_all_said_in_english_too(office: Office):
    ids = waiting(office, 10, 500)
    reader = office.reader(HEAD, language="en")

    page = text_of(reader.get(place(ids)))
    answer = sign(reader, ids)

    assert "Sign together" in page and "Amount 500.00 10,000 yuan" in page and "Decision Sign" in page
    assert "1 signed." in text_of(answer) and "500 is large: say why." in text_of(answer)
