"""P03: the objects of a budget year, and what the approval writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from processes.budget_performance.ledger.applications import Application, keep_application
from processes.budget_performance.ledger.budgets import approved_amounts, enter_library
from processes.budget_performance.ledger.goals import keep_goal, newest_goal
from processes.budget_performance.ledger.outcomes import since_filed
from processes.budget_performance.ledger.tables import budget_approval, library_entry
from tests.processes.office import BY_CODE, NOW, TENANT, YEAR, D, goal_of, office

__all__ = ["office"]

YEAR_KEY = "BUD:2026"


def ready(office, *codes: str) -> None:
    """Objects in the library with reviewed goals."""
    for code in codes:
        key = office.register(code)
        keep_goal(office.connection, TENANT, code, YEAR, replace(goal_of(BY_CODE[code]), version="0.9"), NOW)
        enter_library(office.connection, key, NOW)


def collected(office, code: str, requested: int, objects: object = ()) -> list[dict]:
    message = {
        "project_code": code,
        "project_name": f"项目{code}",
        "unit_code": "2202",
        "department_code": "22",
        "requested_amount": D(requested),
        "goal_version": "0.9",
        "goal_grade": "优",
        "goal_score": D(90),
    }
    return office.call("budget.collect", YEAR_KEY, fiscal_year=D(YEAR), objects=list(objects), **message)["objects"]


def proposed(office, code: str, amount: int) -> None:
    kept = Application(
        for_year=YEAR, action="improve", base=D(260), proposal=D(amount), finance_advice="cut", amount=D(amount)
    )
    keep_application(office.connection, office.key(code, YEAR - 2), kept, NOW)


def test_objects_gather_in_the_order_of_their_codes_with_their_proposals(office):
    ready(office, "A03", "A01")
    proposed(office, "A03", 234)

    objects = collected(office, "A01", 800, collected(office, "A03", 260))

    found = [(each["project_code"], each["requested_amount"], each["proposal"]) for each in objects]
    assert found == [("A01", 800, None), ("A03", 260, 234)]


def test_an_object_that_comes_again_takes_its_old_place(office):
    ready(office, "A03")

    objects = collected(office, "A03", 240, collected(office, "A03", 260))

    assert [each["requested_amount"] for each in objects] == [240]


def test_an_object_outside_the_library_stays_out(office):
    office.register("A03")

    assert collected(office, "A03", 260) == []


def approve(office, ranked: list[dict]) -> dict:
    objects = collected(office, "A03", 260, collected(office, "A01", 800))
    return office.call("budget.approve", YEAR_KEY, fiscal_year=D(YEAR), objects=objects, ranked=ranked)


def test_what_is_funded_is_approved_with_its_goal_and_the_rest_goes_into_reserve(office):
    ready(office, "A01", "A03")
    office.file(YEAR_KEY, "F-BUD-reply", {"replied_on": date(2026, 2, 9)}, "reply")

    found = approve(office, [{"project_code": "A01", "amount": D(800)}, {"project_code": "A03", "amount": D(0)}])

    assert found["outcomes"] == [
        {"project_code": "A01", "approved": True, "amount": 800, "business_key": "PRJ:A01:2026"},
        {"project_code": "A03", "approved": False, "amount": 0, "business_key": "PRJ:A03:2026"},
    ]
    assert approved_amounts(office.connection, office.key("A01")) == (800, 800)
    assert approved_amounts(office.connection, office.key("A03")) is None
    goals = [newest_goal(office.connection, TENANT, code, YEAR) for code in ("A01", "A03")]
    assert [each.version for each in goals if each] == ["1.0", "0.9"]
    states = dict(office.connection.execute(select(library_entry.c.project_code, library_entry.c.state)).all())
    assert states == {"A01": "funded", "A03": "reserve"}
    assert set(office.connection.execute(select(budget_approval.c.decided_on)).scalars()) == {date(2026, 2, 9)}


def test_an_object_nobody_ranked_is_not_funded(office):
    ready(office, "A01", "A03")

    found = approve(office, [{"project_code": "A01", "amount": D(800)}])

    assert [each["approved"] for each in found["outcomes"]] == [True, False]


def test_an_amount_that_differs_from_the_proposal_wants_a_reason(office):
    ready(office, "A01", "A03")
    proposed(office, "A01", 800)
    proposed(office, "A03", 234)
    given = {"project_code": "A03", "amount": D(260)}

    silent = approve(office, [{"project_code": "A01", "amount": D(800)}, given])
    explained = approve(office, [{"project_code": "A01", "amount": D(800)}, {**given, "override_reason": "民生急需"}])

    assert silent["deviations"] == [
        {"project_code": "A03", "project_name": "项目A03", "unit_code": "2202", "proposal": 234, "amount": 260}
    ]
    assert explained["deviations"] == []


def test_a_proposal_approved_after_the_object_was_collected_counts_too(office):
    ready(office, "A01", "A03")
    objects = collected(office, "A03", 260)
    assert objects[0]["proposal"] is None
    proposed(office, "A03", 234)

    ranked = [{"project_code": "A03", "amount": D(260)}]
    found = office.call("budget.approve", YEAR_KEY, fiscal_year=D(YEAR), objects=objects, ranked=ranked)

    assert [(each["proposal"], each["amount"]) for each in found["deviations"]] == [(234, 260)]


# --- what became of a proposal


APPLIED = f"APP-{YEAR - 2}-A03"


def decided(office, amount: int, *, reason: str | None = None) -> dict:
    """A03 was proposed 234 for this year's budget, and this is what it got."""
    ready(office, "A01", "A03")
    proposed(office, "A03", 234)
    row = {"project_code": "A03", "amount": D(amount), **({"override_reason": reason} if reason else {})}
    office.file(YEAR_KEY, "F-BUD-ranking", {"objects": [row]}, "rank")
    office.file(YEAR_KEY, "F-BUD-reply", {"replied_on": date(2026, 2, 9)}, "reply")
    approve(office, [row])
    return dict(since_filed(office.connection, TENANT, "F-11", APPLIED))


