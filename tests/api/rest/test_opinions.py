"""Opinions and comments through the doors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors
from tests.opining import opining

QUESTION = "整改措施是否可行？"


@pytest.fixture
def started(doors: Doors) -> dict[str, Any]:
    """A plan that waits for its owner."""
    deployed = doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION, opinion_bpmn=opining())
    assert deployed.status_code == 201, deployed.text
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    return doors.visitor("edu1.proj").post("/api/v1/process-instances", start).json


@pytest.fixture
def plan(started: dict[str, Any]) -> str:
    return f"/api/v1/user-tasks/{started['opened_user_tasks'][0]}"


@pytest.fixture
def thread(started: dict[str, Any]) -> str:
    return f"/api/v1/process-instances/{started['process_instance_id']}/comments"


def test_a_colleague_is_asked_answers_and_it_is_told(doors: Doors, plan: str) -> None:
    owner, asked = doors.visitor("edu1.proj"), doors.visitor("health.head")
    before = owner.get(plan)
    assert owner.get(f"{plan}/opinions").json == {"items": [], "may_ask": True}
    body = {"of": ["health.head"], "question": QUESTION, "until": "2026-09-18"}
    sent = owner.post(f"{plan}/opinions", body, headers={"If-Match": before.headers["ETag"]})
    assert sent.status_code == 200, sent.text

    (mine,) = asked.get("/api/v1/user-tasks").json["items"]
    shown = asked.get(f"/api/v1/user-tasks/{mine['id']}").json
    assert shown["variables"]["asked"]["question"] == QUESTION
    # being asked opens neither the work nor its case
    assert asked.get(plan).status_code == 404
    assert asked.get(f"{plan}/opinions").status_code == 404
    submission = {"given": True, "by": "health.head", "opinion": "可行"}
    assert asked.post(f"/api/v1/user-tasks/{mine['id']}/complete", {"submission": submission}).status_code == 200

    (told,) = owner.get(f"{plan}/opinions").json["items"]
    assert (told["of"], told["state"], told["given_by"], told["opinion"]) == (
        "health.head", "given", "health.head", "可行",
    )  # fmt: skip
    assert (told["asked_by"], told["until"]) == ("edu1.proj", "2026-09-18")
    # the work is as it was read before
    assert owner.get(plan).headers["ETag"] == before.headers["ETag"]
    assert doors.visitor("edu.perf").get(f"{plan}/opinions").json["may_ask"] is False


def test_every_fault_is_told_at_once(doors: Doors, plan: str) -> None:
    body = {"of": ["edu1.proj", "designer", "exp.a"], "question": "吗", "until": "2027-01-01"}
    refused = doors.visitor("edu1.proj").post(f"{plan}/opinions", body)
    assert (refused.status_code, refused.json["code"]) == (422, "opinion-invalid")
    assert [(fault["code"], fault["path"]) for fault in refused.json["faults"]] == [
        ("opinion-of-oneself", "of"),
        ("opinion-person", "of"),
        ("opinion-person", "of"),
        ("opinion-question", "question"),
        ("opinion-day", "until"),
    ]
    assert refused.json["faults"][0]["message"] == "不能征求自己的意见，也不能征求由您代办的人的意见。"
    assert refused.json["detail"] == "征求意见有 5 处需要修改。"


def test_too_many_and_nobody(doors: Doors, plan: str) -> None:
    owner = doors.visitor("edu1.proj")
    nobody = owner.post(f"{plan}/opinions", {"of": [], "question": QUESTION})
    assert nobody.json["faults"][0]["message"] == "请选择征求谁的意见。"
    many = owner.post(f"{plan}/opinions", {"of": [f"p{number}" for number in range(11)], "question": QUESTION})
    assert many.json["faults"][0]["message"] == "同一事项同时最多征求 10 人的意见：本次 11 人，另有 0 人还没有提出。"


def test_where_no_process_asks_it_is_said(doors: Doors) -> None:
    doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    owner = doors.visitor("edu1.proj")
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    plan = f"/api/v1/user-tasks/{owner.post('/api/v1/process-instances', start).json['opened_user_tasks'][0]}"
    assert owner.get(f"{plan}/opinions").json["may_ask"] is False
    refused = owner.post(f"{plan}/opinions", {"of": ["fin.dir"], "question": QUESTION})
    assert (refused.status_code, refused.json["code"]) == (409, "no-opinions-here")
    assert refused.json["detail"] == "这一步不办理加签。"


def test_comments_are_written_and_read_page_by_page(doors: Doors, thread: str) -> None:
    owner, reviewer = doors.visitor("edu1.proj"), doors.visitor("edu.perf")
    for number in range(3):
        sent = owner.post(thread, {"text": f"第{number}句\r\n\r\n第二段"})
        assert sent.status_code == 201, sent.text
    first = reviewer.get(f"{thread}?limit=2").json
    assert [each["text"] for each in first["items"]] == ["第0句\n\n第二段", "第1句\n\n第二段"]
    assert first["items"][0]["written_by"] == "edu1.proj"
    rest = reviewer.get(f"{thread}?limit=2&cursor={first['cursor']}").json
    assert [each["text"] for each in rest["items"]] == ["第2句\n\n第二段"] and rest["cursor"] is None
    latest = reviewer.get(f"{thread}?limit=1&order=latest-first").json
    assert latest["items"][0]["text"] == "第2句\n\n第二段"
    # a mark of one order is none of the other
    assert reviewer.get(f"{thread}?order=latest-first&cursor={first['cursor']}").json["code"] == "invalid-cursor"


def test_the_same_comment_under_the_same_key_is_written_once(doors: Doors, thread: str) -> None:
    owner = doors.visitor("edu1.proj")
    key = {"Idempotency-Key": "say-1"}
    first = owner.post(thread, {"text": "请补充"}, headers=key)
    assert owner.post(thread, {"text": "请补充"}, headers=key).json == first.json
    assert len(owner.get(thread).json["items"]) == 1


def test_who_only_oversees_is_refused_and_who_sees_nothing_finds_nothing(doors: Doors, thread: str) -> None:
    for login, status in {"admin": 403, "health.head": 404}.items():
        visitor = doors.visitor(login)
        assert visitor.get(thread).status_code == status
        assert visitor.post(thread, {"text": "我也说一句"}).status_code == status
    refused = doors.visitor("admin").get(thread).json
    assert (refused["code"], refused["detail"]) == (
        "comments-not-shared", "沟通内容只对能够查看整个流程的人开放。",
    )  # fmt: skip


def test_a_comment_that_is_too_long_is_told_its_limit(doors: Doors, thread: str) -> None:
    refused = doors.visitor("edu1.proj").post(thread, {"text": "长" * 2001})
    assert (refused.status_code, refused.json["code"]) == (422, "comment-invalid")
    assert refused.json["faults"][0]["message"] == "内容应有 1 至 2000 个字，现有 2001 个。"
