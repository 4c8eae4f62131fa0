"""What was typed and never submitted is shown to its author, on the closed user task and when the work is back."""

from __future__ import annotations

import re

from tests.web.office import Office, Reader

A_CAUSE = "两次招标均无供应商响应，采购失败。"
OPINION = "意见写到一半"


def file_measure(reader: Reader, path: str) -> None:
    fields = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
    assert reader.post(f"{path}/complete", **fields).status_code == 303


def test_a_reviewers_draft_outlives_the_return(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    file_measure(owner, owner.first_link("/inbox?list=claimable", "填报纠偏措施"))
    first = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    assert reviewer.post(f"{first}/draft", opinion=OPINION).status_code == 200
    assert reviewer.post(f"{first}/return", element_id="measure", comment="请补充材料").status_code == 303

    assert "没有提交的草稿" in reviewer.get(first).text and OPINION in reviewer.get(first).text
    file_measure(owner, owner.first_link("/inbox?list=claimable", "填报纠偏措施"))
    again = reviewer.first_link("/inbox?list=claimable", "部门审核措施")

    assert again != first
    assert "已带入您" in reviewer.get(again).text and OPINION in reviewer.get(again).text
    assert OPINION not in office.reader("edu.head").get(again).text


def test_a_closed_user_task_shows_what_was_filed(office: Office):
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    file_measure(owner, path)

    assert A_CAUSE in owner.get(path).text
    assert A_CAUSE in office.reader("edu.head").get(path).text


def test_what_was_refused_stays_as_draft(office: Office):
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    assert owner.post(f"{path}/draft", once="A", seen="0", cause="两次招标").status_code == 200

    refused = owner.post(f"{path}/complete", once="A", seen="0", cause=A_CAUSE)

    assert refused.status_code == 422 and A_CAUSE in refused.text
    assert A_CAUSE in owner.get(path).text


def test_the_page_of_a_refusal_is_the_same_window_and_has_seen_what_was_kept(office: Office):
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    refused = owner.post(f"{path}/complete", once="A", seen="0", cause=A_CAUSE).text
    assert 'name="once" value="A"' in refused and 'name="seen" value="1"' in refused

    mended = owner.post(f"{path}/draft", once="A", seen="1", cause=A_CAUSE, kind="money")
    again = owner.post(f"{path}/complete", once="A", seen="0", cause=A_CAUSE)

    assert mended.json["apart"] is False
    assert again.status_code == 422


def test_what_was_refused_does_not_overwrite_what_was_typed_elsewhere(office: Office):
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{path}/draft", once="B", seen="0", cause="供应商两次流标，采购没有完成。")

    answer = owner.post(f"{path}/complete", once="A", seen="0", cause=A_CAUSE)

    assert "/draft/versions" in answer.headers["Location"]
    assert "供应商两次流标" in owner.get(path).text


def test_what_was_refused_because_somebody_was_faster_stands_beside_what_was_filed(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    file_measure(owner, owner.first_link("/inbox?list=claimable", "填报纠偏措施"))
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    assert reviewer.post(f"{check}/complete", once="A", seen="0", decision="pass").status_code == 303

    late = reviewer.post(f"{check}/complete", once="B", seen="0", decision="return", opinion=OPINION)

    assert late.status_code == 409
    apart, filed = re.split(r"</section>", late.text[late.text.index("data-left-over") :], maxsplit=1)
    assert OPINION in apart and "退回" in apart and "hidden" not in late.text[: late.text.index("data-left-over")][-90:]
    assert OPINION not in filed
    assert 'data-given="decision">通过<' in filed
