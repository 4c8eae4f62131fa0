"""Asking for an extension through the doors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors
from tests.extending import deciding

REASON = "招标延期，设备四月才能到货"


@pytest.fixture
def plan(doors: Doors) -> str:
    """Address of a plan that is due on 22 September 2026."""
    deployed = doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION, extension_bpmn=deciding("unit_head"))
    assert deployed.status_code == 201, deployed.text
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    started = doors.visitor("edu1.proj").post("/api/v1/process-instances", start)
    return f"/api/v1/user-tasks/{started.json['opened_user_tasks'][0]}"


def test_it_is_asked_for_decided_and_told(doors: Doors, plan: str) -> None:
    owner, head = doors.visitor("edu1.proj"), doors.visitor("edu1.head")
    assert owner.get(plan).json["extendable_until"] == "2026-10-22"

    asked = owner.post(f"{plan}/extension", {"until": "2026-10-15", "reason": REASON})

    assert asked.status_code == 200, asked.text
    shown = owner.get(plan).json
    assert (shown["extension"]["state"], shown["extension"]["until"]) == ("asked", "2026-10-15")
    assert (shown["extension"]["asked_by"], shown["extendable_until"]) == ("edu1.proj", None)
    (decision,) = head.get("/api/v1/user-tasks").json["items"]
    submission = {"granted": True, "until": "2026-10-12", "by": "edu1.head", "opinion": "同意"}
    done = head.post(f"/api/v1/user-tasks/{decision['id']}/complete", {"submission": submission})
    assert done.status_code == 200, done.text
    shown = owner.get(plan).json
    assert (shown["due_at"], shown["extension"]["state"]) == ("2026-10-12T10:00:00Z", "granted")
    assert (shown["extension"]["granted_until"], shown["extension"]["opinion"]) == ("2026-10-12", "同意")


def test_a_request_that_will_not_do_tells_every_fault(doors: Doors, plan: str) -> None:
    refused = doors.visitor("edu1.proj").post(f"{plan}/extension", {"until": "2026-09-22", "reason": "太忙"})
    assert refused.status_code == 422
    assert [(fault["code"], fault["path"]) for fault in refused.json["faults"]] == [
        ("extension-day", "until"),
        ("extension-reason", "reason"),
    ]
    assert refused.json["detail"] == "延期申请有 2 处需要修改。"
    assert refused.json["faults"][0]["message"] == "延至的日期应晚于原到期日 2026-09-22，且不晚于 2026-10-22。"


@pytest.mark.parametrize(
    "body", [{}, {"until": "soon", "reason": REASON}, {"until": "2026-10-15"}, {"until": "2026-10-15", "reason": 7}]
)
def test_what_is_no_request_is_refused(doors: Doors, plan: str, body: dict[str, Any]) -> None:
    assert doors.visitor("edu1.proj").post(f"{plan}/extension", body).status_code == 422


def test_who_does_not_own_the_work_cannot_ask(doors: Doors, plan: str) -> None:
    body = {"until": "2026-10-15", "reason": REASON}
    assert doors.visitor("edu.perf").post(f"{plan}/extension", body).status_code == 403
    assert doors.visitor("health.proj").post(f"{plan}/extension", body).status_code == 404
    assert doors.visitor("edu.perf").get(plan).json["extendable_until"] is None


def test_once_is_all_there_is(doors: Doors, plan: str) -> None:
    owner, body = doors.visitor("edu1.proj"), {"until": "2026-10-15", "reason": REASON}
    key = {"Idempotency-Key": "once"}
    first = owner.post(f"{plan}/extension", body, headers=key)
    assert owner.post(f"{plan}/extension", body, headers=key).json == first.json
    again = owner.post(f"{plan}/extension", body)
    assert (again.status_code, again.json["code"]) == (409, "extension-asked-before")
