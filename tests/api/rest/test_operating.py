"""Who operates without a business role reaches every instance, and reads nothing that people wrote in it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.api.rest.diagrams import RECTIFICATION, WAITING
from tests.api.rest.visiting import Doors, Visitor

#: Business content of the case below; it may not come up anywhere.
SECRETS = ("采购失败两次", "请补充招标材料", "SECRET-AMOUNT")


@dataclass(frozen=True)
class Case:
    """A rectification of the hospital that was returned, and an instance of it that is stuck."""

    rectification: str
    user_task: str
    stuck: str
    incident: str


@pytest.fixture
def case(some_doors: Doors) -> Case:
    designer, officer = some_doors.visitor("designer"), some_doors.visitor("fin.perf")
    assert designer.upload(rectification_bpmn=RECTIFICATION, waiting_bpmn=WAITING).status_code == 201
    at_hospital = {"unit_code": "2201", "business_key": "RECT-1"}
    started = officer.post(
        "/api/v1/process-instances",
        {"process_definition_key": "rectification", **at_hospital, "variables": {"note": "SECRET-AMOUNT"}},
    ).json
    owner, head = some_doors.visitor("health.proj"), some_doors.visitor("health.head")
    owner.post(
        f"/api/v1/user-tasks/{started['opened_user_tasks'][0]}/complete", {"submission": {"measure": "采购失败两次"}}
    )
    (review,) = head.get("/api/v1/user-tasks?list=claimable").json["items"]
    back = {"element_id": "plan", "comment": "请补充招标材料"}
    assert head.post(f"/api/v1/user-tasks/{review['id']}/return", back).status_code == 200
    (plan,) = owner.get("/api/v1/user-tasks").json["items"]
    waiting = {"process_definition_key": "waiting", **at_hospital, "variables": {"amount": 0, "note": "SECRET-AMOUNT"}}
    stuck = officer.post("/api/v1/process-instances", waiting).json
    officer.post(
        "/api/v1/messages", {"name": "go", "correlation_key": "RECT-1", "variables": {"why": "SECRET-AMOUNT"}}
    )
    lead = some_doors.visitor("fin.lead")
    (incident,) = lead.get("/api/v1/incidents").json["items"]
    return Case(started["process_instance_id"], plan["id"], stuck["process_instance_id"], incident["id"])


@pytest.fixture
def admin(some_doors: Doors, case: Case) -> Visitor:
    return some_doors.visitor("admin")


def test_an_administrator_finds_and_retries_an_incident_of_any_unit(some_doors, admin, case):
    (found,) = admin.get("/api/v1/incidents").json["items"]
    assert (found["id"], found["unit_code"]) == (case.incident, "2201")

    assert admin.post(f"/api/v1/incidents/{case.incident}/retry").status_code == 200

    (again,) = admin.get("/api/v1/incidents").json["items"]
    assert again["id"] != case.incident  # the cause is still there


def test_an_administrator_holds_resumes_and_ends_an_instance_of_any_unit(admin, case):
    path = f"/api/v1/process-instances/{case.rectification}"

    assert admin.post(f"{path}/suspend", {}).status_code == 200
    assert admin.post(f"{path}/resume").status_code == 200
    assert admin.post(f"{path}/cancel", {"reason": "试运行"}).status_code == 200
    assert admin.get(path).json["status"] == "cancelled"


def test_an_administrator_sees_where_instances_stand(admin, case):
    listed = {each["id"] for each in admin.get("/api/v1/process-instances").json["items"]}
    assert listed == {case.rectification, case.stuck}

    detail = admin.get(f"/api/v1/process-instances/{case.rectification}").json
    assert [each["element_id"] for each in detail["positions"]] == ["plan"]
    kinds = {
        each["kind"]
        for each in admin.get(f"/api/v1/history?process_instance_id={case.rectification}&limit=200").json["items"]
    }
    assert {"InstanceStarted", "UserTaskCompleted", "UserTaskReturned"} <= kinds


def test_an_administrator_reads_nothing_that_people_wrote(admin, case):
    seen = [
        admin.get(path).text
        for path in (
            "/api/v1/process-instances",
            f"/api/v1/process-instances/{case.rectification}",
            f"/api/v1/process-instances/{case.stuck}",
            f"/api/v1/history?process_instance_id={case.rectification}&limit=200",
            f"/api/v1/history?process_instance_id={case.stuck}&limit=200",
            "/api/v1/incidents?resolved=true",
            "/api/v1/user-tasks",
        )
    ]
    assert not [secret for secret in SECRETS if any(secret in text for text in seen)]
    for way in ("", "/draft"):
        assert admin.get(f"/api/v1/user-tasks/{case.user_task}{way}").status_code == 404


def test_the_lead_of_the_section_operates_with_whole_sight(some_doors, case):
    history = some_doors.visitor("fin.lead").get(f"/api/v1/history?process_instance_id={case.rectification}&limit=200")

    assert "SECRET-AMOUNT" in history.text and "请补充招标材料" in history.text


def test_who_has_work_in_a_case_reads_why_it_came_back_and_no_values(some_doors, case):
    # the owner's unit lies in the scope of the owner; the officer of another department has no part in it
    owner = some_doors.visitor("health.proj").get(f"/api/v1/history?process_instance_id={case.rectification}&limit=200")
    assert "请补充招标材料" in owner.text
    other = some_doors.visitor("edu.perf").get(f"/api/v1/history?process_instance_id={case.rectification}")
    assert other.status_code == 404


@pytest.mark.parametrize("login", ["designer", "health.head", "disc.recv", "exp.a"])
def test_who_does_not_operate_retries_nothing(some_doors, case, login):
    answer = some_doors.visitor(login).post(f"/api/v1/incidents/{case.incident}/retry")

    assert answer.status_code == (403 if login == "health.head" else 404)
