"""Raising findings: each begins one rectification with its source, by those who write the notices of that source."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.imports import SourceOfOthers
from engine.store.database import read_transaction
from engine.store.wait_tables import message
from processes.budget_performance.ledger.findings import ISSUER, ISSUERS, OUTSIDE
from processes.budget_performance.ledger.tables import rectification
from tests.api.district import CONTENT
from tests.api.rest.test_imports import SCHOOL
from tests.api.rest.visiting import Doors
from tests.house import bpmn, flows, user_task

FINDINGS = "/api/v1/imports/findings"
ISSUE = {
    "category": "money",
    "fact": "设备尾款在验收之前支付，涉及36万元。",
    "requirement": "补齐验收手续并说明原因。",
    "severity": "grave",
    "amount": 36,
}
FINDING = {"project_code": "A01", "fiscal_year": 2026, "source": "audit", "issues": [ISSUE]}
#: Begins with the message, and then waits for the notice.
OPENED = bpmn(
    "rectification",
    '<startEvent id="opened"><messageEventDefinition messageRef="m"/></startEvent>'
    + user_task("notice", groups="finance_perf")
    + '<endEvent id="end"/>'
    + flows("opened notice", "notice end"),
    outside='<message id="m" name="rect.open"/>',
)


@pytest.fixture
def school(doors: Doors) -> Doors:
    """Doors behind which a school is registered, and rectifications can begin."""
    doors.visitor("fin.perf").post("/api/v1/imports/objects", {"rows": [SCHOOL]})
    assert doors.visitor("designer").upload(rectification_bpmn=OPENED).status_code == 201
    return doors


def raised(doors: Doors, login: str, **other):
    return doors.visitor(login).post(FINDINGS, {"rows": [FINDING | other]})


def rows_of(doors: Doors, table):
    with read_transaction(doors.district.database) as connection:
        return connection.execute(select(table)).all()


def begun(doors: Doors) -> list[tuple[str, str]]:
    """Business key and unit of the rectifications that run."""
    listed = doors.visitor("fin.perf").get("/api/v1/process-instances").json["items"]
    return [(each["business_key"], each["unit_code"]) for each in listed]


def test_audit_raises_a_finding_and_its_rectification_begins(school):
    answer = raised(school, "audit.staff")

    assert (answer.status_code, answer.json) == (200, {"rows": 1, "rect_nos": ["RECT-2026-001"]})
    (kept,) = rows_of(school, rectification)
    assert (kept.project_code, kept.source, kept.unit_code, kept.state) == ("A01", "audit", "2101", "opened")
    assert begun(school) == [("RECT-2026-001", "2101")]
    (sent,) = rows_of(school, message)
    assert (sent.name, sent.correlation_key) == ("rect.open", "RECT-2026-001")


def test_the_same_finding_raised_again_keeps_its_number_and_begins_nothing(school):
    first = raised(school, "audit.staff").json
    again = raised(school, "audit.staff")

    assert (again.status_code, again.json) == (200, first)
    assert len(rows_of(school, rectification)) == len(begun(school)) == 1


def test_another_source_has_a_rectification_of_its_own(school):
    raised(school, "audit.staff")

    assert raised(school, "fin.perf", source="key").json["rect_nos"] == ["RECT-2026-002"]


def test_findings_may_be_numbered_first_and_begun_later(school):
    officer = school.visitor("fin.perf")
    rows = [FINDING | {"source": "key"}]

    numbered = officer.post(FINDINGS, {"rows": rows, "begin": False}).json
    assert (numbered["rect_nos"], begun(school)) == (["RECT-2026-001"], [])

    assert officer.post(FINDINGS, {"rows": rows}).json == numbered
    assert begun(school) == [("RECT-2026-001", "2101")]


@pytest.mark.parametrize(("login", "source"), [("fin.perf", "audit"), ("audit.staff", "key"), ("audit.staff", "npc")])
def test_nobody_raises_findings_of_a_source_that_is_not_his(school, login, source):
    answer = raised(school, login, source=source)

    assert (answer.status_code, answer.json["code"]) == (403, SourceOfOthers.code)
    assert answer.content_type == "application/problem+json"
    assert rows_of(school, rectification) == []


@pytest.mark.parametrize(
    "login", [user["username"] for user in CONTENT["users"] if user["role"] not in {"auditor", "finance_perf"}]
)
def test_every_other_role_is_refused(some_doors, login):
    answer = some_doors.visitor(login).post(FINDINGS, {"rows": [FINDING]})

    assert (answer.status_code, answer.json["code"]) == (403, "permission-missing")


@pytest.mark.parametrize("door", ["objects", "payments", "opening-results"])
@pytest.mark.parametrize(
    "login",
    [
        user["username"]
        for user in CONTENT["users"]
        if user["role"] not in {"finance_perf", "finance_budget", "finance_treasury"}
    ],
)
def test_only_the_finance_bureau_brings_in_objects_payments_and_opening_results(some_doors, door, login):
    answer = some_doors.visitor(login).post(f"/api/v1/imports/{door}", {"rows": [SCHOOL]})

    assert (answer.status_code, answer.json["code"]) == (403, "permission-missing")


def test_one_unsound_finding_keeps_all_out(school):
    rows = [FINDING, FINDING | {"project_code": "Z99"}]
    answer = school.visitor("audit.staff").post(FINDINGS, {"rows": rows})

    assert (answer.status_code, answer.json["code"]) == (422, "unsound-findings")
    assert [fault["path"] for fault in answer.json["faults"]] == ["1/project_code"]
    assert rows_of(school, rectification) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"source": "monitoring"}, "rows/0/source"),
        ({"issues": []}, "rows/0/issues"),
        ({"issues": [ISSUE | {"severity": "mild"}]}, "rows/0/issues/0/severity"),
        ({"issues": [ISSUE | {"amount": -1}]}, "rows/0/issues/0/amount"),
    ],
)
def test_the_shape_of_a_finding_is_checked_first(some_doors, change, path):
    answer = raised(some_doors, "audit.staff", **change)

    assert (answer.status_code, [fault["path"] for fault in answer.json["faults"]]) == (422, [path])


def test_every_source_belongs_to_a_role_that_may_raise_findings():
    assert {ISSUERS.get(source, ISSUER) for source in OUTSIDE} == {"auditor", "finance_perf"}
