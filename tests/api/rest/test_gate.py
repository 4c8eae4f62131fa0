"""The gate: cookies, tokens of forms, other sites, headers, counted tries, bodies that do not fit."""

from __future__ import annotations

import io
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from api.house import ReadinessCheck, house
from api.identity.gate import Gate
from api.rest.application import make_application
from api.rest.doors import DOORS
from tests.api.district import NOW, PASSWORD
from tests.api.rest.building import make_doors
from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors

SESSION = "/api/v1/session"


@pytest.fixture
def browser(some_doors: Doors) -> FlaskClient:
    """A browser in which edu.perf has signed in."""
    client = some_doors.app.test_client()
    assert client.post(SESSION, json={"username": "edu.perf", "password": PASSWORD}).status_code == 204
    return client


def csrf(browser: FlaskClient) -> dict[str, str]:
    return {"X-CSRF-Token": browser.get(SESSION).json["csrf_token"]}


def test_the_cookie_is_for_this_site_and_out_of_reach_of_scripts(some_doors):
    answer = some_doors.app.test_client().post(SESSION, json={"username": "edu.perf", "password": PASSWORD})

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("bihuan=")
    assert cookie.partition("; ")[2] == "HttpOnly; Path=/; SameSite=Lax"


def test_over_https_the_cookie_is_bound_to_host_and_https(some_doors):
    with some_doors.app.app_context():
        there = house()
    gate = Gate(some_doors.district.front_desk, https=True, language="zh")
    app = make_application(
        replace(there, gate=gate, settings=replace(there.settings, https=True)),
        [door for door in DOORS if door.name == "session"],
        version="0",
    )
    answer = app.test_client().post(SESSION, json={"username": "edu.perf", "password": PASSWORD})

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-bihuan=")
    assert cookie.partition("; ")[2] == "Secure; HttpOnly; Path=/; SameSite=Lax"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_change_by_cookie_without_the_token_of_its_session_is_refused(browser, token):
    headers = {} if token is None else {"X-CSRF-Token": token.encode().decode("latin-1")}

    answer = browser.patch(SESSION, json={"language": "en"}, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (403, "form-not-from-here")


def test_the_token_of_another_session_does_not_serve(some_doors, browser):
    other = some_doors.app.test_client()
    other.post(SESSION, json={"username": "edu.head", "password": PASSWORD})

    assert browser.patch(SESSION, json={"language": "en"}, headers=csrf(other)).status_code == 403


def test_with_its_token_a_change_by_cookie_goes_through(browser):
    assert browser.patch(SESSION, json={"language": "en"}, headers=csrf(browser)).status_code == 204
    assert browser.get(SESSION).json["language"] == "en"


def test_a_form_field_carries_the_token_as_well(some_doors):
    client = some_doors.app.test_client()
    client.post(SESSION, json={"username": "designer", "password": PASSWORD})
    token = client.get(SESSION).json["csrf_token"]
    upload = {"files": (io.BytesIO(RECTIFICATION), "a.bpmn"), "csrf_token": token}

    assert client.post("/api/v1/deployments", data=upload, content_type="multipart/form-data").status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_make_a_browser_sign_in_or_change_anything(some_doors, browser, headers):
    signed_in = some_doors.app.test_client().post(
        SESSION, json={"username": "edu.perf", "password": PASSWORD}, headers=headers
    )
    changed = browser.patch(SESSION, json={"language": "en"}, headers={**csrf(browser), **headers})

    assert (signed_in.status_code, changed.status_code) == (403, 403)


def test_a_request_from_the_own_site_is_not_refused(browser):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", **csrf(browser)}

    assert browser.patch(SESSION, json={"language": "en"}, headers=headers).status_code == 204


def test_an_ended_session_is_answered_with_401(some_doors, browser):
    old = browser.get_cookie("bihuan").value
    assert browser.delete(SESSION, headers=csrf(browser)).status_code == 204
    assert browser.get_cookie("bihuan") is None

    browser.set_cookie("bihuan", old)
    answer = browser.get(SESSION)

    assert (answer.status_code, answer.json["code"]) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="bihuan"'


def test_signing_in_gives_a_new_session_and_ends_the_one_before(some_doors, browser):
    old = browser.get_cookie("bihuan").value
    browser.post(SESSION, json={"username": "edu.perf", "password": PASSWORD}, headers=csrf(browser))
    new = browser.get_cookie("bihuan").value

    browser.set_cookie("bihuan", old)
    assert old != new
    assert browser.get(SESSION).status_code == 401


def test_an_idle_session_is_answered_with_401(some_doors, browser):
    some_doors.district.wall_clock.move_to(NOW + timedelta(minutes=30))

    assert browser.get(SESSION).status_code == 401


def test_the_sixth_try_is_answered_with_429_and_the_time_to_wait(some_doors):
    client = some_doors.app.test_client()
    wrong = {"username": "edu.perf", "password": "wrong password"}
    statuses = [client.post(path, json=wrong).status_code for path in (SESSION, "/api/v1/tokens") * 3]
    answer = client.post(SESSION, json={"username": "edu.perf", "password": PASSWORD})

    assert statuses == [401, 401, 401, 401, 401, 429]
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert answer.json["detail"] == "登录失败次数过多，请在 900 秒后再试。"


@pytest.mark.parametrize(
    "authorization", ["Bearer bihuan_nonsense", "Bearer ", "Basic ZWR1LnBlcmY6eA==", "Digest x", "Bearer a b"]
)
def test_a_token_that_is_none_does_not_let_in(some_doors, browser, authorization):
    """Not even where a valid cookie comes along: a program that shows a token means to be known by it."""
    assert browser.get(SESSION, headers={"Authorization": authorization}).status_code == 401


def test_a_revoked_token_does_not_let_in(some_doors):
    visitor = some_doors.visitor("edu.perf")
    (token,) = visitor.get("/api/v1/tokens").json["items"]
    assert visitor.delete(f"/api/v1/tokens/{token['id']}").status_code == 204

    assert visitor.get(SESSION).status_code == 401


def test_a_token_is_issued_for_username_and_password(some_doors):
    client = some_doors.app.test_client()
    body = {"username": "edu.perf", "password": PASSWORD, "name": "夜间导入", "lifetime_days": 7}
    made = client.post("/api/v1/tokens", json=body)

    assert made.status_code == 201
    assert made.json["expires_at"] == "2026-09-22T02:00:00Z"
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    assert client.get(SESSION, headers=headers).json["csrf_token"] is None
    (listed,) = client.get("/api/v1/tokens", headers=headers).json["items"]
    assert (listed["name"], "token" in listed) == ("夜间导入", False)


@pytest.mark.parametrize("path", [SESSION, "/livez", "/nowhere", "/api/v1/openapi.json"])
def test_every_answer_carries_the_headers_that_keep_browsers_safe(some_doors, path):
    headers = some_doors.app.test_client().get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("zh-CN,zh;q=0.9", "请先登录。"),
        ("en-GB,en;q=0.9", "Expected a session or a bearer token, but found none that is valid."),
        ("fr", "请先登录。"),
        ("", "请先登录。"),
    ],
)
def test_a_refusal_speaks_the_language_that_was_asked_for(some_doors, language, detail):
    answer = some_doors.app.test_client().get(SESSION, headers={"Accept-Language": language})

    assert answer.json["detail"] == detail


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"Accept-Language": "zh"}, "zh"),
        ({"Accept-Language": "fr, zh;q=0.5, *;q=0.1"}, "zh"),
        ({"Accept-Language": "fr"}, "en"),
        ({"Accept-Language": "*"}, "en"),
        ({}, "en"),
    ],
)
def test_a_program_is_answered_in_the_language_that_it_names_and_else_in_that_of_the_account(
    some_doors, browser, asked, expected
):
    assert browser.patch(SESSION, json={"language": "en"}, headers=csrf(browser)).status_code == 204

    refused = some_doors.visitor("edu.perf").get("/api/v1/user-tasks?limit=0", headers=asked)

    assert refused.headers["Content-Language"] == expected
    assert [fault["message"] for fault in refused.json["faults"]] == [
        {"zh": "“limit”太小。", "en": "limit: Input should be greater than or equal to 1"}[expected]
    ]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"{", "application/json", 422, "unsound-json"),
        (b"\xff", "application/json", 422, "unsound-json"),
        (b"[]", "application/json", 422, "unsound-json"),
        (b"null", "application/json", 422, "unsound-json"),
        (b'{"username": NaN}', "application/json", 422, "unsound-json"),
        (b'{"username": "a", "username": "b"}', "application/json", 422, "unsound-json"),
        (b'{"username": "\\u0000", "password": "x"}', "application/json", 422, "unsound-json"),
        (b'{"username": 1e999999999, "password": "x"}', "application/json", 422, "unsound-json"),
        (b'{"username": 1e99999999999999999999, "password": "x"}', "application/json", 422, "unsound-json"),
        (b'{"username": -1E-99999999999999999999, "password": "x"}', "application/json", 422, "unsound-json"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "application/json", 422, "unsound-json"),
        (b"[" * 100_000, "application/json", 422, "unsound-json"),
        (b"{}", "application/json", 422, "unsound-request"),
        (b'{"username": "a", "password": "b", "admin": true}', "application/json", 422, "unsound-request"),
        (b"username=a&password=b", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b"<a/>", "text/xml", 415, "unsupported-media-type"),
        (b"{}", None, 415, "unsupported-media-type"),
        (b'"' + b"x" * 7_000_000 + b'"', "application/json", 413, "request-entity-too-large"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_cleanly(some_doors, content, content_type, status, code):
    answer = some_doors.app.test_client().post(SESSION, data=content, content_type=content_type)

    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (status, "application/problem+json", code)


@pytest.mark.parametrize("days", ["5", True, 5.5, None, [5]])
def test_a_whole_number_in_a_body_is_a_json_number(some_doors, days):
    wanted = {"username": "edu.perf", "password": PASSWORD, "lifetime_days": days}
    refused = some_doors.app.test_client().post("/api/v1/tokens", json=wanted)

    assert (refused.status_code, refused.json["code"]) == (422, "unsound-request")
    assert [(fault["path"], fault["message"]) for fault in refused.json["faults"]] == [
        ("lifetime_days", "“lifetime_days”应为整数。")
    ]


@pytest.mark.parametrize("days", [b"5", b"5.0", b"5e0"])
def test_a_whole_number_may_be_written_as_json_allows(some_doors, days):
    content = b'{"username":"edu.perf","password":"%s","lifetime_days":%s}' % (PASSWORD.encode(), days)
    made = some_doors.app.test_client().post("/api/v1/tokens", data=content, content_type="application/json")

    assert made.status_code == 201, made.text
    lasts = datetime.fromisoformat(made.json["expires_at"]) - datetime.fromisoformat(made.json["created_at"])
    assert lasts == timedelta(days=5)


def test_a_query_that_does_not_fit_tells_all_its_faults(some_doors):
    answer = some_doors.visitor("edu.perf").get("/api/v1/user-tasks?limit=0&list=all&colour=red&due_before=soon")

    assert (answer.status_code, answer.json["code"]) == (422, "unsound-request")
    assert {fault["path"]: fault["message"] for fault in answer.json["faults"]} == {
        "limit": "“limit”太小。",
        "list": "“list”不是允许的值。",
        "colour": "不认识的参数“colour”。",
        "due_before": "“due_before”应为日期时间（ISO 8601）。",
    }


@pytest.mark.parametrize("cursor", ["xxx", "bWzDvw", "mx", "cx"])
def test_a_cursor_that_no_page_gave_is_refused_and_no_empty_page(some_doors, cursor):
    answer = some_doors.visitor("edu.perf").get(f"/api/v1/user-tasks?cursor={cursor}")

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-cursor")


@pytest.mark.parametrize("name", ["mine", "claimable", "done"])
@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00"])
def test_a_cursor_beyond_the_calendar_or_without_its_zone_is_refused(some_doors, name, instant):
    cursor = urlsafe_b64encode(json.dumps([name, instant, "x"]).encode()).decode()

    answer = some_doors.visitor("edu.perf").get(f"/api/v1/user-tasks?list={name}&cursor={cursor}")

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-cursor")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("user-tasks?overdue=maybe", "“overdue”应为 true 或 false。"),
        ("process-definitions?all_versions=2026", "“all_versions”应为 true 或 false。"),
    ],
)
def test_faults_of_a_query_are_told_in_chinese(some_doors, path, message):
    answer = some_doors.visitor("edu.perf").get(f"/api/v1/{path}")

    assert [fault["message"] for fault in answer.json["faults"]] == [message]


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=mx",
        "cursor=c%00",
        "cursor=bWzDvw",
        "due_before=9999-12-31T23:59:59-23:00",
        "due_before=0001-01-01T00:00:00%2B23:00",
        "text=%00",
        "text=%ff",
        "business_key=" + "x" * 256,
    ],
)
def test_no_query_makes_the_door_fall_over(doors, query):
    assert doors.visitor("edu.perf").get(f"/api/v1/user-tasks?{query}").status_code in (200, 404, 422)


