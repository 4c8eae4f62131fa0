"""Opening campaigns: who may open which, what is refused, and that asking twice tells nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.store.database import read_transaction, write_transaction
from engine.store.settings_rows import put_settings
from engine.store.wait_tables import message
from processes.budget_performance.ledger.budgets import ObjectKey, keep_approval
from processes.budget_performance.ledger.tables import campaign
from processes.budget_performance.package import SENDERS, settings
from tests.api.district import CATALOGUE, NOW, TENANT
from tests.api.every_role import bring_in, login_of
from tests.api.rest.building import make_doors
from tests.api.rest.test_imports import SCHOOL
from tests.api.rest.visiting import Doors
from tests.house import bpmn, flows, user_task

CAMPAIGNS = "/api/v1/campaigns"
ROUND = {"kind": "round.open", "fiscal_year": 2026, "month": "08", "notice": "请填报八月监控表。"}
GOALS = {"kind": "budget.open", "fiscal_year": 2027, "notice": "请申报绩效目标。"}
HOSPITAL = {**SCHOOL, "project_code": "A03", "unit_code": "2201", "department_code": "22", "owner": "health.proj"}
#: Waits for its round, and then for the owner.
MONITORING = bpmn(
    "dual_monitoring",
    '<startEvent id="start"/><intermediateCatchEvent id="await"><messageEventDefinition messageRef="m"/>'
    "</intermediateCatchEvent>" + user_task("fill", groups="project_owner") + '<endEvent id="end"/>'
    + flows("start await", "await fill", "fill end"),
    outside='<message id="m" name="round.open"/>',
)  # fmt: skip


def prepare(doors: Doors) -> Doors:
    """Two funded objects, one of them also registered for the next year, and the rounds as they are configured."""
    rows = [SCHOOL, HOSPITAL, {**SCHOOL, "fiscal_year": 2027}]
    doors.visitor("fin.perf").post("/api/v1/imports/objects", {"rows": rows})
    with write_transaction(doors.district.database) as connection:
        put_settings(connection, TENANT, settings())
        for code in ("A01", "A03"):
            key = ObjectKey(tenant_id=TENANT, project_code=code, fiscal_year=2026)
            keep_approval(connection, key, is_approved=True, amount=Decimal(800), decided_on=date(2026, 2, 9))
    return doors


@pytest.fixture
def funded(doors: Doors) -> Doors:
    assert doors.visitor("designer").upload(dual_monitoring_bpmn=MONITORING).status_code == 201
    return prepare(doors)


@pytest.fixture(scope="module")
def every_role(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """Doors before one person for every role; for questions that change nothing."""
    folder = tmp_path_factory.mktemp("campaigns")
    made = make_doors(f"sqlite:///{folder / 'bihuan.sqlite'}", folder)
    prepare(made)
    bring_in(made.district.database)
    yield made
    made.district.database.dispose()


def opened(doors: Doors, login: str = "fin.perf", **other):
    return doors.visitor(login).post(CAMPAIGNS, ROUND | other)


def rows_of(doors: Doors, table):
    with read_transaction(doors.district.database) as connection:
        return connection.execute(select(table)).all()


def test_opening_a_round_tells_each_object_once_and_says_which(funded):
    officer = funded.visitor("fin.perf")
    for code, unit in (("A01", "2101"), ("A03", "2201")):
        begun = {"process_definition_key": "dual_monitoring", "business_key": f"MON-2026-08-{code}", "unit_code": unit}
        assert officer.post("/api/v1/process-instances", begun).status_code == 201

    answer = opened(funded)

    assert (answer.status_code, answer.json) == (
        200,
        {
            "told": 2,
            "objects": [
                {"project_code": "A01", "correlation_key": "MON-2026-08-A01"},
                {"project_code": "A03", "correlation_key": "MON-2026-08-A03"},
            ],
        },
    )
    assert {(row.id, row.state, row.sent_by) for row in rows_of(funded, message)} == {
        ("round.open:MON-2026-08-A01", "delivered", "fin.perf"),
        ("round.open:MON-2026-08-A03", "delivered", "fin.perf"),
    }
    for login, key in (("edu1.proj", "MON-2026-08-A01"), ("health.proj", "MON-2026-08-A03")):
        (task,) = funded.visitor(login).get("/api/v1/user-tasks?list=claimable").json["items"]
        assert (task["element_id"], task["business_key"]) == ("fill", key)

    assert opened(funded).json == {"told": 0, "objects": []}
    assert len(rows_of(funded, message)) == 2


def test_who_clicks_twice_opens_once(funded):
    """Both requests are answered, whichever comes first, and each object hears once."""
    officers = [funded.visitor("fin.perf"), funded.visitor("fin.lead"), funded.visitor("fin.perf")]

    with ThreadPoolExecutor(len(officers)) as pool:
        answers = list(pool.map(lambda officer: officer.post(CAMPAIGNS, ROUND), officers))

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(rows_of(funded, campaign)) == 1
    assert sorted(row.id for row in rows_of(funded, message)) == [
        "round.open:MON-2026-08-A01",
        "round.open:MON-2026-08-A03",
    ]


def test_what_is_open_is_listed_latest_first(funded):
    assert opened(funded, departments=["21"]).json["told"] == 1
    funded.district.clock.move_to(NOW.replace(hour=3))
    assert opened(funded, "fin.lead").json["told"] == 1

    listed = funded.visitor("fin.lead").get(CAMPAIGNS).json["items"]

    assert listed == [
        {
            **{"kind": "round.open", "fiscal_year": 2026, "month": "08", "departments": [], "told": 2},
            **{"notice": "请填报八月监控表。", "opened_at": "2026-09-15T03:00:00Z", "opened_by": "fin.lead"},
        },
        {
            **{"kind": "round.open", "fiscal_year": 2026, "month": "08", "departments": ["21"], "told": 1},
            **{"notice": "请填报八月监控表。", "opened_at": "2026-09-15T02:00:00Z", "opened_by": "fin.perf"},
        },
    ]


#: What is asked for wrongly, and the fault as it is told in both languages.
WRONG = [
    (
        {"kind": "tea.open", "month": ""}, "kind",
        "请选择要布置的工作。",
        "Expected kind to be one of budget.open, round.open, selfeval.open, but found 'tea.open'.",
    ),
    (
        {"fiscal_year": 2024}, "fiscal_year",
        "2024 年还没有批复预算的项目。",
        "Expected fiscal_year to be a year with funded objects, but found 2024.",
    ),
    (
        {"month": "10"}, "month",
        "数据截止日 2026-10-31 还没有过，不能布置这一轮。",
        "Expected the round to be opened after its cut-off day 2026-10-31, but today is 2026-09-15.",
    ),
    (
        {**GOALS, "fiscal_year": 2031, "month": ""}, "fiscal_year",
        "2031 年还没有登记的项目。",
        "Expected fiscal_year to be a year with registered objects, but found 2031.",
    ),
    (
        {"month": "09"}, "month",
        "请选择监控轮次，数据截止月份为：04、07、08、10。",
        "Expected month to be the month of a configured round of 2026 (04, 07, 08, 10), but found '09'.",
    ),
    (
        {"kind": "budget.open", "fiscal_year": 2027}, "month",
        "只有监控才分轮次。",
        "Expected month to be empty, for only monitoring has rounds, but found '08'.",
    ),
    (
        {**GOALS, "fiscal_year": 2026, "month": ""}, "fiscal_year",
        "2026 年的预算编制在 2025-03-01 至 2025-12-31 之间布置，今天不在这段时间内。",
        "Expected the budget of 2026 to be opened from 2025-03-01 to 2025-12-31, but today is 2026-09-15.",
    ),
    (
        {"kind": "selfeval.open", "month": ""}, "fiscal_year",
        "2026 年的单位自评在年度结束后布置，最早 2027-01-05。",
        "Expected self-evaluations of 2026 to be opened from 2027-01-05 on, but today is 2026-09-15.",
    ),
    (
        {"departments": ["21", "99"]}, "departments/1",
        "没有单位“99”。",
        "Expected departments to be units of the organisation, but found '99'.",
    ),
    (
        {"departments": ["10"]}, "departments/0",
        "区财政局在 2026 年没有这项工作的项目。",
        "Expected departments to be departments with objects of 2026, but found '10'.",
    ),
    (
        {"notice": " "}, "notice",
        "请填写布置通知，不超过 2000 字。",
        "Expected notice to be a text of at most 2000 characters, but found ' '.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "zh", "en"), WRONG)
def test_a_fault_is_told_at_its_place_in_the_language_of_the_reader(every_role, change, path, zh, en):
    visitor = every_role.visitor("fin.perf")
    for language, words in (("zh", zh), ("en", en)):
        answer = visitor.post(CAMPAIGNS, ROUND | change, headers={"Accept-Language": language})

        assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
        assert answer.json["code"] == "unsound-campaign"
        assert [(fault["path"], fault["message"]) for fault in answer.json["faults"]] == [(path, words)]
    assert rows_of(every_role, campaign) == [] == rows_of(every_role, message)


def test_all_faults_are_told_at_once(every_role):
    wrong = {"fiscal_year": 2031, "month": "09", "departments": ["99"], "notice": ""}
    answer = opened(every_role, **wrong)

    assert [fault["path"] for fault in answer.json["faults"]] == ["fiscal_year", "month", "departments/0", "notice"]


@pytest.mark.parametrize("role", sorted(key for key, role in CATALOGUE.roles.items() if role.key not in {
    "finance_perf", "finance_perf_lead", "finance_budget",
}))  # fmt: skip
def test_every_other_role_neither_opens_nor_sees_campaigns(every_role, role):
    visitor = every_role.visitor(login_of(role))
    for answer in (visitor.post(CAMPAIGNS, ROUND), visitor.get(CAMPAIGNS)):
        assert (answer.status_code, answer.json["code"]) == (403, "permission-missing")


@pytest.mark.parametrize("kind", ["round.open", "selfeval.open"])
def test_the_budget_section_opens_the_budget_only(every_role, kind):
    month = {"month": "08" if kind == "round.open" else ""}
    answer = opened(every_role, login_of("finance_budget"), kind=kind, **month)

    assert (answer.status_code, answer.json["code"]) == (403, "not-a-sender")
    assert rows_of(every_role, campaign) == []


@pytest.mark.parametrize("role", ["finance_budget", "finance_perf", "finance_perf_lead"])
def test_the_budget_is_opened_by_whom_its_message_belongs_to(some_doors, role):
    prepare(some_doors)
    bring_in(some_doors.district.database)

    answer = some_doors.visitor(login_of(role)).post(CAMPAIGNS, GOALS)

    assert (answer.status_code, answer.json["told"]) == (200, 1)
    assert [row.opened_by for row in rows_of(some_doors, campaign)] == [login_of(role)]


def test_every_kind_belongs_to_roles_that_may_open_campaigns_and_send_its_message():
    able = {key for key, role in CATALOGUE.roles.items() if {"campaign", "correlate"} <= role.permissions}

    assert able == SENDERS["budget.open"] == SENDERS["round.open"] | {"finance_budget"}
    assert SENDERS["round.open"] == SENDERS["selfeval.open"] == {"finance_perf", "finance_perf_lead"}
