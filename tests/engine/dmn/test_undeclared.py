"""Names that a table reads undeclared: as Camunda's tables do, or because one is misspelt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.dmn import DecisionFailed, FindingKind, read_decisions
from tests.engine.dmn.tables import decision, definitions, input_data, literal, table

D = Decimal
GRADES = table("UNIQUE", "score:number", "grade:string", '>= limit => "pass"\n< limit => "fail"')


def told(*elements: str) -> list[tuple[str, str, str, dict[str, object]]]:
    remarks = read_decisions(definitions(*elements)).remarks
    return [(f.severity, f.code, f.element_id, dict(f.facts)) for some in remarks.values() for f in some]


def test_a_table_that_declares_no_input_takes_what_is_given() -> None:
    asked = read_decisions(definitions(decision("A", GRADES))).decisions["A"]

    assert asked.evaluate({"score": 60, "limit": 60}).value == "pass"
    assert asked.evaluate({"score": D("59.9"), "limit": 60}).value == "fail"
    assert asked.evaluate({"limit": 60}).value is None


def test_what_is_given_must_still_be_of_the_type_of_the_column() -> None:
    asked = read_decisions(definitions(decision("A", GRADES))).decisions["A"]

    with pytest.raises(DecisionFailed, match="Expected a number in column 'score'"):
        asked.evaluate({"score": "many", "limit": 60})


def test_dates_that_come_as_text_are_read_by_the_type_of_the_column() -> None:
    late = table("UNIQUE", "due:date", "late:boolean", '< date("2026-06-30") => true\n>= date("2026-06-30") => false')
    asked = read_decisions(definitions(decision("A", late))).decisions["A"]

    given = asked.read_given({"due": "2026-06-29"})

    assert given == {"due": date(2026, 6, 29)}
    assert asked.evaluate(given).value is True


def test_decisions_below_take_what_is_given_too_and_the_explanation_shows_thresholds() -> None:
    below = decision("B", table("UNIQUE", "score:number", "b:number", ">= rule.limit => 1\n< rule.limit => 0"))
    asked = read_decisions(definitions(below, decision("A", literal("B + 1"), uses=["B"]))).decisions["A"]

    answer = asked.evaluate({"score": 7, "rule": {"limit": 5}})

    assert answer.value == 2
    assert answer.values_read == {"rule.limit": "5"}


def test_every_name_is_told_once() -> None:
    assert told(decision("A", GRADES)) == [
        ("info", "dmn-reads-undeclared", "i0", {"name": "score"}),
        ("info", "dmn-reads-undeclared", "r1/inputEntry", {"name": "limit"}),
    ]


def test_a_misspelt_name_is_a_warning_and_stays_null() -> None:
    misspelt = GRADES.replace("<text>score", "<text>scores")
    model = read_decisions(definitions(input_data("score"), decision("A", misspelt, needs=["score"])))

    (remark,) = model.remarks["A"]

    assert (remark.kind, remark.severity, remark.element_id) == (FindingKind.UNDECLARED, "warning", "i0")
    assert remark.message == "i0 reads 'scores', which the decision does not declare; declared are: score."
    assert remark.mend == "Correct the name, or draw input data of that name with a requirement to it."
    assert model.decisions["A"].evaluate({"score": 60, "scores": 60, "limit": 1}).value is None
    assert model.check()["A"][0] is remark


def test_names_that_are_declared_or_entries_of_a_filter_are_not_told() -> None:
    inputs = table("UNIQUE", "count(items[price > 10]):number", "a:string", '> 1 => "many"')

    assert told(input_data("items"), decision("A", inputs, needs=["items"])) == []
    assert [each[3] for each in told(decision("A", inputs))] == [{"name": "items"}]
    assert told(input_data("score", "limit"), decision("A", GRADES, needs=["score", "limit"])) == []


@pytest.mark.parametrize("foreign", ["integer", "long", "double"])
def test_numbers_of_camunda_are_numbers_and_it_is_told(foreign: str) -> None:
    columns = table("UNIQUE", f"score:{foreign}", f"a:{foreign}", ">= 1 => 2\n< 1 => 3")
    elements = (input_data("score", types=foreign), decision("A", columns, needs=["score"], type_ref=foreign))

    assert read_decisions(definitions(*elements)).decisions["A"].evaluate({"score": 1}).value == 2
    assert {each[:2] for each in told(*elements)} == {("info", "dmn-foreign-type")}
    assert [each[2] for each in told(*elements)] == ["in_score", "A", "i0", "o0"]
    assert told(*elements)[0][3] == {"found": foreign, "read_as": "number"}


def test_a_type_that_the_file_declares_under_such_a_name_stays() -> None:
    own = '<itemDefinition name="integer"><typeRef>string</typeRef></itemDefinition>'
    columns = table("UNIQUE", "score:integer", "a:number", '"x" => 2')
    elements = (own, input_data("score"), decision("A", columns, needs=["score"]))

    assert read_decisions(definitions(*elements)).decisions["A"].evaluate({"score": "x"}).value == 2
    assert told(*elements) == []
