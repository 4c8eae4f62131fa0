"""An extension that the owner of a piece of work asks for is decided by the next higher role within two working days,
and no answer is a refusal (PROCESSES 0.5, P09.8, R15c).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.model.calendar import local_day
from engine.model.errors import Invalid
from engine.queries import InboxList, user_task_detail
from engine.scheduler import run_due_work
from engine.store import codec
from engine.store.database import read_transaction, write_transaction
from engine.store.wait_tables import message
from processes.budget_performance.ledger.rectifications import Opening, open_rectification
from tests.doubles import person
from tests.processes.district_office import OWNER, UNIT, DistrictOffice
from tests.processes.drawn import ROWS, graph
from tests.processes.office import NOW, TENANT, YEAR, Office
from tests.processes.office import office as book
from tests.processes.rules.decisions import ask

__all__ = ["book"]

#: Asked on Wednesday, 26 August 2026, for work that is due on Friday the 28th.
ASKED: dict[str, Any] = {
    "user_task_id": "0199-7",
    "element_id": "plan",
    "name": "提交整改方案",
    "process": "rectification",
    "business_key": "RECT-2026-001",
    "roles": ["project_owner"],
    "asked_by": OWNER,
    "due_at": datetime(2026, 8, 28, 10, tzinfo=UTC),
    "until": date(2026, 9, 18),
    "reason": "第三方检测报告九月中旬才能出具",
}
GRANT = {"decision": "grant", "until": "2026-09-18"}
REFUSE = {"decision": "refuse", "opinion": "理由不充分，请按期完成"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    office = DistrictOffice.in_folder(tmp_path)
    office.at_time("2026-08-26 10:00")
    office.take_over("A03")
    yield office
    office.close()


def rectified(office: DistrictOffice, source: str = "monitoring") -> None:
    """RECT-2026-001 is open for A03."""
    opening = Opening(project_code="A03", fiscal_year=YEAR, unit_code=UNIT, source=source)
    with write_transaction(office.database) as connection:
        open_rectification(connection, TENANT, opening, office.clock.now())


def ask_for_more_time(office: DistrictOffice, unit_code: str | None = UNIT, **asked: Any) -> str:
    """The message that the engine sends; answers with the business key of the request."""
    told = {**ASKED, **asked}
    key = f"{told['business_key']}:{told['element_id']}"
    office.tell("task.extension", key, unit_code=unit_code, asked=told)
    return key


def told(office: DistrictOffice) -> list[tuple[str, Mapping[str, Any]]]:
    """What was thrown to the engine: correlation key and variables."""
    statement = select(message.c.correlation_key, message.c.variables).where(message.c.name == "task.extended")
    with read_transaction(office.database) as connection:
        return [(row.correlation_key, codec.decode(row.variables)) for row in connection.execute(statement)]


def test_a_granted_extension_is_told_with_the_day_and_who_granted_it(office: DistrictOffice) -> None:
    rectified(office)
    key = ask_for_more_time(office)
    head, item = office.task_of("approve", key)
    detail = office.ask(user_task_detail, head, item.id)
    assert (head.user_id, local_day(item.due_at)) == ("unit_head", date(2026, 8, 28))  # type: ignore[arg-type]
    assert (detail.variables["project_name"], detail.variables["department_code"]) == ("项目A03", "22")

    office.do("approve", key, GRANT)

    answer = {"granted": True, "until": date(2026, 9, 18), "by": "unit_head", "opinion": None}
    assert told(office) == [("0199-7", answer)]


def test_whoever_decides_may_shorten_it_and_says_why(office: DistrictOffice) -> None:
    key = ask_for_more_time(office)
    with pytest.raises(Invalid) as refused:
        office.do("approve", key, {**GRANT, "until": "2026-09-11"})
    assert [fault["path"] for fault in refused.value.faults] == ["opinion"]

    office.do("approve", key, {"decision": "grant", "until": "2026-09-11", "opinion": "九月上旬应可完成"})

    answer = {"granted": True, "until": date(2026, 9, 11), "by": "unit_head", "opinion": "九月上旬应可完成"}
    assert told(office) == [("0199-7", answer)]


def test_a_refusal_names_its_reason(office: DistrictOffice) -> None:
    office.do("approve", ask_for_more_time(office), REFUSE)

    answer = {"granted": False, "until": None, "by": "unit_head", "opinion": "理由不充分，请按期完成"}
    assert told(office) == [("0199-7", answer)]


def test_no_answer_within_two_working_days_is_a_refusal(office: DistrictOffice) -> None:
    key = ask_for_more_time(office)
    office.at_time("2026-08-28 17:59")
    run_due_work(office.dispatcher)
    assert office.task_of("approve", key)
    assert told(office) == []

    office.at_time("2026-08-28 18:00")
    run_due_work(office.dispatcher)

    assert told(office) == [("0199-7", {"granted": False, "until": None, "by": None, "opinion": None})]
    with pytest.raises(AssertionError, match="nobody has 'approve'"):
        office.task_of("approve", key)


@pytest.mark.parametrize(("source", "issuer"), [("monitoring", "finance_perf"), ("audit", "auditor")])
def test_more_time_to_carry_out_a_rectification_is_the_issuers_to_give(
    office: DistrictOffice, source: str, issuer: str
) -> None:
    rectified(office, source)

    key = ask_for_more_time(office, element_id="carry-out", name="落实整改")

    assert office.task_of("approve", key)[0].user_id == issuer


def test_a_projects_own_department_asks_its_head(office: DistrictOffice) -> None:
    ask_for_more_time(office, "22", process="dual_monitoring", business_key="MON-2026-08-A03", element_id="fill")

    (item,) = office.inbox(person("health.head", "dept_head@22"), InboxList.CLAIMABLE)
    assert (item.element_id, item.business_key) == ("approve", "MON-2026-08-A03:fill")


def test_work_that_was_given_to_somebody_by_name_comes_with_no_role(office: DistrictOffice) -> None:
    assert office.task_of("approve", ask_for_more_time(office, roles=[]))[0].user_id == "unit_head"


def test_a_case_that_nobody_knows_has_a_superior_as_well(office: DistrictOffice) -> None:
    key = ask_for_more_time(
        office, None, process="budget_approval", business_key="BUD:2027", element_id="rank", roles=["finance_budget"]
    )

    (item,) = office.inbox(person("fin.dir", "finance_director"), InboxList.CLAIMABLE)
    assert item.business_key == key


def test_who_asks_as_one_and_decides_as_another_has_decided_nothing(office: DistrictOffice) -> None:
    key = ask_for_more_time(office)
    both = person(OWNER, f"unit_head@{UNIT}")
    (item,) = office.inbox(both, InboxList.CLAIMABLE)

    office.complete(both, item.id, GRANT)

    assert told(office) == []
    assert office.task_of("approve", key)[0].user_id == "dept_head"
    office.do("approve", key, REFUSE)
    assert told(office)[0][1]["by"] == "dept_head"


@pytest.mark.parametrize(
    ("owner", "own", "approver"),
    [
        ("project_owner", False, "unit_head"),
        ("project_owner", True, "dept_head"),
        ("unit_finance", False, "unit_head"),
        ("unit_finance", True, "dept_head"),
        ("unit_head", False, "dept_head"),
        ("unit_head", True, "district_leader"),
        ("dept_perf", False, "dept_head"),
        ("sector_authority", False, "dept_head"),
        ("dept_head", False, "district_leader"),
        ("third_party", False, "finance_perf"),
        ("finance_perf", False, "finance_perf_lead"),
        ("finance_perf_lead", False, "finance_director"),
        ("finance_division", False, "finance_director"),
        ("finance_budget", False, "finance_director"),
        ("finance_treasury", False, "finance_director"),
        ("finance_supervision", False, "finance_director"),
        ("finance_director", False, "district_leader"),
        ("investment_authority", False, "district_leader"),
        # given to somebody by name: the work has no role
        (None, False, "unit_head"),
        (None, True, "dept_head"),
    ],
)
def test_the_next_higher_role_decides(owner: str | None, own: bool, approver: str) -> None:
    asked = {"process": "goal_review", "step": "fill", "issuer_role": None}
    assert ask("R15c", **asked, owner_role=owner, own_department=own).value == approver


@pytest.mark.parametrize("owner", ["expert", None])
def test_an_expert_asks_the_department_that_chose_him(owner: str | None) -> None:
    asked = {"process": "ex_ante_assessment", "step": "score-full", "owner_role": owner}
    assert ask("R15c", **asked, own_department=False, issuer_role=None).value == "dept_perf"


@pytest.mark.parametrize("issuer", ["finance_perf", "auditor"])
@pytest.mark.parametrize(("step", "follows_issuer"), [("carry-out", True), ("plan", False), (None, False)])
def test_only_the_work_itself_is_extended_by_the_issuer(issuer: str, step: str | None, follows_issuer: bool) -> None:
    asked = {"process": "rectification", "owner_role": "project_owner", "own_department": False}
    approver = issuer if follows_issuer else "unit_head"
    assert ask("R15c", **asked, step=step, issuer_role=issuer).value == approver


@pytest.mark.parametrize(
    ("source", "business_key", "issuer"),
    [
        ("monitoring", "RECT-2026-001", "finance_perf"),
        ("audit", "RECT-2026-001", "auditor"),
        ("monitoring", "PRJ:A03:2026", None),
        ("monitoring", "MON-2026-08-A03", None),
    ],
)
def test_of_a_known_case_the_object_and_its_department_are_looked_up(
    book: Office, source: str, business_key: str, issuer: str | None
) -> None:
    book.take_over("A03")
    opening = Opening(project_code="A03", fiscal_year=YEAR, unit_code=UNIT, source=source)
    open_rectification(book.connection, TENANT, opening, NOW)

    found = book.call("extension.prepare", "key", asked={**ASKED, "business_key": business_key}, unit_code=UNIT)

    assert found == {
        "project_name": "项目A03", "project_code": "A03", "department_code": "22", "own_department": False,
        "issuer_role": issuer,
    }  # fmt: skip
    of_department = book.call("extension.prepare", "key", asked={**ASKED, "business_key": business_key}, unit_code="22")
    assert of_department["own_department"] is True


@pytest.mark.parametrize("business_key", ["RECT-2026-099", "RECT-", "PRJ:A03:2026", "PRJ:A03:next", "BUD:2027", "K-1"])
def test_an_unknown_case_is_no_fault(book: Office, business_key: str) -> None:
    found = book.call("extension.prepare", "key", asked={**ASKED, "business_key": business_key}, unit_code=None)

    assert found == {
        "project_name": None, "project_code": None, "department_code": None, "own_department": False,
        "issuer_role": None,
    }  # fmt: skip


def test_what_others_decide_or_nobody_has_asked_for_is_not_extended() -> None:
    never = {
        (key, node.id)
        for key in ("coordination", "extension", "rectification", "urging")
        for node in graph(key).nodes
        if node.properties.get("extension") == "none"
    }

    assert never == {
        ("coordination", "coordinate"), ("extension", "approve"), ("rectification", "receive"), ("urging", "urge")
    }  # fmt: skip


def test_the_longest_extension_is_thirty_days() -> None:
    assert (ROWS["due.extension.longest"]["rule"], ROWS["due.extension.decide"]["rule"]) == ("30D", "2WD")
