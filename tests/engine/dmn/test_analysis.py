"""What is wrong with a table is found without running it, each with an input that shows it."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from engine.dmn.analysis import MAXIMUM_FINDINGS, FindingKind, analyse
from engine.dmn.reader import read_elements
from engine.dmn.rule_index import literal
from engine.xml import parse_xml
from tests.engine.dmn.tables import decision, definitions, table

D = Decimal


def findings(*arguments: str, value_of=literal, **more: str):
    text = definitions(decision("A", table(*arguments, **more)))
    logic = read_elements(parse_xml(text)).decisions[0].logic
    return analyse(logic, value_of)


def kinds(*arguments: str, **more: str):
    return [(f.kind, f.rules, f.example) for f in findings(*arguments, **more)]


def test_a_whole_table_has_no_findings():
    assert (
        findings("UNIQUE", "x:number, y:string", "a:string", '< 10 | - => "p"\n>= 10 | "q" => "r"\n>= 10|not("q")=>"s"')
        == ()
    )


def test_a_gap_is_shown_by_an_input_in_it():
    assert kinds("UNIQUE", "x:number, y:boolean", "a:string", '< 10 | - => "p"\n> 10 | true => "r"') == [
        (FindingKind.GAP, (), {"x": D(10), "y": True}),
        (FindingKind.GAP, (), {"x": D(11), "y": False}),
    ]


def test_a_gap_reads_as_a_sentence():
    found = findings("FIRST", "x:number", "a:number", "< 1 => 1")

    assert found[0].message == "Expected a rule for every input, but no rule matches x = 1."
    assert found[0].severity == "warning"


def test_values_that_are_not_allowed_need_no_rule():
    assert kinds("UNIQUE", "x:number", "a:number", "[0..60) => 1\n>= 60 => 2", allowed="[0..100]") == []
    assert kinds("UNIQUE", "x:string", "a:number", '"a" => 1\n"b" => 2', allowed='"a","b"') == []
    assert kinds("UNIQUE", "x:string", "a:number", '"a" => 1', allowed='"a","b"') == [(FindingKind.GAP, (), {"x": "b"})]


def test_a_default_answer_closes_every_gap():
    assert kinds("UNIQUE", "x:number", "a:number", "< 1 => 1", default="0") == []


@pytest.mark.parametrize("policy", ["COLLECT", "COLLECT SUM", "RULE ORDER"])
def test_a_list_may_be_empty_and_its_rules_may_overlap(policy):
    assert kinds(policy, "x:number", "a:number", "< 5 => 1\n< 9 => 2") == []


def test_an_overlap_is_an_error_where_one_answer_is_expected():
    rows = "[0..10] | - => 1\n[10..20] | true => 2"

    assert (FindingKind.OVERLAP, (1, 2), {"x": D(10), "y": True}) in kinds(
        "UNIQUE", "x:number, y:boolean", "a:number", rows
    )
    assert [f.severity for f in findings("ANY", "x:number, y:boolean", "a:number", rows) if f.rules] == ["error"]


def test_any_permits_overlaps_with_the_same_answer():
    assert kinds("ANY", "x:number", "a:number", "<= 10 => 1\n>= 10 => 1") == []


def test_a_rule_behind_others_that_take_everything_is_never_reached():
    assert kinds("FIRST", "x:number", "a:number", "< 5 => 1\n>= 5 => 2\n7 => 3\n- => 4") == [
        (FindingKind.UNREACHABLE_RULE, (3,), {"x": D(7)}),
        (FindingKind.UNREACHABLE_RULE, (4,), {"x": D(4)}),
    ]


def test_a_rule_whose_inputs_one_other_takes_names_it():
    found = findings("FIRST", "x:number, y:boolean", "a:number", "< 5 | - => 1\n[0..3] | true => 2\n- | - => 3")

    assert [(f.code, f.rules, f.facts, f.message) for f in found] == [
        ("subsumed", (2,), {"by": 1}, "Expected rule 2 (r2) to be reached, but rule 1 takes all its inputs.")
    ]


def test_under_priority_a_rule_behind_better_answers_is_never_reached():
    rows = '[0..10] => "p"\n- => "q"\n[2..3] => "r"'

    found = findings("PRIORITY", "x:number", "a:string", rows, order='"p","q","r"')

    assert [(f.code, f.rules, f.facts) for f in found] == [("subsumed", (3,), {"by": 1})]
    assert findings("PRIORITY", "x:number", "a:string", rows, order='"r","q","p"')[0].rules == (1,)


def test_a_rule_that_a_list_holds_twice_counts_twice():
    found = findings("COLLECT SUM", "x:number", "a:number", "> 5 => 1\n< 9 => 2\n> 5 => 1")

    assert [(f.code, f.severity, f.rules) for f in found] == [("repeated", "warning", (1, 3))]


def test_a_cell_that_takes_no_allowed_value_is_an_error():
    found = findings("FIRST", "x:string", "a:number", '"c" => 1\n- => 2', allowed='"a","b"')

    assert [(f.kind, f.severity, f.rules) for f in found] == [(FindingKind.UNREACHABLE_RULE, "error", (1,))]


def test_an_answer_that_no_rule_gives_is_told():
    found = findings("FIRST", "x:number", "a:string", '< 1 => "p"\n- => null', order='"p","q"')

    assert [(f.kind, f.severity, f.example) for f in found] == [(FindingKind.UNREACHABLE_OUTPUT, "info", {"a": "q"})]


def test_a_text_in_a_column_of_numbers_is_a_type_fault():
    found = findings("FIRST", "x:number", "a:boolean", '"5" => 1\n- => true')

    assert [f.message for f in found if f.kind is FindingKind.TYPE] == [
        "Expected a number in 'x' of rule 1, but found a string.",
        "Expected a boolean in 'a' of rule 1, but found a number.",
    ]
    assert [f.example for f in found if f.kind is FindingKind.TYPE] == [{"x": "5"}, {"a": D(1)}]


def test_thresholds_become_limits_when_their_values_are_known():
    rows = "< limit.low => 1\n[limit.low .. limit.high) => 2\n> limit.high => 3"
    thresholds = {"limit.low": D(60), "limit.high": D(80)}

    known = findings("UNIQUE", "x:number", "a:number", rows, value_of=lambda t: thresholds.get(t, literal(t)))
    unknown = findings("UNIQUE", "x:number", "a:number", rows)

    assert [(f.severity, f.example) for f in known] == [("warning", {"x": D(80)})]
    assert [f.severity for f in unknown] == ["info"]


def test_findings_are_limited_and_ready_for_json():
    rows = "\n".join("- => 1" for _ in range(30))

    found = [f for f in findings("UNIQUE", "x:number", "a:number", rows) if f.kind is FindingKind.OVERLAP]

    assert len(found) == MAXIMUM_FINDINGS
    assert found[0].as_plain() == {
        "kind": "overlap",
        "code": "overlap",
        "severity": "error",
        "message": "Expected at most one answer under UNIQUE, but rules 1 and 2 match the same input.",
        "rules": [1, 2],
        "example": {},
        "element_id": "",
        "mend": "",
    }


def test_a_table_too_wide_to_search_is_not_decided():
    draw = random.Random(1)
    rows = []
    for _ in range(200):
        cells = ["-"] * 40
        for n in draw.sample(range(40), 3):
            cells[n] = draw.choice(["true", "false"])
        rows.append(" | ".join(cells) + " => 1")
    columns = ", ".join(f"x{n}:boolean" for n in range(40))

    found = findings("PRIORITY", columns, "a:number", "\n".join(rows), order="1")

    assert [f.kind for f in found] == [FindingKind.NOT_DECIDED]


def test_where_not_all_findings_are_listed_it_is_said():
    rows = "\n".join("- => 1" for _ in range(30))

    found = findings("UNIQUE", "x:number", "a:number", rows)
    few = findings("UNIQUE", "x:number", "a:number", "\n".join("- => 1" for _ in range(10)))

    assert [f.message for f in found if f.code == "not-all"] == ["There are more of these; the first 50 are listed."]
    assert len(few) == 45
    assert not [f for f in few if f.code == "not-all"]


def test_gaps_beyond_those_listed_are_told():
    rows = "\n".join(f"{2 * n} | 1 => 1" for n in range(60))

    found = [f.code for f in findings("UNIQUE", "x:number, y:number", "a:number", rows)]

    assert (found.count("gap"), found[MAXIMUM_FINDINGS]) == (MAXIMUM_FINDINGS, "not-all")
