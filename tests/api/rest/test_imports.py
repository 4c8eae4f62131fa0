"""Bringing in objects, payments and opening results: all rows or none, every fault with the place of its row."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.store.database import read_transaction
from processes.budget_performance.ledger.tables import evaluation_result, payment, project
from tests.api.rest.visiting import Doors

SCHOOL = {
    "project_code": "A01",
    "fiscal_year": 2026,
    "project_name": "义务教育薄弱环节改善与能力提升",
    "unit_code": "2101",
    "department_code": "21",
    "owner": "edu1.proj",
    "kind": "project",
    "form": "appropriation",
    "budget_type": "general",
    "is_new": True,
    "start_year": 2026,
    "end_year": 2027,
    "annual_amount": 800,
    "total_amount": 1600.0001,
}


def rows_of(doors: Doors, table):
    with read_transaction(doors.district.database) as connection:
        return connection.execute(select(table)).all()


def test_objects_are_registered_with_exact_amounts_by_the_one_who_brings_them(doors):
    answer = doors.visitor("fin.perf").post("/api/v1/imports/objects", {"rows": [SCHOOL]})

    assert (answer.status_code, answer.json) == (200, {"rows": 1})
    (row,) = rows_of(doors, project)
    assert (row.project_name, row.total_amount, row.registered_by) == (
        "义务教育薄弱环节改善与能力提升",
        Decimal("1600.0001"),
        "fin.perf",
    )


def test_bringing_an_object_in_again_replaces_it(doors):
    officer = doors.visitor("fin.perf")
    officer.post("/api/v1/imports/objects", {"rows": [SCHOOL]})
    officer.post("/api/v1/imports/objects", {"rows": [{**SCHOOL, "project_name": "改名"}]})

    assert [row.project_name for row in rows_of(doors, project)] == ["改名"]


def test_one_unsound_row_keeps_all_out(doors):
    strange = {**SCHOOL, "project_code": "A02", "unit_code": "9999", "owner": "nobody.here"}
    answer = doors.visitor("fin.perf").post("/api/v1/imports/objects", {"rows": [SCHOOL, strange]})

    assert (answer.status_code, answer.json["code"]) == (422, "unsound-registration")
    assert [fault["path"] for fault in answer.json["faults"]] == ["1/unit_code", "1/owner"]
    assert rows_of(doors, project) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"annual_amount": -1}, "rows/0/annual_amount"),
        ({"annual_amount": "800"}, None),
        ({"annual_amount": "NaN"}, "rows/0/annual_amount"),
        ({"annual_amount": 1.0000001}, "rows/0/annual_amount"),
        ({"fiscal_year": 1999}, "rows/0/fiscal_year"),
        ({"kind": "wish"}, "rows/0/kind"),
        ({"colour": "red"}, "rows/0/colour"),
    ],
)
def test_the_shape_of_a_row_is_checked_before_anything_is_opened(doors, change, path):
    answer = doors.visitor("fin.perf").post("/api/v1/imports/objects", {"rows": [{**SCHOOL, **change}]})

    assert answer.status_code == (422 if path else 200)
    assert [fault["path"] for fault in answer.json.get("faults", ())] == ([path] if path else [])


def test_opening_results_are_marked_as_such(doors):
    officer = doors.visitor("fin.perf")
    officer.post("/api/v1/imports/objects", {"rows": [SCHOOL]})
    result = {"project_code": "A01", "fiscal_year": 2025, "kind": "self", "score": 98.0, "grade": "优"}

    assert officer.post("/api/v1/imports/opening-results", {"rows": [result]}).status_code == 200

    (row,) = rows_of(doors, evaluation_result)
    assert (row.is_opening, row.score, row.recorded_by) == (True, Decimal("98.0"), "fin.perf")


def test_results_of_an_unknown_object_are_refused(doors):
    result = {"project_code": "Z99", "fiscal_year": 2025, "kind": "self", "score": 98, "grade": "优"}
    answer = doors.visitor("fin.perf").post("/api/v1/imports/opening-results", {"rows": [result]})

    assert (answer.status_code, answer.json["code"]) == (422, "unsound-results")


def test_payments_that_fall_are_refused(doors):
    officer = doors.visitor("fin.perf")
    officer.post("/api/v1/imports/objects", {"rows": [SCHOOL]})
    paid = [
        {"project_code": "A01", "fiscal_year": 2026, "month": month, "cumulative": amount}
        for month, amount in ((1, 40), (2, 39.9999))
    ]

    answer = officer.post("/api/v1/imports/payments", {"rows": paid})

    assert (answer.status_code, answer.json["code"]) == (422, "unsound-payments")
    assert rows_of(doors, payment) == []
    assert officer.post("/api/v1/imports/payments", {"rows": paid[:1]}).status_code == 200
