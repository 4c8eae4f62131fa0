"""Asking decisions over REST: who may, what is told, and how a decision that cannot answer is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.store.database import write_transaction
from engine.store.settings_rows import Setting, put_settings
from tests.api.district import NOW, TENANT
from tests.api.rest.diagrams import GRADE
from tests.engine.dmn.tables import decision, definitions, input_data, literal, table

R03 = (Path(__file__).parents[3] / "processes" / "budget_performance" / "R03.dmn").read_bytes()
TODAY = NOW.date()


def configure(doors, *rows: Setting) -> None:
    with write_transaction(doors.district.database) as connection:
        put_settings(connection, TENANT, rows)


def threshold(name: str, value: object, valid_from: date = date(2025, 1, 1), basis: str = "HB18 art.4") -> Setting:
    return Setting(key=f"rule.R03.{name}", value=Decimal(str(value)), valid_from=valid_from, basis=basis)


@pytest.fixture
def graded(doors):
    """Doors with R03 and its thresholds."""
    configure(doors, threshold("excellent", 90), threshold("good", 80), threshold("medium", 60))
    doors.visitor("designer").upload(R03_dmn=R03)
    return doors


def test_an_answer_names_the_version_the_matched_rules_with_their_basis_and_the_thresholds(graded):
    answer = graded.visitor("edu.perf").post("/api/v1/decisions/R03/evaluate", {"variables": {"score": 89.99}})

    assert answer.status_code == 200
    assert (answer.json["ref"], answer.json["key"], answer.json["version"], answer.json["value"]) == (
        "R03:1", "R03", 1, "良",
    )  # fmt: skip
    assert answer.json["matched_rules"] == [
        {
            "decision": "R03",
            "number": 2,
            "id": "R03_r2",
            "annotation": "良",
            "basis": "HB18 art.4",
            "annotations": {"依据": "HB18 art.4"},
            "outputs": {"grade": "良"},
        }
    ]
    assert answer.json["settings"]["rule.R03.good"] == {
        "value": "80",
        "basis": "HB18 art.4",
        "valid_from": "2025-01-01",
        "valid_to": None,
    }
    assert set(answer.json["settings"]) == {"rule.R03.excellent", "rule.R03.good", "rule.R03.medium"}
    assert answer.json["explanation"]["decisions"][0]["inputs"] == [
        {"label": "得分", "expression": "score", "value": "89.99"}
    ]


def test_the_thresholds_of_today_hold_and_every_change_has_another_revision(graded):
    visitor = graded.visitor("edu.perf")

    def ask() -> dict:
        return visitor.post("/api/v1/decisions/R03/evaluate", {"variables": {"score": 85}}).json

    before = ask()
    configure(graded, threshold("excellent", 85, valid_from=TODAY, basis="circular 7"))
    after = ask()

    assert (before["value"], after["value"]) == ("良", "优")
    assert before["settings_revision"] != after["settings_revision"]
    assert (
        after["settings"]["rule.R03.excellent"]["basis"],
        after["settings"]["rule.R03.excellent"]["valid_from"],
    ) == (
        "circular 7",
        TODAY.isoformat(),
    )


def test_thresholds_that_the_caller_brings_are_not_told_as_ours(graded):
    rule = {"R03": {"excellent": 70, "good": 60, "medium": 50}}
    answer = graded.visitor("edu.perf").post(
        "/api/v1/decisions/R03/evaluate", {"variables": {"score": 75, "rule": rule}}
    )

    assert (answer.json["value"], answer.json["settings"]) == ("优", {})


def test_an_older_version_can_be_asked(doors):
    designer = doors.visitor("designer")
    designer.upload(grade_dmn=GRADE)
    designer.upload(grade_dmn=GRADE.replace("良".encode(), "中".encode()))

    def value(**more: int) -> tuple[str, str]:
        asked = designer.post("/api/v1/decisions/grade/evaluate", {"variables": {"score": 1}, **more}).json
        return asked["ref"], asked["value"]

    assert (value(), value(version=1)) == (("grade:2", "中"), ("grade:1", "良"))
    assert designer.post("/api/v1/decisions/grade/evaluate", {"version": 3}).status_code == 404


def test_days_come_and_go_as_text_and_numbers_keep_their_digits(doors):
    made = '{day: due + duration("P1D"), week: [due..due], at: time(@"2026-01-01T08:00:00"), age: due - due, n: n}'
    later = decision("later", literal(made), needs=["due", "n"])
    doors.visitor("designer").upload(
        later_dmn=definitions(input_data("due", types="date"), input_data("n", types="number"), later)
    )
    question = '{"variables": {"due": "2026-06-30", "n": 12345678901234567890.123456789}}'

    answer = doors.visitor("edu.perf").post(
        "/api/v1/decisions/later/evaluate", data=question, content_type="application/json"
    )

    assert json.loads(answer.data, parse_float=Decimal)["value"] == {
        "day": "2026-07-01",
        "week": "[2026-06-30..2026-06-30]",
        "at": "08:00:00",
        "age": "PT0S",
        "n": Decimal("12345678901234567890.123456789"),
    }


def test_a_decision_that_cannot_answer_is_a_problem_with_its_reason(doors):
    overlapping = table("UNIQUE", "x:number", "a:number", "<= 10 => 1\n>= 10 => 2")
    doors.visitor("designer").upload(
        d_dmn=definitions(input_data("x", types="number"), decision("d", overlapping, needs=["x"]))
    )
    visitor = doors.visitor("edu.perf")

    ambiguous = visitor.post("/api/v1/decisions/d/evaluate", {"variables": {"x": 10}})
    mistyped = visitor.post("/api/v1/decisions/d/evaluate", {"variables": {"x": "ten"}})

    assert (ambiguous.status_code, ambiguous.mimetype) == (422, "application/problem+json")
    assert (ambiguous.json["code"], ambiguous.json["facts"]["reason"]) == ("decision-failed", "not-unique")
    assert [rule["number"] for rule in ambiguous.json["facts"]["rules"]] == [1, 2]
    assert (mistyped.status_code, mistyped.json["facts"]["reason"], mistyped.json["facts"]["path"]) == (
        422,
        "type",
        "x",
    )


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({"variables": [1]}, 422, "unsound-request"),
        ({"variables": {}, "colour": "red"}, 422, "unsound-request"),
        ({"version": 0}, 422, "unsound-request"),
    ],
)
def test_an_unsound_question_is_a_problem(some_doors, question, status, code):
    some_doors.visitor("designer").upload(grade_dmn=GRADE)

    answer = some_doors.visitor("edu.perf").post("/api/v1/decisions/grade/evaluate", question)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_who_is_not_signed_in_may_not_ask(some_doors):
    some_doors.visitor("designer").upload(grade_dmn=GRADE)
    answer = some_doors.app.test_client().post("/api/v1/decisions/grade/evaluate", json={"variables": {}})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_the_document_describes_question_and_answer(some_doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json
    operation = document["paths"]["/api/v1/decisions/{key}/evaluate"]["post"]
    schemas = document["components"]["schemas"]

    assert operation["operationId"] == "evaluate_decision"
    assert set(schemas["DecisionQuestion"]["properties"]) == {"variables", "version"}
    assert set(schemas["DecisionAnswer"]["properties"]) == {
        *("ref", "key", "version", "value", "matched_rules", "settings", "settings_revision", "explanation")
    }