def test_a_proposal_that_was_kept_to_has_no_reason_to_give(office):
    assert decided(office, 234) == {
        "advised": 234,
        "approved": 234,
        "approved_on": date(2026, 2, 9),
        "deviation_reason": None,
    }


def test_a_proposal_that_was_overridden_names_the_reason_of_the_ranking(office):
    found = decided(office, 260, reason="民生急需，足额安排。")

    assert (found["advised"], found["approved"], found["deviation_reason"]) == (234, 260, "民生急需，足额安排。")


def test_a_difference_nobody_had_explained_names_the_reason_given_afterwards_for_that_object(office):
    decided(office, 260)
    for code, reason in (("A03", "按政府会议审定的金额安排。"), ("A01", "另一个对象的说明。")):
        office.file(YEAR_KEY, "F-BUD-difference", {"project_code": code, "reason": reason}, "explain")

    found = since_filed(office.connection, TENANT, "F-11", APPLIED)

    assert found["deviation_reason"] == "按政府会议审定的金额安排。"


def test_what_went_into_reserve_got_nothing(office):
    assert decided(office, 0, reason="财力不足，转入储备。")["approved"] == 0


def test_before_the_budget_is_decided_nothing_is_known(office):
    ready(office, "A03")
    assert since_filed(office.connection, TENANT, "F-11", APPLIED) == {}
    proposed(office, "A03", 234)

    assert since_filed(office.connection, TENANT, "F-11", APPLIED) == {}


def test_only_a_proposal_asks_what_became_of_it(office):
    decided(office, 234)

    assert since_filed(office.connection, TENANT, "F-11-check", APPLIED) == {}
    assert since_filed(office.connection, TENANT, "F-11", "BUD:2026") == {}


def test_the_main_loop_keeps_a_budget_that_the_budget_year_has_not_written(office):
    ready(office, "A01")

    office.call("ledger.budget_result", "PRJ:A01:2026", approved_amount=D(750), goal_version="1.0")
    office.call("ledger.budget_result", "PRJ:A01:2026", approved_amount=D(1), goal_version="1.0")

    assert approved_amounts(office.connection, office.key("A01")) == (750, 750)
    goal = newest_goal(office.connection, TENANT, "A01", YEAR)
    assert goal is not None
    assert goal.version == "1.0"


def test_an_archived_year_is_closed_in_the_library(office):
    ready(office, "A01")

    office.call("ledger.archive", "PRJ:A01:2026", final_grade="优")

    assert office.connection.execute(select(library_entry.c.state)).scalar() == "closed"
