"""Stand-ins on the pages: arranging one, the work of who is away, and both names where it was done."""

from __future__ import annotations

from tests.web.office import Office

WEEK = {"first_on": "2026-09-15", "last_on": "2026-09-18", "stand_in": "edu1.head", "reason": "外出培训"}
CAUSE = "供应商两次流标，采购没有完成。"
FILED = {"cause": CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
OWNER, HEAD = "示范一中项目责任人", "示范一中校长"


def test_an_arrangement_is_made_listed_and_ended_early(office: Office) -> None:
    owner = office.reader("edu1.proj")
    page = owner.get("/absences/new").text
    assert 'value="edu1.head"' in page
    # who reviews what he files is not offered
    assert 'value="edu.perf"' not in page

    assert owner.post("/absences/new", **WEEK).location == "/absences"
    listed = owner.get("/absences").text
    assert f"已安排：{OWNER} 2026-09-15 至 2026-09-18 由{HEAD}代办。" in listed
    for words in ("正在代办", "外出培训", "全部岗位", "2026-09-15 至 2026-09-18"):
        assert words in listed
    head = office.reader("edu1.head")
    assert f"您代{OWNER}办理，至 2026-09-18。" in head.get("/inbox").text

    end = listed.split('action="/absences/')[1].split("/end")[0]
    assert owner.post(f"/absences/{end}/end").location == "/absences"
    after = owner.get("/absences").text
    assert f"{OWNER} 于 2026-09-15 10:00 提前结束" in after and "已经结束" in after
    assert "您代" not in head.get("/inbox").text


def test_after_a_refusal_everything_typed_is_there_with_each_fault(office: Office) -> None:
    owner = office.reader("edu1.proj")
    answer = owner.post("/absences/new", **{**WEEK, "last_on": "", "reason": "因", "post": "project_owner@2101"})

    assert answer.status_code == 422
    for words in ("请填写到哪一天为止。", "请填写原因，2 至 200 字。", 'value="2026-09-15"', 'value="因"'):
        assert words in answer.text
    assert '<option value="project_owner@2101" selected>' in answer.text
    assert 'name="stand_in" value="edu1.head" checked' in answer.text


def test_a_head_arranges_for_the_people_of_his_units_and_for_nobody_else(office: Office) -> None:
    head = office.reader("edu.head")
    assert 'value="edu1.proj"' in head.get("/absences").text
    assert 'value="health.proj"' not in head.get("/absences").text
    assert head.post("/absences/new?user=edu1.proj", **WEEK).status_code == 303
    assert OWNER in head.get("/absences").text
    assert head.get("/absences/new?user=health.proj").status_code == 403
    assert 'name="user"' not in office.reader("edu.perf").get("/absences").text


def test_the_search_finds_who_may_stand_in(office: Office) -> None:
    owner = office.reader("edu1.proj")
    assert HEAD in owner.get("/absences/people?text=校长").text
    assert "教育局绩效经办" not in owner.get("/absences/people?text=教育").text
    assert office.reader("edu.perf").get("/absences/people?user=edu1.proj").status_code == 403


def test_the_work_of_who_is_away_is_done_under_both_names(office: Office) -> None:
    office.start()
    owner, head = office.reader("edu1.proj"), office.reader("edu1.head")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    assert "填报纠偏措施" not in head.get("/inbox?list=claimable").text
    owner.post("/absences/new", **WEEK)

    assert f"代 {OWNER}" in head.get("/inbox?list=claimable").text
    page = head.get(path).text
    assert f"此事项分给{OWNER}的岗位" in page
    assert f"{OWNER}不在岗，由{HEAD}代办至 2026-09-18" in page
    assert head.post(f"{path}/claim").status_code == 303
    assert f"这是{OWNER}的事项，由您代办至 2026-09-18。" in head.get(path).text
    assert "填报纠偏措施" in owner.get("/inbox").text
    assert head.post(f"{path}/complete", **FILED).status_code == 303

    both = f"{HEAD}（代 {OWNER}）"
    closed = owner.get(path).text
    assert f"{both} 于 2026-09-15 10:00 办结。" in closed
    assert f"<b>{both}</b> 办结了" in closed
    reviewer = office.reader("edu.perf")
    review = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    assert both in reviewer.get(review).text


def test_what_comes_back_is_mended_by_the_stand_in_from_what_the_person_filed(office: Office) -> None:
    office.start()
    owner, head = office.reader("edu1.proj"), office.reader("edu1.head")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{path}/complete", **FILED)
    owner.post("/absences/new", **WEEK)

    assert head.post(f"{path}/withdraw", reason="数字还要核对").status_code == 303
    again = head.first_link("/inbox", "填报纠偏措施")
    page = head.get(again).text
    assert "供应商两次流标" in page
    assert f"已带入{OWNER} 2026-09-15 10:00 提交的内容，请核对。" in page


def test_the_list_of_late_work_names_who_stands_in_beside(office: Office) -> None:
    office.start()
    office.clock.move_to(office.clock.now().replace(month=10, day=20))
    owner = office.reader("edu1.proj")
    owner.post("/absences/new", **{**WEEK, "first_on": "2026-10-20", "last_on": "2026-10-21"})
    late = office.reader("edu.head").get("/overdue").text
    assert f"{OWNER}不在岗，由{HEAD}代办至 2026-10-21" in late
