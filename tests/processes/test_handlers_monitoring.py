"""P04: the form's head, what R04 compares, and the round in the ledger, with the figures of the model district."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from engine.model.errors import ExecutionFailed, NotFound
from processes.budget_performance.ledger.measures import Measure, measures_of
from processes.budget_performance.ledger.projects import mark_violation
from processes.budget_performance.ledger.rounds import rounds_of
from tests.processes.office import NOW, TENANT, YEAR, D, office, reported
from tests.processes.rules.decisions import ask

__all__ = ["office"]

AUGUST = {"round": "R3", "cutoff": date(2026, 8, 31)}
JULY = {"round": "R2", "cutoff": date(2026, 7, 31)}


def compute(office, code: str, **form: object) -> dict:
    """Compare the filed August form of a project."""
    key = f"MON-2026-08-{code}"
    office.file(key, "F-04", reported(code, **form))
    return office.call("monitoring.compute", key, project_key=f"PRJ:{code}:2026", **AUGUST)["monitoring"]


@pytest.mark.parametrize(
    ("code", "e", "g", "floor", "state_min"),
    [
        ("A03", "21.15", "24.67", "60", "20.00"),
        ("A05", "46.15", "46.00", "60", "60.00"),
        ("A10", "50.00", None, "50.00", "95.00"),
    ],
)
def test_the_august_round_is_that_of_the_district_register(office, code, e, g, floor, state_min):
    office.take_over(code)

    found = compute(office, code)

    assert found["m"] == 8
    assert (found["e"], found["floor"], found["state_min"]) == (D(e), D(floor), D(state_min))
    assert found["g"] == (D(g) if g else None)
    assert found["g_plan"] == D("66.67")


@pytest.mark.parametrize(
    ("code", "possibility", "level", "rules"),
    [
        ("A03", "certain", "red", ["R3", "R4", "R5"]),
        ("A05", "possible", "yellow", ["Y1", "Y3", "Y4", "Y5"]),
        ("A10", "certain", "green", []),
    ],
)
def test_the_level_follows_from_what_was_compared(office, code, possibility, level, rules):
    office.take_over(code)

    answer = ask("R04", **compute(office, code), possibility=possibility).value

    assert (answer["level"], answer["rules"]) == (level, rules)


def test_the_form_opens_with_payments_goal_and_reference_of_the_cut_off_month(office):
    office.take_over("A03")

    opened = office.call("monitoring.open", "MON-2026-07-A03", **JULY)

    assert (opened["spent"], opened["budget_initial"], opened["budget_adj"]) == (48, 260, 260)
    assert (opened["floor"], opened["g_plan"], opened["finance_returns"]) == (50, D("58.33"), 0)
    assert (opened["project"]["name"], opened["owner"], opened["unit_code"]) == ("项目A03", "health2.proj", "2202")
    assert opened["project_key"] == "PRJ:A03:2026"
    assert [row["l3"] for row in opened["indicators"] if not row["is_due"]] == ["设备使用率", "就诊居民满意度"]
    assert opened["indicators"][0] == {
        "l1": "产出",
        "l2": "数量",
        "l3": "购置设备",
        "weight": 15,
        "nature": ">=",
        "target": 36,
        "target_text": "",
        "unit_name": "台",
        "accumulation": "cumulative",
        "is_due": True,
    }


@pytest.mark.parametrize(("month", "until"), [("04-30", (7, 31)), ("08-31", (10, 31)), ("10-31", (12, 31))])
def test_measures_take_effect_before_the_next_cut_off(office, month, until):
    office.take_over("A03")

    opened = office.call("monitoring.open", "MON-2026-07-A03", cutoff=date.fromisoformat(f"2026-{month}"), round="R")

    assert opened["next_cutoff"] == date(2026, *until)


def test_an_object_without_a_budget_shows_zero(office):
    office.register("A03")

    opened = office.call("monitoring.open", "MON-2026-08-A03", **AUGUST)

    assert (opened["budget_adj"], opened["spent"], opened["indicators"]) == (0, 0, [])


def test_weights_and_targets_are_those_of_the_goal_whatever_the_form_says(office):
    office.take_over("A03")
    form = reported("A03")
    form["indicators"] = [{**row, "target": D(1), "weight": D(90)} for row in form["indicators"]]
    office.file("MON-2026-08-A03", "F-04", form)

    found = office.call("monitoring.compute", "MON-2026-08-A03", **AUGUST)["monitoring"]

    assert (found["g"], found["state_min"], found["state_min_weight"]) == (D("24.67"), 20, 10)


def test_the_last_filing_counts(office):
    office.take_over("A03")
    office.file("MON-2026-08-A03", "F-04", reported("A03"))
    office.now = NOW + timedelta(hours=1)
    better = reported("A03")
    better["indicators"][0]["actual"] = D(36)
    office.file("MON-2026-08-A03", "F-04", better, "rework")

    found = office.call("monitoring.compute", "MON-2026-08-A03", **AUGUST)["monitoring"]

    assert found["g"] == D("74.67")


@pytest.mark.parametrize(
    ("issues", "measures", "has"),
    [([{"text": "采购失败"}], [{"text": "重新招标"}], True), ([{"text": "采购失败"}], [], False), ([], [], False)],
)
def test_a_warning_needs_issues_and_measures(office, issues, measures, has):
    office.take_over("A03")

    assert compute(office, "A03", issues=issues, measures=measures)["has_measures"] is has


def test_a_violation_and_the_level_before_are_read_from_the_ledger(office):
    office.take_over("A03")
    office.file("MON-2026-07-A03", "F-04", reported("A03"))
    july = office.call("monitoring.mark_not_reported", "MON-2026-07-A03", **JULY)
    office.call("monitoring.close", "MON-2026-07-A03", **JULY, **july)
    mark_violation(office.connection, TENANT, "A03", YEAR)

    found = compute(office, "A03")

    assert (july["monitoring"]["prev_level"], found["prev_level"]) == (None, "yellow")
    assert (july["monitoring"]["violation"], found["violation"]) == (False, True)


@pytest.mark.parametrize(
    ("source", "element_id", "hours", "late"),
    [
        ("monitoring", "plan", -1, True),
        ("monitoring", "plan", 1, False),
        ("monitoring", "verify", -1, False),
        ("audit", "plan", -1, False),
    ],
    ids=["late", "in time", "the issuer is late", "of another source"],
)
def test_a_rectification_from_monitoring_is_overdue_when_the_unit_is_late(office, source, element_id, hours, late):
    office.take_over("A03")
    opened = office.call("rectification.announce", "MON-2026-07-A03", source=source, **JULY)
    office.open_user_task(opened["rect_key"], element_id, NOW + timedelta(hours=hours))

    assert compute(office, "A03")["rect_overdue"] is late


def test_what_was_not_reported_is_yellow_with_rates_from_payments(office):
    office.take_over("A03")

    found = office.call("monitoring.mark_not_reported", "MON-2026-08-A03", **AUGUST)

    assert (found["level_sys"], found["level_final"], found["level_reasons"]) == ("yellow", "yellow", ["not_reported"])
    monitoring = found["monitoring"]
    assert (monitoring["e"], monitoring["g"], monitoring["state_min"]) == (D("21.15"), None, None)


@pytest.mark.parametrize(
    ("level", "asked", "needs"), [("red", False, True), ("yellow", True, True), ("yellow", None, False)]
)
def test_a_closed_round_stands_in_the_ledger(office, level, asked, needs):
    key = office.take_over("A03")
    found = compute(office, "A03")

    result = office.call(
        "monitoring.close",
        "MON-2026-08-A03",
        **AUGUST,
        monitoring=found,
        level_sys="red",
        level_final=level,
        level_reasons=["R3", "R5"],
        level_reason="现场核实",
        is_perf_rectify=asked,
    )

    (closed,) = rounds_of(office.connection, key)
    assert result == {"outcome": level}
    assert (closed.round, closed.e, closed.g, closed.level_sys, closed.level_final) == (
        "R3",
        D("21.15"),
        D("24.67"),
        "red",
        level,
    )
    assert (closed.rules, closed.level_reason, closed.needs_rectification) == (["R3", "R5"], "现场核实", needs)


def test_a_choice_to_go_on_keeps_the_measures_for_the_next_round(office):
    key = office.take_over("A05")
    july = office.call("monitoring.mark_not_reported", "MON-2026-07-A05", **JULY)
    office.call("monitoring.close", "MON-2026-07-A05", **JULY, **july)
    promised = {"text": "增加一支施工队", "person": "张三", "due": date(2026, 8, 31)}
    office.file("MON-2026-07-A05", "F-04-choice", {"choice": "continue", "measures": [promised]}, "choose")

    office.call("monitoring.note_choice", "MON-2026-07-A05", **JULY, choice="continue")

    assert rounds_of(office.connection, key)[0].choice == "continue"
    assert list(measures_of(office.connection, key, "R2")) == [
        Measure(content="增加一支施工队", person="张三", due_on=date(2026, 8, 31))
    ]


def test_no_answer_is_kept_as_none(office):
    key = office.take_over("A05")
    july = office.call("monitoring.mark_not_reported", "MON-2026-07-A05", **JULY)
    office.call("monitoring.close", "MON-2026-07-A05", **JULY, **july)

    office.call("monitoring.note_choice", "MON-2026-07-A05", **JULY)

    assert rounds_of(office.connection, key)[0].choice == "none"


def test_a_call_that_names_no_object_is_refused(office):
    with pytest.raises(ExecutionFailed, match="to be called for a project and a budget year, but found business key"):
        office.call("monitoring.open", "something", **AUGUST)


def test_an_object_that_is_not_registered_is_refused(office):
    with pytest.raises(NotFound, match="Expected project 'A99' to be registered for 2026"):
        office.call("monitoring.open", "MON-2026-08-A99", **AUGUST)


@pytest.mark.parametrize("cutoff", [date(2026, 8, 31), datetime(2026, 8, 31, 8, tzinfo=NOW.tzinfo), "2026-08-31"])
def test_the_cut_off_may_come_as_a_day_an_instant_or_text(office, cutoff):
    office.take_over("A03")

    assert office.call("monitoring.open", "MON-2026-08-A03", round="R3", cutoff=cutoff)["spent"] == 55


def test_at_the_end_of_the_year_open_rounds_are_closed_from_payments(office):
    """A03 in August: 21.15 % is less than half of 60 %. In April it is under the floor too, but R3 begins in July."""
    key = office.take_over("A03")
    july = office.call("monitoring.mark_not_reported", "MON-2026-07-A03", **JULY)
    office.call("monitoring.close", "MON-2026-07-A03", **JULY, **july)

    found = office.call("monitoring.close_year", "PRJ:A03:2026")

    assert found == {"unreported_rounds": ["R1", "R3", "R4"]}
    closed = [(each.round, each.level_final, list(each.rules)) for each in rounds_of(office.connection, key)]
    assert closed == [
        ("R1", "yellow", ["not_reported"]),
        ("R2", "yellow", ["not_reported"]),
        ("R3", "red", ["R3", "not_reported"]),
        ("R4", "red", ["R3", "not_reported"]),
    ]


def test_a_violation_turns_unreported_rounds_red(office):
    key = office.take_over("A10")
    office.call("ledger.mark_violation", "PRJ:A10:2026")

    office.call("monitoring.close_year", "PRJ:A10:2026")

    assert {(each.level_final, each.rules[0]) for each in rounds_of(office.connection, key)} == {("red", "R1")}


def test_without_a_budget_no_round_is_closed(office):
    key = office.register("A03")

    office.call("monitoring.close_year", "PRJ:A03:2026")

    assert rounds_of(office.connection, key) == []
