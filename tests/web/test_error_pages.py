"""Whatever goes wrong is told on a page like the others, with a way on; and told in any case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from werkzeug.test import TestResponse

import web.chrome
from api.identity.gate import ANYONE, SIGNED_IN, RouteRule, open_to
from engine.model.errors import UserTaskAlreadyCompleted
from tests.web.office import Office, Reader

BAR = '<header class="bar">'
ME = "<b>示范一中项目责任人</b>"
TO_INBOX = 'href="/inbox">回到待办</a>'
TO_SIGN_IN = 'href="/login">登录</a>'


def has_bar(page: str) -> bool:
    """Whether the page has the bar of every page: lists, person, language."""
    there = [each in page for each in (BAR, ME, 'href="/overdue"', 'action="/language"', 'action="/logout"')]
    assert len(set(there)) == 1, there
    return there[0]


def fail(office: Office, error: Exception, rule: RouteRule = SIGNED_IN) -> str:
    """Address of a page that fails; to be added before the first request."""

    def broken() -> NoReturn:
        raise error

    office.app.add_url_rule("/broken", "broken", open_to(rule)(broken))
    return "/broken"


def send(reader: Reader, path: str, **fields: str) -> TestResponse:
    return reader.client.post(path, data=fields, headers={**reader.headers, "Referer": "http://localhost/instances"})


@contextmanager
def away(office: Office) -> Iterator[None]:
    """The database is out of reach: where its file was, nothing can be opened."""
    database = office.dispatcher.database
    file = Path(str(database.url.database))
    aside = file.with_suffix(".aside")
    database.dispose()
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        database.dispose()
        file.rmdir()
        aside.rename(file)


@pytest.mark.parametrize(
    ("path", "status", "zh", "en"),
    [
        ("/nothing", 404, "没有找到，或您无权查看。", "Not found, or not for you to see."),
        ("/instances/nothing", 404, "没有找到，或您无权查看。", "Not found, or not for you to see."),
        ("/static/build/none.js", 404, "没有找到，或您无权查看。", "Not found, or not for you to see."),
        ("/logout", 405, "该地址不支持此操作。", "This address does not know the method."),
        ("/incidents", 403, "您没有执行此操作的权限。", "You may not do this."),
        ("/campaigns", 403, "您的角色没有此项权限。", "None of your roles carries this permission."),
    ],
)
def test_what_is_not_there_or_not_allowed_is_told_on_a_page_like_the_others(
    office: Office, path: str, status: int, zh: str, en: str
):
    chinese, english = (office.reader("edu1.proj", language=each).get(path) for each in ("zh", "en"))

    assert (chinese.status_code, english.status_code) == (status, status)
    assert zh in chinese.text and has_bar(chinese.text) and TO_INBOX in chinese.text
    assert en in english.text and has_bar(english.text) and 'href="/inbox">Back to the inbox</a>' in english.text
    assert "登录" not in chinese.text


def test_the_page_speaks_the_language_that_the_person_has_chosen(office: Office):
    reader = office.reader("edu1.proj")
    reader.post("/language", language="en")

    assert "Not found, or not for you to see." in reader.get("/nothing").text


def test_an_address_that_does_not_know_the_method_names_those_it_knows(office: Office):
    assert set(office.reader("edu1.proj").get("/logout").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_what_was_sent_and_refused_leads_back_and_is_not_sent_again_by_a_change_of_language(office: Office):
    reader = office.reader("edu1.proj")
    csrf_token = str(reader.client.get("/api/v1/session").json["csrf_token"])

    expired = send(reader, "/language", csrf_token="of another session", language="en")
    unknown = send(reader, "/language", csrf_token=csrf_token, language="fr")
    too_large = send(reader, "/language", csrf_token=csrf_token, language="x" * 7_000_000)

    for answer, status, said in (
        (expired, 403, "页面已过期"),
        (unknown, 422, "页面只有中文和英文"),
        (too_large, 413, "提交内容超过大小上限。"),
    ):
        assert answer.status_code == status and said in answer.text and has_bar(answer.text)
        assert 'href="/instances">回到刚才的页面</a>' in answer.text
        assert 'name="next" value="/instances"' in answer.text


def test_the_page_of_signing_in_is_no_page_to_go_back_to(office: Office):
    reader = office.reader("edu1.proj")

    def came_from(path: str) -> str:
        return reader.client.get("/nothing", headers={**reader.headers, "Referer": f"http://localhost{path}"}).text

    assert 'href="/instances?status=all">回到刚才的页面</a>' in came_from("/instances?status=all")
    assert "回到刚才的页面" not in came_from("/login?next=/nothing")


def test_what_fails_here_is_told_without_what_has_failed_and_can_be_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture
):
    path = fail(office, RuntimeError("the secret of another unit"))
    answer = office.reader("edu1.proj").get(f"{path}?a=1")

    assert answer.status_code == 500 and answer.mimetype == "text/html"
    assert "系统内部错误，已记录。" in answer.text and has_bar(answer.text)
    assert 'href="/broken?a=1">再试一次</a>' in answer.text and TO_INBOX in answer.text
    assert "secret" not in answer.text and "RuntimeError" not in answer.text
    assert "the secret of another unit" in caplog.text  # for who runs the house


def test_a_page_without_a_rule_is_closed_and_says_so_like_the_others(office: Office):
    office.app.add_url_rule("/unruled", "unruled", lambda: "open")
    answer = office.reader("edu1.proj").get("/unruled")

    assert answer.status_code == 403 and "此地址未开放。" in answer.text and has_bar(answer.text)


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/logout", 405), ("/broken", 500)])
def test_who_is_not_signed_in_gets_the_plain_page_and_a_way_to_sign_in(office: Office, path: str, status: int):
    fail(office, RuntimeError("x"), ANYONE)
    answer = office.app.test_client().get(path, headers={"Accept-Language": "zh"})

    assert answer.status_code == status
    assert not has_bar(answer.text) and TO_SIGN_IN in answer.text
    assert "回到待办" not in answer.text and 'href="/overdue"' not in answer.text


def test_a_session_that_has_ended_counts_for_nothing(office: Office):
    reader = office.reader("edu1.proj")
    reader.post("/logout")

    page = reader.get("/nothing").text

    assert not has_bar(page) and TO_SIGN_IN in page and "示范一中" not in page


def test_what_may_not_be_seen_looks_like_what_is_not_there(office: Office):
    instance = office.start()
    stranger = office.reader("health.head")

    there, nothing = (stranger.get(f"/instances/{each}") for each in (instance, "nothing"))

    assert there.status_code == nothing.status_code == 404
    assert there.text.replace(instance, "nothing") == nothing.text


def test_a_database_out_of_reach_is_told_on_the_plain_page(office: Office):
    reader = office.reader("edu1.proj")
    with away(office):
        inbox, nothing, sign_in = (reader.get(path) for path in ("/inbox?list=mine", "/nothing", "/login"))

    assert (inbox.status_code, inbox.headers["Retry-After"]) == (503, "2")
    assert "数据库暂时繁忙，请稍后再试。" in inbox.text
    assert 'href="/inbox?list=mine">再试一次</a>' in inbox.text
    assert nothing.status_code == 404 and "没有找到" in nothing.text
    for answer in (inbox, nothing, sign_in):
        # nobody knows who asks: neither as somebody nor as nobody is it answered
        assert not has_bar(answer.text) and TO_SIGN_IN not in answer.text and TO_INBOX in answer.text
    assert has_bar(reader.get("/inbox").text)


def test_a_database_that_goes_while_a_page_is_made_costs_neither_the_refusal_nor_the_bar(office: Office):
    going = away(office)

    def broken() -> NoReturn:
        going.__enter__()
        raise UserTaskAlreadyCompleted("x", name="填报", completed_by="edu1.proj", completed_at="10:00")

    office.app.add_url_rule("/broken", "broken", open_to(SIGNED_IN)(broken))
    answer = office.reader("edu1.proj").get("/broken")
    going.__exit__(None, None, None)

    assert answer.status_code == 409 and "10:00 办结" in answer.text and has_bar(answer.text)


def test_where_pages_cannot_be_made_at_all_a_bare_one_tells_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    reader = office.reader("edu1.proj")
    monkeypatch.setattr(web.chrome, "BUILD", tmp_path)  # nobody has built scripts and styles

    missing, broken = reader.get("/nothing"), reader.get("/inbox")

    assert (missing.status_code, broken.status_code) == (404, 500)
    assert "没有找到，或您无权查看。" in missing.text and "系统内部错误，已记录。" in broken.text
    for answer in (missing, broken):
        assert "stylesheet" not in answer.text and TO_INBOX in answer.text


def test_a_part_of_a_page_gets_a_part(office: Office):
    reader = office.reader("edu1.proj", language="en")
    answer = reader.client.get("/nothing", headers={**reader.headers, "HX-Request": "true"})

    assert answer.status_code == 404 and "Not found, or not for you to see." in answer.text
    assert "<html" not in answer.text