@pytest.mark.parametrize("identifier", ["x", "%00", "%ff", "..", "x" * 3000, "%F0%9F%92%A9", "' OR 1=1 --"])
def test_no_identifier_makes_the_door_fall_over(doors, identifier):
    visitor = doors.visitor("fin.lead")
    statuses = {
        visitor.get(f"/api/v1/user-tasks/{identifier}").status_code,
        visitor.get(f"/api/v1/process-instances/{identifier}").status_code,
        visitor.get(f"/api/v1/process-definitions/{identifier}/xml").status_code,
        visitor.post(f"/api/v1/user-tasks/{identifier}/claim").status_code,
        visitor.post(f"/api/v1/incidents/{identifier}/retry").status_code,
    }

    assert statuses <= {404, 405}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "no-files"),
        ({"files": [(io.BytesIO(b"x"), "a.bpmn"), (io.BytesIO(b"y"), "b/a.bpmn")]}, "named-twice"),
        ({"files": (io.BytesIO(b"x"), "\x01.bpmn")}, "unsound-file-name"),
        ({"files": (io.BytesIO(RECTIFICATION), "a.bpmn"), "force": "yes"}, "unsound-parameter"),
        ({"files": (io.BytesIO(RECTIFICATION), "a.bpmn"), "comment": "x" * 2001}, "unsound-parameter"),
        ({"files": (io.BytesIO(b"PK\x03\x04"), "../../etc/passwd")}, "unknown-kind-of-file"),
        ({"files": (io.BytesIO(b"<!DOCTYPE x><x/>"), "a.bpmn")}, "xml-document-type"),
    ],
)
def test_an_upload_that_does_not_fit_is_refused_cleanly(some_doors, data, code):
    visitor = some_doors.visitor("designer")
    answer = visitor.post("/api/v1/deployments", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json["faults"]} == {code}


