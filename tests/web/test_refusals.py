"""Refusals as people read them: once, in their language, with names instead of accounts."""

from __future__ import annotations

from tests.web.office import Office

SOUND = {
    "cause": "两次招标均无供应商响应，采购失败。",
    "kind": "money",
    "rows__0__text": "重新招标",
    "rows__0__share": "100",
}


def test_what_is_not_there_is_said_once_and_without_words_of_the_engine(office: Office):
    page = office.reader("edu1.proj", language="en").get("/instances/nothing").text

    assert "Not found, or not for you to see." in page
    assert "Expected" not in page
    assert page.count("Not found") == 3  # title, heading, sentence


def test_a_refused_form_does_not_tell_the_key_of_the_form(office: Office):
    office.start()
    reader = office.reader("edu1.proj", language="en")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")

    page = reader.post(f"{path}/complete", cause="x").text

    assert "The form refuses this; see each fault." in page
    assert "Expected a sound" not in page


def test_who_was_faster_is_called_by_the_title(office: Office):
    office.start()
    one, other = office.reader("edu1.proj"), office.reader("edu1.proj")
    path = one.first_link("/inbox?list=claimable", "填报纠偏措施")
    one.post(f"{path}/complete", **SOUND)

    page = other.post(f"{path}/complete", **SOUND).text

    assert "已由 示范一中项目责任人 于" in page
    assert "已由 edu1.proj" not in page


def test_a_cancelled_step_says_why_in_words(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    owner.post(f"{owner.first_link('/inbox?list=claimable', '填报纠偏措施')}/complete", **SOUND)
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")
    reviewer.post(f"{check}/return", element_id="measure", comment="请补充证明材料。")

    assert "工作被退回" in reviewer.post(f"{check}/complete", decision="pass").text


def test_the_address_a_form_was_sent_to_leads_to_its_page(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")

    for deed in ("complete", "return", "claim", "release"):
        assert reader.get(f"{path}/{deed}").location == path


def test_a_script_is_told_in_its_own_form_that_the_session_has_ended(office: Office):
    answer = office.app.test_client().post("/user-tasks/x/draft", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json["code"] == "not-signed-in"


def test_the_instant_at_which_somebody_was_faster_is_told_as_pages_tell_instants(office: Office):
    office.start()
    one, other = office.reader("edu1.proj"), office.reader("edu1.proj")
    path = one.first_link("/inbox?list=claimable", "填报纠偏措施")
    one.post(f"{path}/complete", **SOUND)

    page = other.post(f"{path}/complete", **SOUND).text

    assert "于 2026-09-15 10:00 办结。" in page and "T10:00" not in page


def test_who_may_not_name_people_reads_why(office: Office):
    office.start()
    path = office.reader("edu1.proj").first_link("/inbox?list=claimable", "填报纠偏措施")

    answer = office.reader("edu.head").get(f"{path}/people?field=cause")

    assert answer.status_code == 403 and "authorization will not help" not in answer.text


def test_a_language_that_nobody_speaks_here_is_refused_in_words(office: Office):
    answer = office.reader("edu1.proj").post("/language", language="xx")

    assert answer.status_code == 422
    assert "页面只有中文和英文，请从页面右上角选择语言。" in answer.text


def test_a_version_that_no_diagram_can_have_is_not_there(office: Office):
    answer = office.reader("edu1.proj").get(f"/diagrams/measures:{'9' * 23}")

    assert answer.status_code == 404


def test_who_sends_a_form_after_the_session_has_ended_is_told_so_on_the_way_in(office: Office):
    client = office.app.test_client()

    refused = client.post("/user-tasks/some/complete", data={"cause": "词"}, headers={"Accept-Language": "zh"})

    assert refused.status_code == 303 and refused.location.startswith("/login?next=/user-tasks/some/complete")
    assert "登录已失效，请重新登录" in client.get(refused.location, headers={"Accept-Language": "zh"}).text
    assert "登录已失效" not in client.get("/login?next=/inbox", headers={"Accept-Language": "zh"}).text
