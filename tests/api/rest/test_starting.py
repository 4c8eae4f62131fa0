"""A program that deploys a small process and starts it; who may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors

INSTANCES = "/api/v1/process-instances"
EXAMPLE = Path("docs/guide/examples/archive_loan.bpmn")
#: As the diagrams of the loop do: people of the business only.
NAMED = RECTIFICATION.replace(b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterGroups="dept_perf"')


def test_one_account_deploys_starts_and_sees_its_process(doors: Doors):
    designer = doors.visitor("designer")
    assert designer.upload(archive_loan_bpmn=EXAMPLE.read_bytes()).status_code == 201

    started = designer.post(
        INSTANCES, {"process_definition_key": "archive_loan", "business_key": "LOAN-7", "unit_code": "2101"}
    )

    assert started.status_code == 201, started.text
    shown = designer.get(f"{INSTANCES}/{started.json['process_instance_id']}").json
    assert (shown["unit_code"], shown["started_by"]) == ("2101", "designer")
    claimable = doors.visitor("edu.perf").get("/api/v1/user-tasks?list=claimable").json["items"]
    assert [each["id"] for each in claimable] == started.json["opened_user_tasks"]


@pytest.mark.parametrize(
    ("login", "unit_code", "code"),
    [
        ("designer", "2101", "not-a-starter"),
        ("designer", None, "not-a-starter"),
        ("edu1.proj", "2101", "not-a-starter"),
        ("edu.perf", "2201", "unit-out-of-scope"),
        ("edu.head", "2101", "permission-missing"),
    ],
)
def test_a_process_that_names_its_starters_is_started_by_them_only(some_doors: Doors, login, unit_code, code):
    some_doors.visitor("designer").upload(rectification_bpmn=NAMED)

    answer = some_doors.visitor(login).post(
        INSTANCES, {"process_definition_key": "rectification", "unit_code": unit_code}
    )

    assert (answer.status_code, answer.json["code"]) == (403, code)


def test_whom_the_diagram_names_starts_for_the_own_units(some_doors: Doors):
    some_doors.visitor("designer").upload(rectification_bpmn=NAMED)

    started = some_doors.visitor("edu.perf").post(
        INSTANCES, {"process_definition_key": "rectification", "unit_code": "2101"}
    )

    assert started.status_code == 201
