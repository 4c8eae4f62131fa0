"""Taking back what was handed over, and asking for it, through the doors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors
from tests.withdrawing import answering

REASON = "附件传错，需要更换"
FILED = {"submission": {"measure": "加强调度"}}


@pytest.fixture
def plan(doors: Doors) -> str:
    """Address of a plan that its owner has handed over to the department."""
    deployed = doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION, withdrawal_bpmn=answering())
    assert deployed.status_code == 201, deployed.text
    owner = doors.visitor("edu1.proj")
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    started = owner.post("/api/v1/process-instances", start)
    address = f"/api/v1/user-tasks/{started.json['opened_user_tasks'][0]}"
    done = owner.post(f"{address}/complete", FILED)
    assert done.status_code == 200, done.text
    return address


def review(doors: Doors) -> str:
    """Address of the review, by a list: nobody opens it by that."""
    (item,) = doors.visitor("edu.perf").get("/api/v1/user-tasks").json["items"]
    return f"/api/v1/user-tasks/{item['id']}"


def test_what_nobody_has_opened_is_taken_back_and_gone_on_with(doors: Doors, plan: str) -> None:
    owner, reviewer = doors.visitor("edu1.proj"), doors.visitor("edu.perf")
    waiting = review(doors)
    before = owner.get(plan).json
    assert before["may_withdraw"] == "take"

    moved = owner.post(f"{plan}/withdraw", {"reason": "数字还要核对"})

    assert moved.status_code == 200, moved.text
    again = owner.get(f"/api/v1/user-tasks/{moved.json['opened_user_tasks'][0]}").json
    assert (again["element_id"], again["assignee"], again["due_at"]) == ("plan", "edu1.proj", before["due_at"])
    assert again["may_complete"] is True
    assert owner.get(plan).json["may_withdraw"] is None
    assert reviewer.get("/api/v1/user-tasks").json["items"] == []
    closed = reviewer.get(waiting).json
    assert (closed["state"], closed["closed_cause"]) == ("cancelled", "withdrawal")


def test_a_reason_may_be_left_out_and_the_same_request_takes_back_once(doors: Doors, plan: str) -> None:
    owner = doors.visitor("edu1.proj")
    key = {"Idempotency-Key": "back-1"}
    first = owner.post(f"{plan}/withdraw", {}, headers=key)
    assert first.status_code == 200, first.text
    assert owner.post(f"{plan}/withdraw", {}, headers=key).json == first.json
    assert owner.post(f"{plan}/withdraw", {}).status_code == 409


def test_who_looks_at_a_review_has_opened_it(doors: Doors, plan: str) -> None:
    owner, reviewer = doors.visitor("edu1.proj"), doors.visitor("edu.perf")
    waiting = review(doors)
    # who only oversees the unit opens nothing
    assert doors.visitor("edu.head").get(waiting).status_code == 200
    assert owner.get(plan).json["may_withdraw"] == "take"

    assert reviewer.get(waiting).status_code == 200

    assert owner.get(plan).json["may_withdraw"] == "ask"
    refused = owner.post(f"{plan}/withdraw", {})
    assert (refused.status_code, refused.json["code"]) == (409, "review-opened")
    assert refused.json["facts"]["opened_by"] == "edu.perf"
    assert "可以申请撤回" in refused.json["detail"]


def test_the_reviewer_is_asked_answers_and_all_of_it_is_told(doors: Doors, plan: str) -> None:
    owner, reviewer = doors.visitor("edu1.proj"), doors.visitor("edu.perf")
    waiting = review(doors)
    reviewer.post(f"{waiting}/claim")
    asked = owner.post(f"{plan}/withdrawal-request", {"reason": REASON})
    assert asked.status_code == 200, asked.text
    shown = owner.get(plan).json
    assert (shown["withdrawal"]["state"], shown["withdrawal"]["reason"]) == ("asked", REASON)
    assert shown["may_withdraw"] is None
    assert reviewer.get(waiting).json["asked_back"]["asked_by"] == "edu1.proj"
    assert owner.post(f"{plan}/withdrawal-request", {"reason": REASON}).json["code"] == "withdrawal-asked-before"

    (question,) = [
        item for item in reviewer.get("/api/v1/user-tasks").json["items"] if item["element_id"] == "answer"
    ]
    submission = {"granted": True, "by": "edu.perf", "opinion": "请尽快改正"}
    done = reviewer.post(f"/api/v1/user-tasks/{question['id']}/complete", {"submission": submission})
    assert done.status_code == 200, done.text

    told = owner.get(plan).json["withdrawal"]
    assert (told["state"], told["answered_by"], told["opinion"]) == ("granted", "edu.perf", "请尽快改正")
    (mine,) = owner.get("/api/v1/user-tasks").json["items"]
    assert (mine["element_id"], mine["assignee"]) == ("plan", "edu1.proj")


def test_a_short_reason_is_refused_with_its_limits(doors: Doors, plan: str) -> None:
    doors.visitor("edu.perf").post(f"{review(doors)}/claim")
    refused = doors.visitor("edu1.proj").post(f"{plan}/withdrawal-request", {"reason": "错"})
    assert refused.status_code == 422
    assert [(fault["code"], fault["path"]) for fault in refused.json["faults"]] == [("withdrawal-reason", "reason")]
    assert refused.json["faults"][0]["message"] == "理由应有 5 至 500 个字，现有 1 个。"


def test_only_the_submitter_takes_it_back(doors: Doors, plan: str) -> None:
    assert doors.visitor("edu.head").post(f"{plan}/withdraw", {}).status_code == 403
    assert doors.visitor("health.proj").post(f"{plan}/withdraw", {}).status_code == 404


@pytest.mark.parametrize("body", [{"reason": 7}, {"reason": "长" * 4001}, {"because": "x"}])
@pytest.mark.parametrize("door", ["withdraw", "withdrawal-request"])
def test_what_is_no_request_is_refused(doors: Doors, plan: str, door: str, body: dict[str, Any]) -> None:
    assert doors.visitor("edu1.proj").post(f"{plan}/{door}", body).status_code == 422
