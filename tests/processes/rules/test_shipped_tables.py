"""The shipped tables are whole: each rule says why, each threshold exists, nothing overlaps or is never reached."""

from __future__ import annotations

import pytest

from engine.dmn import DecisionFailed, FindingKind
from engine.dmn.elements import DecisionTable
from engine.dmn.reader import read_elements
from engine.xml import Element, parse_xml
from processes.budget_performance.thresholds import read_thresholds
from tests.processes.rules.decisions import DECISIONS, FILES
from tests.processes.rules.district import RULE

KEYS = {
    *("R00", "R01", "R02", "R02b", "R03", "R04", "R04_reasons", "R04b_reasons", "R05", "R05_reclaim_amount"),
    *("R06_weights", "R07", "R09", "R10", "R11", "R11_amount", "R12", "R13", "R14", "R15b"),
    *("R15c", "R16"),
}
DI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"


def elements(file):
    return read_elements(parse_xml(file.read_bytes()))


def test_the_keys_are_those_that_diagrams_name():
    assert set(DECISIONS) == KEYS


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_rule_says_what_it_means_and_on_what_it_rests(file):
    tables = [d.logic for d in elements(file).decisions if isinstance(d.logic, DecisionTable)]

    assert tables
    for rule in (rule for table in tables for rule in table.rules):
        assert rule.annotation, rule.id
        assert rule.annotations.get("依据"), rule.id


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_table_has_no_weakness_under_the_shipped_thresholds(key):
    found = [(f.kind, f.example) for f in DECISIONS[key].check({"rule": RULE})]

    # the rules know no weights for costs without satisfaction
    known = [(FindingKind.GAP, {"运转、工资类": False, "设成本指标": True, "设满意度指标": False})]
    assert found == (known if key == "R06_weights" else [])


def test_a_spoilt_threshold_is_found():
    """Where the limits cross, no score leads to an adjustment."""
    spoilt = {**RULE, "R02": {**RULE["R02"], "adjust": RULE["R02"]["support"] + 5}}

    found = DECISIONS["R02"].check({"rule": spoilt})

    assert [(f.kind, f.severity, f.rules) for f in found] == [(FindingKind.UNREACHABLE_RULE, "error", (3,))]


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_threshold_a_table_reads_exists_and_is_explained(key):
    context = {"rule": RULE} | {name.name: None for name in DECISIONS[key].inputs if name.name != "rule"}
    known = {row.key for row in read_thresholds()}

    steps = DECISIONS[key].evaluate(context, lenient=True).explanation["decisions"]
    read = {path: value for step in steps for path, value in step["values"].items() if path.startswith("rule.")}

    assert set(read) <= known
    assert None not in read.values()


@pytest.mark.parametrize("key", sorted(KEYS - {"R05_reclaim_amount", "R15c"}))
@pytest.mark.parametrize("thresholds", [None, {}, {"R99": {}}], ids=["absent", "empty", "of another rule"])
def test_no_table_answers_without_its_thresholds(key, thresholds):
    with pytest.raises(DecisionFailed, match="'rule'"):
        DECISIONS[key].evaluate({"rule": thresholds})


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_decision_and_input_lies_on_the_diagram(file):
    root: Element = parse_xml(file.read_bytes())
    drawn = {shape.get("dmnElementRef") for shape in root.iter(f"{DI}DMNShape")}
    found = elements(file)

    assert drawn == {e.id for e in (*found.decisions, *found.input_data)}
    requirements = {e.get("id") for e in root.iter("{*}informationRequirement")}
    assert {edge.get("dmnElementRef") for edge in root.iter(f"{DI}DMNEdge")} == requirements
