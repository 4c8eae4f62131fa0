"""A draft is never overwritten by somebody who has not seen it: both stay, and their author chooses."""

from __future__ import annotations

import re

import pytest

from tests.web.office import Office, Reader
from tests.web.test_drafts import file_measure

CAUSE_HERE, CAUSE_THERE = "两次招标均无供应商响应，采购失败。", "供应商两次流标，采购没有完成。"
SOUND = {"cause": CAUSE_HERE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}


@pytest.fixture
def owner(office: Office) -> Reader:
    office.start()
    return office.reader("edu1.proj")


@pytest.fixture
def path(owner: Reader) -> str:
    return owner.first_link("/inbox?list=claimable", "填报纠偏措施")


@pytest.fixture
def overtaken(owner: Reader, path: str) -> str:
    """Window A, opened before window B saved, has typed something else; the page of the user task."""
    assert owner.post(f"{path}/draft", once="B", seen="0", cause=CAUSE_THERE, kind="other").json["apart"] is False
    answer = owner.post(f"{path}/draft", once="A", seen="0", cause=CAUSE_HERE).json
    assert (answer["apart"], answer["saved"]) == (True, "已另存，没有覆盖您在别处填写的草稿。")
    return path


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def decide(reader: Reader, path: str, **chosen: str) -> str:
    page = reader.get(f"{path}/draft/versions").text
    shown = {name: hidden(page, name) for name in ("revision", "version")}
    answer = reader.post(f"{path}/draft/versions", **(shown | chosen))
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    return reader.get(path).text


def test_the_draft_that_was_there_stands_in_the_form_and_the_other_is_told(owner: Reader, overtaken: str):
    page = owner.get(overtaken).text

    assert CAUSE_THERE in page and CAUSE_HERE not in page
    assert 'data-apart><p>这份表您在两处填写了不同的内容' in page


def test_both_are_shown_field_by_field_with_who_and_when(owner: Reader, overtaken: str):
    page = owner.get(f"{overtaken}/draft/versions").text

    assert "有 2 处不同" in page
    assert "示范一中项目责任人 在两个窗口或两台设备上填写了这份表" in page
    assert page.count("2026-09-15 10:00 保存") == 4
    assert re.sub(r"</?mark>", "", page).count(CAUSE_HERE) == 1
    assert "没有填写" in page


def test_what_is_chosen_stands_in_the_form_and_the_rest_can_be_had_again(owner: Reader, overtaken: str):
    page = decide(owner, overtaken, take__cause="apart", take__kind="kept")

    assert CAUSE_HERE in page and 'value="other" checked' in page
    assert "data-apart hidden" in page and "看先前没有采用的内容" in page
    assert CAUSE_THERE in re.sub(r"</?mark>", "", owner.get(f"{overtaken}/draft/versions").text)

    again = decide(owner, overtaken, whole="apart")
    assert CAUSE_THERE in again and CAUSE_HERE not in again


def test_a_submission_that_would_cost_an_unseen_draft_is_kept_and_waits_for_the_choice(
    owner: Reader, path: str
):
    owner.post(f"{path}/draft", once="B", seen="0", cause=CAUSE_THERE)

    answer = owner.post(f"{path}/complete", once="A", seen="0", **SOUND)

    assert answer.status_code == 303 and "/draft/versions" in answer.headers["Location"]
    page = owner.get(answer.headers["Location"]).text
    assert "还没有提交" in page and "有 3 处不同" in page
    decide(owner, path, whole="apart")
    form = owner.get(path).text
    done = owner.post(f"{path}/complete", once=hidden(form, "once"), seen=hidden(form, "seen"), **SOUND)
    assert done.headers["Location"].startswith("/inbox")


def test_a_submission_waits_while_something_else_is_undecided(owner: Reader, overtaken: str):
    answer = owner.post(f"{overtaken}/complete", once="B", seen="0", **SOUND)

    assert "/draft/versions" in answer.headers["Location"]


def test_who_types_in_one_window_is_never_asked(owner: Reader, path: str):
    for cause in ("两次", "两次招标", CAUSE_HERE[:-1]):
        assert owner.post(f"{path}/draft", once="A", seen="0", cause=cause).json["apart"] is False

    answer = owner.post(f"{path}/complete", once="A", seen="0", **SOUND)

    assert answer.headers["Location"].startswith("/inbox")


