"""A person's way through the pages: sign in, find, claim, fill in, be told what is wrong, mend, finish."""

from __future__ import annotations

from datetime import timedelta

from tests.web.office import Office

A_CAUSE = "两次招标均无供应商响应，采购失败。"


def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_the_page(office: Office):
    answer = office.app.test_client().get("/inbox?list=done")

    assert answer.status_code == 303
    assert answer.location == "/login?next=/inbox?list%3Ddone"


def test_a_wrong_password_is_told_in_chinese_and_keeps_the_account(office: Office):
    answer = office.app.test_client().post("/login", data={"account": "edu1.proj", "password": "wrong"})

    assert answer.status_code == 401
    assert 'value="edu1.proj"' in answer.text
    assert "账号" in answer.text and 'role="alert"' in answer.text


def test_no_other_site_is_gone_on_to(office: Office):
    reader = office.reader("edu1.proj")

    answer = reader.post("/language", language="en", next="//evil.example/inbox")

    assert answer.location == "/inbox"


def test_the_inbox_shows_what_can_be_claimed_with_its_project_and_working_days(office: Office):
    office.start()

    page = office.reader("edu1.proj").get("/inbox?list=claimable").text

    assert "填报纠偏措施" in page
    assert "义务教育薄弱环节改善" in page
    assert "还剩 5 个工作日" in page
    assert "(1)" in page


def test_an_empty_inbox_says_what_to_do_next(office: Office):
    office.start()

    assert "有 1 项等待认领" in office.reader("edu1.proj").get("/inbox").text
    assert "没有等待认领的事项" in office.reader("health.proj").get("/inbox?list=claimable").text


def test_every_fault_stands_at_its_field_and_nothing_typed_is_lost(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")

    answer = reader.post(
        f"{path}/complete", cause="太短", kind="money", amount="一百", rows__0__text="重新招标", rows__0__share="９０"
    )

    assert answer.status_code == 422
    assert "分值合计必须等于 100（当前 90）" in answer.text
    assert '<a href="#field-cause">' in answer.text
    assert "太短" in answer.text and 'value="一百"' in answer.text and 'value="重新招标"' in answer.text
    assert answer.text.count('aria-invalid="true"') >= 2


def test_a_sound_form_is_done_and_goes_to_the_reviewer(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")

    answer = reader.post(
        f"{path}/complete",
        cause=A_CAUSE,
        kind="money",
        amount="1,200.50",
        rows__0__text="重新招标",
        rows__0__share="100",
    )

    assert answer.status_code == 303
    assert "填报纠偏措施" in reader.get("/inbox?list=done").text
    assert "部门审核措施" in office.reader("edu.perf").get("/inbox?list=claimable").text


def test_the_draft_keeps_unsound_values_and_answers_what_the_form_makes_of_them(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")
    reader.post(f"{path}/claim")

    answer = reader.post(
        f"{path}/draft", cause="太短", kind="other", amount="一百", rows__0__share="40", rows__1__share="20"
    )

    assert answer.json["fields"]["total"]["text"] == "60"
    assert answer.json["fields"]["other"] == {"text": "", "visible": True, "required": True}
    page = reader.get(path).text
    assert "太短" in page and 'value="一百"' in page and "草稿保存于" in page


def test_who_was_faster_is_told_and_the_words_of_the_slower_one_stay(office: Office):
    office.start()
    one, other = office.reader("edu1.proj"), office.reader("edu1.proj")
    path = one.first_link("/inbox?list=claimable", "填报纠偏措施")
    sound = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
    one.post(f"{path}/complete", **sound)

    answer = other.post(f"{path}/complete", **{**sound, "cause": "另一个同样足够长的原因说明。"})

    assert answer.status_code == 409
    assert "示范一中项目责任人 于" in answer.text
    assert "另一个同样足够长的原因说明。" in answer.text


def test_a_page_out_of_sight_is_not_found(office: Office):
    instance = office.start()
    path = office.reader("edu1.proj").first_link("/inbox?list=claimable", "填报纠偏措施")
    stranger = office.reader("health.proj")

    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/instances/{instance}").status_code == 404
    assert stranger.post(f"{path}/complete", cause=A_CAUSE).status_code == 404
    assert "PRJ:A01:2026" not in stranger.get("/instances").text


def test_a_change_without_the_token_of_the_session_is_refused(office: Office):
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")

    assert reader.client.post(f"{path}/claim").status_code == 403


def test_the_work_is_returned_with_a_comment_the_other_side_sees(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    owner.post(f"{path}/complete", cause=A_CAUSE, kind="money", rows__0__text="重新招标", rows__0__share="100")
    check = reviewer.first_link("/inbox?list=claimable", "部门审核措施")

    short = reviewer.post(f"{check}/return", element_id="measure", comment="不行")
    done = reviewer.post(f"{check}/return", element_id="measure", comment="请补充采购失败的证明材料。")

    assert short.status_code == 422 and "不行" in short.text
    assert done.status_code == 303
    again = owner.get(owner.first_link("/inbox?list=claimable", "填报纠偏措施")).text
    assert "请补充采购失败的证明材料。" in again
    assert A_CAUSE in again and 'value="重新招标"' in again


def test_the_page_says_why_it_is_done_here(office: Office):
    office.start()
    reader = office.reader("edu1.proj")

    page = reader.get(reader.first_link("/inbox?list=claimable", "填报纠偏措施")).text

    assert "为什么由此办理" in page
    assert "示范一中 项目责任人：示范一中项目责任人" in page


def test_the_instance_page_shows_where_it_stands_and_what_happened(office: Office):
    instance = office.start()

    page = office.reader("edu.head").get(f"/instances/{instance}").text

    assert 'data-here="measure"' in page
    assert "填报纠偏措施" in page and "待认领" in page


def test_a_supervisor_sees_what_is_overdue_and_since_when(office: Office):
    office.start()
    office.clock.move_to(office.clock.now() + timedelta(days=14))

    page = office.reader("gov.lead").get("/overdue").text

    assert "填报纠偏措施" in page and "示范一中" in page
    assert "逾期 5 个工作日" in page


def test_a_person_of_the_demonstration_is_one_click_away(office: Office):
    office.start()
    client = office.app.test_client()

    answer = client.post("/demonstration/person", data={"user_id": "edu1.proj"})

    assert answer.status_code == 303
    assert "示范一中项目责任人" in client.get("/inbox").text
    assert client.post("/demonstration/person", data={"user_id": "admin"}).status_code in (403, 422)