def test_an_upload_must_be_multipart(some_doors):
    visitor = some_doors.visitor("designer")
    answer = visitor.post("/api/v1/deployments", data=RECTIFICATION, content_type="application/xml")

    assert answer.status_code == 415


def test_an_upload_larger_than_allowed_is_refused(some_doors):
    visitor = some_doors.visitor("designer")
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.bpmn"\r\n\r\n'
    content = head + b"x" * 7_000_000 + b"\r\n--b--\r\n"
    answer = visitor.post("/api/v1/deployments", data=content, content_type="multipart/form-data; boundary=b")

    assert (answer.status_code, answer.json["code"]) == (413, "request-entity-too-large")


def test_a_failure_inside_tells_nothing_of_itself(some_doors, caplog):
    def fail() -> None:
        raise RuntimeError("the password of the database is swordfish")

    with some_doors.app.app_context():
        there = house()
    replace(there, readiness=fail).hand_to(some_doors.app)
    answer = some_doors.app.test_client().get("/readyz")

    assert (answer.status_code, answer.json["code"]) == (500, "internal-error")
    assert "swordfish" not in answer.text
    assert "swordfish" in caplog.text


def test_readiness_names_what_is_not_well(sqlite_database_url, tmp_path):
    checks = (ReadinessCheck(name="database", ok=True), ReadinessCheck(name="disk", ok=False, note="12 MB left"))
    doors = make_doors(sqlite_database_url, tmp_path, checks)
    answer = doors.app.test_client().get("/readyz")
    doors.district.database.dispose()

    assert answer.status_code == 503
    assert answer.json == {"status": "failing", "checks": {"database": True, "disk": False}}
