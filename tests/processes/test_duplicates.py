"""Objects of a like name through the whole engine: who sees which of them, and how far (S-68; ORG 1, data scope)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.queries import InboxList, user_task_detail
from engine.store.database import write_transaction
from tests.doubles import person
from tests.processes.declarations import indicators
from tests.processes.district_office import OWNER, UNIT, DistrictOffice
from tests.processes.drawn import FORMS
from tests.processes.office import YEAR, Office

KEY = f"EXA-{YEAR}-A08"
#: A school of another department has an object of a like name.
SCHOOL = "2101"
ALIKE = {"project_code": "B08", "project_name": "公共就业服务信息系统二期", "unit_code": SCHOOL}
REASON = "二期为学校内部系统，本项目面向全区群众，互不重复。"
OF_THE_SCHOOL = person("edu1.proj", f"project_owner@{SCHOOL}", units=frozenset({SCHOOL}))
SCORES = dict.fromkeys(
    [
        *("necessity_policy_fit", "necessity_duty_fit", "necessity_demand", "necessity_no_overlap"),
        *("economy_budget", "economy_calculation", "economy_cost", "economy_ratio"),
        *("goals_complete", "goals_clear", "goals_content_match", "goals_money_match"),
        *("feasibility_organisation", "feasibility_progress", "feasibility_technique", "feasibility_risk"),
        *("financing_sources", "financing_sharing", "financing_debt", "financing_affordable"),
    ],
    "优",
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    """An application of unit 2202 for A08 lies open; B08 of the school is called nearly the same."""
    office = DistrictOffice.in_folder(tmp_path)
    office.at_time("2026-09-01 09:00")
    with write_transaction(office.database) as connection:
        books = Office(connection, office.clock.now())
        books.register("A08", project_name="公共就业服务信息系统")
        books.register(
            "B08", project_name=ALIKE["project_name"], unit_code=SCHOOL, department_code="21", owner="edu1.proj"
        )
    office.begin("ex_ante_assessment", KEY, object_of("A08", "公共就业服务信息系统", OWNER))
    yield office
    office.close()


def object_of(code: str, name: str, owner: str) -> dict[str, Any]:
    return {
        "project_code": code, "project_name": name, "fiscal_year": YEAR, "unit_code": UNIT, "department_code": "22",
        "owner": owner, "form": "appropriation", "budget_type": "general", "total_amount": 95, "annual_amount": 95,
        "depth": "simple", "investment_opinion": False, "finance_stage": False, "emergency": False,
    }  # fmt: skip


def application(**changes: Any) -> dict[str, Any]:
    return {
        "background": "现有系统不能支撑群众网上办理业务。",
        "basis": [{"name": "会议纪要"}],
        "beneficiaries": "求职人员",
        "beneficiary_count": 9000,
        "overlap": "见上表逐项说明",
        "plan": [{"name": "实施方案"}],
        "total": 95,
        "by_year": [{"year": YEAR, "amount": 95}],
        "financing": [{"source": "本级财政", "amount": 95, "is_debt": False, "evidence": "年度预算"}],
        "risk": [{"risk": "上线延误", "level": "middle", "measure": "分模块上线"}],
        "indicators": indicators(),
        **changes,
    }


def seen_by(office: DistrictOffice, actor: Actor, element_id: str) -> Any:
    """Form of the open step as somebody finds it."""
    _, item = office.task_of(element_id, KEY)
    detail = office.ask(user_task_detail, actor, item.id)
    return FORMS.prefilled(detail.user_task.form_key, detail.variables)


def test_the_applicant_finds_the_other_object_by_code_name_and_unit(office: DistrictOffice) -> None:
    owner, _ = office.task_of("file", KEY)

    assert seen_by(office, owner, "file")["duplicates"] == [ALIKE]


def test_the_reviewer_reads_the_explanation_with_it(office: DistrictOffice) -> None:
    explained = {"project_code": "B08", "reason": REASON}
    office.do("file", KEY, application(duplicates=[explained]))
    reviewer, _ = office.task_of("score-simple", KEY)

    assert seen_by(office, reviewer, "score-simple")["duplicates"] == [{**ALIKE, "reason": REASON}]
    office.do("score-simple", KEY, {**SCORES, "suggested_amount": 95, "opinion": "必要性充分，建议予以支持。"})
    head, _ = office.task_of("head-sign", KEY)
    assert seen_by(office, head, "head-sign")["duplicates"] == [{**ALIKE, "reason": REASON}]


def test_whoever_answers_for_the_other_object_does_not_see_the_application_it_is_named_in(
    office: DistrictOffice,
) -> None:
    _, item = office.task_of("file", KEY)

    with pytest.raises(NotFound):
        office.ask(user_task_detail, OF_THE_SCHOOL, item.id)


def test_the_applicant_does_not_see_the_case_of_the_other_object(office: DistrictOffice) -> None:
    begun = object_of("B08", ALIKE["project_name"], "edu1.proj") | {"unit_code": SCHOOL, "department_code": "21"}
    other = f"EXA-{YEAR}-B08"
    starter = person("fin.perf", "finance_perf@1002", units=None, permissions=frozenset({"start"}))
    office.start("ex_ante_assessment", other, begun, unit_code=SCHOOL, actor=starter)
    (item,) = [each for each in office.inbox(OF_THE_SCHOOL, InboxList.MINE) if each.business_key == other]
    applicant = person(OWNER, f"project_owner@{UNIT}", units=frozenset({UNIT}))

    with pytest.raises(NotFound):
        office.ask(user_task_detail, applicant, item.id)
