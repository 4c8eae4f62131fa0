"""Campaigns in the ledger: whom they reach, what is refused, what stays of them, and who need not wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from engine.store import codec
from engine.store.settings_rows import Setting, put_settings
from engine.store.wait_tables import message, message_wait
from processes.budget_performance.ledger.budgets import enter_library, keep_approval, move_in_library
from processes.budget_performance.ledger.campaigns import (
    BUDGET,
    ROUND,
    SELF_EVALUATION,
    Opening,
    UnsoundCampaign,
    is_open_for,
    must_be_sound,
    not_waiting,
    open_campaigns,
    record,
    untold,
)
from tests.processes.office import NOW, TENANT, YEAR, D, Office, office

__all__ = ["office"]

UNITS: Mapping[str, str] = {"21": "区教育局", "22": "区卫生健康局", "23": "区住建局"}
GOALS = Opening(kind=BUDGET, fiscal_year=YEAR, notice="请申报绩效目标。")
AUGUST = Opening(kind=ROUND, fiscal_year=YEAR, month="08", notice="请填报八月监控表。")
EVALUATIONS = Opening(kind=SELF_EVALUATION, fiscal_year=YEAR, notice="请开展自评。")


def only_for(opening: Opening, *departments: str) -> Opening:
    return Opening(**{**vars(opening), "departments": departments})


def fund(office: Office, code: str, department_code: str = "22") -> None:
    """An object in the library whose budget is approved."""
    key = office.register(code, department_code=department_code)
    enter_library(office.connection, key, NOW)
    keep_approval(office.connection, key, is_approved=True, amount=D(260), decided_on=date(2026, 2, 9))


def send(office: Office, name: str, key: str) -> None:
    """A message as the engine keeps it; somebody has sent it by hand, under an id of his own."""
    office.connection.execute(
        insert(message).values(
            tenant_id=TENANT, id=f"by-hand:{key}", kind="message", name=name, correlation_key=key,
            variables=codec.encode_text({}), state="buffered", sent_at=NOW, sent_by="fin.perf",
            expires_at=NOW + timedelta(days=400), attempts=0,
        )
    )  # fmt: skip


def reached(office: Office, opening: Opening) -> list[str]:
    return [each.correlation_key for each in untold(office.connection, TENANT, opening)]


def opened(office: Office, opening: Opening, by: str = "fin.perf") -> None:
    record(office.connection, TENANT, opening, by, office.now)


# --- whom they reach


def test_the_budget_is_opened_for_what_is_registered_and_not_in_the_library_yet(office: Office) -> None:
    office.register("A03")
    office.register("A01")
    office.register("A01", YEAR + 1)
    enter_library(office.connection, office.register("A02"), NOW)

    assert reached(office, GOALS) == ["GOAL-2026-A01", "GOAL-2026-A03"]


def test_rounds_and_self_evaluations_are_opened_for_what_is_funded(office: Office) -> None:
    fund(office, "A03")
    fund(office, "A01")
    office.register("A02")
    refused = office.register("A04")
    enter_library(office.connection, refused, NOW)
    keep_approval(office.connection, refused, is_approved=False, amount=D(0), decided_on=date(2026, 2, 9))

    assert reached(office, AUGUST) == ["MON-2026-08-A01", "MON-2026-08-A03"]
    assert reached(office, EVALUATIONS) == ["SELF-2026-A01", "SELF-2026-A03"]


def test_what_is_closed_hears_nothing_any_more(office: Office) -> None:
    fund(office, "A03")
    move_in_library(office.connection, office.key("A03"), "closed")

    assert reached(office, AUGUST) == []


def test_chosen_departments_limit_whom_a_campaign_reaches(office: Office) -> None:
    fund(office, "A01", "21")
    fund(office, "A03", "22")
    fund(office, "A04", "23")

    assert reached(office, only_for(AUGUST, "21", "23")) == ["MON-2026-08-A01", "MON-2026-08-A04"]


def test_who_was_told_is_not_told_again_whoever_told_him(office: Office) -> None:
    fund(office, "A01")
    fund(office, "A03")
    send(office, ROUND, "MON-2026-08-A01")
    send(office, ROUND, "MON-2026-07-A03")

    assert reached(office, AUGUST) == ["MON-2026-08-A03"]


# --- what is refused


def test_a_campaign_is_refused_with_all_its_faults(office: Office) -> None:
    office.register("A03")
    asked = Opening(kind="tea.open", fiscal_year=2031, month="13", departments=("99", "22"), notice="  ")

    with pytest.raises(UnsoundCampaign) as refused:
        must_be_sound(office.connection, TENANT, asked, units=UNITS, on=date(2026, 9, 15))

    assert [(fault["code"], fault["path"]) for fault in refused.value.faults] == [
        ("campaign-kind", "kind"),
        ("campaign-year-registered", "fiscal_year"),
        ("campaign-no-month", "month"),
        ("campaign-department", "departments/0"),
        ("campaign-notice", "notice"),
    ]
    assert refused.value.message == (
        "Expected a sound campaign, but found 5 faults. The first: Expected kind to be one of budget.open, round.open, "
        "selfeval.open, but found 'tea.open'."
    )


@pytest.mark.parametrize("month", ["", "8", "05"])
def test_a_round_has_the_month_of_a_configured_one(office: Office, month: str) -> None:
    fund(office, "A03")
    asked = Opening(**{**vars(AUGUST), "month": month})

    with pytest.raises(UnsoundCampaign, match="a configured round of 2026 \\(04, 07, 08, 10\\)") as refused:
        must_be_sound(office.connection, TENANT, asked, units=UNITS, on=date(2026, 9, 15))

    assert [fault["path"] for fault in refused.value.faults] == ["month"]


def test_a_round_is_opened_when_its_cut_off_day_is_over_and_not_before(office: Office) -> None:
    fund(office, "A03")

    with pytest.raises(UnsoundCampaign, match="after its cut-off day 2026-08-31") as refused:
        must_be_sound(office.connection, TENANT, AUGUST, units=UNITS, on=date(2026, 8, 31))
    assert [(fault["code"], fault["path"]) for fault in refused.value.faults] == [("campaign-month-ahead", "month")]

    must_be_sound(office.connection, TENANT, AUGUST, units=UNITS, on=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("on", "is_open"),
    [("2025-02-28", False), ("2025-03-01", True), ("2025-12-31", True), ("2026-01-01", False), ("2026-09-15", False)],
)
def test_the_budget_is_opened_in_the_year_before(office: Office, on: str, is_open: bool) -> None:
    office.register("A03")

    faults = faults_on(office, GOALS, on)

    told = "Expected the budget of 2026 to be opened from 2025-03-01 to 2025-12-31, but today is " + on + "."
    assert faults == ([] if is_open else [("campaign-budget-day", "fiscal_year", told)])


@pytest.mark.parametrize(("on", "is_open"), [("2026-09-15", False), ("2027-01-04", False), ("2027-01-05", True)])
def test_self_evaluations_are_opened_when_the_year_is_over(office: Office, on: str, is_open: bool) -> None:
    fund(office, "A03")

    told = "Expected self-evaluations of 2026 to be opened from 2027-01-05 on, but today is " + on + "."
    assert faults_on(office, EVALUATIONS, on) == (
        [] if is_open else [("campaign-selfeval-day", "fiscal_year", told)]
    )


def test_the_days_are_those_of_the_settings(office: Office) -> None:
    fund(office, "A03")
    later = Setting(key="rule.P06.opens", value="02-01", valid_from=date(2025, 1, 1))
    put_settings(office.connection, TENANT, [later])

    assert [code for code, _, _ in faults_on(office, EVALUATIONS, "2027-01-05")] == ["campaign-selfeval-day"]
    assert faults_on(office, EVALUATIONS, "2027-02-01") == []


def test_what_is_open_is_finished_by_asking_again_at_any_time(office: Office) -> None:
    office.register("A03")
    opened(office, only_for(GOALS, "22"))

    assert faults_on(office, only_for(GOALS, "22"), "2026-09-15") == []
    assert faults_on(office, GOALS, "2026-09-15") != []


def faults_on(office: Office, opening: Opening, on: str) -> list[tuple[str, str, str]]:
    """Code, path and message of each fault of a campaign that is to be opened on a day."""
    try:
        must_be_sound(office.connection, TENANT, opening, units=UNITS, on=date.fromisoformat(on))
    except UnsoundCampaign as refused:
        return [(fault["code"], fault["path"], fault["message"]) for fault in refused.faults]
    return []


def test_a_round_needs_a_year_with_approved_budgets(office: Office) -> None:
    office.register("A03")

    with pytest.raises(UnsoundCampaign, match="a year with funded objects, but found 2026") as refused:
        must_be_sound(office.connection, TENANT, AUGUST, units=UNITS, on=date(2026, 9, 15))

    assert [fault["code"] for fault in refused.value.faults] == ["campaign-year-funded"]


def test_a_chosen_department_has_objects_that_the_campaign_is_about(office: Office) -> None:
    fund(office, "A03", "22")
    office.register("A01", department_code="21")

    with pytest.raises(UnsoundCampaign) as refused:
        asked = only_for(AUGUST, "22", "21")
        must_be_sound(office.connection, TENANT, asked, units=UNITS, on=date(2026, 9, 15))

    (fault,) = refused.value.faults
    assert (fault["code"], fault["path"], fault["unit"]) == ("campaign-department-without", "departments/1", "区教育局")


def test_a_campaign_stays_sound_when_its_year_is_over(office: Office) -> None:
    """What was opened may be asked for again at any time; nobody is told then."""
    fund(office, "A03")
    move_in_library(office.connection, office.key("A03"), "closed")
    opened(office, GOALS)

    for opening in (GOALS, AUGUST, EVALUATIONS):
        must_be_sound(office.connection, TENANT, opening, units=UNITS, on=date(2027, 6, 1))


# --- what stays of them


def test_the_first_opening_is_the_one_that_counts(office: Office) -> None:
    office.register("A03")
    opened(office, GOALS)
    office.now += timedelta(days=3)
    opened(office, Opening(**{**vars(GOALS), "notice": "改了主意。"}), by="fin.budget")

    (kept,) = open_campaigns(office.connection, TENANT)
    assert (kept.opened_at, kept.opened_by, kept.notice) == (NOW, "fin.perf", "请申报绩效目标。")


def test_several_departments_that_are_opened_at_once_are_one_campaign(office: Office) -> None:
    fund(office, "A01", "21")
    fund(office, "A03", "22")
    fund(office, "A04", "23")
    opened(office, only_for(AUGUST, "22", "21"))
    office.now += timedelta(hours=1)
    opened(office, only_for(AUGUST, "23", "22"))
    for code in ("A01", "A04"):
        send(office, ROUND, f"MON-2026-08-{code}")

    listed = open_campaigns(office.connection, TENANT)

    assert [(each.departments, each.told) for each in listed] == [(("23",), 1), (("21", "22"), 1)]


def test_a_department_of_a_campaign_for_all_needs_no_row_of_its_own(office: Office) -> None:
    fund(office, "A03", "22")
    opened(office, AUGUST)
    opened(office, only_for(AUGUST, "22"))
    opened(office, only_for(Opening(**{**vars(AUGUST), "month": "10"}), "22"))

    assert [(each.month, each.departments) for each in open_campaigns(office.connection, TENANT)] == [
        ("08", ()),
        ("10", ("22",)),
    ]


# --- who need not wait


def test_an_object_that_is_registered_after_the_opening_need_not_wait(office: Office) -> None:
    before = office.register("A01")
    opened(office, GOALS)
    office.now += timedelta(minutes=1)
    after = office.register("A03")

    assert (is_open_for(office.connection, before), is_open_for(office.connection, after)) == (False, True)


def test_asked_again_the_budget_tells_those_that_wait_and_names_those_that_do_not(office: Office) -> None:
    office.register("A01", department_code="21")
    office.register("A03", department_code="22")
    opened(office, only_for(GOALS, "22"))
    office.now += timedelta(minutes=1)
    office.register("A04", department_code="22")
    office.register("A05", department_code="21")
    enter_library(office.connection, office.register("A06", department_code="22"), NOW)

    assert reached(office, GOALS) == ["GOAL-2026-A01", "GOAL-2026-A03", "GOAL-2026-A05"]
    free = not_waiting(office.connection, TENANT, GOALS)
    assert [each.correlation_key for each in free] == ["GOAL-2026-A04"]
    assert not_waiting(office.connection, TENANT, only_for(GOALS, "21")) == []
    assert not_waiting(office.connection, TENANT, AUGUST) == []


def test_what_waits_all_the_same_by_an_older_diagram_is_told(office: Office) -> None:
    opened(office, GOALS)
    office.now += timedelta(minutes=1)
    office.register("A04")
    office.connection.execute(
        insert(message_wait).values(
            tenant_id=TENANT, root_id="r", wait=1, part=0, element_id="await-budget", definition_key="goal_review",
            name=BUDGET, correlation_key="GOAL-2026-A04",
        )
    )  # fmt: skip

    assert reached(office, GOALS) == ["GOAL-2026-A04"]
    assert not_waiting(office.connection, TENANT, GOALS) == []


@pytest.mark.parametrize(
    ("opening", "passes"),
    [
        (only_for(GOALS, "22", "21"), True),
        (only_for(GOALS, "21"), False),
        (Opening(**{**vars(GOALS), "fiscal_year": YEAR + 1}), False),
        (EVALUATIONS, False),
    ],
)
def test_the_opening_has_to_be_of_the_budget_of_its_year_and_department(
    office: Office, opening: Opening, passes: bool
) -> None:
    opened(office, opening)
    office.now += timedelta(minutes=1)

    assert is_open_for(office.connection, office.register("A03", department_code="22")) is passes


@pytest.mark.parametrize("given", [{}, {"budget_opened": None}, {"budget_opened": False}])
def test_the_step_asks_the_ledger(office: Office, given: Mapping[str, object]) -> None:
    office.register("A01")
    opened(office, GOALS)
    office.now += timedelta(minutes=1)
    office.register("A03")

    assert office.call("campaign.is_open", "GOAL-2026-A01", **given) == {"budget_opened": False}
    assert office.call("campaign.is_open", "GOAL-2026-A03", **given) == {"budget_opened": True}


def test_goals_that_come_back_do_not_wait_again(office: Office) -> None:
    office.register("A01")

    assert office.call("campaign.is_open", "GOAL-2026-A01", budget_opened=True) == {"budget_opened": True}
