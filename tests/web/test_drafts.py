"""What was typed and never submitted is shown to its author, on the closed user task and when the work is back."""

from __future__ import annotations

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
