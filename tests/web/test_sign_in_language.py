"""The language of who has not signed in yet."""

from __future__ import annotations

from tests.api.district import PASSWORD
from tests.web.office import Office


def test_the_sign_in_page_is_switched_and_stays_so_after_signing_in(office: Office):
    client = office.app.test_client()

    assert 'href="/login?language=en' in client.get("/login", headers={"Accept-Language": "zh-CN"}).text
    page = client.get("/login?language=en", headers={"Accept-Language": "zh-CN"}).text

    assert "<h1 id=\"sign-in-head\">Sign in</h1>" in page
    client.post("/login", data={"account": "edu1.proj", "password": PASSWORD}, headers={"Accept-Language": "zh-CN"})
    assert "Work to do" in client.get("/inbox", headers={"Accept-Language": "zh-CN"}).text


def test_what_a_person_has_chosen_counts_more(office: Office):
    reader = office.reader("edu1.proj")
    reader.post("/language", language="zh")
    reader.get("/login?language=en")

    assert "待办事项" in reader.get("/inbox").text


def test_no_other_language_is_taken(office: Office):
    page = office.app.test_client().get("/login?language=fr", headers={"Accept-Language": "zh-CN"}).text

    assert ">登录</h1>" in page