def test_a_submission_that_was_sent_twice_is_done_once(owner: Reader, path: str):
    answers = [owner.post(f"{path}/complete", once="A", seen="0", **SOUND) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == ["/inbox", "/inbox"]


def test_a_choice_about_what_has_changed_meanwhile_is_asked_again(owner: Reader, overtaken: str):
    page = owner.get(f"{overtaken}/draft/versions").text
    shown = {name: hidden(page, name) for name in ("revision", "version")}
    owner.post(f"{overtaken}/draft", once="B", seen="0", cause="第三种说法，比前两种都新。")

    answer = owner.post(f"{overtaken}/draft/versions", **shown, whole="apart")

    assert "/draft/versions" in answer.headers["Location"]
    again = owner.get(answer.headers["Location"]).text
    assert "比较期间草稿又有改动" in again and "比前两种都新" in again


@pytest.fixture
def returned(office: Office, owner: Reader) -> tuple[Reader, str]:
    """The reviewer had typed two opinions and returned the work; it is back. The reviewer, and the page."""
    reviewer = office.reader("edu.perf")
    file_measure(owner, owner.first_link("/inbox?list=claimable", "填报纠偏措施"))
    first = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    reviewer.post(f"{first}/draft", once="B", seen="0", opinion="意见写到一半")
    assert reviewer.post(f"{first}/draft", once="A", seen="0", opinion="另一种意见").json["apart"] is True
    assert reviewer.post(f"{first}/return", element_id="measure", comment="请补充材料").status_code == 303
    file_measure(owner, owner.first_link("/inbox?list=claimable", "填报纠偏措施"))
    back = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    assert back != first
    return reviewer, back


def test_work_that_comes_back_brings_both_and_asks(returned: tuple[Reader, str]):
    reviewer, path = returned

    page = reviewer.get(path).text

    assert "已带入您" in page and "意见写到一半" in page and "另一种意见" not in page
    assert "data-apart><p>这份表您在两处填写了不同的内容" in page
    assert "有 1 处不同" in reviewer.get(f"{path}/draft/versions").text


def test_what_was_typed_before_the_return_is_chosen_where_the_work_is_back(returned: tuple[Reader, str]):
    reviewer, path = returned

    page = decide(reviewer, path, whole="apart")

    assert "另一种意见" in page and "意见写到一半" not in page
    assert "data-apart hidden" in page and "看先前没有采用的内容" in page


def test_typing_on_or_submitting_where_the_work_is_back_loses_neither(returned: tuple[Reader, str]):
    reviewer, path = returned

    assert reviewer.post(f"{path}/draft", once="C", seen="0", opinion="意见接着写").json["apart"] is False
    answer = reviewer.post(f"{path}/complete", once="C", seen="0", opinion="意见接着写完")

    assert "/draft/versions" in answer.headers["Location"]
    marked = reviewer.get(answer.headers["Location"]).text
    page = re.sub(r"</?mark>", "", marked)
    assert "还没有提交" in page and "意见接着写完" in page and "另一种意见" in page


def test_submitting_at_once_where_the_work_is_back_asks_first(returned: tuple[Reader, str]):
    reviewer, path = returned

    answer = reviewer.post(f"{path}/complete", once="C", seen="0", opinion="同意")

    assert "/draft/versions" in answer.headers["Location"]


def test_what_stands_apart_is_looked_at_by_its_id(owner: Reader, overtaken: str):
    decide(owner, overtaken, whole="apart")
    owner.post(f"{overtaken}/draft", once="D", seen="0", cause="第三种说法，比前两种都新。")
    page = owner.get(f"{overtaken}/draft/versions").text
    assert "第三种说法" in re.sub(r"</?mark>", "", page)
    (other,) = re.findall(r"/draft/versions\?version=([^\"]+)", page)

    shown = re.sub(r"</?mark>", "", owner.get(f"{overtaken}/draft/versions?version={other}").text)

    assert CAUSE_THERE in shown and "第三种说法" not in shown
    assert owner.get(f"{overtaken}/draft/versions?version=0").headers["Location"] == overtaken


def test_there_is_nothing_to_compare_with_one_draft(owner: Reader, path: str):
    owner.post(f"{path}/draft", once="A", seen="0", cause=CAUSE_HERE)

    assert owner.get(f"{path}/draft/versions").headers["Location"] == path
    assert owner.post(f"{path}/draft/versions", whole="kept").headers["Location"] == path


def test_others_see_neither(office: Office, owner: Reader, overtaken: str):
    other = office.reader("edu.head")

    assert other.get(f"{overtaken}/draft/versions").headers["Location"] == overtaken
    assert CAUSE_HERE not in other.get(overtaken).text


def test_it_is_said_in_english_too(office: Office, owner: Reader, overtaken: str):
    page = office.reader("edu1.proj", language="en").get(f"{overtaken}/draft/versions").text

    assert "Fields that differ: 2" in page and "Go on with what is chosen" in page
